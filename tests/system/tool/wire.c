/*
 * Kafka for the system tests, over hub/kafka: raw records with their headers, watermarks, and copies that leave one out.
 *
 *     test-wire watermarks BROKERS TOPIC              PARTITION LOW HIGH, one line a partition
 *     test-wire dump BROKERS TOPIC                    PARTITION OFFSET KEY HEADERS VALUE, separated by tabs; HEADERS: NAME=VALUE;...
 *     test-wire copy BROKERS FROM TO [PARTITION:OFFSET]       every record of FROM to the same partition of TO, less that one
 *     test-wire put BROKERS TOPIC PARTITION           each line of stdin is a value; no key, no headers
 *     test-wire load BROKERS TOPIC                    each line of stdin is a record as dump prints it; its OFFSET is not looked at
 *
 * dump writes tab, newline and backslash of a value as \t, \n and \\, so that a line is a record.
 */

#include "hub/base/buffer.h"
#include "hub/base/memory.h"
#include "hub/kafka/kafka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BROKER_WAIT_MS = 10000, RECORD_WAIT_MS = 10000, HEADERS_MOST = 32 };

typedef bool (*Visit)(void *context, const KafkaMessage *message, Error *err);

/* A line of stdin, whose bytes may be changed, as a message; false: it is none. */
typedef bool (*ReadLine)(char *line, size_t size, char **words, KafkaMessage *message);

typedef struct {
        KafkaProducer *producer;
        const char *topic;
        int32_t skip_partition;
        int64_t skip_offset;
        size_t failures;
} Copy;

static void escape(Buffer *out, const char *bytes, size_t size)
{
        for (size_t i = 0; i < size; i++) {
                const char *as = bytes[i] == '\t' ? "\\t" : bytes[i] == '\n' ? "\\n" : bytes[i] == '\\' ? "\\\\" : NULL;
                if (as)
                        buffer_text(out, as);
                else
                        buffer_byte(out, bytes[i]);
        }
}

static bool print(void *context, const KafkaMessage *message, Error *err)
{
        (void)err;
        Buffer *line = context;
        buffer_clear(line);
        buffer_format(line, "%d\t%lld\t", (int)message->partition, (long long)message->offset);
        escape(line, message->key ? message->key : "", message->key_size);
        buffer_byte(line, '\t');
        for (size_t i = 0; i < message->headers_size; i++) {
                buffer_format(line, "%s=", message->headers[i].key);
                escape(line, message->headers[i].value, message->headers[i].size);
                buffer_byte(line, ';');
        }
        buffer_byte(line, '\t');
        escape(line, message->value ? message->value : "", message->value_size);
        buffer_byte(line, '\n');
        fwrite(line->bytes, 1, line->size, stdout);
        return true;
}

static void reported(void *context, void *opaque, bool delivered, const char *error)
{
        (void)opaque;
        Copy *copy = context;
        if (!delivered)
                fprintf(stderr, "wire: %s\n", error);
        copy->failures += !delivered;
}

static bool record_send(Copy *copy, const KafkaMessage *message, Error *err)
{
        KafkaTaken taken;
        while ((taken = kafka_produce(copy->producer, message, NULL, err)) == KAFKA_FULL)
                kafka_producer_poll(copy->producer, 100);
        return taken == KAFKA_TAKEN;
}

static bool copy_record(void *context, const KafkaMessage *message, Error *err)
{
        Copy *copy = context;
        if (message->partition == copy->skip_partition && message->offset == copy->skip_offset)
                return true;
        KafkaMessage twin = *message;
        twin.topic = copy->topic;
        return record_send(copy, &twin, err);
}

static bool walk_partition(KafkaConsumer *consumer, const char *topic, int32_t partition, Visit visit, void *context,
                           Error *err)
{
        int64_t low, high;
        if (!kafka_consumer_watermarks(consumer, topic, partition, &low, &high, err))
                return false;
        if (low == high)
                return true;
        const KafkaPosition from = { topic, partition, low };
        if (!kafka_consumer_assign(consumer, &from, 1, err))
                return false;
        for (int64_t offset = low; offset < high; offset++) {
                KafkaMessage message;
                const int got = kafka_consumer_next(consumer, &message, RECORD_WAIT_MS, err);
                if (got == 0)
                        return error_set(err, ERR_RETRY, NULL, "no record at %s[%d] offset %lld", topic, (int)partition,
                                         (long long)offset);
                if (got < 0 || !visit(context, &message, err))
                        return false;
        }
        return true;
}

static bool walk(const KafkaOptions *kafka, const char *topic, Visit visit, void *context, Error *err)
{
        int32_t partitions;
        if (!kafka_topic_partitions(kafka, topic, BROKER_WAIT_MS, &partitions, err))
                return false;
        KafkaConsumer *consumer = kafka_consumer_open(kafka, "wire", err);
        bool fine = consumer != NULL;
        for (int32_t partition = 0; fine && partition < partitions; partition++)
                fine = walk_partition(consumer, topic, partition, visit, context, err);
        if (consumer)
                kafka_consumer_close(consumer);
        return fine;
}

static bool dump(const KafkaOptions *kafka, char **words, Error *err)
{
        CLEANUP(buffer_free) Buffer line = { 0 };
        return walk(kafka, words[0], print, &line, err);
}

static bool copy(const KafkaOptions *kafka, char **words, Error *err)
{
        Copy copy = { .topic = words[1], .skip_partition = -1 };
        const char *colon = words[2] ? strchr(words[2], ':') : NULL;
        if (colon) {
                copy.skip_partition = (int32_t)strtol(words[2], NULL, 10);
                copy.skip_offset = strtoll(colon + 1, NULL, 10);
        }
        copy.producer = kafka_producer_open(kafka, reported, &copy, err);
        if (!copy.producer)
                return false;
        const bool fine = walk(kafka, words[0], copy_record, &copy, err);
        const bool flushed = kafka_producer_flush(copy.producer, RECORD_WAIT_MS) && copy.failures == 0;
        kafka_producer_close(copy.producer);
        return fine && (flushed || error_set(err, ERR_RETRY, NULL, "not everything was delivered"));
}

static bool line_put(char *line, size_t size, char **words, KafkaMessage *message)
{
        message->partition = (int32_t)strtol(words[1], NULL, 10);
        message->value = line;
        message->value_size = size;
        return true;
}

/* In place, for text only shrinks. */
static size_t unescape(char *text, size_t size)
{
        size_t end = 0;
        for (size_t i = 0; i < size; i++) {
                const bool escaped = text[i] == '\\' && i + 1 < size;
                const char c = text[escaped ? ++i : i];
                text[end++] = !escaped ? c : c == 't' ? '\t' : c == 'n' ? '\n' : c;
        }
        return end;
}

static size_t headers_split(char *text, KafkaHeader *headers)
{
        size_t count = 0;
        for (char *header; count < HEADERS_MOST && (header = strsep(&text, ";")) && *header; count++) {
                char *value = strchr(header, '=');
                if (!value)
                        break;
                *value++ = '\0';
                headers[count] = (KafkaHeader){ header, value, unescape(value, strlen(value)) };
        }
        return count;
}

static bool line_load(char *line, size_t size, char **words, KafkaMessage *message)
{
        static KafkaHeader headers[HEADERS_MOST];
        char *fields[4], *rest = line;
        (void)words;
        for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
                if (!(fields[i] = strsep(&rest, "\t")) || !rest)
                        return false;
        message->partition = (int32_t)strtol(fields[0], NULL, 10);
        message->key = fields[2];
        message->key_size = unescape(fields[2], strlen(fields[2]));
        message->headers = headers;
        message->headers_size = headers_split(fields[3], headers);
        message->value = rest;
        message->value_size = unescape(rest, size - (size_t)(rest - line));
        return true;
}

static bool lines_send(const KafkaOptions *kafka, char **words, ReadLine read, Error *err)
{
        Copy sent = { .topic = words[0] };
        CLEANUP(mem_drop) char *line = NULL;
        size_t room = 0;
        ssize_t size;
        bool fine = true;
        sent.producer = kafka_producer_open(kafka, reported, &sent, err);
        if (!sent.producer)
                return false;
        while (fine && (size = getline(&line, &room, stdin)) > 0) {
                KafkaMessage message = { .topic = sent.topic };
                line[strcspn(line, "\n")] = '\0';
                size -= line[size - 1] == '\0';
                fine = read(line, (size_t)size, words, &message)
                               ? record_send(&sent, &message, err)
                               : error_set(err, ERR_INPUT, NULL, "no record: %.40s", line);
        }
        const bool flushed = kafka_producer_flush(sent.producer, RECORD_WAIT_MS) && sent.failures == 0;
        kafka_producer_close(sent.producer);
        return fine && (flushed || error_set(err, ERR_RETRY, NULL, "not everything was delivered"));
}

static bool put(const KafkaOptions *kafka, char **words, Error *err)
{
        return lines_send(kafka, words, line_put, err);
}

static bool load(const KafkaOptions *kafka, char **words, Error *err)
{
        return lines_send(kafka, words, line_load, err);
}

static bool watermarks(const KafkaOptions *kafka, char **words, Error *err)
{
        int32_t partitions;
        if (!kafka_topic_partitions(kafka, words[0], BROKER_WAIT_MS, &partitions, err))
                return false;
        KafkaConsumer *consumer = kafka_consumer_open(kafka, "wire", err);
        bool fine = consumer != NULL;
        for (int32_t partition = 0; fine && partition < partitions; partition++) {
                int64_t low, high;
                fine = kafka_consumer_watermarks(consumer, words[0], partition, &low, &high, err);
                if (fine)
                        printf("%d %lld %lld\n", (int)partition, (long long)low, (long long)high);
        }
        if (consumer)
                kafka_consumer_close(consumer);
        return fine;
}

int main(int argc, char **argv)
{
        static const struct {
                const char *verb;
                int words;
                bool (*run)(const KafkaOptions *kafka, char **words, Error *err);
        } verbs[] = { { "watermarks", 1, watermarks },
                      { "dump", 1, dump },
                      { "copy", 2, copy },
                      { "put", 2, put },
                      { "load", 1, load } };
        for (size_t i = 0; argc > 2 && i < sizeof verbs / sizeof verbs[0]; i++) {
                if (strcmp(argv[1], verbs[i].verb) != 0 || argc < 3 + verbs[i].words)
                        continue;
                KafkaOptions kafka = { 0 };
                Error err = { 0 };
                kafka.brokers = argv[2];
                if (verbs[i].run(&kafka, argv + 3, &err))
                        return EXIT_SUCCESS;
                fprintf(stderr, "wire: %s\n", err.text);
                return EXIT_FAILURE;
        }
        fprintf(stderr,
                "usage: test-wire watermarks|dump|copy|put|load BROKERS TOPIC [TO [PARTITION:OFFSET] | PARTITION]\n");
        return 2;
}
