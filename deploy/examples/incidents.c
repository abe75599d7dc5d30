/*
 * Follows hub.incidents.v1: incidents BROKERS [TOPIC [--once]].
 *
 *     cc incidents.c -o incidents $(pkg-config --cflags --libs rdkafka jansson)
 */

#include <jansson.h>
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAIT_MS = 1000, TEXT_ROOM = 512 };

/* Incident: [epoch, version]; yours is a table. */
static json_t *newest;

/* At least once becomes once: repeats and what is older than what we have are dropped. */
static int is_new(const json_t *body)
{
        const char *incident = json_string_value(json_object_get(body, "incident"));
        const json_int_t epoch = json_integer_value(json_object_get(body, "epoch"));
        const json_int_t version = json_integer_value(json_object_get(body, "version"));
        const json_t *known = json_object_get(newest, incident);
        const json_int_t epoch_known = json_integer_value(json_array_get(known, 0));

        if (epoch < epoch_known || (epoch == epoch_known && version <= json_integer_value(json_array_get(known, 1))))
                return 0;
        json_object_set_new(newest, incident, json_pack("[I, I]", epoch, version));
        return 1;
}

static void take(const rd_kafka_message_t *message)
{
        json_t *body = json_loadb(message->payload, message->len, 0, NULL);

        if (json_is_object(body) && json_is_string(json_object_get(body, "incident")) && is_new(body))
                printf("%lld\t%s\t%lld.%lld\t%s\t%s\t%s\n", json_integer_value(json_object_get(body, "feed")),
                       json_string_value(json_object_get(body, "incident")),
                       json_integer_value(json_object_get(body, "epoch")),
                       json_integer_value(json_object_get(body, "version")),
                       json_string_value(json_object_get(body, "change")),
                       json_string_value(json_object_get(body, "state")),
                       json_string_value(json_object_get(body, "title")));
        fflush(stdout);
        json_decref(body);
}

static rd_kafka_t *consumer_open(const char *brokers, const char *topic)
{
        rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
        rd_kafka_conf_t *conf = rd_kafka_conf_new();
        char text[TEXT_ROOM];
        rd_kafka_t *consumer;

        rd_kafka_conf_set(conf, "bootstrap.servers", brokers, text, sizeof(text));
        rd_kafka_conf_set(conf, "group.id", "example-c", text, sizeof(text));
        rd_kafka_conf_set(conf, "auto.offset.reset", "earliest", text, sizeof(text));
        rd_kafka_conf_set(conf, "enable.partition.eof", "true", text, sizeof(text));
        consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, text, sizeof(text));
        if (!consumer) {
                fprintf(stderr, "incidents: %s\n", text);
                exit(EXIT_FAILURE);
        }
        rd_kafka_poll_set_consumer(consumer);
        rd_kafka_topic_partition_list_add(topics, topic, RD_KAFKA_PARTITION_UA);
        rd_kafka_subscribe(consumer, topics);
        rd_kafka_topic_partition_list_destroy(topics);
        return consumer;
}

/* How many partitions are ours: all, when nobody else is in the group. */
static int partitions_of(rd_kafka_t *consumer)
{
        rd_kafka_topic_partition_list_t *given = NULL;
        int size = 0;

        if (rd_kafka_assignment(consumer, &given) == RD_KAFKA_RESP_ERR_NO_ERROR && given) {
                size = given->cnt;
                rd_kafka_topic_partition_list_destroy(given);
        }
        return size;
}

int main(int argc, char **argv)
{
        const int once = argc > 3 && strcmp(argv[3], "--once") == 0;
        rd_kafka_t *consumer;
        int ended = 0;

        if (argc < 2) {
                fprintf(stderr, "usage: incidents BROKERS [TOPIC [--once]]\n");
                return 2;
        }
        newest = json_object();
        consumer = consumer_open(argv[1], argc > 2 ? argv[2] : "hub.incidents.v1");
        while (!once || !ended || ended < partitions_of(consumer)) {
                rd_kafka_message_t *message = rd_kafka_consumer_poll(consumer, WAIT_MS);

                if (!message)
                        continue;
                if (!message->err)
                        take(message);
                else if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
                        ended++;
                rd_kafka_message_destroy(message);
        }
        rd_kafka_consumer_close(consumer);
        rd_kafka_destroy(consumer);
        json_decref(newest);
        return 0;
}
