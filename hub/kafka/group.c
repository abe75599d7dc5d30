#include "hub/kafka/consumer.h"

#include "hub/base/memory.h"

#include <stdlib.h>

enum { COMMITTED_WAIT_MS = 5 * 1000 };

static void share_tell(const KafkaConsumer *consumer, const rd_kafka_topic_partition_list_t *list)
{
        CLEANUP(mem_drop) int32_t *partitions = mem_new(((size_t)list->cnt + 1) * sizeof(int32_t));

        for (int i = 0; i < list->cnt; i++)
                partitions[i] = list->elems[i].partition;
        consumer->share(consumer->context, partitions, (size_t)list->cnt);
}

/* What is given is assigned later, by whoever knows the offsets; what is taken goes at once, or its new owner waits. */
void group_serve(rd_kafka_t *client, rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t *list, void *opaque)
{
        const KafkaConsumer *consumer = opaque;

        if (what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS && list->cnt) {
                share_tell(consumer, list);
                return;
        }
        rd_kafka_assign(client, NULL);
        consumer->share(consumer->context, NULL, 0);
}

bool kafka_consumer_join(KafkaConsumer *consumer, const char *topic, KafkaShare share, void *context, Error *err)
{
        const KafkaPosition whole = { .topic = topic, .partition = RD_KAFKA_PARTITION_UA };
        CLEANUP(partitions_drop) rd_kafka_topic_partition_list_t *list = positions_list(&whole, 1);
        rd_kafka_resp_err_t code;

        consumer->share = share;
        consumer->context = context;
        code = rd_kafka_subscribe(consumer->client, list);
        return !code || error_set(err, ERR_FATAL, NULL, "kafka: subscribing to %s: %s", topic, rd_kafka_err2str(code));
}

bool kafka_consumer_committed(KafkaConsumer *consumer, KafkaPosition *positions, size_t size, Error *err)
{
        CLEANUP(partitions_drop) rd_kafka_topic_partition_list_t *list = positions_list(positions, size);
        rd_kafka_resp_err_t code = rd_kafka_committed(consumer->client, list, COMMITTED_WAIT_MS);

        for (size_t i = 0; i < size && !code; i++) {
                positions[i].offset = list->elems[i].offset >= 0 ? list->elems[i].offset : -1;
                code = list->elems[i].err;
        }
        return !code || error_set(err, ERR_RETRY, NULL, "kafka: committed offsets: %s", rd_kafka_err2str(code));
}
