#pragma once

/* Inside of spool: what it holds. spool_open.c opens and closes it, spool.c adds, reads and acknowledges. */

#include "hub/base/buffer.h"
#include "hub/source/spool/segment.h"
#include "hub/source/spool/spool.h"
#include "hub/source/spool/spool_folder.h"

#include <pthread.h>

struct Spool {
        SpoolFolder folder;
        int64_t limit, rest_ms;
        uint32_t segment_room;
        bool durable;

        pthread_mutex_t lock;
        pthread_cond_t added;
        Segment *segments; /* in order; the last is written to, when it is `writing` */
        size_t segments_size;
        Segment spare; /* made beforehand */
        bool writing, full;
        bool adding;      /* a copy of the last segment is being written to, without the lock */
        int64_t begun_ms; /* monotonic: when the last segment was begun */
        uint32_t next_number;
        uint64_t acknowledged; /* token */
        int64_t unread;

        size_t read_segment; /* index and offset of the next record to read */
        uint32_t read_offset;
        Buffer in, out; /* of the thread that adds, of the one that reads */
};

void spool_append(Spool *spool, Segment segment); /* with the lock, or before anybody else knows the spool */
int64_t spool_used(const Spool *spool);           /* bytes that wait, the same */
bool spool_settled(const Spool *spool, const Segment *segment); /* all of it is acknowledged, the same */
