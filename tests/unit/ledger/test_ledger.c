#include "hub/base/file.h"
#include "hub/ledger/ledger.h"
#include "tests/unit/base/run.h"
#include "tests/unit/db/database.h"
#include "tests/unit/kafka/mock.h"

/*
 * Two runs of an instance. r1 ended in order: tick 1, events 2 to 9 (one known already, one refused by the correlator),
 * rejects 10 and 11, final tick 12. r2 goes on: tick 1, event 2.
 */
static const char rows[] =
        "INSERT INTO ods.record (topic, partition, \"offset\", run, seq, id, kind, zone, platform, instance, received, "
        "verdict)"
        " SELECT 'hub.events.v1', 0, n, 'r1', n + 1, 'p09::' || n || ':1', 'report', '350206', 'p09', 'grid', "
        "'2023-12-05T00:10:00Z',"
        " CASE n WHEN 3 THEN 'duplicate' WHEN 4 THEN 'rejected' ELSE 'stored' END FROM generate_series(1, 8) AS n;"
        "INSERT INTO ods.record (topic, partition, \"offset\", run, seq, kind, zone, instance, received, verdict) "
        "VALUES"
        " ('hub.events.v1', 0, 0, 'r1', 1, 'tick', '350206', 'grid', '2023-12-05T00:00:00Z', 'tick'),"
        " ('hub.events.v1', 0, 9, 'r1', 12, 'tick', '350206', 'grid', '2023-12-05T00:20:00Z', 'tick'),"
        " ('hub.events.v1', 0, 10, 'r2', 1, 'tick', '350206', 'grid', '2023-12-05T01:00:00Z', 'tick'),"
        " ('hub.events.v1', 0, 11, 'r2', 2, 'report', '350206', 'grid', '2023-12-05T01:00:10Z', 'stored'),"
        " ('hub.rejected.v1', 0, 0, 'r1', 10, NULL, '350206', 'grid', '2023-12-05T00:10:00Z', 'rejected'),"
        " ('hub.rejected.v1', 0, 1, 'r1', 11, NULL, '350206', 'grid', '2023-12-05T00:10:00Z', 'rejected');"
        "INSERT INTO ops.tick (instance, run, seq, zone, partition, \"offset\", at, acked, final, hour, records, "
        "items, published,"
        " rejected, ignored, repeated) VALUES"
        " ('grid', 'r1', 1, '350206', 0, 0, '2023-12-05T00:00:00Z', 0, false, '2023-12-05T00:00:00Z', 0, 0, 0, 0, 0, "
        "0),"
        " ('grid', 'r1', 12, '350206', 0, 9, '2023-12-05T00:20:00Z', 11, true, '2023-12-05T00:00:00Z', 12, 15, 8, 2, "
        "5, 3),"
        " ('grid', 'r2', 1, '350206', 0, 10, '2023-12-05T01:00:00Z', 0, false, '2023-12-05T01:00:00Z', 0, 0, 0, 0, 0, "
        "0);"
        "INSERT INTO ops.kafka_offset (topic, partition, first_offset, next_offset) VALUES"
        " ('hub.events.v1', 0, 0, 12), ('hub.rejected.v1', 0, 0, 2)";

#define GRID "platform p09 instance grid hour 2023-12-05T00:00:00.000Z"

typedef struct {
        Mock mock;
        Config config;
        Db *db;
        Ledger ledger;
} Bench;

static void report_need(void *context, void *opaque, bool delivered, const char *error)
{
        (void)context;
        (void)opaque;
        ck_assert_msg(delivered, "%s", error);
}

static void topic_fill(const Bench *bench, const char *topic, int count)
{
        const KafkaMessage message = { .topic = topic, .partition = 0, .value = "{}", .value_size = 2 };
        Error err = { 0 };
        KafkaProducer *producer = kafka_producer_open(&bench->mock.options, report_need, NULL, &err);

        for (int i = 0; i < count; i++)
                ck_assert_int_eq(kafka_produce(producer, &message, NULL, &err), KAFKA_TAKEN);
        ck_assert(kafka_producer_flush(producer, 30000));
        kafka_producer_close(producer);
}

static void file_run(Db *db, const char *path)
{
        CLEANUP(buffer_free) Buffer sql = { 0 };
        Error err = { 0 };

        ck_assert_msg(file_read(&sql, path, 1 << 20, &err), "%s", err.text);
        database_run(db, sql.bytes);
}

static void bench_open(Bench *bench)
{
        static char prefix[] = "hub";

        *bench = (Bench){ 0 };
        mock_open(&bench->mock, "hub.events.v1", 1);
        rd_kafka_mock_topic_create(bench->mock.cluster, "hub.rejected.v1", 1, 1);
        bench->config.kafka = bench->mock.options;
        bench->config.kafka.topic_prefix = prefix;
        topic_fill(bench, "hub.events.v1", 12);
        topic_fill(bench, "hub.rejected.v1", 2);
        bench->db = database_open();
        database_run(bench->db, "SET client_min_messages = error; DROP SCHEMA IF EXISTS ops, ods CASCADE");
        file_run(bench->db, HUB_SCHEMAS_SOURCE "/sql/002_ods.sql");
        file_run(bench->db, HUB_SCHEMAS_SOURCE "/sql/003_ops.sql");
        file_run(bench->db, HUB_SCHEMAS_SOURCE "/sql/127_audit.sql");
        database_run(bench->db, rows);
}

static void bench_close(Bench *bench)
{
        ledger_free(&bench->ledger);
        db_close(bench->db);
        mock_close(&bench->mock);
}

static void ledger_look(Bench *bench)
{
        Error err = { 0 };

        ledger_free(&bench->ledger);
        ck_assert_msg(ledger_read(&bench->ledger, &bench->config, bench->db, 0, &err), "%s", err.text);
}

static void lines_are(Bench *bench, const char *want)
{
        ledger_look(bench);
        ck_assert_str_eq(bench->ledger.lines.size ? bench->ledger.lines.bytes : "", want);
}

START_TEST(a_whole_log_balances)
{
        CLEANUP(bench_close) Bench bench;

        bench_open(&bench);
        lines_are(&bench, "");
        ck_assert(ledger_balances(&bench.ledger));
        ck_assert_uint_eq(bench.ledger.runs, 2);
        ck_assert_uint_eq(bench.ledger.hours, 2);
}
END_TEST

/* What is still on its way is no loss: nothing is called before the database has read what Kafka had. */
START_TEST(a_partition_that_is_behind_is_pending_and_no_hole_is_called)
{
        CLEANUP(bench_close) Bench bench;

        bench_open(&bench);
        topic_fill(&bench, "hub.events.v1", 3);
        database_run(bench.db, "DELETE FROM ods.record WHERE run = 'r1' AND seq = 6");
        lines_are(&bench, "pending: topic hub.events.v1 partition 0: 3 messages are not read yet\n");
        ck_assert_uint_eq(bench.ledger.pending, 1);
        ck_assert(!ledger_balances(&bench.ledger));
}
END_TEST

START_TEST(a_lost_event_is_named_by_platform_instance_hour_and_seq)
{
        CLEANUP(bench_close) Bench bench;

        bench_open(&bench);
        database_run(bench.db, "DELETE FROM ods.record WHERE run = 'r1' AND seq = 6");
        lines_are(&bench, "hole: " GRID " seq 6 run r1\n"
                          "inequality: " GRID ": 8 published, 7 in the log, run r1\n"
                          "offset: topic hub.events.v1 partition 0: no row of 5\n");
}
END_TEST

START_TEST(holes_at_the_start_and_the_end_of_a_run_are_found)
{
        CLEANUP(bench_close) Bench bench;

        bench_open(&bench);
        database_run(bench.db, "DELETE FROM ods.record WHERE run = 'r1' AND seq IN (1, 2, 11)");
        ledger_look(&bench);
        ck_assert_uint_eq(bench.ledger.holes, 2);
        ck_assert_ptr_nonnull(strstr(bench.ledger.lines.bytes, "hole: " GRID " seq 1..2 run r1\n"));
        ck_assert_ptr_nonnull(strstr(bench.ledger.lines.bytes, "hole: " GRID " seq 11 run r1\n"));
        ck_assert_ptr_nonnull(
                strstr(bench.ledger.lines.bytes, "inequality: " GRID ": 2 rejected, 1 in the log, run r1\n"));
}
END_TEST

START_TEST(a_tick_that_does_not_add_up_is_named)
{
        CLEANUP(bench_close) Bench bench;

        bench_open(&bench);
        database_run(bench.db, "UPDATE ops.tick SET ignored = 4 WHERE run = 'r1' AND final");
        lines_are(&bench, "inequality: " GRID ": 15 items, but 8 published + 2 rejected + 4 ignored, run r1\n");
        database_run(bench.db, "UPDATE ops.tick SET ignored = 6, published = 7 WHERE run = 'r1' AND final");
        lines_are(&bench, "inequality: " GRID ": 7 published, 8 in the log, run r1\n");
}
END_TEST

/* r2 was killed, or still runs: what it sent behind its last tick is not acknowledged; a gap there is no loss. */
START_TEST(what_a_run_sent_behind_its_last_tick_is_neither_loss_nor_surplus)
{
        CLEANUP(bench_close) Bench bench;

        bench_open(&bench);
        topic_fill(&bench, "hub.events.v1", 1);
        database_run(bench.db, "INSERT INTO ods.record (topic, partition, \"offset\", run, seq, kind, zone, instance, "
                               "received, verdict)"
                               " VALUES ('hub.events.v1', 0, 12, 'r2', 7, 'report', '350206', 'grid', "
                               "'2023-12-05T01:00:10Z', 'stored');"
                               "UPDATE ops.kafka_offset SET next_offset = 13 WHERE topic = 'hub.events.v1'");
        lines_are(&bench, "");
        database_run(bench.db, "UPDATE ops.tick SET acked = 3 WHERE run = 'r2'");
        ledger_look(&bench);
        ck_assert_uint_eq(bench.ledger.holes, 1);
        ck_assert_ptr_nonnull(strstr(bench.ledger.lines.bytes, "hour 2023-12-05T01:00:00.000Z seq 3 run r2\n"));
}
END_TEST

/* A producer that was replaced sends again what had no report: two rows of one seq, one event. */
START_TEST(a_resent_seq_counts_once)
{
        CLEANUP(bench_close) Bench bench;

        bench_open(&bench);
        topic_fill(&bench, "hub.events.v1", 1);
        database_run(bench.db, "INSERT INTO ods.record (topic, partition, \"offset\", run, seq, kind, zone, instance, "
                               "received, verdict)"
                               " VALUES ('hub.events.v1', 0, 12, 'r1', 6, 'report', '350206', 'grid', "
                               "'2023-12-05T00:10:00Z', 'duplicate');"
                               "UPDATE ops.kafka_offset SET next_offset = 13 WHERE topic = 'hub.events.v1'");
        lines_are(&bench, "");
}
END_TEST

START_TEST(a_topic_made_anew_is_named)
{
        CLEANUP(bench_close) Bench bench;

        bench_open(&bench);
        database_run(bench.db, "UPDATE ops.kafka_offset SET next_offset = 3 WHERE topic = 'hub.rejected.v1'");
        ledger_look(&bench);
        ck_assert(!ledger_balances(&bench.ledger));
        ck_assert_ptr_nonnull(strstr(bench.ledger.lines.bytes,
                                     "topic hub.rejected.v1 partition 0 ends at 2, the database has read it to 3"));
}
END_TEST

static void since_look(Bench *bench, const char *since)
{
        Error err = { 0 };

        ledger_free(&bench->ledger);
        bench->ledger.since = since;
        ck_assert_msg(ledger_read(&bench->ledger, &bench->config, bench->db, 0, &err), "%s", err.text);
        ck_assert_msg(ledger_remember(&bench->ledger, bench->db, "hub.events.v1", &err), "%s", err.text);
}

/* Two more events of r2, the first of which is lost, and the tick that tells of them. */
static const char went_on[] =
        "INSERT INTO ods.record (topic, partition, \"offset\", run, seq, kind, zone, instance, received, verdict) "
        "VALUES"
        " ('hub.events.v1', 0, 12, 'r2', 4, 'report', '350206', 'grid', '2023-12-05T01:30:00Z', 'stored'),"
        " ('hub.events.v1', 0, 13, 'r2', 5, 'tick', '350206', 'grid', '2023-12-05T01:31:00Z', 'tick');"
        "INSERT INTO ops.tick (instance, run, seq, zone, partition, \"offset\", at, acked, final, hour, records, "
        "items, published,"
        " rejected, ignored, repeated) VALUES ('grid', 'r2', 5, '350206', 0, 13, '2023-12-05T01:31:00Z', 4, false,"
        " '2023-12-05T01:00:00Z', 3, 3, 3, 0, 0, 0);"
        "UPDATE ops.kafka_offset SET next_offset = 14 WHERE topic = 'hub.events.v1'";

/* What balanced is not looked at again, even where it is not there any more; what is new is, and is not forgotten unless it balances. */
START_TEST(the_last_look_is_where_the_next_begins)
{
        CLEANUP(bench_close) Bench bench;

        bench_open(&bench);
        since_look(&bench, "last");
        ck_assert(ledger_balances(&bench.ledger));
        ck_assert_uint_eq(bench.ledger.runs, 2);
        database_run(bench.db, "DELETE FROM ods.record WHERE run = 'r1'");
        since_look(&bench, "last");
        ck_assert(ledger_balances(&bench.ledger));
        ck_assert_uint_eq(bench.ledger.runs, 0);
        topic_fill(&bench, "hub.events.v1", 2);
        database_run(bench.db, went_on);
        for (int i = 0; i < 2; i++) {
                since_look(&bench, "last");
                ck_assert_uint_eq(bench.ledger.holes, 1);
                ck_assert_ptr_nonnull(strstr(bench.ledger.lines.bytes, "seq 3 run r2\n"));
                ck_assert_ptr_nonnull(strstr(bench.ledger.lines.bytes, "3 published, 2 in the log, run r2\n"));
        }
        since_look(&bench, NULL);
        ck_assert_uint_eq(bench.ledger.holes, 2);
}
END_TEST

START_TEST(a_look_from_a_moment_on_leaves_out_what_lies_before)
{
        CLEANUP(bench_close) Bench bench;

        bench_open(&bench);
        topic_fill(&bench, "hub.events.v1", 2);
        database_run(bench.db, went_on);
        database_run(bench.db, "DELETE FROM ods.record WHERE run = 'r1' AND seq = 6");
        since_look(&bench, "2023-12-05T01:00:00.000Z");
        ck_assert_uint_eq(bench.ledger.holes, 1);
        ck_assert_ptr_nonnull(strstr(bench.ledger.lines.bytes, "seq 3 run r2\n"));
        since_look(&bench, "2023-12-05T00:00:00.000Z");
        ck_assert_uint_eq(bench.ledger.holes, 2);
        since_look(&bench, "2023-12-06T00:00:00.000Z");
        ck_assert(ledger_balances(&bench.ledger));
}
END_TEST

/* The first months were dropped: r1 went on past where the log begins now. */
START_TEST(a_log_without_its_first_months_balances)
{
        CLEANUP(bench_close) Bench bench;

        bench_open(&bench);
        database_run(bench.db, "DELETE FROM ods.record WHERE run = 'r1' AND seq < 6;"
                               "INSERT INTO ops.retained_run VALUES ('r1', 5);"
                               "UPDATE ops.kafka_offset SET first_offset = 5 WHERE topic = 'hub.events.v1';"
                               "UPDATE ops.tick SET items = 11, published = 4 WHERE run = 'r1' AND final");
        lines_are(&bench, "");
        database_run(bench.db, "DELETE FROM ods.record WHERE run = 'r1' AND seq = 6");
        ledger_look(&bench);
        ck_assert_ptr_nonnull(strstr(bench.ledger.lines.bytes, "hole: " GRID " seq 6 run r1\n"));
}
END_TEST

RUN("ledger", a_whole_log_balances, a_partition_that_is_behind_is_pending_and_no_hole_is_called,
    a_lost_event_is_named_by_platform_instance_hour_and_seq, holes_at_the_start_and_the_end_of_a_run_are_found,
    a_tick_that_does_not_add_up_is_named, what_a_run_sent_behind_its_last_tick_is_neither_loss_nor_surplus,
    a_resent_seq_counts_once, a_topic_made_anew_is_named, the_last_look_is_where_the_next_begins,
    a_look_from_a_moment_on_leaves_out_what_lies_before, a_log_without_its_first_months_balances)
