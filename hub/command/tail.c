/* hub tail: the values of a topic, one a line. */

#include "hub/base/json.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/tool/tool.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { WAIT_MS = 200, METADATA_WAIT_MS = 10 * 1000, PARTITIONS_MOST = 1000, ALL = -1, NEWEST = -10 };

static const char usage[] =
        "usage: hub tail events|incidents|rejected [--partition P] [--from OFFSET|start|end | --since TIME] [--max N]\n"
        "                [--until-end] [--topic-prefix P] [--config FILE]\n"
        "  Prints the values of PREFIX.TOPIC.v1, one a line, in the order of each partition, and waits for more; of a "
        "rejected\n"
        "  record, whose value is sealed, its headers as JSON.\n"
        "  --from       first offset; -N: N before the end; default -10\n"
        "  --since      Kafka's own time, RFC 3339\n"
        "  --max        stop after N lines\n"
        "  --topic-prefix P  of a trial (hub run INSTANCE --topic-prefix P)\n"
        "  --until-end  stop at the end that the topic had when this began\n";

typedef struct {
        const char *config, *topic, *prefix;
        int64_t partition, from, since, max;
        bool until_end;
} Order;

typedef struct {
        char *topic;
        KafkaConsumer *consumer;
        KafkaPosition *positions;
        int64_t *ends;
        size_t size, reached; /* partitions; those whose end was reached */
        bool sealed;          /* values are no text */
        Buffer line;
} Tail;

static void tail_free(Tail *tail)
{
        kafka_consumer_close(tail->consumer);
        mem_drop(&tail->positions);
        mem_drop(&tail->ends);
        mem_drop(&tail->topic);
        buffer_free(&tail->line);
}

static bool start_find(Tail *tail, const Order *order, KafkaPosition *position, int64_t *end, Error *err)
{
        int64_t low;

        if (!kafka_consumer_watermarks(tail->consumer, tail->topic, position->partition, &low, end, err))
                return false;
        if (order->since != TIME_NONE)
                return kafka_consumer_offset_at(tail->consumer, tail->topic, position->partition, order->since,
                                                &position->offset, err);
        position->offset = order->from < 0 ? *end + order->from : order->from;
        if (position->offset < low)
                position->offset = low;
        if (position->offset > *end)
                position->offset = *end;
        return true;
}

static bool partitions_open(Tail *tail, const Config *config, const Order *order, Error *err)
{
        int32_t partitions;

        if (!kafka_topic_partitions(&config->kafka, tail->topic, METADATA_WAIT_MS, &partitions, err))
                return false;
        if (!partitions)
                return error_set(err, ERR_RETRY, NULL, "there is no topic %s (hub topics makes it)", tail->topic);
        if (order->partition >= partitions)
                return error_set(err, ERR_RETRY, NULL, "topic %s has partitions 0 to %d", tail->topic,
                                 (int)partitions - 1);
        tail->size = order->partition == ALL ? (size_t)partitions : 1;
        tail->positions = mem_new(tail->size * sizeof(*tail->positions));
        tail->ends = mem_new(tail->size * sizeof(*tail->ends));
        for (size_t i = 0; i < tail->size; i++) {
                tail->positions[i].topic = tail->topic;
                tail->positions[i].partition = order->partition == ALL ? (int32_t)i : (int32_t)order->partition;
                if (!start_find(tail, order, &tail->positions[i], &tail->ends[i], err))
                        return false;
                tail->reached += tail->positions[i].offset >= tail->ends[i];
        }
        return true;
}

static bool tail_open(Tail *tail, const Config *config, const Order *order, Error *err)
{
        tail->topic = tool_topic(config, order->topic);
        tail->sealed = strcmp(order->topic, "rejected") == 0;
        tail->consumer = kafka_consumer_open(&config->kafka, "hub-tail", err);
        return tail->consumer && partitions_open(tail, config, order, err) &&
               kafka_consumer_assign(tail->consumer, tail->positions, tail->size, err);
}

/* Our own values have no control bytes; those of a stranger must not reach a terminal, nor break the line. */
static void value_write(Buffer *line, const KafkaMessage *message)
{
        buffer_add(line, message->value, message->value_size);
        for (size_t i = 0; i < line->size; i++)
                if ((unsigned char)line->bytes[i] < 0x20 || line->bytes[i] == 0x7f)
                        line->bytes[i] = ' ';
}

static void headers_write(Buffer *line, const KafkaMessage *message)
{
        buffer_format(line, "{\"partition\":%d,\"offset\":%lld", (int)message->partition, (long long)message->offset);
        for (size_t i = 0; i < message->headers_size; i++) {
                const KafkaHeader *header = &message->headers[i];
                bool plain = text_is_utf8(header->value, header->size);

                buffer_byte(line, ',');
                json_write_text(line, header->key, strlen(header->key));
                buffer_byte(line, ':');
                json_write_text(line, plain ? header->value : "?", plain ? header->size : 1);
        }
        buffer_byte(line, '}');
}

static void message_print(Tail *tail, const KafkaMessage *message)
{
        buffer_clear(&tail->line);
        if (tail->sealed)
                headers_write(&tail->line, message);
        else
                value_write(&tail->line, message);
        buffer_byte(&tail->line, '\n');
        fwrite(tail->line.bytes, 1, tail->line.size, stdout);
}

/* Whether this message is one to print; what came after the end that we looked for is not. */
static bool message_count(Tail *tail, const Order *order, const KafkaMessage *message)
{
        size_t index = order->partition == ALL ? (size_t)message->partition : 0;
        int64_t end;

        assert(tail->ends && index < tail->size);
        end = tail->ends[index];
        tail->reached += message->offset + 1 == end;
        return !order->until_end || message->offset < end;
}

static bool tail_read(Tail *tail, const Order *order, Error *err)
{
        int64_t printed = 0;
        KafkaMessage message;

        while (!(order->until_end && tail->reached == tail->size) && !(order->max && printed == order->max)) {
                int got = kafka_consumer_next(tail->consumer, &message, WAIT_MS, err);

                if (got < 0 && err->kind == ERR_FATAL)
                        return false;
                if (got < 0)
                        log_limited(LOG_WARNING, "kafka is away",
                                    (const LogKey[]){ LOG_TEXT("error", err->text), { 0 } });
                if (got == 0)
                        fflush(stdout);
                if (got == 1 && message_count(tail, order, &message)) {
                        message_print(tail, &message);
                        printed++;
                }
        }
        return fflush(stdout) == 0 || error_set(err, ERR_RETRY, NULL, "standard output is closed");
}

static int tail(const Order *order)
{
        CLEANUP(config_free) Config config = { 0 };
        CLEANUP(tail_free) Tail tail = { 0 };
        Error err = { 0 };

        if (!config_load(&config, order->config, &err) ||
            (order->prefix && !tool_trial(&config, order->prefix, &err)) || !tail_open(&tail, &config, order, &err) ||
            !tail_read(&tail, order, &err))
                return command_failed("tail", &err);
        return EXIT_FINE;
}

static bool from_read(const char *text, Order *order)
{
        if (strcmp(text, "start") == 0)
                order->from = 0;
        else if (strcmp(text, "end") == 0)
                order->from = INT64_MAX;
        else
                return text_read_integer(text, &order->from);
        return true;
}

static bool option_read(int option, Order *order)
{
        Error err;

        switch (option) {
        case 'c':
                order->config = optarg;
                return true;
        case 'p':
                return text_read_integer(optarg, &order->partition) && order->partition >= 0 &&
                       order->partition < PARTITIONS_MOST;
        case 'f':
                return from_read(optarg, order);
        case 's':
                return time_read(optarg, &order->since, NULL, &err);
        case 'm':
                return text_read_integer(optarg, &order->max) && order->max > 0;
        case 'x':
                order->prefix = optarg;
                return true;
        case 'u':
                order->until_end = true;
                return true;
        default:
                return false;
        }
}

int command_tail(int argc, char **argv)
{
        static const struct option options[] = { { "config", required_argument, NULL, 'c' },
                                                 { "partition", required_argument, NULL, 'p' },
                                                 { "from", required_argument, NULL, 'f' },
                                                 { "since", required_argument, NULL, 's' },
                                                 { "max", required_argument, NULL, 'm' },
                                                 { "until-end", no_argument, NULL, 'u' },
                                                 { "topic-prefix", required_argument, NULL, 'x' },
                                                 { "help", no_argument, NULL, 'h' },
                                                 { 0 } };
        static const char *const names[] = { "events", "incidents", "rejected" };
        Order order = { .partition = ALL, .from = NEWEST, .since = TIME_NONE };

        for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;)
                if (!option_read(option, &order))
                        return tool_usage(usage, option == 'h');
        for (size_t i = 0; i < 3 && optind + 1 == argc; i++)
                if (strcmp(argv[optind], names[i]) == 0)
                        order.topic = names[i];
        if (!order.topic)
                return tool_usage(usage, false);
        log_open("tail");
        return tail(&order);
}
