/*
 * What the owner of a foreign topic does to it, over librdkafka itself:
 *
 *     test-topic create BROKERS TOPIC PARTITIONS [NAME=VALUE ...]      with settings, as cleanup.policy=compact
 *     test-topic delete BROKERS TOPIC
 *     test-topic trim BROKERS TOPIC PARTITION OFFSET                   all before OFFSET goes, as retention does it
 *     test-topic put BROKERS TOPIC PARTITION                           each line of stdin is KEY, tab, VALUE; no tab: a tombstone
 */

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAIT_MS = 30000, TEXT_ROOM = 512 };

static int failed(const char *text)
{
        fprintf(stderr, "topic: %s\n", text);
        return EXIT_FAILURE;
}

static rd_kafka_t *client_open(const char *brokers)
{
        rd_kafka_conf_t *conf = rd_kafka_conf_new();
        char text[TEXT_ROOM];
        rd_kafka_conf_set(conf, "bootstrap.servers", brokers, text, sizeof text);
        return rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
}

/* The one result of an admin request. */
static int answer_read(rd_kafka_queue_t *queue)
{
        rd_kafka_event_t *event = rd_kafka_queue_poll(queue, WAIT_MS);
        if (!event)
                return failed("no answer");
        rd_kafka_resp_err_t code = rd_kafka_event_error(event);
        const rd_kafka_topic_result_t **results = NULL;
        size_t size = 0;
        if (!code && rd_kafka_event_type(event) == RD_KAFKA_EVENT_CREATETOPICS_RESULT)
                results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &size);
        if (!code && rd_kafka_event_type(event) == RD_KAFKA_EVENT_DELETETOPICS_RESULT)
                results = rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event), &size);
        if (!code && rd_kafka_event_type(event) == RD_KAFKA_EVENT_DELETERECORDS_RESULT)
                code = rd_kafka_DeleteRecords_result_offsets(rd_kafka_event_DeleteRecords_result(event))->elems[0].err;
        if (size)
                code = rd_kafka_topic_result_error(results[0]);
        rd_kafka_event_destroy(event);
        return code ? failed(rd_kafka_err2str(code)) : EXIT_SUCCESS;
}

static int create(rd_kafka_t *client, rd_kafka_queue_t *queue, char **words)
{
        char text[TEXT_ROOM];
        rd_kafka_NewTopic_t *topic =
                rd_kafka_NewTopic_new(words[0], (int)strtol(words[1], NULL, 10), 1, text, sizeof text);
        for (char **setting = words + 2; *setting; setting++) {
                char *equals = strchr(*setting, '=');
                if (!equals)
                        return failed(*setting);
                *equals = '\0';
                rd_kafka_NewTopic_set_config(topic, *setting, equals + 1);
        }
        rd_kafka_CreateTopics(client, &topic, 1, NULL, queue);
        rd_kafka_NewTopic_destroy(topic);
        return answer_read(queue);
}

static int delete_topic(rd_kafka_t *client, rd_kafka_queue_t *queue, char **words)
{
        rd_kafka_DeleteTopic_t *topic = rd_kafka_DeleteTopic_new(words[0]);
        rd_kafka_DeleteTopics(client, &topic, 1, NULL, queue);
        rd_kafka_DeleteTopic_destroy(topic);
        return answer_read(queue);
}

static int trim(rd_kafka_t *client, rd_kafka_queue_t *queue, char **words)
{
        rd_kafka_topic_partition_list_t *before = rd_kafka_topic_partition_list_new(1);
        rd_kafka_topic_partition_list_add(before, words[0], (int32_t)strtol(words[1], NULL, 10))->offset =
                strtoll(words[2], NULL, 10);
        rd_kafka_DeleteRecords_t *request = rd_kafka_DeleteRecords_new(before);
        rd_kafka_topic_partition_list_destroy(before);
        rd_kafka_DeleteRecords(client, &request, 1, NULL, queue);
        rd_kafka_DeleteRecords_destroy(request);
        return answer_read(queue);
}

static int put(rd_kafka_t *client, rd_kafka_queue_t *queue, char **words)
{
        char *line = NULL;
        size_t room = 0;
        rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
        (void)queue;
        for (ssize_t size; !code && (size = getline(&line, &room, stdin)) > 0;) {
                line[strcspn(line, "\n")] = '\0';
                char *tab = strchr(line, '\t');
                if (tab)
                        *tab = '\0';
                rd_kafka_vu_t parts[] = {
                        { .vtype = RD_KAFKA_VTYPE_TOPIC, .u.cstr = words[0] },
                        { .vtype = RD_KAFKA_VTYPE_PARTITION, .u.i32 = (int32_t)strtol(words[1], NULL, 10) },
                        { .vtype = RD_KAFKA_VTYPE_KEY, .u.mem = { line, strlen(line) } },
                        { .vtype = RD_KAFKA_VTYPE_VALUE, .u.mem = { tab ? tab + 1 : NULL, tab ? strlen(tab + 1) : 0 } },
                        { .vtype = RD_KAFKA_VTYPE_HEADER, .u.header = { "content-type", "application/json", -1 } },
                        { .vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY | RD_KAFKA_MSG_F_BLOCK },
                };
                rd_kafka_error_t *trouble = rd_kafka_produceva(client, parts, sizeof parts / sizeof parts[0]);
                code = trouble ? rd_kafka_error_code(trouble) : RD_KAFKA_RESP_ERR_NO_ERROR;
                rd_kafka_error_destroy(trouble);
        }
        free(line);
        if (!code)
                code = rd_kafka_flush(client, WAIT_MS);
        return code ? failed(rd_kafka_err2str(code)) : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
        static const struct {
                const char *verb;
                int words;
                int (*run)(rd_kafka_t *client, rd_kafka_queue_t *queue, char **words);
        } verbs[] = { { "create", 2, create }, { "delete", 1, delete_topic }, { "trim", 3, trim }, { "put", 2, put } };
        for (size_t i = 0; argc > 2 && i < sizeof verbs / sizeof verbs[0]; i++) {
                if (strcmp(argv[1], verbs[i].verb) != 0 || argc < 3 + verbs[i].words)
                        continue;
                rd_kafka_t *client = client_open(argv[2]);
                rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
                int code = verbs[i].run(client, queue, argv + 3);
                rd_kafka_queue_destroy(queue);
                rd_kafka_destroy(client);
                return code;
        }
        fprintf(stderr, "usage: test-topic create|delete|trim|put BROKERS TOPIC ...\n");
        return 2;
}
