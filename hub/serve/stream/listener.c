#include "hub/serve/stream/listener.h"

#include "hub/base/crypto.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"

#include <stdlib.h>
#include <string.h>

Listener *listener_new(Stream *stream, ListenerSetup *setup)
{
        Listener *listener = mem_new(sizeof(Listener));
        CLEANUP(buffer_free) Buffer zones = { 0 };
        uint16_t spread; /* so that not all come again at once */

        listener->stream = stream;
        listener->filter = setup->filter;
        setup->filter = (Filter){ 0 };
        listener->has_after = setup->has_after;
        listener->after = listener->told = setup->after;
        listener->is_whole = setup->sees_all;
        listener->may = setup->may;
        listener->proof_free = setup->proof_free;
        listener->proof = setup->proof;
        setup->proof = NULL;
        if (!setup->sees_all) {
                buffer_text(&zones, ",");
                for (size_t i = 0; setup->zones && setup->zones[i]; i++)
                        buffer_format(&zones, "%s,", setup->zones[i]);
                listener->rights.lists[FILTER_ZONE] = text_copy(zones.bytes);
        }
        random_bytes(&spread, sizeof(spread));
        listener->said_at = listener->looked_at = time_monotonic();
        listener->marked_at = listener->said_at - MARK_MS; /* the first may come at once */
        listener->ends_at = listener->said_at + STREAM_MS + spread;
        return listener;
}

void page_let_go(Stream *stream, Page *page)
{
        if (--page->references)
                return;
        for (size_t i = 0; i < page->size; i++)
                frame_let_go(page->frames[i]);
        free(page);
        stream->pages--;
        pthread_cond_signal(&stream->asked);
}

static void page_drop(Listener *listener)
{
        if (listener->page)
                page_let_go(listener->stream, listener->page);
        listener->page = NULL;
}

void listener_free(Listener *listener)
{
        page_drop(listener);
        frame_let_go(listener->current);
        filter_free(&listener->filter);
        filter_free(&listener->rights);
        buffer_free(&listener->own);
        if (listener->proof)
                listener->proof_free(listener->proof);
        free(listener);
}

/* ---- texts of his own ---- */

static void said(Listener *listener, int64_t number)
{
        listener->told = number;
        listener->marked_at = time_monotonic();
}

static void hello_say(Listener *listener)
{
        const Stream *stream = listener->stream;
        char now[TIME_TEXT_SIZE];

        buffer_format(
                &listener->own,
                "retry: 2000\nevent: hello\ndata: {\"boot\":\"%s\",\"head\":%lld,\"oldest\":%lld,\"time\":\"%s\"}\n\n",
                stream->boot, (long long)ring_head(&stream->ring), (long long)stream->oldest,
                time_text(time_now(), now));
}

/* The id makes a client that is cut off now come again at the head, and not be told once more. */
void listener_reset(Listener *listener)
{
        Stream *stream = listener->stream;

        page_drop(listener);
        if (listener->is_asking)
                TAILQ_REMOVE(&stream->asking, listener, next_asking);
        listener->is_asking = false;
        listener->after = ring_head(&stream->ring);
        said(listener, listener->after);
        metric_add(stream->metrics.resets, 1);
        buffer_format(&listener->own, "id: %lld\nevent: reset\ndata: {\"head\":%lld,\"oldest\":%lld}\n\n",
                      (long long)listener->after, (long long)listener->after, (long long)stream->oldest);
}

static bool mark_say(Listener *listener, int64_t now)
{
        if (listener->after <= listener->told || now - listener->marked_at < MARK_MS)
                return false;
        said(listener, listener->after);
        buffer_format(&listener->own, "id: %lld\nevent: mark\ndata: {\"feed\":%lld}\n\n", (long long)listener->after,
                      (long long)listener->after);
        return true;
}

static bool health_say(Listener *listener)
{
        const Buffer *health = &listener->stream->health[listener->is_whole];

        if (listener->health == listener->stream->health_number || !health->size)
                return false;
        listener->health = listener->stream->health_number;
        buffer_format(&listener->own, "event: health\ndata: %s\n\n", health->bytes);
        return true;
}

static bool keepalive_say(Listener *listener, int64_t now)
{
        if (now - listener->said_at < KEEPALIVE_MS)
                return false;
        listener->said_at = now;
        buffer_text(&listener->own, ": keepalive\n\n");
        return true;
}

/* ---- where he is ---- */

static void ask(Listener *listener)
{
        Stream *stream = listener->stream;

        listener->is_asking = true;
        TAILQ_INSERT_TAIL(&stream->asking, listener, next_asking);
        pthread_cond_signal(&stream->asked);
}

void listener_page(Listener *listener, Page *page)
{
        page->references++;
        listener->page = page;
        listener->page_at = 0;
        metric_add(listener->stream->metrics.replays, 1);
}

/* A number above the ring's may be a list's, which was read a moment ago: PostgreSQL is asked. */
static void greet(Listener *listener)
{
        Stream *stream = listener->stream;
        const bool is_first = listener->generation == 0;

        listener->generation = stream->generation;
        hello_say(listener);
        if (!is_first) {
                listener_reset(listener);
        } else if (!listener->has_after) {
                listener->after = listener->told = ring_head(&stream->ring);
        } else if (listener->after > ring_head(&stream->ring)) {
                ask(listener);
        }
}

static void page_end(Listener *listener)
{
        if (listener->page->until > listener->after)
                listener->after = listener->page->until;
        page_drop(listener);
}

/* From the ring; NULL: there is none, or it has gone on without him, and he asks for what he missed. */
static Frame *ring_next(Listener *listener)
{
        Ring *ring = &listener->stream->ring;

        if (listener->after < ring->floor) {
                ask(listener);
                return NULL;
        }
        if (listener->place < ring->first || listener->place > ring->next ||
            (listener->place > ring->first && ring_at(ring, listener->place - 1)->feed > listener->after))
                listener->place = ring_find(ring, listener->after);
        return listener->place < ring->next ? frame_keep(ring_at(ring, listener->place++)) : NULL;
}

static Frame *candidate(Listener *listener)
{
        if (listener->page && listener->page_at < listener->page->size)
                return frame_keep(listener->page->frames[listener->page_at++]);
        if (listener->page)
                page_end(listener);
        return listener->is_asking || listener->is_served ? NULL : ring_next(listener);
}

static FrameSight sight_of(const Listener *listener, const Frame *frame)
{
        if (frame->feed <= listener->after || !filter_takes(&listener->rights, &frame->now))
                return FRAME_HIDDEN;
        return frame_sight(frame, &listener->filter);
}

/* Goes on to the next frame that he wants to see. */
static bool frame_next(Listener *listener)
{
        Frame *frame;

        while ((frame = candidate(listener))) {
                const FrameSight sight = sight_of(listener, frame);

                if (frame->feed > listener->after)
                        listener->after = frame->feed;
                if (sight != FRAME_HIDDEN) {
                        listener->current = frame;
                        listener->is_left = sight == FRAME_LEFT;
                        listener->offset = 0;
                        said(listener, frame->feed);
                        metric_add(listener->stream->metrics.frames, 1);
                        return true;
                }
                frame_let_go(frame);
        }
        return false;
}

/* ---- read ---- */

static size_t own_copy(Listener *listener, char *out, size_t room)
{
        const size_t left = listener->own.size - listener->own_at, size = left < room ? left : room;

        memcpy(out, listener->own.bytes + listener->own_at, size);
        listener->own_at += size;
        if (listener->own_at == listener->own.size) {
                buffer_free(&listener->own);
                listener->own_at = 0;
        }
        return size;
}

static size_t current_copy(Listener *listener, char *out, size_t room)
{
        const size_t size = frame_copy(listener->current, listener->is_left, listener->offset, out, room);

        listener->offset += size;
        if (listener->offset == frame_size(listener->current, listener->is_left)) {
                frame_let_go(listener->current);
                listener->current = NULL;
        }
        return size;
}

/* Between two frames: what comes next; false: nothing for now. */
static bool next(Listener *listener)
{
        const int64_t now = time_monotonic();

        if (!listener->stream->is_ready)
                return keepalive_say(listener, now);
        if (listener->generation != listener->stream->generation) {
                greet(listener);
                return true;
        }
        return frame_next(listener) || health_say(listener) || mark_say(listener, now) || keepalive_say(listener, now);
}

void listener_look(Listener *listener)
{
        const int64_t now = time_monotonic();

        if (!listener->may || now - listener->looked_at < LOOK_MS)
                return;
        listener->looked_at = now;
        if (!listener->may(listener->proof))
                listener->ends_at = now;
}

/* Also one who is always behind ends between two frames, not only where a frame ends with the room. */
ssize_t listener_read(Listener *listener, char *out, size_t room)
{
        const bool is_over = time_monotonic() >= listener->ends_at;
        size_t filled = 0;

        while (filled < room) {
                if (listener->own.size)
                        filled += own_copy(listener, out + filled, room - filled);
                else if (listener->current)
                        filled += current_copy(listener, out + filled, room - filled);
                else if (is_over || !next(listener))
                        break;
        }
        if (filled)
                listener->said_at = time_monotonic();
        return is_over && !filled ? EXCHANGE_END : (ssize_t)filled;
}
