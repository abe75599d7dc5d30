#include "hub/base/crypto.h"
#include "hub/base/file.h"
#include "hub/event/rejected.h"
#include "hub/pipe/beside.h"
#include "hub/pipe/publish.h"
#include "tests/unit/base/run.h"
#include "tests/unit/pipe/folder.h"
#include "tests/unit/pipe/topics.h"

#include <signal.h>
#include <stdio.h>

enum { FLUSH_MS = 40 * 1000, PARTITION = 2 };

#define RECEIVED INT64_C(1701736200000)

typedef struct {
        Mock mock;
        char folder[64];
        Signals signals;
        Inflight *inflight;
        Categories *categories;
        Privacy *privacy;
        Publisher publisher;
        Output *output;
        Record record;
} World;

static void world_open(World *world)
{
        Publisher *publisher = &world->publisher;
        Error err = { 0 };

        memset(world, 0, sizeof(*world));
        signals_open(&world->signals); /* before the mock cluster's thread, which would get them */
        topics_open(&world->mock);
        world->inflight = inflight_new();
        world->categories = categories_load(NULL, &err);
        world->privacy = privacy_test();
        *publisher = (Publisher){ .setup = { "grid", "p12", "350206", world->categories, world->privacy },
                                  .partition = PARTITION,
                                  .folder = test_folder(world->folder),
                                  .ticks = ticks_new(60000),
                                  .seen = seen_new(),
                                  .signals = &world->signals,
                                  .arena = arena_new() };
        publisher->bus = bus_open(&world->mock.options, publish_delivered, publisher, &err);
        world->output = output_new(&publisher->setup, &publish_sink, publisher);
        world->record = (Record){ .bytes = "{broken",
                                  .size = 7,
                                  .channel = "http://hub:secret@127.0.0.1/list?token=secret",
                                  .content_type = "text/plain",
                                  .position = "w1 p2",
                                  .received_ms = RECEIVED };
        publisher->flight = inflight_open(world->inflight, 1, 0, RECEIVED);
        output_begin(world->output, &world->record);
}

static void world_close(World *world)
{
        output_free(world->output);
        bus_close(world->publisher.bus);
        ticks_free(world->publisher.ticks);
        seen_free(world->publisher.seen);
        arena_free(world->publisher.arena);
        privacy_free(world->privacy);
        categories_free(world->categories);
        inflight_free(world->inflight);
        signals_close(&world->signals);
        test_folder_remove(world->folder);
        topics_close(&world->mock);
}

static void event_emit(World *world, const char *id)
{
        Error err = { 0 };
        Event event;

        event_init(&event, KIND_REPORT);
        event.source.id = id;
        event.source.revision = "1";
        event.status.state = STATE_RECEIVED;
        ck_assert_msg(emit(world->output, &event, &err), "%s", err.text);
}

static int header_number(const Landed *landed, const char *name)
{
        const char *at = strstr(landed->headers, name);

        ck_assert_msg(at != NULL, "%s is missing", name);
        return atoi(at + strlen(name) + 1);
}

/* Sealed bytes open again with the key, the instance, the run and the number, and are what the platform sent. */
static void sealed_check(const World *world, const Landed *landed, const char *bytes, size_t size, const char *expected,
                         size_t expected_size)
{
        CLEANUP(buffer_free) Buffer opened = { 0 };
        Error err = { 0 };
        char extra[128];

        snprintf(extra, sizeof(extra), "grid:%s:%ld", bus_run(world->publisher.bus), landed->seq);
        ck_assert_msg(privacy_unseal(world->privacy, header_number(landed, REJECTED_KEY_VERSION), extra, bytes, size,
                                     &opened, &err),
                      "%s", err.text);
        ck_assert_uint_eq(opened.size, expected_size);
        ck_assert_mem_eq(opened.bytes, expected, expected_size);
}

START_TEST(a_reject_is_sealed_and_says_why)
{
        static const char *const headers[] = { "\nhub_instance=grid\n",
                                               "\nhub_platform=p12\n",
                                               "\nhub_zone=350206\n",
                                               "\nhub_reason=not_json\n",
                                               "\nhub_text=line 1: no\n",
                                               "\nhub_stage=adapter\n",
                                               "\nhub_channel=http://127.0.0.1/list\n",
                                               "\nhub_position=w1 p2\n",
                                               "\nhub_content_type=text/plain\n",
                                               "\nhub_size=7\n",
                                               "\nhub_seq=1\n",
                                               "\nhub_received=2023-12-05T00:30:00.000Z\n" };
        CLEANUP(world_close) World world;
        char sha256[SHA256_TEXT_SIZE];
        const Landed *landed;
        Error why = { 0 };
        Log log;

        world_open(&world);
        (void)error_set(&why, ERR_INPUT, "not_json", "line 1: no");
        output_reject(world.output, &why);
        ck_assert_uint_eq(world.publisher.flight->pending, 1);
        ck_assert(bus_flush(world.publisher.bus, FLUSH_MS));
        ck_assert_uint_eq(world.publisher.flight->pending, 0);
        ck_assert_int_eq(ticks_hour(world.publisher.ticks, RECEIVED)->rejected, 1);
        log = topics_read(&world.mock, PARTITION, true);
        ck_assert_uint_eq(log.size, 1);
        landed = &log.items[0];
        ck_assert_str_eq(landed->topic, "hub.rejected.v1");
        ck_assert_str_eq(landed->key, "grid");
        for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
                ck_assert_msg(strstr(landed->headers, headers[i]) != NULL, "%s in %s", headers[i], landed->headers);
        ck_assert_ptr_nonnull(strstr(landed->headers, sha256_text("{broken", 7, sha256)));
        ck_assert_ptr_null(strstr(landed->headers, "secret"));
        ck_assert_ptr_null(memmem(landed->value, landed->size, "broken", 6));
        sealed_check(&world, landed, landed->value, landed->size, "{broken", 7);
        log_free(&log);
}
END_TEST

/* The key of a topic may be a telephone number: it is kept for the retry, and nobody reads it on the way. */
START_TEST(the_key_of_a_reject_is_sealed_beside_it)
{
        static const RecordHeader of_kafka[] = { { "ce_type", "case" }, { NULL, NULL } };
        CLEANUP(world_close) World world;
        CLEANUP(arena_drop) Arena *arena = arena_new();
        CLEANUP(buffer_free) Buffer sealed = { 0 };
        CLEANUP(buffer_free) Buffer opened = { 0 };
        CLEANUP(mem_drop) char *extra = NULL, *hex = NULL;
        const char *at;
        Record got = { 0 };
        Error why = { 0 };
        Log log;

        world_open(&world);
        world.record = (Record){ .bytes = "", .key = "13800138000", .headers = of_kafka, .received_ms = RECEIVED };
        (void)error_set(&why, ERR_INPUT, "missing_field", "number: missing");
        output_reject(world.output, &why);
        ck_assert(bus_flush(world.publisher.bus, FLUSH_MS));
        log = topics_read(&world.mock, PARTITION, true);
        ck_assert_uint_eq(log.size, 1);
        ck_assert_ptr_null(strstr(log.items[0].headers, "13800138000"));
        at = strstr(log.items[0].headers, "\nhub_beside=");
        ck_assert_ptr_nonnull(at);
        at += strlen("\nhub_beside=");
        hex = mem_copy(at, strcspn(at, "\n"));
        ck_assert(hex_read(hex, &sealed));
        extra = text_format("grid:%s:%ld:beside", bus_run(world.publisher.bus), log.items[0].seq);
        ck_assert_msg(privacy_unseal(world.privacy, header_number(&log.items[0], REJECTED_KEY_VERSION), extra,
                                     sealed.bytes, sealed.size, &opened, &why),
                      "%s", why.text);
        ck_assert(beside_read(opened.bytes, opened.size, arena, &got));
        ck_assert_str_eq(got.key, "13800138000");
        ck_assert_str_eq(got.headers[0].value, "case");
        log_free(&log);
}
END_TEST

/* Kafka refuses a message of megabytes: its sealed bytes lie in a file, and the record still goes through. */
START_TEST(a_large_reject_lies_in_a_file)
{
        CLEANUP(world_close) World world;
        CLEANUP(buffer_free) Buffer file = { 0 };
        enum { SIZE = REJECTED_VALUE_MOST + 1 };
        char *bytes = mem_new(SIZE + 1), path[256];
        const Landed *landed;
        Error why = { 0 };
        Log log;

        world_open(&world);
        memset(bytes, 'x', SIZE);
        (void)error_set(&why, ERR_INPUT, "too_large", "too much");
        reject(world.output, bytes, SIZE, &why);
        ck_assert(bus_flush(world.publisher.bus, FLUSH_MS));
        log = topics_read(&world.mock, PARTITION, true);
        landed = &log.items[0];
        ck_assert_uint_eq(landed->size, 0);
        snprintf(path, sizeof(path), "%s/rejected/%s-%ld", world.folder, bus_run(world.publisher.bus), landed->seq);
        ck_assert_msg(file_read(&file, path, 2 * SIZE, &why), "%s", why.text);
        sealed_check(&world, landed, file.bytes, file.size, bytes, SIZE);
        log_free(&log);
        free(bytes);
}
END_TEST

/* It can be kept nowhere: then it must not be acknowledged either. */
START_TEST(a_large_reject_without_room_is_given_up)
{
        CLEANUP(world_close) World world;
        enum { SIZE = REJECTED_VALUE_MOST + 1 };
        char *bytes = mem_new(SIZE + 1);
        Error why = { 0 };

        world_open(&world);
        world.publisher.folder = "/proc/nowhere";
        (void)error_set(&why, ERR_INPUT, "too_large", "too much");
        reject(world.output, bytes, SIZE, &why);
        ck_assert(world.publisher.abandoned);
        ck_assert_uint_eq(bus_pending(world.publisher.bus), 0);
        free(bytes);
}
END_TEST

START_TEST(an_event_goes_to_the_partition_of_its_zone)
{
        CLEANUP(world_close) World world;
        const Landed *landed;
        Log log;

        world_open(&world);
        event_emit(&world, "a");
        ck_assert_int_eq(ticks_hour(world.publisher.ticks, RECEIVED)->published, 0);
        ck_assert(bus_flush(world.publisher.bus, FLUSH_MS));
        ck_assert_int_eq(ticks_hour(world.publisher.ticks, RECEIVED)->published, 1);
        log = topics_read(&world.mock, PARTITION, true);
        ck_assert_uint_eq(log.size, 1);
        landed = &log.items[0];
        ck_assert_str_eq(landed->key, "350206");
        ck_assert_ptr_nonnull(strstr(landed->headers, "\nce_id=p12::a:1\n"));
        ck_assert_ptr_nonnull(strstr(landed->headers, "\nce_type=cn.huli.hub.report.v1\n"));
        ck_assert_ptr_nonnull(strstr(landed->headers, bus_run(world.publisher.bus)));
        ck_assert_int_eq(landed->seq, 1);
        log_free(&log);
}
END_TEST

static void tick_count(void *context)
{
        size_t *count = context;

        ++*count;
}

/* A file of 128 MiB is one record, and minutes: an instance that is at work must not look silent. */
START_TEST(a_tick_that_is_due_comes_between_two_events_of_a_record)
{
        CLEANUP(world_close) World world;
        size_t ticks = 0;

        world_open(&world);
        world.publisher.tick = tick_count;
        world.publisher.tick_context = &ticks;
        event_emit(&world, "a");
        event_emit(&world, "b");
        ck_assert_uint_eq(ticks, 2);
}
END_TEST

/* The overlap of two windows: published once, the rest counted as repeated and outside of the items. */
START_TEST(a_repeat_is_counted_not_published)
{
        CLEANUP(world_close) World world;
        HourTotals *totals;

        world_open(&world);
        world.publisher.flight->window = 1;
        event_emit(&world, "a");
        event_emit(&world, "a");
        event_emit(&world, "b");
        ck_assert(bus_flush(world.publisher.bus, FLUSH_MS));
        totals = ticks_hour(world.publisher.ticks, RECEIVED);
        ck_assert_int_eq(totals->published, 2);
        ck_assert_int_eq(totals->repeated, 1);
}
END_TEST

/* A source without windows that sends twice: both are published, the warehouse counts the duplicate. */
START_TEST(without_windows_nothing_is_a_repeat)
{
        CLEANUP(world_close) World world;

        world_open(&world);
        event_emit(&world, "a");
        event_emit(&world, "a");
        ck_assert(bus_flush(world.publisher.bus, FLUSH_MS));
        ck_assert_int_eq(ticks_hour(world.publisher.ticks, RECEIVED)->published, 2);
}
END_TEST

START_TEST(each_reason_to_ignore_is_counted)
{
        CLEANUP(world_close) World world;

        world_open(&world);
        ignored(world.output, "unchanged");
        ignored(world.output, "heartbeat");
        ignored(world.output, "unchanged");
        ck_assert_str_eq(world.publisher.reasons[0].reason, "unchanged");
        ck_assert_int_eq(world.publisher.reasons[0].count, 2);
        ck_assert_int_eq(world.publisher.reasons[1].count, 1);
        ck_assert_int_eq(ticks_hour(world.publisher.ticks, RECEIVED)->ignored, 3);
        ck_assert_uint_eq(bus_pending(world.publisher.bus), 0);
}
END_TEST

/* Told to stop while Kafka takes nothing: one huge record must not hold the process for ever. */
START_TEST(a_stop_ends_the_wait_for_room)
{
        CLEANUP(world_close) World world;
        Error err = { 0 };
        Event event;

        world_open(&world);
        rd_kafka_mock_broker_set_down(world.mock.cluster, 1);
        while (!bus_full(world.publisher.bus))
                event_emit(&world, "a");
        kill(getpid(), SIGTERM);
        event_init(&event, KIND_REGISTRY);
        event.source.id = event.source.revision = "1";
        event_add_object(&event, OBJECT_STALL, "1");
        ck_assert(!emit(world.output, &event, &err));
        ck_assert_int_eq(err.kind, ERR_RETRY);
        ck_assert(world.publisher.abandoned);
}
END_TEST

START_TEST(channels_lose_user_and_query)
{
        static const char *const pairs[][2] = { { "frigate/events", "frigate/events" },
                                                { "http://a:b@h:1/p/q?x=1#y", "http://h:1/p/q" },
                                                { "https://h/p@q", "https://h/p@q" },
                                                { "https://h", "https://h" },
                                                { "ftp://u@h", "ftp://h" },
                                                { "/in/a.csv", "/in/a.csv" },
                                                { "q?u=http://a:b@c", "q" },
                                                { "", "" } };
        Arena *arena = arena_new();

        for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
                ck_assert_str_eq(publish_channel(pairs[i][0], arena), pairs[i][1]);
        arena_free(arena);
}
END_TEST

RUN("publish", a_reject_is_sealed_and_says_why, the_key_of_a_reject_is_sealed_beside_it, a_large_reject_lies_in_a_file,
    a_large_reject_without_room_is_given_up, an_event_goes_to_the_partition_of_its_zone,
    a_tick_that_is_due_comes_between_two_events_of_a_record, a_repeat_is_counted_not_published,
    without_windows_nothing_is_a_repeat, each_reason_to_ignore_is_counted, a_stop_ends_the_wait_for_room,
    channels_lose_user_and_query)
