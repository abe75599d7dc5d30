#include "hub/source/spool/spool_private.h"

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* BODY_HEAD: received (8), flags (1); then the topic, a NUL, the payload. */
enum { BODY_HEAD = 9, FLAG_RETAINED = 1, FLAG_REPEATED = 2 };

static uint64_t token_of(uint32_t number, uint32_t offset)
{
        return (uint64_t)number << 32 | offset;
}

/* ---- add ---- */

size_t spool_message_most(const Spool *spool)
{
        return spool->segment_room - SEGMENT_HEADER - BODY_HEAD - 1;
}

static void body_write(Buffer *body, const SpoolMessage *message)
{
        uint8_t head[BODY_HEAD];

        for (int i = 0; i < 8; i++)
                head[i] = (uint8_t)((uint64_t)message->received_ms >> 8 * i);
        head[8] = (uint8_t)((message->retained ? FLAG_RETAINED : 0) | (message->repeated ? FLAG_REPEATED : 0));
        buffer_clear(body);
        buffer_add(body, head, sizeof(head));
        buffer_add(body, message->topic, strlen(message->topic) + 1);
        buffer_add(body, message->bytes, message->size);
}

/* With the lock. */
static bool spare_make(Spool *spool, Error *err)
{
        if (spool->spare.descriptor >= 0)
                return true;
        if (!segment_create(&spool->spare, spool->folder.descriptor, spool->next_number, spool->segment_room,
                            spool->durable, err))
                return false;
        spool->next_number++;
        return true;
}

static bool segment_next(Spool *spool, Error *err)
{
        Error why = { 0 };

        if (!spare_make(spool, err))
                return false;
        spool_append(spool, spool->spare);
        spool->spare = SEGMENT_NONE;
        spool->writing = true;
        spool->begun_ms = time_monotonic();
        if (!spare_make(spool, &why)) {
                spool->full = true;
                log_error("the spool cannot grow", LOG_TEXT("why", why.text));
        }
        return true;
}

/* A copy of the segment to write to: only the thread that adds moves its end. */
static bool segment_choose(Spool *spool, size_t size, Segment *segment, Error *err)
{
        const Segment *last;
        bool chosen = true;

        pthread_mutex_lock(&spool->lock);
        last = spool->segments_size ? &spool->segments[spool->segments_size - 1] : NULL;
        if (!spool->writing || !last || SEGMENT_HEADER + size > last->room - last->size)
                chosen = segment_next(spool, err);
        if (chosen)
                *segment = spool->segments[spool->segments_size - 1];
        spool->adding = chosen;
        pthread_mutex_unlock(&spool->lock);
        return chosen;
}

bool spool_add(Spool *spool, const SpoolMessage *message, Error *err)
{
        Segment segment;
        bool written;

        if (strlen(message->topic) + message->size > spool_message_most(spool))
                return error_set(err, ERR_INPUT, "too_large", "a message of %zu bytes is more than the spool takes",
                                 message->size);
        body_write(&spool->in, message);
        if (!segment_choose(spool, spool->in.size, &segment, err))
                return false;
        written = segment_write(&segment, spool->in.bytes, (uint32_t)spool->in.size, spool->durable, err);
        pthread_mutex_lock(&spool->lock);
        spool->adding = false;
        if (written) {
                spool->segments[spool->segments_size - 1].size += SEGMENT_HEADER + (uint32_t)spool->in.size;
                spool->unread++;
                spool->full = spool->full || spool_used(spool) >= spool->limit;
                pthread_cond_signal(&spool->added);
        }
        pthread_mutex_unlock(&spool->lock);
        return written;
}

bool spool_full(Spool *spool)
{
        bool full;

        pthread_mutex_lock(&spool->lock);
        full = spool->full;
        pthread_mutex_unlock(&spool->lock);
        return full;
}

bool spool_ready(Spool *spool, Error *err)
{
        int64_t used;
        bool ready;

        pthread_mutex_lock(&spool->lock);
        used = spool_used(spool);
        ready = !spool->full || used <= spool->limit / 2;
        if (!ready)
                error_set(err, ERR_RETRY, NULL, "the spool is full: %lld bytes wait", (long long)used);
        else
                ready = spare_make(spool, err);
        if (ready)
                spool->full = false;
        pthread_mutex_unlock(&spool->lock);
        return ready;
}

/* ---- read and acknowledge ---- */

static void wait_until(struct timespec *until, int wait_ms)
{
        clock_gettime(CLOCK_MONOTONIC, until);
        until->tv_sec += wait_ms / 1000;
        until->tv_nsec += wait_ms % 1000 * 1000000L;
        if (until->tv_nsec >= 1000000000L) {
                until->tv_sec++;
                until->tv_nsec -= 1000000000L;
        }
}

/* A copy of the segment that holds the next record; false when there is none in time. */
static bool record_wait(Spool *spool, int wait_ms, Segment *segment)
{
        struct timespec until;
        bool found;

        wait_until(&until, wait_ms);
        pthread_mutex_lock(&spool->lock);
        while (!spool->unread && wait_ms > 0 && pthread_cond_timedwait(&spool->added, &spool->lock, &until) == 0)
                continue;
        found = spool->unread;
        while (found && spool->read_offset == spool->segments[spool->read_segment].size) {
                spool->read_segment++;
                spool->read_offset = 0;
        }
        if (found)
                *segment = spool->segments[spool->read_segment];
        pthread_mutex_unlock(&spool->lock);
        return found;
}

static bool body_read(const Buffer *body, SpoolMessage *message, Error *err)
{
        const char *topic = body->bytes + BODY_HEAD, *end = body->bytes + body->size;
        const char *nul = body->size > BODY_HEAD ? memchr(topic, 0, (size_t)(end - topic)) : NULL;
        uint64_t received = 0;

        if (!nul)
                return error_set(err, ERR_FATAL, NULL, "spool: a record that is no message");
        for (int i = 0; i < 8; i++)
                received |= (uint64_t)(uint8_t)body->bytes[i] << 8 * i;
        *message = (SpoolMessage){
                .topic = topic,
                .bytes = nul + 1,
                .size = (size_t)(end - nul - 1),
                .retained = body->bytes[8] & FLAG_RETAINED,
                .repeated = body->bytes[8] & FLAG_REPEATED,
                .received_ms = (int64_t)received,
        };
        return true;
}

static bool is_settled(const Spool *spool, const Segment *segment)
{
        bool is_last = segment == &spool->segments[spool->segments_size - 1];

        return !(is_last && spool->writing) && spool_settled(spool, segment);
}

static void segments_leave(Spool *spool)
{
        size_t left = 0;

        while (left < spool->segments_size && left < spool->read_segment + 1 &&
               is_settled(spool, &spool->segments[left]))
                segment_remove(&spool->segments[left++], spool->folder.descriptor);
        if (!left)
                return;
        spool->segments_size -= left;
        memmove(spool->segments, spool->segments + left, spool->segments_size * sizeof(Segment));
        spool->read_offset = left > spool->read_segment ? 0 : spool->read_offset;
        spool->read_segment -= left > spool->read_segment ? spool->read_segment : left;
}

/* Nothing waits: the next message begins a file of its own. */
static void spool_rest(Spool *spool)
{
        pthread_mutex_lock(&spool->lock);
        if (spool->writing && !spool->adding && time_monotonic() - spool->begun_ms >= spool->rest_ms &&
            spool_settled(spool, &spool->segments[spool->segments_size - 1])) {
                spool->writing = false;
                segments_leave(spool);
        }
        pthread_mutex_unlock(&spool->lock);
}

bool spool_read(Spool *spool, int wait_ms, SpoolRecord *record, Error *err)
{
        Segment segment;

        *record = (SpoolRecord){ 0 };
        if (!record_wait(spool, wait_ms, &segment)) {
                spool_rest(spool);
                return true;
        }
        if (!segment_read(&segment, spool->read_offset, segment.size, &spool->out, err) ||
            !body_read(&spool->out, &record->message, err))
                return false;
        snprintf(record->position, sizeof(record->position), "%u:%u", (unsigned)segment.number,
                 (unsigned)spool->read_offset);
        pthread_mutex_lock(&spool->lock);
        spool->read_offset += SEGMENT_HEADER + (uint32_t)spool->out.size;
        spool->unread--;
        pthread_mutex_unlock(&spool->lock);
        record->token = token_of(segment.number, spool->read_offset);
        return true;
}

void spool_acknowledge(Spool *spool, uint64_t token)
{
        spool_folder_acknowledge(&spool->folder, token);
        pthread_mutex_lock(&spool->lock);
        spool->acknowledged = token;
        segments_leave(spool);
        pthread_mutex_unlock(&spool->lock);
}

int64_t spool_waiting(Spool *spool)
{
        int64_t waiting;

        pthread_mutex_lock(&spool->lock);
        waiting = spool->unread;
        pthread_mutex_unlock(&spool->lock);
        return waiting;
}

void spool_filling(Spool *spool, int64_t *bytes, int64_t *limit)
{
        pthread_mutex_lock(&spool->lock);
        *bytes = spool_used(spool);
        *limit = spool->limit;
        pthread_mutex_unlock(&spool->lock);
}
