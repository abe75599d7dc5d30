#include "tests/unit/base/run.h"
#include "tests/unit/command/bench.h"
#include "tests/unit/kafka/mock.h"

typedef struct {
        Mock mock;
        Bench bench;
} Place;

static void report_need(void *context, void *opaque, bool delivered, const char *error)
{
        (void)context;
        (void)opaque;
        ck_assert_msg(delivered, "%s", error);
}

static void value_send(const Place *place, const char *topic, int32_t partition, const char *value, size_t size)
{
        const KafkaHeader header = { "hub_reason", "not_json", 8 };
        const KafkaMessage message = { .topic = topic,
                                       .partition = partition,
                                       .value = value,
                                       .value_size = size,
                                       .headers = &header,
                                       .headers_size = 1 };
        Error err = { 0 };
        KafkaProducer *producer = kafka_producer_open(&place->mock.options, report_need, NULL, &err);

        ck_assert_int_eq(kafka_produce(producer, &message, NULL, &err), KAFKA_TAKEN);
        ck_assert(kafka_producer_flush(producer, 30000));
        kafka_producer_close(producer);
}

static void place_open(Place *place)
{
        mock_open(&place->mock, "hub.events.v1", 2);
        rd_kafka_mock_topic_create(place->mock.cluster, "hub.rejected.v1", 1, 1);
        bench_open(&place->bench, place->mock.options.brokers);
        for (char value[] = "{\"a\":0}"; value[5] < '4'; value[5]++)
                value_send(place, "hub.events.v1", 1, value, 7);
}

static void place_close(Place *place)
{
        bench_close(&place->bench);
        mock_close(&place->mock);
}

START_TEST(values_come_one_a_line_in_order_from_where_one_asks)
{
        CLEANUP(place_close) Place place;

        place_open(&place);
        ck_assert_int_eq(BENCH_RUN(&place.bench, command_tail, "events", "--until-end", NULL), EXIT_FINE);
        ck_assert_str_eq(place.bench.out.bytes, "{\"a\":0}\n{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n");
        ck_assert_int_eq(
                BENCH_RUN(&place.bench, command_tail, "events", "--partition", "1", "--from", "2", "--until-end", NULL),
                EXIT_FINE);
        ck_assert_str_eq(place.bench.out.bytes, "{\"a\":2}\n{\"a\":3}\n");
        ck_assert_int_eq(BENCH_RUN(&place.bench, command_tail, "events", "--from", "-1", "--until-end", NULL),
                         EXIT_FINE);
        ck_assert_str_eq(place.bench.out.bytes, "{\"a\":3}\n");
        ck_assert_int_eq(BENCH_RUN(&place.bench, command_tail, "events", "--from", "start", "--max", "2", NULL),
                         EXIT_FINE);
        ck_assert_str_eq(place.bench.out.bytes, "{\"a\":0}\n{\"a\":1}\n");
        ck_assert_int_eq(BENCH_RUN(&place.bench, command_tail, "events", "--from", "end", "--until-end", NULL),
                         EXIT_FINE);
        ck_assert_str_eq(place.bench.out.bytes, "");
        ck_assert_int_eq(BENCH_RUN(&place.bench, command_tail, "events", "--partition", "0", "--until-end", NULL),
                         EXIT_FINE);
        ck_assert_str_eq(place.bench.out.bytes, "");
}
END_TEST

/* A stranger's value must neither end the line nor reach the terminal as an order. */
START_TEST(control_bytes_are_blanks)
{
        CLEANUP(place_close) Place place;

        place_open(&place);
        value_send(&place, "hub.events.v1", 0, "a\x1b[2J\nb\0c", 9);
        ck_assert_int_eq(BENCH_RUN(&place.bench, command_tail, "events", "--partition", "0", "--until-end", NULL),
                         EXIT_FINE);
        ck_assert_str_eq(place.bench.out.bytes, "a [2J b c\n");
}
END_TEST

START_TEST(of_a_sealed_record_only_the_headers_are_shown)
{
        CLEANUP(place_close) Place place;

        place_open(&place);
        value_send(&place, "hub.rejected.v1", 0, "\xff\x00sealed", 8);
        ck_assert_int_eq(BENCH_RUN(&place.bench, command_tail, "rejected", "--until-end", NULL), EXIT_FINE);
        ck_assert_str_eq(place.bench.out.bytes, "{\"partition\":0,\"offset\":0,\"hub_reason\":\"not_json\"}\n");
}
END_TEST

START_TEST(wrong_usage_is_told)
{
        CLEANUP(place_close) Place place;

        place_open(&place);
        ck_assert_int_eq(BENCH_RUN(&place.bench, command_tail, NULL), EXIT_USAGE);
        ck_assert_int_eq(BENCH_RUN(&place.bench, command_tail, "nonsense", NULL), EXIT_USAGE);
        ck_assert_int_eq(BENCH_RUN(&place.bench, command_tail, "events", "--from", "x", NULL), EXIT_USAGE);
        ck_assert_int_eq(BENCH_RUN(&place.bench, command_tail, "events", "--partition", "-1", NULL), EXIT_USAGE);
        ck_assert_int_eq(BENCH_RUN(&place.bench, command_tail, "events", "--partition", "9", NULL), EXIT_FAILED);
        ck_assert_ptr_nonnull(strstr(place.bench.err.bytes, "hub.events.v1 has partitions 0 to 1"));
}
END_TEST

RUN("tail", values_come_one_a_line_in_order_from_where_one_asks, control_bytes_are_blanks,
    of_a_sealed_record_only_the_headers_are_shown, wrong_usage_is_told)
