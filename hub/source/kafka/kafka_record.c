#include "hub/source/kafka/kafka_source.h"

#include "hub/base/crypto.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"

#include <string.h>
#include <strings.h>

/* Keys are texts to us; what is none cannot name a case. */
static const char *key_of(Source *source, const KafkaMessage *message)
{
        if (!message->key_size || memchr(message->key, '\0', message->key_size) ||
            !text_is_utf8(message->key, message->key_size))
                return NULL;
        buffer_clear(&source->key);
        buffer_add(&source->key, message->key, message->key_size);
        return source->key.bytes;
}

static void headers_fill(Source *source, const KafkaMessage *message)
{
        if (message->headers_size >= source->headers_room) {
                source->headers_room = 2 * message->headers_size + 16;
                source->headers = mem_resize(source->headers, source->headers_room * sizeof(RecordHeader));
        }
        for (size_t i = 0; i < message->headers_size; i++)
                source->headers[i] = (RecordHeader){ message->headers[i].key, message->headers[i].value };
        source->headers[message->headers_size] = (RecordHeader){ 0 };
}

static const char *content_type(const Source *source)
{
        const RecordHeader *header = source->headers;

        while (header->name && strcasecmp(header->name, "content-type") != 0)
                header++;
        return header->value;
}

/* Never 0, and another for another record: the same text at another time is one. */
uint64_t kafka_mark(const KafkaMessage *message)
{
        uint64_t mark = hash64(message->value ? message->value : "", message->value_size);

        mark = mark * 31 + hash64(message->key ? message->key : "", message->key_size);
        return (mark * 31 + (uint64_t)message->stamp_ms) | 1;
}

void kafka_record_fill(Source *source, const KafkaMessage *message, SourceRecord *record)
{
        buffer_clear(&source->value); /* the client's bytes are not followed by a NUL */
        buffer_add(&source->value, message->value ? message->value : "", message->value_size);
        buffer_clear(&source->sequence);
        buffer_format(&source->sequence, "%d/%lld", (int)message->partition, (long long)message->offset);
        buffer_clear(&source->position);
        buffer_format(&source->position, "%s/%s", message->topic, source->sequence.bytes);
        headers_fill(source, message);
        *record = (SourceRecord){ .token = lanes_advance(&source->lanes, message->partition, message->offset + 1,
                                                         kafka_mark(message)) };
        record->record = (Record){
                .bytes = source->value.bytes,
                .size = source->value.size,
                .channel = source->options->topic,
                .content_type = content_type(source),
                .position = source->position.bytes,
                .received_ms = time_now(),
                .key = key_of(source, message),
                .headers = source->headers,
                .sequence = source->sequence.bytes,
        };
}
