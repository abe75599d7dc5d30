#include "hub/source/kafka/kafka_source.h"

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"

#include <stdlib.h>

enum { WAIT_MS = 5 * 1000, ABSENT_TOLD = 2 };

/* ---- alarms ---- */

static void alarm_add(Source *source, int32_t partition, int64_t next, char *position, const Error *why)
{
        log_error("a foreign topic is not as we left it", LOG_TEXT("topic", source->options->topic),
                  LOG_TEXT("position", position), LOG_TEXT("what", why->text));
        source->alarms = mem_resize(source->alarms, (source->alarms_size + 1) * sizeof(KafkaAlarm));
        source->alarms[source->alarms_size++] =
                (KafkaAlarm){ .partition = partition, .next = next, .position = position, .why = *why };
}

void kafka_alarm_drop(Source *source)
{
        free(source->alarms[source->alarms_at++].position);
        if (source->alarms_at == source->alarms_size)
                source->alarms_at = source->alarms_size = 0;
}

static void lane_alarm(Source *source, Lane *lane, int64_t next, const Error *why)
{
        char *position = text_format("%s/%d/%lld", source->options->topic, (int)lane->partition, (long long)lane->next);

        alarm_add(source, lane->partition, next, position, why);
        lane->next = next;
        lane->mark = 0;
}

/* Its records are lost to us whether it comes back or not: said once each time. */
static void topic_alarm(Source *source)
{
        CLEANUP(buffer_free) Buffer positions = { 0 };
        Error why = { 0 };

        if (++source->absent != ABSENT_TOLD || !source->begun)
                return;
        lanes_write(&source->lanes, source->options->topic, &positions);
        (void)error_set(&why, ERR_INPUT, "unsupported", "the topic is gone, with all that it held after %.300s",
                        positions.bytes);
        alarm_add(source, -1, LANE_NEW, text_copy(source->options->topic), &why);
}

/* ---- which partitions ---- */

static void lost_remove(Source *source, int32_t partitions)
{
        for (size_t i = source->lanes.size; i-- > 0;) {
                Lane *lane = &source->lanes.items[i];
                Error why = { 0 };

                if (lane->partition < partitions)
                        continue;
                (void)error_set(&why, ERR_INPUT, "unsupported",
                                "the topic was made anew with %d partitions: what this one held is gone",
                                (int)partitions);
                lane_alarm(source, lane, LANE_NEW, &why);
                lanes_remove(&source->lanes, lane->partition);
        }
}

static bool listed_add(Source *source, int32_t partitions, Error *err)
{
        const KafkaSourceOptions *of = source->options;

        for (size_t i = 0; i < of->partitions.size; i++) {
                int32_t partition = kafka_partition(of, i);

                if (partition >= partitions)
                        return error_set(err, ERR_RETRY, NULL, "kafka %s: topic %s has %d partitions, no number %d",
                                         of->kafka.brokers, of->topic, (int)partitions, (int)partition);
                if (!lanes_find(&source->lanes, partition))
                        lanes_add(&source->lanes, partition, false);
        }
        return true;
}

static bool lanes_set(Source *source, Error *err)
{
        const KafkaSourceOptions *of = source->options;
        bool late = source->begun || source->lanes.size;
        int32_t partitions;

        if (!kafka_consumer_partitions(source->consumer, of->topic, WAIT_MS, &partitions, err))
                return false;
        if (!partitions) {
                topic_alarm(source);
                return error_set(err, ERR_RETRY, NULL, "kafka %s: topic %s does not exist", of->kafka.brokers,
                                 of->topic);
        }
        source->absent = 0;
        if (source->grouped)
                return true;
        if (of->partitions.size)
                return listed_add(source, partitions, err);
        lost_remove(source, partitions);
        for (int32_t i = 0; i < partitions; i++)
                if (!lanes_find(&source->lanes, i))
                        lanes_add(&source->lanes, i, late);
        return true;
}

/* ---- where in them ---- */

static void lane_judge(Source *source, Lane *lane, int64_t low, int64_t high)
{
        Error why = { 0 };

        if (lane->other)
                (void)error_set(
                        &why, ERR_INPUT, "unsupported",
                        "the topic was made anew: another record stands at %lld than the one that we read; it is "
                        "read from its start",
                        (long long)lane->next - 1);
        else if (lane->next > high)
                (void)error_set(
                        &why, ERR_INPUT, "unsupported",
                        "the topic was made anew, or its end is lost: we were at %lld and it ends at %lld; it is "
                        "read from its start",
                        (long long)lane->next, (long long)high);
        else if (lane->next < low)
                (void)error_set(&why, ERR_INPUT, "unsupported",
                                "retention passed us: %lld offsets are lost, we were at %lld and it begins at %lld",
                                (long long)(low - lane->next), (long long)lane->next, (long long)low);
        if (why.kind)
                lane_alarm(source, lane, low, &why);
        lane->other = false;
}

static bool lane_place(Source *source, Lane *lane, KafkaPosition *position, Error *err)
{
        const char *topic = source->options->topic;
        int64_t low, high;

        if (!kafka_consumer_watermarks(source->consumer, topic, lane->partition, &low, &high, err))
                return false;
        if (lane->next == LANE_NEW) {
                lane->next = source->options->start == START_END && !lane->late ? high : low;
                lane->kept = lane->next;
        } else {
                lane_judge(source, lane, low, high);
        }
        lane->proving = lane->mark && lane->next > low;
        *position = (KafkaPosition){ topic, lane->partition, lane->proving ? lane->next - 1 : lane->next };
        return true;
}

static bool group_ask(Source *source, KafkaPosition *positions, Error *err)
{
        Lanes *lanes = &source->lanes;

        for (size_t i = 0; i < lanes->size; i++)
                positions[i] = (KafkaPosition){ source->options->topic, lanes->items[i].partition, 0 };
        if (!kafka_consumer_committed(source->consumer, positions, lanes->size, err))
                return false;
        for (size_t i = 0; i < lanes->size; i++)
                if (lanes->items[i].next == LANE_NEW && positions[i].offset >= 0)
                        lanes->items[i].next = lanes->items[i].kept = positions[i].offset;
        return true;
}

bool kafka_place(Source *source, Error *err)
{
        CLEANUP(mem_drop) KafkaPosition *positions = NULL;
        Lanes *lanes = &source->lanes;

        if (!lanes_set(source, err))
                return false;
        positions = mem_new((lanes->size + 1) * sizeof(KafkaPosition));
        if (source->grouped && lanes->size && !group_ask(source, positions, err))
                return false;
        for (size_t i = 0; i < lanes->size; i++)
                if (!lane_place(source, &lanes->items[i], &positions[i], err))
                        return false;
        if ((lanes->size || !source->grouped) && !kafka_consumer_assign(source->consumer, positions, lanes->size, err))
                return false;
        source->placed = source->begun = true;
        source->last_ms = time_monotonic();
        source->look_ms = source->last_ms + source->options->look_ms;
        return true;
}

void kafka_given(void *context, const int32_t *partitions, size_t size)
{
        Source *source = context;

        lanes_clear(&source->lanes);
        for (size_t i = 0; i < size; i++)
                lanes_add(&source->lanes, partitions[i], false);
        source->placed = false;
        source->place_ms = 0;
}
