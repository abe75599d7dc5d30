#include "tests/unit/base/run.h"
#include "tests/unit/kafka/mock.h"

#include <string.h>
#include <unistd.h>

static void producer_drop(KafkaProducer **producer)
{
        kafka_producer_close(*producer);
}

typedef struct {
        size_t delivered, failed;
        char error[128];
} Reports;

static void report_count(void *context, void *opaque, bool delivered, const char *error)
{
        Reports *reports = context;
        int *marks = opaque;

        if (marks)
                ++*marks;
        if (delivered) {
                reports->delivered++;
                return;
        }
        reports->failed++;
        snprintf(reports->error, sizeof(reports->error), "%s", error);
}

static KafkaMessage message_of(int32_t partition, const char *key, const char *value)
{
        return (KafkaMessage){ .topic = "t",
                               .partition = partition,
                               .key = key,
                               .key_size = key ? strlen(key) : 0,
                               .value = value,
                               .value_size = strlen(value) };
}

static KafkaProducer *producer_for(const Mock *mock, Reports *reports)
{
        Error err = { 0 };
        KafkaProducer *producer = kafka_producer_open(&mock->options, report_count, reports, &err);

        ck_assert_msg(producer != NULL, "%s", err.text);
        return producer;
}

static KafkaTaken send_one(KafkaProducer *producer, int *marks)
{
        KafkaMessage message = message_of(0, "350206", "{}");
        Error err = { 0 };

        return kafka_produce(producer, &message, marks, &err);
}

START_TEST(each_message_is_reported_once_and_only_from_our_own_calls)
{
        CLEANUP(mock_close) Mock mock;
        int marks[100] = { 0 };
        Reports reports = { 0 };

        mock_open(&mock, "t", 1);
        {
                CLEANUP(producer_drop) KafkaProducer *producer = producer_for(&mock, &reports);

                for (int i = 0; i < 100; i++)
                        ck_assert_int_eq(send_one(producer, &marks[i]), KAFKA_TAKEN);
                ck_assert(kafka_producer_flush(producer, 30000));
                ck_assert_uint_eq(kafka_producer_pending(producer), 0);
        }
        ck_assert_uint_eq(reports.delivered, 100);
        for (int i = 0; i < 100; i++)
                ck_assert_int_eq(marks[i], 1);
}
END_TEST

/* Whoever closes without the broker must learn of every message that it did not get: they are sent again from the
 * source. */
START_TEST(closing_without_a_broker_reports_every_message_as_not_delivered)
{
        CLEANUP(mock_close) Mock mock;
        Reports reports = { 0 };

        mock_open(&mock, "t", 1);
        rd_kafka_mock_broker_set_down(mock.cluster, 1);
        {
                CLEANUP(producer_drop) KafkaProducer *producer = producer_for(&mock, &reports);

                for (int i = 0; i < 100; i++)
                        ck_assert_int_eq(send_one(producer, NULL), KAFKA_TAKEN);
                ck_assert(!kafka_producer_flush(producer, 50));
                ck_assert_uint_eq(kafka_producer_pending(producer), 100);
        }
        ck_assert_uint_eq(reports.delivered, 0);
        ck_assert_uint_eq(reports.failed, 100);
        ck_assert_ptr_nonnull(strstr(reports.error, "Purged"));
}
END_TEST

/* A broker that is away must stop the reading of the source, not lose or grow. */
START_TEST(a_full_queue_says_so_and_takes_more_after_the_broker_is_back)
{
        CLEANUP(mock_close) Mock mock;
        CLEANUP(producer_drop) KafkaProducer *producer = NULL;
        Reports reports = { 0 };
        size_t taken = 0;

        mock_open(&mock, "t", 1);
        rd_kafka_mock_broker_set_down(mock.cluster, 1);
        producer = producer_for(&mock, &reports);
        while (send_one(producer, NULL) == KAFKA_TAKEN)
                taken++;
        ck_assert_uint_ge(taken, 10000);
        ck_assert_int_eq(send_one(producer, NULL), KAFKA_FULL);
        rd_kafka_mock_broker_set_up(mock.cluster, 1);
        while (send_one(producer, NULL) == KAFKA_FULL)
                kafka_producer_poll(producer, 100);
        ck_assert(kafka_producer_flush(producer, 30000));
        ck_assert_uint_eq(reports.delivered, taken + 1);
        ck_assert_uint_eq(reports.failed, 0);
}
END_TEST

START_TEST(a_fatal_error_breaks_the_producer_and_a_new_one_goes_on)
{
        CLEANUP(mock_close) Mock mock;
        CLEANUP(producer_drop) KafkaProducer *producer = NULL;
        Reports reports = { 0 };
        Error err = { 0 };

        mock_open(&mock, "t", 1);
        producer = producer_for(&mock, &reports);
        ck_assert(!kafka_producer_broken(producer, &err));
        kafka_producer_break_for_test(producer);
        ck_assert_int_eq(send_one(producer, NULL), KAFKA_BROKEN);
        ck_assert(kafka_producer_broken(producer, &err));
        ck_assert_int_eq(err.kind, ERR_RETRY);
        ck_assert_ptr_nonnull(strstr(err.text, "broken by a test"));
        kafka_producer_close(producer);

        producer = producer_for(&mock, &reports);
        ck_assert_int_eq(send_one(producer, NULL), KAFKA_TAKEN);
        ck_assert(kafka_producer_flush(producer, 30000));
        ck_assert_uint_eq(reports.delivered, 1);
}
END_TEST

/* What was taken before the fatal error is reported as not delivered, never forgotten. */
START_TEST(messages_of_a_broken_producer_are_reported)
{
        CLEANUP(mock_close) Mock mock;
        Reports reports = { 0 };

        mock_open(&mock, "t", 1);
        rd_kafka_mock_broker_set_down(mock.cluster, 1);
        {
                CLEANUP(producer_drop) KafkaProducer *producer = producer_for(&mock, &reports);

                ck_assert_int_eq(send_one(producer, NULL), KAFKA_TAKEN);
                ck_assert_int_eq(send_one(producer, NULL), KAFKA_TAKEN);
                kafka_producer_break_for_test(producer);
        }
        ck_assert_uint_eq(reports.delivered + reports.failed, 2);
        ck_assert_uint_eq(reports.delivered, 0);
}
END_TEST

/* zones.yaml with a partition that the topic lacks: an error, not memory freed twice (librdkafka 2.0.2). */
START_TEST(an_unknown_partition_is_refused)
{
        static const KafkaHeader headers[] = { { "hub_run", "r1", 2 }, { "hub_seq", "1", 1 } };
        CLEANUP(mock_close) Mock mock;
        CLEANUP(producer_drop) KafkaProducer *producer = NULL;
        KafkaMessage message = message_of(99, "k", "{}");
        Reports reports = { 0 };
        Error err = { 0 };

        mock_open(&mock, "t", 1);
        producer = producer_for(&mock, &reports);
        ck_assert_int_eq(send_one(producer, NULL), KAFKA_TAKEN); /* the topic is known after this */
        ck_assert(kafka_producer_flush(producer, 30000));
        message.headers = headers;
        message.headers_size = 2;
        ck_assert_int_eq(kafka_produce(producer, &message, NULL, &err), KAFKA_BROKEN);
        ck_assert_int_eq(err.kind, ERR_RETRY);
        ck_assert_ptr_nonnull(strstr(err.text, "t, partition 99"));
}
END_TEST

START_TEST(a_value_that_no_broker_takes_is_a_mistake_not_a_retry)
{
        CLEANUP(mock_close) Mock mock;
        CLEANUP(producer_drop) KafkaProducer *producer = NULL;
        const size_t size = 2000000;
        CLEANUP(mem_drop) char *value = mem_new(size);
        KafkaMessage message;
        Reports reports = { 0 };
        Error err = { 0 };

        mock_open(&mock, "t", 1);
        producer = producer_for(&mock, &reports);
        memset(value, 'x', size - 1);
        message = message_of(0, "k", value);
        ck_assert_int_eq(kafka_produce(producer, &message, NULL, &err), KAFKA_BROKEN);
        ck_assert_int_eq(err.kind, ERR_FATAL);
}
END_TEST

START_TEST(wrong_settings_stop_at_the_start_and_show_no_password)
{
        char name[] = "/tmp/hub-test-XXXXXX";
        KafkaOptions options = { .brokers = (char[]){ "127.0.0.1:1" },
                                 .security = 2,
                                 .mechanism = (char[]){ "SCRAM-SHA-512" },
                                 .user = (char[]){ "u" },
                                 .password_file = (char[]){ "/nowhere/password" } };
        Reports reports = { 0 };
        Error err = { 0 };
        int file;

        ck_assert_ptr_null(kafka_producer_open(&options, report_count, &reports, &err));
        ck_assert_int_eq(err.kind, ERR_FATAL);
        ck_assert_str_eq(err.text, "kafka.password_file: /nowhere/password: No such file or directory");

        file = mkstemp(name);
        ck_assert_int_eq(write(file, "hunter2\n", 8), 8);
        close(file);
        options.password_file = name;
        options.mechanism = (char[]){ "NONSENSE" };
        ck_assert_ptr_null(kafka_producer_open(&options, report_count, &reports, &err));
        unlink(name);
        ck_assert_int_eq(err.kind, ERR_FATAL);
        ck_assert_ptr_nonnull(strstr(err.text, "NONSENSE"));
        ck_assert_ptr_null(strstr(err.text, "hunter2"));
}
END_TEST

RUN("producer", each_message_is_reported_once_and_only_from_our_own_calls,
    closing_without_a_broker_reports_every_message_as_not_delivered,
    a_full_queue_says_so_and_takes_more_after_the_broker_is_back,
    a_fatal_error_breaks_the_producer_and_a_new_one_goes_on, messages_of_a_broken_producer_are_reported,
    an_unknown_partition_is_refused, a_value_that_no_broker_takes_is_a_mistake_not_a_retry,
    wrong_settings_stop_at_the_start_and_show_no_password)
