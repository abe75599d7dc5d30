/*
 * What is new in the feed, into the ring. It is asked for every POLL_MS; who listens is woken at most every WAKE_MS, so that many
 * changes are one write to each.
 *
 * After each new connection the last row that was seen must still be what it was: else this is another database, a backup that was
 * restored, and all who listen are told to begin again.
 */

#include "hub/base/backoff.h"
#include "hub/base/crypto.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"
#include "hub/serve/stream/stream_private.h"

#include <stdlib.h>
#include <string.h>

enum { POLL_MS = 50, WAKE_MS = 20, EVERY_MS = 2500, AGAIN_LEAST_MS = 100, AGAIN_MOST_MS = 2000 };

typedef struct {
        Stream *stream;
        Db *db;
        bool is_checked; /* this connection */
        int64_t woken_at;
        bool is_owed; /* a wake */
        bool is_away;
        Backoff backoff;
} Follower;

/* ---- another database ---- */

/* All that were greeted are greeted anew. The lock is held. */
static void start_again(Stream *stream, const FeedEnds *ends)
{
        unsigned char boot[(BOOT_SIZE - 1) / 2];
        const int64_t newest = ends->head - (int64_t)stream->setup.frames_most;

        random_bytes(boot, sizeof(boot));
        hex_text(boot, sizeof(boot), stream->boot);
        stream->generation++;
        stream->is_ready = false;
        stream->oldest = ends->oldest;
        ring_start(&stream->ring, newest > ends->oldest - 1 ? newest : ends->oldest - 1);
}

static bool last_check(Follower *follower, const FeedEnds *ends, bool *is_same, Error *err)
{
        Ring *ring = &follower->stream->ring;
        const Frame *last = ring->first < ring->next ? ring_at(ring, ring->next - 1) : NULL;
        FeedKnown known = FEED_SAME;

        if (last && !feed_known(follower->db, last->feed, last->version, &known, err))
                return false;
        *is_same = ends->head >= ring_head(ring) &&
                   (known == FEED_SAME || (known == FEED_ABSENT && last->feed < ends->oldest));
        return true;
}

/* Only this thread writes to the ring, so it may read it without the lock. */
static bool database_check(Follower *follower, Error *err)
{
        Stream *stream = follower->stream;
        const bool is_first = !stream->is_ready && stream->ring.first == stream->ring.next;
        bool is_same = true;
        FeedEnds ends;

        if (!feed_ends(follower->db, &ends, err) || !last_check(follower, &ends, &is_same, err))
                return false;
        if (!is_same && !is_first)
                log_warning("the feed is another's than before: a database was restored, all listeners begin again",
                            LOG_NUMBER("head", ends.head), LOG_NUMBER("seen", ring_head(&stream->ring)));
        pthread_mutex_lock(&stream->lock);
        if (!is_same || is_first)
                start_again(stream, &ends);
        stream->oldest = ends.oldest;
        pthread_mutex_unlock(&stream->lock);
        follower->is_checked = true;
        return true;
}

/* ---- what is new ---- */

static void frames_add(Stream *stream, Frame *const *frames, size_t size, const FeedEnds *ends)
{
        pthread_mutex_lock(&stream->lock);
        for (size_t i = 0; i < size; i++)
                ring_add(&stream->ring, frames[i]);
        stream->oldest = ends->oldest;
        if (size < FEED_PAGE_MOST)
                stream->is_ready = true;
        metric_set(stream->metrics.head, ring_head(&stream->ring));
        pthread_mutex_unlock(&stream->lock);
}

/* *more: there may be. */
static bool page_take(Follower *follower, bool *more, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;
        Frame *frames[FEED_PAGE_MOST];
        const int64_t now = time_now();
        FeedEnds ends;
        size_t size;

        if (!feed_page(follower->db, ring_head(&follower->stream->ring), &rows, &ends, err))
                return false;
        size = feed_rows(rows);
        for (size_t i = 0; i < size; i++) {
                const FeedRow row = feed_row(rows, i);

                frames[i] = frame_new(&row, now, err);
                if (!frames[i]) {
                        while (i--)
                                frame_let_go(frames[i]);
                        return false;
                }
        }
        follower->is_owed |= size || !follower->stream->is_ready;
        frames_add(follower->stream, frames, size, &ends);
        *more = size == FEED_PAGE_MOST;
        return true;
}

/* Now and then also without news: for marks, keep-alives and who is gone. */
static void wake(Follower *follower)
{
        Stream *stream = follower->stream;
        const int64_t since = time_monotonic() - follower->woken_at;

        if (since < (follower->is_owed ? WAKE_MS : EVERY_MS))
                return;
        pthread_mutex_lock(&stream->lock);
        stream_wake_all(stream);
        pthread_mutex_unlock(&stream->lock);
        follower->woken_at = time_monotonic();
        follower->is_owed = false;
}

static bool turn(Follower *follower, bool *more, Error *err)
{
        Db *before = follower->db;

        *more = false;
        if (!stream_connect(follower->stream, &follower->db, err))
                return false;
        if (follower->db != before)
                follower->is_checked = false;
        return (follower->is_checked || database_check(follower, err)) && page_take(follower, more, err);
}

static int64_t endure(Follower *follower, const Error *err)
{
        if (!follower->is_away)
                log_warning("the stream cannot read the feed, and tries again", LOG_TEXT("error", err->text));
        follower->is_away = true;
        db_drop(&follower->db);
        follower->is_checked = false;
        return backoff_next(&follower->backoff);
}

void *stream_follow(void *context)
{
        Follower follower = { .stream = context, .backoff = { .least_ms = AGAIN_LEAST_MS, .most_ms = AGAIN_MOST_MS } };
        int64_t rest;

        do {
                Error err = { 0 };
                bool more = false;

                rest = POLL_MS;
                if (!turn(&follower, &more, &err)) {
                        rest = endure(&follower, &err);
                } else {
                        if (follower.is_away)
                                log_info("the stream reads the feed again",
                                         LOG_NUMBER("head", ring_head(&follower.stream->ring)));
                        follower.is_away = false;
                        backoff_reset(&follower.backoff);
                }
                wake(&follower);
                if (more)
                        rest = 0;
        } while (stream_sleep(follower.stream, rest));
        db_drop(&follower.db);
        return NULL;
}
