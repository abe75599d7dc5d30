#include "hub/source/kafka/lanes.h"

#include "hub/base/memory.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

Lane *lanes_find(const Lanes *lanes, int32_t partition)
{
        for (size_t i = 0; i < lanes->size; i++)
                if (lanes->items[i].partition == partition)
                        return &lanes->items[i];
        return NULL;
}

Lane *lanes_add(Lanes *lanes, int32_t partition, bool late)
{
        if (lanes->size == lanes->room) {
                lanes->room = lanes->room ? 2 * lanes->room : 16;
                lanes->items = mem_resize(lanes->items, lanes->room * sizeof(Lane));
        }
        lanes->items[lanes->size] = (Lane){ .partition = partition, .next = LANE_NEW, .kept = LANE_NEW, .late = late };
        return &lanes->items[lanes->size++];
}

void lanes_remove(Lanes *lanes, int32_t partition)
{
        Lane *lane = lanes_find(lanes, partition);

        if (lane)
                *lane = lanes->items[--lanes->size];
}

void lanes_clear(Lanes *lanes)
{
        lanes->size = 0;
        lanes->share++;
}

/* ---- acknowledging ---- */

static LaneFlight *flight_room(Lanes *lanes)
{
        size_t waiting = lanes->flights_size - lanes->flights_at;

        if (lanes->flights_at && lanes->flights_size == lanes->flights_room) {
                memmove(lanes->flights, lanes->flights + lanes->flights_at, waiting * sizeof(LaneFlight));
                lanes->flights_at = 0;
                lanes->flights_size = waiting;
        }
        if (lanes->flights_size == lanes->flights_room) {
                lanes->flights_room = lanes->flights_room ? 2 * lanes->flights_room : 64;
                lanes->flights = mem_resize(lanes->flights, lanes->flights_room * sizeof(LaneFlight));
        }
        return &lanes->flights[lanes->flights_size++];
}

uint64_t lanes_advance(Lanes *lanes, int32_t partition, int64_t next, uint64_t mark)
{
        Lane *lane = lanes_find(lanes, partition);
        LaneFlight *flight = flight_room(lanes);

        if (lane) {
                lane->next = next;
                lane->mark = mark;
        }
        *flight = (LaneFlight){
                .token = ++lanes->token, .partition = partition, .share = lanes->share, .next = next, .mark = mark
        };
        return flight->token;
}

void lanes_acknowledge(Lanes *lanes, uint64_t token)
{
        for (; lanes->flights_at < lanes->flights_size; lanes->flights_at++) {
                const LaneFlight *flight = &lanes->flights[lanes->flights_at];
                Lane *lane = lanes_find(lanes, flight->partition);

                if (flight->token > token)
                        return;
                if (!lane || flight->share != lanes->share)
                        continue;
                lane->kept = flight->next;
                lane->kept_mark = flight->mark;
        }
        lanes->flights_at = lanes->flights_size = 0;
}

/* ---- checkpoint ---- */

void lanes_write(const Lanes *lanes, const char *topic, Buffer *out)
{
        buffer_text(out, topic);
        for (size_t i = 0; i < lanes->size; i++) {
                const Lane *lane = &lanes->items[i];

                if (lane->kept == LANE_NEW)
                        continue;
                buffer_format(out, " %d:%lld", (int)lane->partition, (long long)lane->kept);
                if (lane->kept_mark)
                        buffer_format(out, "=%016" PRIx64, lane->kept_mark);
        }
}

/* One "PARTITION:OFFSET[=MARK]"; moves on behind it. */
static bool lane_read(Lanes *lanes, const char **text)
{
        char *end;
        long partition = strtol(*text, &end, 10);
        long long next = *end == ':' ? strtoll(end + 1, &end, 10) : -1;
        uint64_t mark = *end == '=' ? strtoull(end + 1, &end, 16) : 0;
        Lane *lane;

        if (partition < 0 || partition > INT32_MAX || next < 0 || (*end && *end != ' '))
                return false;
        lane = lanes_add(lanes, (int32_t)partition, false);
        lane->next = lane->kept = next;
        lane->mark = lane->kept_mark = mark;
        *text = end;
        return true;
}

bool lanes_read(Lanes *lanes, const char *topic, const char *text, Error *err)
{
        size_t size = strcspn(text, " ");
        const char *at = text + size;

        if (strlen(topic) != size || memcmp(topic, text, size) != 0)
                return error_set(err, ERR_FATAL, NULL,
                                 "the checkpoint is of topic %.*s, not %s; put it away to read that one from the start",
                                 (int)size, text, topic);
        while (*at == ' ') {
                at++;
                if (!lane_read(lanes, &at))
                        return error_set(err, ERR_FATAL, NULL, "checkpoint: \"%.80s\" is no PARTITION:OFFSET", at);
        }
        return true;
}

void lanes_free(Lanes *lanes)
{
        free(lanes->items);
        free(lanes->flights);
        *lanes = (Lanes){ 0 };
}
