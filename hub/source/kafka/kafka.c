/*
 * Somebody else's topic: its records, keys and headers as they are. Our positions are offsets of our own in the checkpoint, or
 * those of a consumer group, and move when a record is delivered. What the owner does to the topic (deletes it, makes it anew,
 * lets retention pass us) is told as a rejected record in its place: counted, logged in one line, and only then passed.
 */

#include "hub/source/kafka/kafka_source.h"

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"

#include <stdlib.h>
#include <string.h>

enum { COMMIT_MS = 1000, QUIET_MS = 5000 };

/* ---- open ---- */

static void source_close(Source *source)
{
        kafka_consumer_close(source->consumer);
        while (source->alarms_at < source->alarms_size)
                kafka_alarm_drop(source);
        lanes_free(&source->lanes);
        buffer_free(&source->value);
        buffer_free(&source->key);
        buffer_free(&source->position);
        buffer_free(&source->sequence);
        buffer_free(&source->checkpoint);
        free(source->alarms);
        free(source->headers);
        free(source);
}

static bool consumer_open(Source *source, const SourceSetup *setup, Error *err)
{
        const KafkaSourceOptions *of = source->options;
        CLEANUP(mem_drop) char *name = text_format("hub-%s", setup->instance);

        source->consumer = kafka_consumer_open(&of->kafka, source->grouped ? of->group : name, err);
        if (!source->consumer)
                return false;
        return !source->grouped || kafka_consumer_join(source->consumer, of->topic, kafka_given, source, err);
}

/* A dry run takes nobody's share: it reads all partitions, and keeps nothing. */
static Source *source_open(const SourceSetup *setup, Error *err)
{
        enum { BACKOFF_LEAST_MS = 200, BACKOFF_MOST_MS = 10 * 1000 };
        Source *source = mem_new(sizeof(Source));
        bool opened;

        source->options = setup->options;
        source->once = setup->once;
        source->grouped = setup->folder && !setup->trial && source->options->group;
        source->kept = setup->folder && !source->grouped;
        source->backoff = (Backoff){ .least_ms = BACKOFF_LEAST_MS, .most_ms = BACKOFF_MOST_MS };
        opened = !source->kept || !setup->checkpoint ||
                 lanes_read(&source->lanes, source->options->topic, setup->checkpoint, err);
        source->begun = source->lanes.size;
        if (opened && consumer_open(source, setup, err))
                return source;
        source_close(source);
        return NULL;
}

/* ---- read ---- */

/* Compaction and transactions leave holes, which are their owner's good right: counted, and said now and then. */
static void holes_note(Source *source, const Lane *lane, int64_t offset)
{
        if (offset == lane->next)
                return;
        source->holes += offset - lane->next;
        log_limited(LOG_INFO, "a foreign topic has holes: compacted, or transactions",
                    (LogKey[]){ LOG_TEXT("topic", source->options->topic),
                                LOG_NUMBER("partition", lane->partition),
                                LOG_NUMBER("from", lane->next),
                                LOG_NUMBER("to", offset - 1),
                                LOG_NUMBER("offsets_in_this_run", source->holes),
                                { 0 } });
}

/* False: it is none to hand on. */
static bool message_take(Source *source, const KafkaMessage *message, SourceRecord *record)
{
        Lane *lane = lanes_find(&source->lanes, message->partition);

        if (!lane || !source->placed)
                return false;
        if (lane->proving && message->offset == lane->next - 1 && kafka_mark(message) != lane->mark) {
                lane->other = true;
                source->placed = false;
                source->place_ms = 0;
        }
        lane->proving = false;
        if (message->offset < lane->next)
                return false;
        holes_note(source, lane, message->offset);
        source->last_ms = time_monotonic();
        kafka_record_fill(source, message, record);
        return true;
}

static void alarm_tell(Source *source, SourceRecord *record)
{
        const KafkaAlarm *alarm = &source->alarms[source->alarms_at];

        buffer_clear(&source->position);
        buffer_text(&source->position, alarm->position);
        *record = (SourceRecord){ .token = lanes_advance(&source->lanes, alarm->partition, alarm->next, 0),
                                  .refusal = alarm->why };
        record->record = (Record){ .bytes = "",
                                   .channel = source->options->topic,
                                   .position = source->position.bytes,
                                   .received_ms = time_now() };
        kafka_alarm_drop(source);
}

static SourceResult away_tell(const Source *source, Error *err)
{
        *err = source->away;
        return SOURCE_AWAY;
}

/* The group's coordinator is served even when we have no place yet. */
static void place_try(Source *source)
{
        if (time_monotonic() < source->place_ms)
                return;
        if (kafka_place(source, &source->away)) {
                source->away.kind = ERR_NONE;
                backoff_reset(&source->backoff);
        } else {
                source->place_ms = time_monotonic() + backoff_next(&source->backoff);
        }
}

static void partitions_look(Source *source)
{
        int32_t partitions;
        Error err = { 0 };

        if (time_monotonic() < source->look_ms)
                return;
        source->look_ms = time_monotonic() + source->options->look_ms;
        if (source->grouped || source->options->partitions.size)
                return;
        if (!kafka_consumer_partitions(source->consumer, source->options->topic, 1000, &partitions, &err) ||
            (size_t)partitions != source->lanes.size)
                source->placed = false;
}

/* A member of a group without a share may get one at any moment. Behind the last record there may be a transaction's mark. */
static bool is_at_end(const Source *source)
{
        if (source->lanes.size && time_monotonic() - source->last_ms >= QUIET_MS)
                return true;
        for (size_t i = 0; i < source->lanes.size; i++) {
                const Lane *lane = &source->lanes.items[i];
                int64_t end = kafka_consumer_end(source->consumer, source->options->topic, lane->partition);

                if (end < 0 || lane->next < end)
                        return false;
        }
        return source->lanes.size;
}

/* What broke may have been the topic itself: so we find our place anew, and prove it. */
static SourceResult trouble_take(Source *source, Error *err)
{
        source->placed = false;
        source->place_ms = err->kind == ERR_FATAL ? 0 : time_monotonic() + backoff_next(&source->backoff);
        if (err->kind == ERR_FATAL)
                return SOURCE_IDLE;
        source->away = *err;
        return SOURCE_AWAY;
}

static void group_commit(Source *source, bool now)
{
        CLEANUP(mem_drop) KafkaPosition *positions = NULL;
        size_t size = 0;

        if (!source->commit_due || !source->placed || (!now && time_monotonic() < source->commit_ms))
                return;
        source->commit_due = false;
        source->commit_ms = time_monotonic() + COMMIT_MS;
        positions = mem_new((source->lanes.size + 1) * sizeof(KafkaPosition));
        for (size_t i = 0; i < source->lanes.size; i++)
                if (source->lanes.items[i].kept != LANE_NEW)
                        positions[size++] = (KafkaPosition){ source->options->topic, source->lanes.items[i].partition,
                                                             source->lanes.items[i].kept };
        kafka_consumer_commit(source->consumer, positions, size);
}

static SourceResult source_read(Source *source, int wait_ms, SourceRecord *record, Error *err)
{
        KafkaMessage message;
        int got;

        group_commit(source, false);
        if (source->placed)
                partitions_look(source);
        if (!source->placed)
                place_try(source);
        if (source->alarms_at < source->alarms_size) {
                alarm_tell(source, record);
                return SOURCE_RECORD;
        }
        got = kafka_consumer_next(source->consumer, &message, wait_ms, err);
        if (got < 0)
                return trouble_take(source, err);
        if (got && message_take(source, &message, record))
                return SOURCE_RECORD;
        if (!source->placed && source->away.kind)
                return away_tell(source, err);
        return !got && source->once && source->placed && is_at_end(source) ? SOURCE_END : SOURCE_IDLE;
}

/* ---- acknowledge ---- */

static bool source_acknowledge(Source *source, uint64_t token, Error *err)
{
        (void)err;
        lanes_acknowledge(&source->lanes, token);
        source->commit_due = source->grouped;
        return true;
}

static const char *source_position(Source *source)
{
        if (!source->kept || !source->begun)
                return NULL;
        buffer_clear(&source->checkpoint);
        lanes_write(&source->lanes, source->options->topic, &source->checkpoint);
        return source->checkpoint.bytes;
}

static int64_t source_lag(Source *source)
{
        int64_t lag = 0;

        for (size_t i = 0; i < source->lanes.size; i++) {
                const Lane *lane = &source->lanes.items[i];
                int64_t end = kafka_consumer_end(source->consumer, source->options->topic, lane->partition);

                if (end < 0)
                        return -1;
                lag += end > lane->next ? end - lane->next : 0;
        }
        return source->placed ? lag : -1;
}

static void source_end(Source *source)
{
        group_commit(source, true);
        source_close(source);
}

const SourceKind source_kafka = {
        .kind = "kafka",
        .about = "somebody else's Kafka topic; positions are kept when records are delivered",
        .promise = "nothing is lost that the topic keeps: offsets move on when records are delivered; what retention "
                   "or the owner takes away before is counted as rejected",
        .options = kafka_source_options,
        .options_size = KAFKA_SOURCE_OPTIONS,
        .size = sizeof(KafkaSourceOptions),
        .check = kafka_source_check,
        .open = source_open,
        .read = source_read,
        .acknowledge = source_acknowledge,
        .position = source_position,
        .lag = source_lag,
        .connect_check = kafka_source_connect_check,
        .when_paused = "messages wait in the topic, as long as its retention keeps them; what passes meanwhile is "
                       "counted then",
        .close = source_end,
};
