#include "hub/source/spool/spool_private.h"

#include "hub/base/log.h"
#include "hub/base/memory.h"

#include <stdlib.h>
#include <time.h>

enum { SEGMENTS = 16 }; /* a segment is a sixteenth of the limit */

void spool_append(Spool *spool, Segment segment)
{
        spool->segments = mem_resize(spool->segments, (spool->segments_size + 1) * sizeof(Segment));
        spool->segments[spool->segments_size++] = segment;
}

/* What is all acknowledged, or holds nothing, goes. */
static bool segment_take(Spool *spool, uint32_t number, Error *err)
{
        uint32_t settled = (uint32_t)(spool->acknowledged >> 32);
        SegmentScan scan = { .from = number == settled ? (uint32_t)spool->acknowledged : 0 };
        Segment segment;

        if (!segment_open(&segment, spool->folder.descriptor, number, &scan, err))
                return false;
        if (scan.torn)
                log_warning("a torn message at the end of the spool was cut off: it was never acknowledged",
                            LOG_NUMBER("segment", number), LOG_NUMBER("offset", segment.size));
        if (number < settled || !scan.records) {
                segment_remove(&segment, spool->folder.descriptor);
                return true;
        }
        if (!spool->segments_size)
                spool->read_offset = scan.from;
        spool->unread += scan.records;
        spool_append(spool, segment);
        return true;
}

int64_t spool_used(const Spool *spool)
{
        int64_t used = 0;

        for (size_t i = 0; i < spool->segments_size; i++)
                used += spool->segments[i].size;
        if (spool->segments_size && spool->segments[0].number == spool->acknowledged >> 32)
                used -= (uint32_t)spool->acknowledged;
        return used;
}

static bool segments_load(Spool *spool, Error *err)
{
        CLEANUP(mem_drop) uint32_t *numbers = NULL;
        size_t size;

        if (!spool_folder_numbers(&spool->folder, &numbers, &size, err))
                return false;
        spool->acknowledged = spool_folder_acknowledged(&spool->folder);
        spool->next_number = (uint32_t)(spool->acknowledged >> 32) + 1;
        for (size_t i = 0; i < size; i++) {
                if (!segment_take(spool, numbers[i], err))
                        return false;
                spool->next_number = numbers[i] >= spool->next_number ? numbers[i] + 1 : spool->next_number;
        }
        spool->full = spool_used(spool) >= spool->limit;
        return true;
}

static void lock_open(Spool *spool)
{
        pthread_condattr_t clock;

        pthread_mutex_init(&spool->lock, NULL);
        pthread_condattr_init(&clock);
        pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
        pthread_cond_init(&spool->added, &clock);
        pthread_condattr_destroy(&clock);
}

Spool *spool_open(const SpoolSetup *setup, Error *err)
{
        Spool *spool = mem_new(sizeof(Spool));

        spool->limit = setup->limit < SPOOL_LEAST ? SPOOL_LEAST : setup->limit;
        spool->segment_room = (uint32_t)(spool->limit / SEGMENTS);
        spool->durable = setup->durable;
        spool->rest_ms = setup->rest_ms;
        spool->spare = SEGMENT_NONE;
        spool->next_number = 1;
        spool->folder = SPOOL_FOLDER_NONE;
        lock_open(spool);
        if (!setup->folder || (spool_folder_open(&spool->folder, setup->folder, err) && segments_load(spool, err)))
                return spool;
        err->kind = ERR_FATAL;
        spool_close(spool);
        return NULL;
}

bool spool_settled(const Spool *spool, const Segment *segment)
{
        return ((uint64_t)segment->number << 32 | segment->size) <= spool->acknowledged;
}

void spool_close(Spool *spool)
{
        if (!spool)
                return;
        for (size_t i = 0; i < spool->segments_size; i++) {
                if (spool_settled(spool, &spool->segments[i]))
                        segment_remove(&spool->segments[i], spool->folder.descriptor);
                else
                        segment_close(&spool->segments[i]);
        }
        if (spool->spare.descriptor >= 0)
                segment_remove(&spool->spare, spool->folder.descriptor);
        spool_folder_close(&spool->folder);
        free(spool->segments);
        buffer_free(&spool->in);
        buffer_free(&spool->out);
        pthread_cond_destroy(&spool->added);
        pthread_mutex_destroy(&spool->lock);
        free(spool);
}
