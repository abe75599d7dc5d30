/* Rejected records, of both stages, as rows. */

#include "hub/correlate/batch.h"

#include "hub/base/crypto.h"
#include "hub/base/text.h"
#include "hub/event/rejected.h"

#include <string.h>

static int64_t header_integer(const UnitMessage *message, const char *key)
{
        const char *text = unit_header(message, key);
        int64_t value = 0;

        if (text)
                text_read_integer(text, &value);
        return value;
}

int64_t batch_received(const UnitMessage *message, const char *header)
{
        const char *text = unit_header(message, header);
        int64_t value;

        return text && time_read_canonical(text, strlen(text), &value) ? value : message->stamp_ms;
}

void batch_reject(Batch *batch, const Entry *entry)
{
        const UnitMessage *message = entry->message;
        const char *seq = unit_header(message, "hub_seq");
        char hash[SHA256_TEXT_SIZE];
        int64_t number = 0;

        if (seq)
                text_read_integer(seq, &number);
        store_rejected(batch->store, &(StoreRejected){ .topic = batch->unit->topic,
                                                       .partition = batch->unit->partition,
                                                       .offset = message->offset,
                                                       .stage = "correlator",
                                                       .zone = message->key,
                                                       .run = unit_header(message, "hub_run"),
                                                       .seq = number,
                                                       .reason = entry->why.reason ? entry->why.reason : "bad_value",
                                                       .text = entry->why.text,
                                                       .content_type = "application/json",
                                                       .received = batch_received(message, "ce_recordedtime"),
                                                       .sha256 = sha256_text(message->value, message->value_size, hash),
                                                       .size = (int64_t)message->value_size,
                                                       .value = message->value,
                                                       .value_size = message->value_size });
}

void batch_retried(Batch *batch, const Entry *entry, int64_t seq)
{
        const char *rejected = unit_header(entry->message, REJECTED_RETRY);
        const char *run = unit_header(entry->message, REJECTED_RUN);

        if (rejected && run)
                store_retried(batch->store, rejected, run, seq);
}

/* A sealed reject of an adapter: its headers say what it is; the bytes stay sealed. */
void batch_rejected(Batch *batch)
{
        for (size_t i = 0; i < batch->size; i++) {
                const UnitMessage *message = &batch->unit->messages[i];
                const char *reason = unit_header(message, REJECTED_REASON);
                const StoreRejected row = { .topic = batch->unit->topic,
                                            .partition = batch->unit->partition,
                                            .offset = message->offset,
                                            .stage = "adapter",
                                            .instance = unit_header(message, REJECTED_INSTANCE),
                                            .platform = unit_header(message, REJECTED_PLATFORM),
                                            .zone = unit_header(message, REJECTED_ZONE),
                                            .run = unit_header(message, REJECTED_RUN),
                                            .reason = reason ? reason : "unknown_message",
                                            .text = unit_header(message, REJECTED_TEXT),
                                            .channel = unit_header(message, REJECTED_CHANNEL),
                                            .position = unit_header(message, REJECTED_POSITION),
                                            .content_type = unit_header(message, REJECTED_CONTENT_TYPE),
                                            .sha256 = unit_header(message, REJECTED_SHA256),
                                            .retry_of = unit_header(message, REJECTED_RETRY),
                                            .beside = unit_header(message, REJECTED_BESIDE),
                                            .seq = header_integer(message, REJECTED_SEQ),
                                            .size = header_integer(message, REJECTED_SIZE),
                                            .received = batch_received(message, REJECTED_RECEIVED),
                                            .key_version = header_integer(message, REJECTED_KEY_VERSION),
                                            .value = message->value,
                                            .value_size = message->value_size };

                store_rejected(batch->store, &row);
                store_record(batch->store, &(StoreRecord){ .topic = row.topic,
                                                           .partition = row.partition,
                                                           .offset = row.offset,
                                                           .run = row.run,
                                                           .seq = row.seq,
                                                           .verdict = "rejected",
                                                           .instance = row.instance,
                                                           .received = row.received });
        }
}
