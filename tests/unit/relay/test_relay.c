#include "hub/base/file.h"
#include "hub/base/text.h"
#include "hub/relay/relay.h"
#include "tests/unit/base/run.h"
#include "tests/unit/db/database.h"
#include "tests/unit/kafka/mock.h"

#include <stdio.h>

enum { ROWS = 40, INCIDENTS = 4, LOOKS_MOST = 2000 };

/* What the relay runs between, and when it is told to stop. */
typedef struct {
        Mock mock;
        DbOptions postgres;
        Db *db;
        const char *until; /* SQL that gives true when the relay has done its work */
        int looks;
        int stop_at; /* after so many looks at the latest */
} Bench;

static void bench_open(Bench *bench)
{
        CLEANUP(buffer_free) Buffer sql = { 0 };
        Error err = { 0 };

        mock_open(&bench->mock, "hub.incidents.v1", 2);
        bench->postgres = (DbOptions){ .url = getenv("HUB_TEST_DATABASE"),
                                       .connect_timeout_ms = 10000,
                                       .statement_timeout_ms = 60000 };
        bench->db = database_open();
        bench->looks = 0;
        bench->stop_at = LOOKS_MOST;
        bench->until = "SELECT count(*) = 0 FROM ops.outbox WHERE published_at IS NULL";
        database_run(bench->db, "DROP SCHEMA IF EXISTS ops CASCADE");
        ck_assert_msg(file_read(&sql, HUB_SCHEMAS_SOURCE "/sql/003_ops.sql", 1 << 20, &err), "%s", err.text);
        database_run(bench->db, sql.bytes);
}

static void bench_close(Bench *bench)
{
        db_close(bench->db);
        mock_close(&bench->mock);
}

static void rows_add(Bench *bench, int from, int to)
{
        CLEANUP(mem_drop)
        char *sql = text_format("INSERT INTO ops.outbox (zone, incident, epoch, version, payload) SELECT '350206', "
                                "'i-' || n %% %d, 1, n / %d + 1,"
                                " '{\"incident\":\"i-' || n %% %d || '\",\"version\":' || n / %d + 1 || "
                                "',\"at\":\"2023-12-05T01:00:00.000Z\"}'"
                                " FROM generate_series(%d, %d) AS n",
                                INCIDENTS, INCIDENTS, INCIDENTS, INCIDENTS, from, to - 1);

        database_run(bench->db, sql);
}

static bool is_done(void *context)
{
        Bench *bench = context;
        CLEANUP(mem_drop) char *done = database_text(bench->db, bench->until);

        return strcmp(done, "t") == 0 || ++bench->looks >= bench->stop_at;
}

static void relay_all(Bench *bench, void (*produced)(KafkaProducer *))
{
        Error err = { 0 };

        ck_assert_msg(relay_run(&(RelaySetup){ .kafka = &bench->mock.options,
                                               .postgres = &bench->postgres,
                                               .topic = "hub.incidents.v1",
                                               .stopped = is_done,
                                               .context = bench,
                                               .produced = produced },
                                &err),
                      "%s", err.text);
        ck_assert_msg(bench->looks < bench->stop_at, "the relay did not get there");
}

typedef struct {
        int count;             /* messages in all */
        int newest[INCIDENTS]; /* highest version of each incident so far */
        int distinct;          /* versions seen for the first time */
} Topic;

/* A repeat is dropped; every other version must be the next of its incident. rows_add() says what each number stands
 * for. */
static void message_check(Topic *topic, const KafkaMessage *message)
{
        CLEANUP(mem_drop) char *value = mem_copy(message->value, message->value_size);
        CLEANUP(mem_drop) char *key = mem_copy(message->key, message->key_size);
        int feed = (int)strtol(value + strlen("{\"feed\":"), NULL, 10), incident = (feed - 1) % INCIDENTS;
        int version = (feed - 1) / INCIDENTS + 1;
        CLEANUP(mem_drop) char *id = text_format("i-%d", incident);
        CLEANUP(mem_drop)
        char *want = text_format("{\"feed\":%d,\"incident\":\"%s\",\"version\":%d,\"at\":\"2023-12-05T01:00:00.000Z\"}",
                                 feed, id, version);

        ck_assert_str_eq(value, want);
        ck_assert_str_eq(key, id);
        topic->count++;
        if (version <= topic->newest[incident])
                return;
        ck_assert_int_eq(version, topic->newest[incident] + 1);
        topic->newest[incident] = version;
        topic->distinct++;
}

static void headers_check(const KafkaMessage *message)
{
        char want[32];

        snprintf(want, sizeof(want), "%.*s:1:", (int)message->key_size, message->key);
        ck_assert(text_starts(kafka_header(message, "ce_id", NULL), want));
        ck_assert_str_eq(kafka_header(message, "ce_type", NULL), "cn.huli.hub.incident.v1");
        ck_assert_str_eq(kafka_header(message, "ce_time", NULL), "2023-12-05T01:00:00.000Z");
        ck_assert_str_eq(kafka_header(message, "ce_partitionkey", NULL), "350206");
}

static void topic_read(const Bench *bench, Topic *topic)
{
        KafkaPosition positions[] = { { "hub.incidents.v1", 0, 0 }, { "hub.incidents.v1", 1, 0 } };
        Error err = { 0 };
        KafkaConsumer *consumer = kafka_consumer_open(&bench->mock.options, "test", &err);
        int64_t ends = 0;
        KafkaMessage message;

        for (int i = 0; i < 2; i++) {
                int64_t low, high;

                ck_assert_msg(kafka_consumer_watermarks(consumer, "hub.incidents.v1", i, &low, &high, &err), "%s",
                              err.text);
                ends += high;
        }
        ck_assert(kafka_consumer_assign(consumer, positions, 2, &err));
        for (int looks = 0; topic->count < ends && looks < LOOKS_MOST; looks++)
                if (kafka_consumer_next(consumer, &message, 100, &err) == 1) {
                        message_check(topic, &message);
                        headers_check(&message);
                }
        kafka_consumer_close(consumer);
}

START_TEST(every_version_goes_out_once_numbered_in_order)
{
        CLEANUP(bench_close) Bench bench;
        Topic topic = { 0 };

        bench_open(&bench);
        rows_add(&bench, 0, ROWS);
        relay_all(&bench, NULL);
        topic_read(&bench, &topic);
        ck_assert_int_eq(topic.count, ROWS);
        ck_assert_int_eq(topic.distinct, ROWS);
        database_is(bench.db, "SELECT feed FROM ops.feed_head", "40");
        database_is(bench.db, "SELECT bool_and(feed = seq) FROM ops.outbox", "t");
        rows_add(&bench, ROWS, ROWS + 1);
        relay_all(&bench, NULL);
        database_is(bench.db, "SELECT feed FROM ops.feed_head", "41");
}
END_TEST

static int broken;

static void break_twice(KafkaProducer *producer)
{
        if (broken++ < 2)
                kafka_producer_break_for_test(producer);
}

/* A producer that dies with versions in flight: a new one sends them again, and nobody sees a version fall. */
START_TEST(a_broken_producer_costs_repeats_only)
{
        CLEANUP(bench_close) Bench bench;
        Topic topic = { 0 };

        bench_open(&bench);
        rows_add(&bench, 0, ROWS);
        relay_all(&bench, break_twice);
        topic_read(&bench, &topic);
        ck_assert_int_ge(broken, 3);
        ck_assert_int_eq(topic.distinct, ROWS);
        database_is(bench.db, "SELECT count(DISTINCT feed) FROM ops.outbox WHERE published_at IS NOT NULL", "40");
}
END_TEST

static int killed;

/* As an administrator would, or a network: the session that numbers and marks is gone, with its lock. */
static void kill_once(KafkaProducer *producer)
{
        CLEANUP(db_drop) Db *killer = NULL;

        (void)producer;
        if (killed++)
                return;
        killer = database_open();
        database_is(killer,
                    "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE application_name = "
                    "'hub relay'",
                    "1");
}

START_TEST(a_killed_session_costs_repeats_only)
{
        CLEANUP(bench_close) Bench bench;
        Topic topic = { 0 };

        bench_open(&bench);
        rows_add(&bench, 0, ROWS);
        relay_all(&bench, kill_once);
        topic_read(&bench, &topic);
        ck_assert_int_eq(killed, 2);
        ck_assert_int_eq(topic.distinct, ROWS);
        ck_assert_int_eq(topic.count, ROWS + ROWS);
        database_is(bench.db, "SELECT feed FROM ops.feed_head", "40");
}
END_TEST

/* Two relays would interleave their versions: the second must wait, and go on at once when the first is gone. */
START_TEST(a_second_relay_waits_for_the_lock)
{
        CLEANUP(bench_close) Bench bench;
        Db *first = database_open();
        Error err = { 0 };
        bool taken;

        bench_open(&bench);
        rows_add(&bench, 0, ROWS);
        ck_assert(db_lock_try(first, 0x68756272, 0, false, &taken, &err) && taken);
        bench.stop_at = 20;
        ck_assert(relay_run(&(RelaySetup){ .kafka = &bench.mock.options,
                                           .postgres = &bench.postgres,
                                           .topic = "hub.incidents.v1",
                                           .stopped = is_done,
                                           .context = &bench },
                            &err));
        database_is(bench.db, "SELECT count(*) FROM ops.outbox WHERE feed IS NULL", "40");
        db_close(first);
        bench.looks = 0;
        bench.stop_at = LOOKS_MOST;
        relay_all(&bench, NULL);
        database_is(bench.db, "SELECT count(*) FROM ops.outbox WHERE published_at IS NOT NULL", "40");
}
END_TEST

START_TEST(published_rows_go_after_thirty_days)
{
        CLEANUP(bench_close) Bench bench;

        bench_open(&bench);
        rows_add(&bench, 0, 3);
        database_run(bench.db, "UPDATE ops.outbox SET feed = seq, published_at = clock_timestamp() - CASE seq WHEN 1 "
                               "THEN interval '31 days'"
                               " ELSE interval '29 days' END");
        bench.until = "SELECT count(*) = 2 FROM ops.outbox";
        relay_all(&bench, NULL);
        database_is(bench.db, "SELECT min(seq) FROM ops.outbox", "2");
}
END_TEST

START_TEST(the_number_is_the_first_member)
{
        CLEANUP(buffer_free) Buffer out = { 0 };
        Error err = { 0 };

        ck_assert(relay_value(&out, "7", "{\"incident\":\"i\"}", 16, &err));
        ck_assert_str_eq(out.bytes, "{\"feed\":7,\"incident\":\"i\"}");
        ck_assert(relay_value(&out, "8", "{}", 2, &err));
        ck_assert_str_eq(out.bytes, "{\"feed\":8}");
        ck_assert(!relay_value(&out, "9", "[]", 2, &err));
        ck_assert_int_eq(err.kind, ERR_FATAL);
}
END_TEST

RUN("relay", every_version_goes_out_once_numbered_in_order, a_broken_producer_costs_repeats_only,
    a_killed_session_costs_repeats_only, a_second_relay_waits_for_the_lock, published_rows_go_after_thirty_days,
    the_number_is_the_first_member)
