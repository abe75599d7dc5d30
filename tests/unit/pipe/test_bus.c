#include "hub/pipe/bus.h"
#include "tests/unit/base/run.h"
#include "tests/unit/pipe/topics.h"

#include <stdio.h>

enum { FLUSH_MS = 40 * 1000, PARTITION = 3 };

typedef struct {
        size_t delivered;
        char *owners; /* delivered[owner] of numbers from 1 */
} Reports;

static void report(void *context, BusKind kind, void *owner)
{
        Reports *reports = context;

        (void)kind;
        reports->delivered++;
        if (reports->owners)
                reports->owners[(uintptr_t)owner]++;
}

/* "message N of RUN" with its number as a header. */
static void number_send(Bus *bus, BusKind kind)
{
        char value[64], seq[24];
        KafkaHeader header = { "hub_seq", seq, 0 };
        BusMessage message = { .kind = kind,
                               .partition = PARTITION,
                               .key = "350206",
                               .value = value,
                               .headers = &header,
                               .headers_size = 1,
                               .owner = (void *)(uintptr_t)bus_next(bus) };

        header.size = (size_t)snprintf(seq, sizeof(seq), "%lld", (long long)bus_next(bus));
        message.size =
                (size_t)snprintf(value, sizeof(value), "message %lld of %s", (long long)bus_next(bus), bus_run(bus));
        bus_send(bus, &message);
}

/* Every number is there, and whatever is there twice is the same bytes. Returns the repeats. */
static size_t log_check(const Log *log, const char *run, long last)
{
        char *seen = mem_new((size_t)last + 1), value[64];
        size_t repeats = 0;

        for (size_t i = 0; i < log->size; i++) {
                const Landed *landed = &log->items[i];

                ck_assert_int_ge(landed->seq, 1);
                ck_assert_int_le(landed->seq, last);
                snprintf(value, sizeof(value), "message %ld of %s", landed->seq, run);
                ck_assert_str_eq(landed->value, value);
                repeats += seen[landed->seq];
                seen[landed->seq] = 1;
        }
        for (long seq = 1; seq <= last; seq++)
                ck_assert_msg(seen[seq], "number %ld is not in Kafka", seq);
        free(seen);
        return repeats;
}

START_TEST(numbers_run_over_both_topics)
{
        CLEANUP(topics_close) Mock mock;
        Reports reports = { 0 };
        Error err = { 0 };
        Bus *bus;
        Log log;

        topics_open(&mock);
        bus = bus_open(&mock.options, report, &reports, &err);
        ck_assert_uint_eq(strlen(bus_run(bus)), BUS_RUN_SIZE - 1);
        ck_assert_int_eq(bus_acked(bus), 0);
        for (int i = 0; i < 300; i++)
                number_send(bus, i % 3 ? BUS_EVENT : i % 2 ? BUS_REJECTED : BUS_TICK);
        ck_assert(bus_flush(bus, FLUSH_MS));
        ck_assert_int_eq(bus_acked(bus), 300);
        ck_assert_uint_eq(reports.delivered, 300);
        log = topics_read(&mock, PARTITION, true);
        ck_assert_uint_eq(log_check(&log, bus_run(bus), 300), 0);
        for (size_t i = 0; i < log.size; i++)
                ck_assert_int_eq(strcmp(log.items[i].topic, "hub.rejected.v1") == 0,
                                 (log.items[i].seq - 1) % 3 == 0 && (log.items[i].seq - 1) % 2 == 1);
        log_free(&log);
        bus_close(bus);
}
END_TEST

START_TEST(each_opening_is_a_run_of_its_own)
{
        CLEANUP(topics_close) Mock mock;
        Error err = { 0 };
        Bus *one, *other;

        topics_open(&mock);
        one = bus_open(&mock.options, report, NULL, &err);
        other = bus_open(&mock.options, report, NULL, &err);
        ck_assert_str_ne(bus_run(one), bus_run(other));
        bus_close(one);
        bus_close(other);
}
END_TEST

/* A fatal producer (librdkafka has such bugs) must cost nothing: all comes again, the same bytes under the same
 * numbers. */
START_TEST(a_broken_producer_loses_nothing)
{
        CLEANUP(topics_close) Mock mock;
        enum { LAST = 2000 };
        Reports reports = { .owners = mem_new(LAST + 1) };
        Error err = { 0 };
        Bus *bus;
        Log log;

        topics_open(&mock);
        bus = bus_open(&mock.options, report, &reports, &err);
        for (int i = 1; i <= LAST; i++) {
                number_send(bus, BUS_EVENT);
                if (i % 500 == 250 && bus_producer_for_test(bus))
                        kafka_producer_break_for_test(bus_producer_for_test(bus));
                if (i % 100 == 0)
                        bus_poll(bus, 0);
        }
        ck_assert(bus_flush(bus, FLUSH_MS));
        ck_assert_int_eq(bus_acked(bus), LAST);
        for (int i = 1; i <= LAST; i++)
                ck_assert_int_eq(reports.owners[i], 1);
        log = topics_read(&mock, PARTITION, false);
        log_check(&log, bus_run(bus), LAST);
        log_free(&log);
        bus_close(bus);
        free(reports.owners);
}
END_TEST

/* `acked` is what the ledger trusts: it stops below the first number that is not delivered. */
START_TEST(acked_stops_at_the_first_undelivered)
{
        CLEANUP(topics_close) Mock mock;
        Reports reports = { 0 };
        Error err = { 0 };
        Bus *bus;

        topics_open(&mock);
        bus = bus_open(&mock.options, report, &reports, &err);
        number_send(bus, BUS_EVENT);
        ck_assert(bus_flush(bus, FLUSH_MS));
        rd_kafka_mock_broker_set_down(mock.cluster, 1);
        number_send(bus, BUS_EVENT);
        bus_poll(bus, 50);
        ck_assert_int_eq(bus_acked(bus), 1);
        ck_assert_uint_eq(bus_pending(bus), 1);
        ck_assert(!bus_flush(bus, 50));
        rd_kafka_mock_broker_set_up(mock.cluster, 1);
        ck_assert(bus_flush(bus, FLUSH_MS));
        ck_assert_int_eq(bus_acked(bus), 2);
        bus_close(bus);
}
END_TEST

/* A broker that refuses for good (not the transport's trouble) gives a failed report: a new producer sends it again. */
START_TEST(a_failed_report_is_sent_again)
{
        CLEANUP(topics_close) Mock mock;
        Reports reports = { 0 };
        Error err = { 0 };
        Bus *bus;
        Log log;

        topics_open(&mock);
        bus = bus_open(&mock.options, report, &reports, &err);
        rd_kafka_mock_push_request_errors(mock.cluster, 0 /* Produce */, 2,
                                          RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
                                          RD_KAFKA_RESP_ERR_INVALID_RECORD);
        for (int i = 0; i < 100; i++)
                number_send(bus, BUS_EVENT);
        ck_assert(bus_flush(bus, FLUSH_MS));
        ck_assert_uint_eq(reports.delivered, 100);
        log = topics_read(&mock, PARTITION, false);
        log_check(&log, bus_run(bus), 100);
        log_free(&log);
        bus_close(bus);
}
END_TEST

/* Kafka away for long: memory is bounded in messages, and everything is there when it comes back. */
START_TEST(is_bounded_in_messages)
{
        CLEANUP(topics_close) Mock mock;
        Reports reports = { 0 };
        Error err = { 0 };
        Bus *bus;
        Log log;

        topics_open(&mock);
        rd_kafka_mock_broker_set_down(mock.cluster, 1);
        bus = bus_open(&mock.options, report, &reports, &err);
        while (!bus_full(bus))
                number_send(bus, BUS_EVENT);
        ck_assert_uint_eq(bus_pending(bus), BUS_MESSAGES_MOST);
        rd_kafka_mock_broker_set_up(mock.cluster, 1);
        ck_assert(bus_flush(bus, FLUSH_MS));
        ck_assert(!bus_full(bus));
        log = topics_read(&mock, PARTITION, false);
        log_check(&log, bus_run(bus), BUS_MESSAGES_MOST);
        log_free(&log);
        bus_close(bus);
}
END_TEST

START_TEST(is_bounded_in_bytes)
{
        CLEANUP(topics_close) Mock mock;
        enum { SIZE = 512 * 1024 };
        BusMessage message = { .kind = BUS_REJECTED, .key = "grid", .value = mem_new(SIZE), .size = SIZE };
        Error err = { 0 };
        size_t sent = 0;
        Bus *bus;

        topics_open(&mock);
        rd_kafka_mock_broker_set_down(mock.cluster, 1);
        bus = bus_open(&mock.options, report, NULL, &err);
        for (; !bus_full(bus); sent++)
                bus_send(bus, &message);
        ck_assert_uint_le(sent, BUS_BYTES_MOST / SIZE);
        bus_close(bus);
        free((char *)(uintptr_t)message.value);
}
END_TEST

RUN("bus", numbers_run_over_both_topics, each_opening_is_a_run_of_its_own, a_broken_producer_loses_nothing,
    acked_stops_at_the_first_undelivered, a_failed_report_is_sent_again, is_bounded_in_messages, is_bounded_in_bytes)
