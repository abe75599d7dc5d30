#include "hub/event/json.h"
#include "hub/pipe/ticks.h"
#include "tests/unit/base/run.h"
#include "tests/unit/pipe/topics.h"

enum { FLUSH_MS = 40 * 1000, PARTITION = 7 };

#define HOUR_MS  (60 * 60 * INT64_C(1000))
#define LONG_AGO INT64_C(1701734400000) /* 2023-12-05T00:00:00Z */

static const TickSetup setup = {
        .instance = "grid", .platform = "p12", .zone = "350206", .partition = PARTITION, .state = "reading", .lag = 5
};

static void report(void *context, BusKind kind, void *owner)
{
        (void)owner;
        ck_assert_int_eq(kind, BUS_TICK);
        ticks_delivered(*(Ticks **)context);
}

typedef struct {
        Mock mock;
        Ticks *ticks;
        Bus *bus;
        EventReader *reader;
} World;

static void world_open(World *world)
{
        Error err = { 0 };

        topics_open(&world->mock);
        world->ticks = ticks_new(60 * 1000);
        world->bus = bus_open(&world->mock.options, report, &world->ticks, &err);
        world->reader = event_reader_new();
}

static void world_close(World *world)
{
        bus_close(world->bus);
        ticks_free(world->ticks);
        event_reader_free(world->reader);
        topics_close(&world->mock);
}

/* The tick in the log, by its place; its texts live until the next call. */
static Tick tick_at(World *world, const Log *log, size_t index)
{
        EventValue value;
        Error err = { 0 };

        ck_assert_uint_lt(index, log->size);
        ck_assert_msg(event_read(world->reader, log->items[index].value, log->items[index].size, &value, &err), "%s",
                      err.text);
        ck_assert_int_eq(value.kind, KIND_TICK);
        return value.tick;
}

/* The ledger adds up by hour of received: an hour's totals must be those of that hour, and items their sum. */
START_TEST(totals_by_hour)
{
        CLEANUP(world_close) World world;
        Tick tick;
        Log log;

        world_open(&world);
        ticks_hour(world.ticks, LONG_AGO + 5)->published = 7;
        ticks_hour(world.ticks, LONG_AGO + 10)->rejected = 2;
        ticks_hour(world.ticks, LONG_AGO + HOUR_MS)->ignored = 3;
        ticks_hour(world.ticks, LONG_AGO + 20)->repeated = 9;
        ticks_hour(world.ticks, LONG_AGO + 30)->records = 4;
        ticks_send(world.ticks, &setup, world.bus);
        ck_assert(bus_flush(world.bus, FLUSH_MS));
        log = topics_read(&world.mock, PARTITION, false);
        ck_assert_uint_eq(log.size, 3);
        tick = tick_at(&world, &log, 0);
        ck_assert_int_eq(tick.hour, LONG_AGO);
        ck_assert_int_eq(tick.items, 9);
        ck_assert_int_eq(tick.published, 7);
        ck_assert_int_eq(tick.rejected, 2);
        ck_assert_int_eq(tick.repeated, 9);
        ck_assert_int_eq(tick.records, 4);
        ck_assert_int_eq(tick.lag, 5);
        ck_assert_str_eq(tick.source_state, "reading");
        tick = tick_at(&world, &log, 1);
        ck_assert_int_eq(tick.hour, LONG_AGO + HOUR_MS);
        ck_assert_int_eq(tick.items, 3);
        ck_assert_ptr_nonnull(strstr(log.items[0].headers, "\nce_type=cn.huli.hub.tick.v1\n"));
        ck_assert_ptr_nonnull(strstr(log.items[0].headers, "\nce_source=/350206/p12/grid\n"));
        ck_assert_str_eq(log.items[0].key, "350206");
        log_free(&log);
}
END_TEST

/* An hour that did not change is not told again; the present one always is: a silent instance must be seen to live. */
START_TEST(only_touched_hours_and_the_present)
{
        CLEANUP(world_close) World world;
        Log log;

        world_open(&world);
        ck_assert(ticks_due(world.ticks));
        ticks_hour(world.ticks, LONG_AGO)->published = 1;
        ticks_send(world.ticks, &setup, world.bus);
        ck_assert(!ticks_due(world.ticks));
        ticks_send(world.ticks, &setup, world.bus);
        ck_assert(bus_flush(world.bus, FLUSH_MS));
        log = topics_read(&world.mock, PARTITION, false);
        ck_assert_uint_eq(log.size, 3);
        ck_assert_int_eq(tick_at(&world, &log, 0).hour, LONG_AGO);
        ck_assert_int_ne(tick_at(&world, &log, 2).hour, LONG_AGO);
        log_free(&log);
}
END_TEST

/* The audit calls a run finished when it sees `final`: it may stand on the very last message only. */
START_TEST(final_is_the_last)
{
        CLEANUP(world_close) World world;
        TickSetup final = setup;
        Tick tick;
        Log log;

        world_open(&world);
        final.final = true;
        ticks_hour(world.ticks, LONG_AGO)->published = 1;
        ticks_hour(world.ticks, LONG_AGO + HOUR_MS)->published = 1;
        ticks_send(world.ticks, &final, world.bus);
        ck_assert(bus_flush(world.bus, FLUSH_MS));
        log = topics_read(&world.mock, PARTITION, false);
        ck_assert_uint_eq(log.size, 3);
        for (size_t i = 0; i < log.size; i++)
                ck_assert_int_eq(tick_at(&world, &log, i).final, i == 2);
        tick = tick_at(&world, &log, 2);
        ck_assert_str_eq(tick.run, bus_run(world.bus));
        ck_assert_int_eq(tick.acked, 0);
        ck_assert_int_eq(bus_acked(world.bus), 3);
        log_free(&log);
}
END_TEST

/* While Kafka is away ticks must not pile up. */
START_TEST(not_due_while_one_is_pending)
{
        Mock mock;
        Ticks *ticks = ticks_new(0);
        Error err = { 0 };
        Bus *bus;

        topics_open(&mock);
        rd_kafka_mock_broker_set_down(mock.cluster, 1);
        bus = bus_open(&mock.options, report, &ticks, &err);
        ck_assert(ticks_due(ticks));
        ticks_send(ticks, &setup, bus);
        ck_assert(!ticks_due(ticks));
        rd_kafka_mock_broker_set_up(mock.cluster, 1);
        ck_assert(bus_flush(bus, FLUSH_MS));
        ck_assert(ticks_due(ticks));
        bus_close(bus);
        ticks_free(ticks);
        topics_close(&mock);
}
END_TEST

RUN("ticks", totals_by_hour, only_touched_hours_and_the_present, final_is_the_last, not_due_while_one_is_pending)
