#include "hub/kafka/admin.h"

#include "hub/base/memory.h"
#include "hub/base/time.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { METADATA_WAIT_MS = 10 * 1000, LOOK_EVERY_MS = 50 };

void admin_client_drop(rd_kafka_t **client)
{
        if (*client)
                rd_kafka_destroy(*client);
}

void admin_queue_drop(rd_kafka_queue_t **queue)
{
        rd_kafka_queue_destroy(*queue);
}

void admin_event_drop(rd_kafka_event_t **event)
{
        if (*event)
                rd_kafka_event_destroy(*event);
}

void admin_request_drop(rd_kafka_AdminOptions_t **request)
{
        rd_kafka_AdminOptions_destroy(*request);
}

static void topic_drop(rd_kafka_NewTopic_t **topic)
{
        if (*topic)
                rd_kafka_NewTopic_destroy(*topic);
}

static void handle_drop(rd_kafka_topic_t **handle)
{
        if (*handle)
                rd_kafka_topic_destroy(*handle);
}

static void metadata_drop(const rd_kafka_metadata_t **metadata)
{
        if (*metadata)
                rd_kafka_metadata_destroy(*metadata);
}

/* A consumer's client: asking for a topic must not create it, whatever the broker's default is. */
rd_kafka_t *admin_client(const KafkaOptions *options, Error *err)
{
        static const KafkaSetting settings[] = { { "group.id", "hub-admin" }, { "allow.auto.create.topics", "false" } };

        return settings_client(RD_KAFKA_CONSUMER, options, settings, sizeof(settings) / sizeof(settings[0]),
                               &(KafkaCallbacks){ 0 }, err);
}

bool metadata_partitions(rd_kafka_t *client, const char *name, int wait_ms, int32_t *partitions, Error *err)
{
        CLEANUP(handle_drop) rd_kafka_topic_t *handle = rd_kafka_topic_new(client, name, NULL);
        CLEANUP(metadata_drop) const rd_kafka_metadata_t *metadata = NULL;
        rd_kafka_resp_err_t code =
                handle ? rd_kafka_metadata(client, 0, handle, &metadata, wait_ms) : rd_kafka_last_error();

        if (metadata && metadata->topic_cnt == 1)
                code = metadata->topics[0].err;
        if (code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || code == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE) {
                *partitions = 0;
                return true;
        }
        if (code == RD_KAFKA_RESP_ERR__INVALID_ARG || code == RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION)
                return error_set(err, ERR_FATAL, NULL, "kafka: \"%s\" is no name of a topic", name);
        if (code || !metadata || metadata->topic_cnt != 1)
                return error_set(err, ERR_RETRY, NULL, "kafka: topic %s: %s", name, rd_kafka_err2str(code));
        *partitions = metadata->topics[0].partition_cnt;
        return true;
}

bool kafka_topic_partitions(const KafkaOptions *options, const char *name, int wait_ms, int32_t *partitions, Error *err)
{
        CLEANUP(admin_client_drop) rd_kafka_t *client = admin_client(options, err);

        if (!client)
                return false;
        if (!metadata_partitions(client, name, wait_ms, partitions, err))
                return error_add(err, "%s", options->brokers);
        return true;
}

rd_kafka_AdminOptions_t *admin_request(rd_kafka_t *client, rd_kafka_admin_op_t operation)
{
        rd_kafka_AdminOptions_t *request = rd_kafka_AdminOptions_new(client, operation);
        char text[TEXT_ROOM];

        rd_kafka_AdminOptions_set_request_timeout(request, ADMIN_WAIT_MS, text, sizeof(text));
        rd_kafka_AdminOptions_set_operation_timeout(request, METADATA_WAIT_MS, text, sizeof(text));
        return request;
}

/* The one topic's verdict, in an answer to CreateTopics or DeleteTopics. */
static rd_kafka_resp_err_t verdict_read(rd_kafka_event_t *event, char text[TEXT_ROOM])
{
        const rd_kafka_topic_result_t **results = NULL;
        rd_kafka_resp_err_t code = event ? rd_kafka_event_error(event) : RD_KAFKA_RESP_ERR__TIMED_OUT;
        size_t size = 0;

        snprintf(text, TEXT_ROOM, "%s", event && code ? rd_kafka_event_error_string(event) : rd_kafka_err2str(code));
        if (code)
                return code;
        if (rd_kafka_event_type(event) == RD_KAFKA_EVENT_CREATETOPICS_RESULT)
                results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &size);
        else
                results = rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event), &size);
        if (size != 1)
                return RD_KAFKA_RESP_ERR__BAD_MSG;
        code = rd_kafka_topic_result_error(results[0]);
        if (code)
                snprintf(text, TEXT_ROOM, "%s", rd_kafka_topic_result_error_string(results[0]));
        return code;
}

static rd_kafka_NewTopic_t *topic_make(const KafkaOptions *options, const KafkaTopic *topic, Error *err)
{
        char text[TEXT_ROOM], retention[32];
        rd_kafka_NewTopic_t *made =
                rd_kafka_NewTopic_new(topic->name, topic->partitions, (int)options->replication, text, sizeof(text));

        if (!made) {
                error_set(err, ERR_FATAL, NULL, "kafka: topic %s: %s", topic->name, text);
                return NULL;
        }
        snprintf(retention, sizeof(retention), "%lld", (long long)topic->retention_ms);
        rd_kafka_NewTopic_set_config(made, "retention.ms", retention);
        rd_kafka_NewTopic_set_config(made, "cleanup.policy", topic->cleanup);
        rd_kafka_NewTopic_set_config(made, "min.insync.replicas", options->replication > 2 ? "2" : "1");
        return made;
}

static bool is_hopeless(rd_kafka_resp_err_t code)
{
        return code == RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION || code == RD_KAFKA_RESP_ERR_INVALID_PARTITIONS ||
               code == RD_KAFKA_RESP_ERR_INVALID_CONFIG || code == RD_KAFKA_RESP_ERR_POLICY_VIOLATION ||
               code == RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE;
}

static bool topic_send(rd_kafka_t *client, const KafkaOptions *options, const KafkaTopic *topic, bool *created,
                       Error *err)
{
        CLEANUP(topic_drop) rd_kafka_NewTopic_t *made = topic_make(options, topic, err);
        CLEANUP(admin_request_drop)
        rd_kafka_AdminOptions_t *request = admin_request(client, RD_KAFKA_ADMIN_OP_CREATETOPICS);
        CLEANUP(admin_queue_drop) rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
        CLEANUP(admin_event_drop) rd_kafka_event_t *event = NULL;
        char text[TEXT_ROOM];
        rd_kafka_resp_err_t code;

        if (!made)
                return false;
        rd_kafka_CreateTopics(client, &made, 1, request, queue);
        event = rd_kafka_queue_poll(queue, ADMIN_WAIT_MS);
        code = verdict_read(event, text);
        *created = !code;
        if (!code ||
            code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) /* another was quicker: its count is looked at next */
                return true;
        return error_set(err, is_hopeless(code) ? ERR_FATAL : ERR_RETRY, NULL, "kafka: creating topic %s: %s",
                         topic->name, text);
}

/* A new topic shows in the brokers' answers a moment after it was made. */
static bool topic_await(rd_kafka_t *client, const KafkaTopic *topic, int32_t *partitions, Error *err)
{
        const struct timespec pause = { .tv_nsec = LOOK_EVERY_MS * 1000000L };
        int64_t until = time_monotonic() + METADATA_WAIT_MS;

        do {
                if (!metadata_partitions(client, topic->name, METADATA_WAIT_MS, partitions, err))
                        return false;
                if (*partitions)
                        return true;
                nanosleep(&pause, NULL);
        } while (time_monotonic() < until);
        return error_set(err, ERR_RETRY, NULL, "kafka: topic %s was created and does not show", topic->name);
}

static bool topic_ensure(rd_kafka_t *client, const KafkaOptions *options, const KafkaTopic *topic, bool *created,
                         Error *err)
{
        int32_t partitions = 0;

        *created = false;
        if (!metadata_partitions(client, topic->name, METADATA_WAIT_MS, &partitions, err))
                return false;
        if (!partitions &&
            !(topic_send(client, options, topic, created, err) && topic_await(client, topic, &partitions, err)))
                return false;
        if (partitions != topic->partitions)
                return error_set(err, ERR_FATAL, NULL,
                                 "kafka: topic %s has %d partitions, not %d: events of a zone would move", topic->name,
                                 (int)partitions, (int)topic->partitions);
        return true;
}

bool kafka_topics_create(const KafkaOptions *options, const KafkaTopic *topics, size_t size, size_t *created,
                         Error *err)
{
        CLEANUP(admin_client_drop) rd_kafka_t *client = admin_client(options, err);
        bool is_new;

        *created = 0;
        if (!client)
                return false;
        for (size_t i = 0; i < size; i++) {
                if (!topic_ensure(client, options, &topics[i], &is_new, err))
                        return error_add(err, "%s", options->brokers);
                *created += is_new;
        }
        return true;
}

static bool topic_remove(rd_kafka_t *client, const char *name, Error *err)
{
        CLEANUP(admin_request_drop)
        rd_kafka_AdminOptions_t *request = admin_request(client, RD_KAFKA_ADMIN_OP_DELETETOPICS);
        CLEANUP(admin_queue_drop) rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
        CLEANUP(admin_event_drop) rd_kafka_event_t *event = NULL;
        rd_kafka_DeleteTopic_t *topic = rd_kafka_DeleteTopic_new(name);
        char text[TEXT_ROOM];
        rd_kafka_resp_err_t code;

        rd_kafka_DeleteTopics(client, &topic, 1, request, queue);
        rd_kafka_DeleteTopic_destroy(topic);
        event = rd_kafka_queue_poll(queue, ADMIN_WAIT_MS);
        code = verdict_read(event, text);
        if (!code || code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
                return true;
        return error_set(err, ERR_RETRY, NULL, "kafka: deleting topic %s: %s", name, text);
}

bool kafka_topics_delete(const KafkaOptions *options, const char *const *names, size_t size, Error *err)
{
        CLEANUP(admin_client_drop) rd_kafka_t *client = admin_client(options, err);

        if (!client)
                return false;
        for (size_t i = 0; i < size; i++)
                if (!topic_remove(client, names[i], err))
                        return error_add(err, "%s", options->brokers);
        return true;
}
