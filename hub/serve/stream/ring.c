#include "hub/serve/stream/ring.h"

#include "hub/base/memory.h"

#include <stdlib.h>

void ring_open(Ring *ring, size_t most, size_t bytes_most)
{
        most = most ? most : 1;
        *ring = (Ring){ .items = mem_new(most * sizeof(Frame *)), .most = most, .bytes_most = bytes_most };
}

static void oldest_drop(Ring *ring)
{
        Frame *frame = ring_at(ring, ring->first++);

        ring->floor = frame->feed;
        ring->bytes -= frame->weight;
        frame_let_go(frame);
}

void ring_start(Ring *ring, int64_t floor)
{
        while (ring->first < ring->next)
                oldest_drop(ring);
        ring->floor = floor;
}

void ring_add(Ring *ring, Frame *frame)
{
        if (ring->next - ring->first == ring->most)
                oldest_drop(ring);
        ring->items[ring->next++ % ring->most] = frame;
        ring->bytes += frame->weight;
        while (ring->bytes > ring->bytes_most)
                oldest_drop(ring);
}

int64_t ring_head(const Ring *ring)
{
        return ring->first < ring->next ? ring_at(ring, ring->next - 1)->feed : ring->floor;
}

uint64_t ring_find(const Ring *ring, int64_t after)
{
        uint64_t low = ring->first, high = ring->next;

        while (low < high) {
                const uint64_t middle = low + (high - low) / 2;

                if (ring_at(ring, middle)->feed > after)
                        high = middle;
                else
                        low = middle + 1;
        }
        return low;
}

Frame *ring_at(const Ring *ring, uint64_t place)
{
        return ring->items[place % ring->most];
}

void ring_free(Ring *ring)
{
        ring_start(ring, 0);
        free(ring->items);
        *ring = (Ring){ 0 };
}
