#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/serve/stream/listener.h"
#include "tests/unit/base/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RING_MOST = 4 };

/* A stream without threads. */
static void stream_start(Stream *stream)
{
        *stream = (Stream){ .generation = 1, .is_ready = true, .boot = "b", .oldest = 1 };
        pthread_mutex_init(&stream->lock, NULL);
        pthread_cond_init(&stream->asked, NULL);
        ring_open(&stream->ring, RING_MOST, 1 << 20);
        TAILQ_INIT(&stream->all);
        TAILQ_INIT(&stream->asking);
}

static void stream_end(Stream *stream)
{
        ring_free(&stream->ring);
        for (size_t i = 0; i < HEALTHS; i++)
                buffer_free(&stream->health[i]);
}

static Frame *frame_of(int64_t feed, const char *state, const char *before)
{
        CLEANUP(mem_drop) char *payload = text_format("{\"incident\":\"i-1\",\"zone\":\"z\",\"state\":\"%s\"}", state);
        CLEANUP(mem_drop)
        char *old = before ? text_format("{\"incident\":\"i-1\",\"zone\":\"z\",\"state\":\"%s\"}", before) : NULL;
        const FeedRow row = { .feed = feed,
                              .zone = "z",
                              .incident = "i-1",
                              .epoch = 1,
                              .version = feed,
                              .payload = payload,
                              .payload_size = strlen(payload),
                              .before = old,
                              .before_size = old ? strlen(old) : 0 };
        Error err = { 0 };
        Frame *frame = frame_new(&row, 0, &err);

        ck_assert_msg(frame != NULL, "%s", err.text);
        return frame;
}

static void ring_fill(Stream *stream, int64_t first, int64_t last)
{
        for (int64_t feed = first; feed <= last; feed++)
                ring_add(&stream->ring, frame_of(feed, "filed", "filed"));
}

/* All that there is for him, through a room of `room` bytes. */
static char *heard(Listener *listener, size_t room)
{
        CLEANUP(buffer_free) Buffer out = { 0 };
        CLEANUP(mem_drop) char *bytes = mem_new(room);
        ssize_t size;

        buffer_text(&out, "");
        while ((size = listener_read(listener, bytes, room)) > 0)
                buffer_add(&out, bytes, (size_t)size);
        ck_assert_int_eq(size, EXCHANGE_NOTHING);
        return text_copy(out.bytes);
}

/* The events that he hears, as "hello 5 6 left:7". */
static void hears(Listener *listener, const char *wanted)
{
        CLEANUP(mem_drop) char *text = heard(listener, 7);
        CLEANUP(buffer_free) Buffer told = { 0 };

        buffer_text(&told, "");
        for (char *at = text, *end; (end = strstr(at, "\n\n")); at = end + 2) {
                const char *event, *id = strstr(at, "id: ");

                *end = '\0';
                event = strstr(at, "event: ");
                ck_assert_msg(event != NULL, "%s", at);
                buffer_text(&told, told.size ? " " : "");
                if (text_starts(event, "event: incident"))
                        buffer_format(&told, "%s%ld", strstr(at, "data: {\"left\":true,\"type\"") ? "left:" : "",
                                      strtol(id + 4, NULL, 10));
                else
                        buffer_format(&told, "%.*s", (int)strcspn(event + 7, "\n"), event + 7);
        }
        ck_assert_str_eq(told.bytes, wanted);
}

static Page *page_of(Stream *stream, int64_t after, int64_t first, int64_t last, int64_t until)
{
        Page *page = mem_new(sizeof(Page));

        *page = (Page){ .references = 1, .after = after, .until = until };
        for (int64_t feed = first; feed <= last; feed++)
                page->frames[page->size++] = frame_of(feed, "filed", "filed");
        stream->pages++;
        return page;
}

/* As the replaying thread hands it. */
static void page_give(Listener *listener, Page *page)
{
        ck_assert(listener->is_asking);
        TAILQ_REMOVE(&listener->stream->asking, listener, next_asking);
        listener->is_asking = false;
        listener_page(listener, page);
        page_let_go(listener->stream, page);
}

/* Who names no number begins at the head; whatever the room, nothing is lost between two reads. */
START_TEST(who_comes_new_hears_what_is_new)
{
        Stream stream;
        Listener *one;

        stream_start(&stream);
        ring_fill(&stream, 1, 3);
        one = listener_new(&stream, &(ListenerSetup){ .sees_all = true });
        hears(one, "hello");
        ring_fill(&stream, 4, 5);
        hears(one, "4 5");
        hears(one, "");
        listener_free(one);
        stream_end(&stream);
}
END_TEST

START_TEST(who_comes_again_goes_on_behind_his_number)
{
        Stream stream;
        Listener *one;

        stream_start(&stream);
        ring_fill(&stream, 1, 4);
        one = listener_new(&stream, &(ListenerSetup){ .sees_all = true, .has_after = true, .after = 2 });
        hears(one, "hello 3 4");
        listener_free(one);
        stream_end(&stream);
}
END_TEST

/* Behind the ring he gets pages, until the ring has all that follows; also when that moves on meanwhile. */
START_TEST(who_is_behind_the_ring_is_replayed_to)
{
        Stream stream;
        Listener *one;

        stream_start(&stream);
        ring_fill(&stream, 1, 10); /* 7 to 10 are in it */
        one = listener_new(&stream, &(ListenerSetup){ .sees_all = true, .has_after = true, .after = 2 });
        hears(one, "hello");
        page_give(one, page_of(&stream, 2, 3, 5, 5));
        hears(one, "3 4 5");                          /* 6 is not in the ring: he asks again */
        ring_fill(&stream, 11, 12);                   /* 9 to 12 */
        page_give(one, page_of(&stream, 4, 5, 8, 8)); /* one that another asked for, from before where he is */
        hears(one, "6 7 8 9 10 11 12");
        ck_assert_uint_eq(stream.pages, 0);
        listener_free(one);
        stream_end(&stream);
}
END_TEST

/* The ring went on while he did not read: never a gap, never one twice. */
START_TEST(who_is_overtaken_misses_nothing)
{
        Stream stream;
        Listener *one;
        char bytes[8];

        stream_start(&stream);
        ring_fill(&stream, 1, 2);
        one = listener_new(&stream, &(ListenerSetup){ .sees_all = true });
        hears(one, "hello");
        ring_fill(&stream, 3, 4);
        ck_assert_int_eq(listener_read(one, bytes, sizeof(bytes)), sizeof(bytes)); /* a part of 3 */
        ring_fill(&stream, 5, 9); /* 6 to 9: the rest of 3 is told all the same */
        {
                CLEANUP(mem_drop) char *rest = heard(one, 4096);

                ck_assert_ptr_nonnull(strstr(rest, "\"feed\":3"));
                ck_assert_ptr_null(strstr(rest, "\"feed\":6"));
        }
        page_give(one, page_of(&stream, 3, 4, 5, 5));
        hears(one, "4 5 6 7 8 9");
        listener_free(one);
        stream_end(&stream);
}
END_TEST

/* A number above all that we saw may be a list's, of a moment ago: it is asked for, and he waits for what is above it. */
START_TEST(who_is_ahead_of_the_ring_waits)
{
        Stream stream;
        Listener *one;

        stream_start(&stream);
        ring_fill(&stream, 1, 3);
        one = listener_new(&stream, &(ListenerSetup){ .sees_all = true, .has_after = true, .after = 5 });
        hears(one, "hello");
        page_give(one, page_of(&stream, 5, 6, 5, 5));
        hears(one, "");
        ring_fill(&stream, 4, 7);
        hears(one, "6 7");
        listener_free(one);
        stream_end(&stream);
}
END_TEST

START_TEST(who_missed_what_is_gone_begins_again)
{
        Stream stream;
        Listener *one;

        stream_start(&stream);
        ring_fill(&stream, 1, 9);
        one = listener_new(&stream, &(ListenerSetup){ .sees_all = true, .has_after = true, .after = 1 });
        hears(one, "hello");
        TAILQ_REMOVE(&stream.asking, one, next_asking);
        one->is_asking = false;
        listener_reset(one);
        hears(one, "reset");
        ring_fill(&stream, 10, 10);
        hears(one, "10");
        listener_free(one);
        stream_end(&stream);
}
END_TEST

/* Another database: all are told, also who waits for a page of the old one. */
START_TEST(all_begin_again_in_another_database)
{
        Stream stream;
        Listener *one, *asking;

        stream_start(&stream);
        ring_fill(&stream, 1, 9);
        one = listener_new(&stream, &(ListenerSetup){ .sees_all = true });
        asking = listener_new(&stream, &(ListenerSetup){ .sees_all = true, .has_after = true, .after = 1 });
        hears(one, "hello");
        hears(asking, "hello");
        stream.generation++;
        ring_start(&stream.ring, 6);
        ring_fill(&stream, 7, 8);
        hears(one, "hello reset");
        hears(asking, "hello reset");
        ck_assert(TAILQ_EMPTY(&stream.asking));
        ring_fill(&stream, 9, 9);
        hears(one, "9");
        hears(asking, "9");
        listener_free(one);
        listener_free(asking);
        stream_end(&stream);
}
END_TEST

/* A list of what is open loses what was closed, and never hears of what never was in it; marks tell where he is. */
START_TEST(what_left_the_filter_is_told_once)
{
        Stream stream;
        Listener *one;
        ListenerSetup setup = { .sees_all = true, .has_after = true };
        Error err = { 0 };

        stream_start(&stream);
        ck_assert(filter_list(&setup.filter, FILTER_STATE, "filed", &err));
        ring_add(&stream.ring, frame_of(1, "closed", NULL));     /* it was made so */
        ring_add(&stream.ring, frame_of(2, "filed", "closed"));  /* it comes */
        ring_add(&stream.ring, frame_of(3, "closed", "filed"));  /* it leaves */
        ring_add(&stream.ring, frame_of(4, "closed", "closed")); /* it is gone */
        one = listener_new(&stream, &setup);
        hears(one, "hello 2 left:3");
        ring_add(&stream.ring, frame_of(5, "closed", NULL)); /* what it was before, nobody knows */
        hears(one, "left:5");
        one->marked_at -= MARK_MS;
        ring_add(&stream.ring, frame_of(6, "closed", "closed"));
        hears(one, "mark");
        hears(one, "");
        listener_free(one);
        stream_end(&stream);
}
END_TEST

/* Another zone's incidents are nobody's business, be it that they left. */
START_TEST(who_sees_no_zone_hears_nothing)
{
        static const char *const mine[] = { "y", NULL }, *const too[] = { "y", "z", NULL };
        Stream stream;
        Listener *other, *one;

        stream_start(&stream);
        ring_fill(&stream, 1, 2);
        other = listener_new(&stream, &(ListenerSetup){ .zones = mine, .has_after = true });
        one = listener_new(&stream, &(ListenerSetup){ .zones = too, .has_after = true });
        hears(other, "hello mark");
        hears(one, "hello 1 2");
        listener_free(other);
        other = listener_new(&stream, &(ListenerSetup){ .has_after = true });
        hears(other, "hello mark");
        listener_free(other);
        listener_free(one);
        stream_end(&stream);
}
END_TEST

static bool may(void *proof)
{
        return *(bool *)proof;
}

static void proof_count(void *proof)
{
        *(bool *)proof = true;
}

/* Who may listen no longer hears the end of what he is being told, be he ever so far behind, and no more. */
START_TEST(who_may_no_longer_listen_is_through)
{
        bool is_right = true;
        ListenerSetup setup = {
                .sees_all = true, .has_after = true, .may = may, .proof_free = proof_count, .proof = &is_right
        };
        Stream stream;
        Listener *one;
        char bytes[8];

        stream_start(&stream);
        ring_fill(&stream, 1, 1);
        one = listener_new(&stream, &setup);
        one->looked_at -= LOOK_MS;
        listener_look(one);
        hears(one, "hello 1");
        ring_fill(&stream, 2, 4);
        ck_assert_int_eq(listener_read(one, bytes, sizeof(bytes)), sizeof(bytes)); /* a part of 2 */
        is_right = false;
        listener_look(one); /* not yet */
        ck_assert_int_eq(listener_read(one, bytes, 1), 1);
        one->looked_at -= LOOK_MS;
        listener_look(one);
        {
                CLEANUP(buffer_free) Buffer rest = { 0 };
                char room[7];
                ssize_t size;

                while ((size = listener_read(one, room, sizeof(room))) > 0)
                        buffer_add(&rest, room, (size_t)size);
                ck_assert_int_eq(size, EXCHANGE_END);
                ck_assert_ptr_nonnull(strstr(rest.bytes, "\"feed\":2"));
                ck_assert_str_eq(rest.bytes + rest.size - 2, "\n\n");
                ck_assert_ptr_null(strstr(rest.bytes, "\"feed\":3"));
        }
        listener_free(one);
        ck_assert(is_right); /* its proof went with it */
        stream_end(&stream);
}
END_TEST

/* Health is told once a change, figures to those alone who see all; silence is broken now and then; and a stream ends. */
START_TEST(beside_the_incidents_health_and_life_are_told)
{
        static const char *const mine[] = { "z", NULL };
        Stream stream;
        Listener *one, *other;

        stream_start(&stream);
        buffer_text(&stream.health[0], "{}");
        buffer_text(&stream.health[1], "{\"figures\":1}");
        stream.health_number = 1;
        one = listener_new(&stream, &(ListenerSetup){ .sees_all = true });
        other = listener_new(&stream, &(ListenerSetup){ .zones = mine });
        {
                CLEANUP(mem_drop) char *whole = heard(one, 4096), *part = heard(other, 4096);

                ck_assert_ptr_nonnull(strstr(whole, "event: health\ndata: {\"figures\":1}\n\n"));
                ck_assert_ptr_nonnull(strstr(part, "event: health\ndata: {}\n\n"));
        }
        hears(one, "");
        one->said_at -= KEEPALIVE_MS;
        {
                CLEANUP(mem_drop) char *text = heard(one, 5);

                ck_assert_str_eq(text, ": keepalive\n\n");
        }
        one->ends_at = time_monotonic();
        ck_assert_int_eq(listener_read(one, (char[8]){ 0 }, 8), EXCHANGE_END);
        listener_free(one);
        listener_free(other);
        stream_end(&stream);
}
END_TEST

/* However large they are, the ring holds so many bytes of them. */
START_TEST(the_ring_is_bounded_in_bytes)
{
        Ring ring;

        ring_open(&ring, 1000, 2000);
        ring_start(&ring, 10);
        ck_assert_int_eq(ring_head(&ring), 10);
        for (int64_t feed = 11; feed <= 100; feed++) {
                ring_add(&ring, frame_of(feed, "filed", "filed"));
                ck_assert_uint_le(ring.bytes, 2000);
        }
        ck_assert_int_eq(ring_head(&ring), 100);
        ck_assert_uint_gt(ring.next - ring.first, 0);
        ck_assert_int_eq(ring_at(&ring, ring.first)->feed, ring.floor + 1);
        ck_assert_int_eq(ring_at(&ring, ring_find(&ring, 98))->feed, 99);
        ck_assert_uint_eq(ring_find(&ring, 100), ring.next);
        ring_free(&ring);
}
END_TEST

RUN("listener", who_comes_new_hears_what_is_new, who_comes_again_goes_on_behind_his_number,
    who_is_behind_the_ring_is_replayed_to, who_is_overtaken_misses_nothing, who_is_ahead_of_the_ring_waits,
    who_missed_what_is_gone_begins_again, all_begin_again_in_another_database, what_left_the_filter_is_told_once,
    who_sees_no_zone_hears_nothing, who_may_no_longer_listen_is_through, beside_the_incidents_health_and_life_are_told,
    the_ring_is_bounded_in_bytes)
