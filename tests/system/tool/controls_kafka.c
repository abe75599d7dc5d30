/* Guards of what is sent to Kafka and read from it: flush, autocommit. */

#include "controls.h"

#include "hub/base/text.h"
#include "hub/kafka/settings.h"

#include <string.h>

enum { SETTINGS_MOST = 40 };

static KafkaReport reported;
static void *reported_to;

KafkaProducer *__real_kafka_producer_open(const KafkaOptions *options, KafkaReport report, void *context, Error *err);
KafkaProducer *__wrap_kafka_producer_open(const KafkaOptions *options, KafkaReport report, void *context, Error *err);
KafkaTaken __real_kafka_produce(KafkaProducer *producer, const KafkaMessage *message, void *opaque, Error *err);
KafkaTaken __wrap_kafka_produce(KafkaProducer *producer, const KafkaMessage *message, void *opaque, Error *err);
bool __real_kafka_producer_flush(KafkaProducer *producer, int64_t wait_ms);
bool __wrap_kafka_producer_flush(KafkaProducer *producer, int64_t wait_ms);
rd_kafka_t *__real_settings_client(rd_kafka_type_t type, const KafkaOptions *options, const KafkaSetting *settings,
                                   size_t size, const KafkaCallbacks *callbacks, Error *err);
rd_kafka_t *__wrap_settings_client(rd_kafka_type_t type, const KafkaOptions *options, const KafkaSetting *settings,
                                   size_t size, const KafkaCallbacks *callbacks, Error *err);
rd_kafka_resp_err_t __real_rd_kafka_assign(rd_kafka_t *client, const rd_kafka_topic_partition_list_t *list);
rd_kafka_resp_err_t __wrap_rd_kafka_assign(rd_kafka_t *client, const rd_kafka_topic_partition_list_t *list);
rd_kafka_resp_err_t __real_rd_kafka_commit(rd_kafka_t *client, const rd_kafka_topic_partition_list_t *list, int async);
rd_kafka_resp_err_t __wrap_rd_kafka_commit(rd_kafka_t *client, const rd_kafka_topic_partition_list_t *list, int async);

static void report_ignore(void *context, void *opaque, bool delivered, const char *error)
{
        (void)context;
        (void)opaque;
        (void)delivered;
        (void)error;
}

KafkaProducer *__wrap_kafka_producer_open(const KafkaOptions *options, KafkaReport report, void *context, Error *err)
{
        reported = report;
        reported_to = context;
        return __real_kafka_producer_open(options, is_away("flush") ? report_ignore : report, context, err);
}

KafkaTaken __wrap_kafka_produce(KafkaProducer *producer, const KafkaMessage *message, void *opaque, Error *err)
{
        const KafkaTaken taken = __real_kafka_produce(producer, message, opaque, err);

        if (taken == KAFKA_TAKEN && is_away("flush"))
                reported(reported_to, opaque, true, NULL);
        return taken;
}

bool __wrap_kafka_producer_flush(KafkaProducer *producer, int64_t wait_ms)
{
        return is_away("flush") || __real_kafka_producer_flush(producer, wait_ms);
}

static void setting_change(KafkaSetting *settings, size_t size, const char *name, const char *value)
{
        for (size_t i = 0; i < size; i++)
                if (text_same(settings[i].name, name))
                        settings[i].value = value;
}

rd_kafka_t *__wrap_settings_client(rd_kafka_type_t type, const KafkaOptions *options, const KafkaSetting *settings,
                                   size_t size, const KafkaCallbacks *callbacks, Error *err)
{
        KafkaSetting weak[SETTINGS_MOST];

        if (type != RD_KAFKA_CONSUMER || !is_away("autocommit") || size >= SETTINGS_MOST)
                return __real_settings_client(type, options, settings, size, callbacks, err);
        memcpy(weak, settings, size * sizeof(*weak));
        setting_change(weak, size, "enable.auto.commit", "true");
        setting_change(weak, size, "enable.auto.offset.store", "true");
        setting_change(weak, size, "auto.offset.reset", "earliest");
        weak[size] = (KafkaSetting){ "auto.commit.interval.ms", "20" };
        return __real_settings_client(type, options, weak, size + 1, callbacks, err);
}

rd_kafka_resp_err_t __wrap_rd_kafka_assign(rd_kafka_t *client, const rd_kafka_topic_partition_list_t *list)
{
        rd_kafka_topic_partition_list_t *stored;
        rd_kafka_resp_err_t code;

        if (!list || !is_away("autocommit"))
                return __real_rd_kafka_assign(client, list);
        stored = rd_kafka_topic_partition_list_copy(list);
        for (int i = 0; i < stored->cnt; i++)
                stored->elems[i].offset = RD_KAFKA_OFFSET_STORED;
        code = __real_rd_kafka_assign(client, stored);
        rd_kafka_topic_partition_list_destroy(stored);
        return code;
}

rd_kafka_resp_err_t __wrap_rd_kafka_commit(rd_kafka_t *client, const rd_kafka_topic_partition_list_t *list, int async)
{
        return is_away("autocommit") ? RD_KAFKA_RESP_ERR_NO_ERROR : __real_rd_kafka_commit(client, list, async);
}
