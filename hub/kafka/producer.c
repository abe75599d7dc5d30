#include "hub/kafka/settings.h"

#include "hub/base/memory.h"
#include "hub/base/time.h"

#include <limits.h>
#include <stdlib.h>

struct KafkaProducer {
        rd_kafka_t *client;
        KafkaReport report;
        void *context;
        bool reached;
};

enum { CLOSE_WAIT_MS = 10 * 1000 };

static const KafkaSetting settings[] = {
        { "enable.idempotence", "true" },
        { "acks", "all" },
        { "linger.ms", "5" },
        { "compression.codec", "lz4" },
        { "partitioner", "murmur2_random" }, /* keys land where Java's producers put them */
        { "queue.buffering.max.kbytes", "65536" },
        { "message.timeout.ms", "0" }, /* a message that timed out behind one that did not would break their order */
        { "enable.gapless.guarantee",
          "true" }, /* and so would one that failed for good: then the producer breaks instead */
};

static void report_serve(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque)
{
        KafkaProducer *producer = opaque;

        (void)client;
        producer->report(producer->context, message->_private, !message->err,
                         message->err ? rd_kafka_err2str(message->err) : NULL);
}

static int figures_serve(rd_kafka_t *client, char *json, size_t size, void *opaque)
{
        KafkaProducer *producer = opaque;

        (void)client;
        (void)size;
        producer->reached = settings_reached(json);
        return 0;
}

KafkaProducer *kafka_producer_open(const KafkaOptions *options, KafkaReport report, void *context, Error *err)
{
        KafkaProducer *producer = mem_new(sizeof(*producer));
        const KafkaCallbacks callbacks = { .report = report_serve, .figures = figures_serve, .opaque = producer };

        *producer = (KafkaProducer){ .report = report, .context = context };
        producer->client = settings_client(RD_KAFKA_PRODUCER, options, settings, sizeof(settings) / sizeof(settings[0]),
                                           &callbacks, err);
        if (!producer->client)
                mem_drop(&producer);
        return producer;
}

static rd_kafka_headers_t *headers_make(const KafkaMessage *message)
{
        rd_kafka_headers_t *headers = rd_kafka_headers_new(message->headers_size);

        for (size_t i = 0; i < message->headers_size; i++) {
                const KafkaHeader *header = &message->headers[i];

                rd_kafka_header_add(headers, header->key, -1, header->value, (ssize_t)header->size);
        }
        return headers;
}

/* A message that can never be sent is the caller's mistake; everything else may pass with a new producer and time. */
static KafkaTaken refusal_tell(KafkaProducer *producer, const KafkaMessage *message, rd_kafka_resp_err_t code,
                               Error *err)
{
        bool hopeless = code == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE || code == RD_KAFKA_RESP_ERR__INVALID_ARG;

        if (code == RD_KAFKA_RESP_ERR__FATAL && kafka_producer_broken(producer, err))
                return KAFKA_BROKEN;
        error_set(err, hopeless ? ERR_FATAL : ERR_RETRY, NULL, "kafka: %s, partition %d: %s", message->topic,
                  (int)message->partition, rd_kafka_err2str(code));
        return code == RD_KAFKA_RESP_ERR__QUEUE_FULL ? KAFKA_FULL : KAFKA_BROKEN;
}

/* librdkafka copies what it is given (RD_KAFKA_MSG_F_COPY), but its interface does not say const. */
static void *plain(const char *bytes)
{
        const union {
                const char *given;
                void *taken;
        } pointer = { .given = bytes };

        return pointer.taken;
}

/*
 * Headers go as a list of ours: when produceva fails on an unknown partition, librdkafka 2.0.2 frees a list of its own
 * twice (its issue 4628).
 */
KafkaTaken kafka_produce(KafkaProducer *producer, const KafkaMessage *message, void *opaque, Error *err)
{
        rd_kafka_headers_t *headers = headers_make(message);
        rd_kafka_vu_t parts[] = {
                { .vtype = RD_KAFKA_VTYPE_TOPIC, .u.cstr = message->topic },
                { .vtype = RD_KAFKA_VTYPE_PARTITION, .u.i32 = message->partition },
                { .vtype = RD_KAFKA_VTYPE_KEY, .u.mem = { plain(message->key), message->key_size } },
                { .vtype = RD_KAFKA_VTYPE_VALUE, .u.mem = { plain(message->value), message->value_size } },
                { .vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY },
                { .vtype = RD_KAFKA_VTYPE_OPAQUE, .u.ptr = opaque },
                { .vtype = RD_KAFKA_VTYPE_HEADERS, .u.headers = headers },
        };
        rd_kafka_error_t *trouble = rd_kafka_produceva(producer->client, parts, sizeof(parts) / sizeof(parts[0]));
        rd_kafka_resp_err_t code;

        if (!trouble)
                return KAFKA_TAKEN;
        code = rd_kafka_error_code(trouble);
        rd_kafka_error_destroy(trouble);
        rd_kafka_headers_destroy(headers);
        return refusal_tell(producer, message, code, err);
}

void kafka_producer_poll(KafkaProducer *producer, int wait_ms)
{
        rd_kafka_poll(producer->client, wait_ms);
}

bool kafka_producer_reached(const KafkaProducer *producer)
{
        return producer->reached;
}

bool kafka_producer_broken(KafkaProducer *producer, Error *err)
{
        char text[256];

        if (!rd_kafka_fatal_error(producer->client, text, sizeof(text)))
                return false;
        error_set(err, ERR_RETRY, NULL, "kafka: the producer is broken: %s", text);
        return true;
}

bool kafka_producer_flush(KafkaProducer *producer, int64_t wait_ms)
{
        rd_kafka_flush(producer->client, wait_ms > INT_MAX ? INT_MAX : (int)wait_ms);
        return kafka_producer_pending(producer) == 0;
}

size_t kafka_producer_pending(KafkaProducer *producer)
{
        return (size_t)rd_kafka_outq_len(producer->client);
}

void kafka_producer_close(KafkaProducer *producer)
{
        if (!producer)
                return;
        rd_kafka_purge(producer->client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
        kafka_producer_flush(producer, CLOSE_WAIT_MS);
        rd_kafka_destroy(producer->client);
        free(producer);
}

void kafka_producer_break_for_test(KafkaProducer *producer)
{
        rd_kafka_test_fatal_error(producer->client, RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, "broken by a test");
}
