#include "tests/unit/base/run.h"
#include "tests/unit/kafka/mock.h"

#include <string.h>

static void producer_drop(KafkaProducer **producer)
{
        kafka_producer_close(*producer);
}

static void consumer_drop(KafkaConsumer **consumer)
{
        kafka_consumer_close(*consumer);
}

static void report_need(void *context, void *opaque, bool delivered, const char *error)
{
        (void)context;
        (void)opaque;
        ck_assert_msg(delivered, "%s", error);
}

/* Puts `count` values "0", "1" ... into a partition; -1: each under the key. */
static void fill(const Mock *mock, int32_t partition, const char *key, int count)
{
        static const KafkaHeader headers[] = { { "hub_run", "r1", 2 }, { "odd", "a\0b", 3 }, { "empty", "", 0 } };
        CLEANUP(producer_drop) KafkaProducer *producer = NULL;
        Error err = { 0 };

        producer = kafka_producer_open(&mock->options, report_need, NULL, &err);
        for (int i = 0; i < count; i++) {
                char value[16];
                KafkaMessage message = { .topic = "t",
                                         .partition = partition,
                                         .key = key,
                                         .key_size = strlen(key),
                                         .value = value,
                                         .headers = headers,
                                         .headers_size = 3 };

                message.value_size = (size_t)snprintf(value, sizeof(value), "%d", i);
                ck_assert_int_eq(kafka_produce(producer, &message, NULL, &err), KAFKA_TAKEN);
        }
        ck_assert(kafka_producer_flush(producer, 30000));
}

static KafkaConsumer *consumer_at(const Mock *mock, const KafkaPosition *positions, size_t size)
{
        Error err = { 0 };
        KafkaConsumer *consumer = kafka_consumer_open(&mock->options, "hub-test", &err);

        ck_assert_msg(consumer != NULL, "%s", err.text);
        ck_assert_msg(kafka_consumer_assign(consumer, positions, size, &err), "%s", err.text);
        return consumer;
}

/* Waits for an answer that is not "nothing yet". */
static int next_of(KafkaConsumer *consumer, KafkaMessage *message, Error *err)
{
        int got = 0;

        for (int i = 0; i < 300 && !got; i++)
                got = kafka_consumer_next(consumer, message, 100, err);
        return got;
}

START_TEST(what_was_sent_is_read_in_order_byte_for_byte)
{
        const KafkaPosition start = { "t", 0, 0 };
        CLEANUP(mock_close) Mock mock;
        CLEANUP(consumer_drop) KafkaConsumer *consumer = NULL;
        KafkaMessage message;
        Error err = { 0 };
        size_t size;

        mock_open(&mock, "t", 1);
        fill(&mock, 0, "350206", 50);
        consumer = consumer_at(&mock, &start, 1);
        for (int i = 0; i < 50; i++) {
                char want[16];

                snprintf(want, sizeof(want), "%d", i);
                ck_assert_int_eq(next_of(consumer, &message, &err), 1);
                ck_assert_int_eq(message.offset, i);
                ck_assert_str_eq(message.topic, "t");
                ck_assert_mem_eq(message.key, "350206", 6);
                ck_assert_uint_eq(message.value_size, strlen(want));
                ck_assert_mem_eq(message.value, want, message.value_size);
                ck_assert_int_gt(message.stamp_ms, 0);
        }
        ck_assert_str_eq(kafka_header(&message, "hub_run", &size), "r1");
        ck_assert_uint_eq(size, 2);
        ck_assert_mem_eq(kafka_header(&message, "odd", &size), "a\0b", 4);
        ck_assert_uint_eq(size, 3);
        ck_assert_str_eq(kafka_header(&message, "empty", NULL), "");
        ck_assert_ptr_null(kafka_header(&message, "absent", &size));
}
END_TEST

/* Java's DefaultPartitioner: murmur2("21") = -973932308 (Kafka, UtilsTest), without its sign modulo 24: partition 12.
 */
START_TEST(keys_land_where_java_puts_them)
{
        const KafkaPosition start = { "t", 12, 0 };
        CLEANUP(mock_close) Mock mock;
        CLEANUP(consumer_drop) KafkaConsumer *consumer = NULL;
        KafkaMessage message;
        Error err = { 0 };

        mock_open(&mock, "t", 24);
        fill(&mock, -1, "21", 1);
        consumer = consumer_at(&mock, &start, 1);
        ck_assert_int_eq(next_of(consumer, &message, &err), 1);
        ck_assert_int_eq(message.partition, 12);
}
END_TEST

/* The share of a correlator changes: what it gave away is not read again, what it kept goes on where it was told. */
START_TEST(an_assignment_replaces_the_whole_list)
{
        const KafkaPosition before[] = { { "t", 0, 0 }, { "t", 1, 0 } }, after[] = { { "t", 1, 7 } };
        CLEANUP(mock_close) Mock mock;
        CLEANUP(consumer_drop) KafkaConsumer *consumer = NULL;
        KafkaMessage message;
        Error err = { 0 };

        mock_open(&mock, "t", 2);
        fill(&mock, 0, "k", 10);
        fill(&mock, 1, "k", 10);
        consumer = consumer_at(&mock, before, 2);
        ck_assert_int_eq(next_of(consumer, &message, &err), 1);
        ck_assert(kafka_consumer_assign(consumer, after, 1, &err));
        for (int i = 7; i < 10; i++) {
                ck_assert_int_eq(next_of(consumer, &message, &err), 1);
                ck_assert_int_eq(message.partition, 1);
                ck_assert_int_eq(message.offset, i);
        }
        ck_assert(kafka_consumer_assign(consumer, NULL, 0, &err));
        ck_assert_int_eq(kafka_consumer_next(consumer, &message, 50, &err), 0);
}
END_TEST

/* The topic was made anew and is shorter than we know it: stop with an alarm, never start over. */
START_TEST(an_offset_out_of_range_is_fatal)
{
        const KafkaPosition start = { "t", 0, 500 };
        CLEANUP(mock_close) Mock mock;
        CLEANUP(consumer_drop) KafkaConsumer *consumer = NULL;
        KafkaMessage message;
        Error err = { 0 };

        mock_open(&mock, "t", 1);
        fill(&mock, 0, "k", 10);
        consumer = consumer_at(&mock, &start, 1);
        ck_assert_int_eq(next_of(consumer, &message, &err), -1);
        ck_assert_int_eq(err.kind, ERR_FATAL);
        ck_assert_ptr_nonnull(strstr(err.text, "t partition 0"));
        ck_assert_ptr_nonnull(strstr(err.text, "made anew"));
}
END_TEST

START_TEST(the_end_is_nothing_yet_and_no_error)
{
        const KafkaPosition start = { "t", 0, 10 };
        CLEANUP(mock_close) Mock mock;
        CLEANUP(consumer_drop) KafkaConsumer *consumer = NULL;
        KafkaMessage message;
        Error err = { 0 };

        mock_open(&mock, "t", 1);
        fill(&mock, 0, "k", 10);
        consumer = consumer_at(&mock, &start, 1);
        ck_assert_int_eq(kafka_consumer_next(consumer, &message, 300, &err), 0);
        fill(&mock, 0, "k", 1);
        ck_assert_int_eq(next_of(consumer, &message, &err), 1);
        ck_assert_int_eq(message.offset, 10);
        kafka_consumer_commit(consumer, &(KafkaPosition){ "t", 0, 11 }, 1);
}
END_TEST

START_TEST(watermarks_are_told_or_refused_in_time)
{
        CLEANUP(mock_close) Mock mock;
        CLEANUP(consumer_drop) KafkaConsumer *consumer = NULL;
        int64_t low = -1, high = -1;
        Error err = { 0 };

        mock_open(&mock, "t", 2);
        fill(&mock, 1, "k", 10);
        consumer = kafka_consumer_open(&mock.options, "hub-test", &err);
        ck_assert_msg(kafka_consumer_watermarks(consumer, "t", 1, &low, &high, &err), "%s", err.text);
        ck_assert_int_eq(low, 0);
        ck_assert_int_eq(high, 10);
        ck_assert(kafka_consumer_watermarks(consumer, "t", 0, &low, &high, &err));
        ck_assert_int_eq(high, 0);
        rd_kafka_mock_broker_set_down(mock.cluster, 1);
        ck_assert(!kafka_consumer_watermarks(consumer, "t", 1, &low, &high, &err));
        ck_assert_int_eq(err.kind, ERR_RETRY);
}
END_TEST

START_TEST(an_absent_topic_or_broker_is_to_be_tried_again)
{
        const KafkaPosition start = { "absent", 0, 0 };
        CLEANUP(mock_close) Mock mock;
        CLEANUP(consumer_drop) KafkaConsumer *consumer = NULL;
        KafkaMessage message;
        int32_t partitions = -1;
        Error err = { 0 };

        mock_open(&mock, "t", 3);
        rd_kafka_mock_topic_set_error(mock.cluster, "absent", RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
        ck_assert(kafka_topic_partitions(&mock.options, "t", 10000, &partitions, &err));
        ck_assert_int_eq(partitions, 3);
        ck_assert_msg(kafka_topic_partitions(&mock.options, "absent", 10000, &partitions, &err), "%s", err.text);
        ck_assert_int_eq(partitions, 0);
        consumer = consumer_at(&mock, &start, 1);
        ck_assert_int_eq(next_of(consumer, &message, &err), -1);
        ck_assert_int_eq(err.kind, ERR_RETRY);
        rd_kafka_mock_broker_set_down(mock.cluster, 1);
        ck_assert(!kafka_topic_partitions(&mock.options, "t", 300, &partitions, &err));
        ck_assert_int_eq(err.kind, ERR_RETRY);
        ck_assert_ptr_nonnull(strstr(err.text, mock.options.brokers));
}
END_TEST

RUN("consumer", what_was_sent_is_read_in_order_byte_for_byte, keys_land_where_java_puts_them,
    an_assignment_replaces_the_whole_list, an_offset_out_of_range_is_fatal, the_end_is_nothing_yet_and_no_error,
    watermarks_are_told_or_refused_in_time, an_absent_topic_or_broker_is_to_be_tried_again)
