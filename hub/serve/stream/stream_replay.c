/*
 * Pages of the feed for who is behind the ring, one after the other: however many come at once, PostgreSQL is asked by one, and all
 * who miss what is in a page get that one.
 */

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"
#include "hub/serve/stream/stream_private.h"

#include <stdlib.h>

enum { AGAIN_MS = 500 };

typedef struct {
        int64_t after;
        unsigned generation;
} Wish;

/* Waits until somebody asks and there is room for one more page; NULL: it closes. */
static Listener *asking_take(Stream *stream, Wish *wish)
{
        Listener *listener = NULL;

        pthread_mutex_lock(&stream->lock);
        while (!stream->is_closing && (TAILQ_EMPTY(&stream->asking) || stream->pages >= PAGES_MOST))
                pthread_cond_wait(&stream->asked, &stream->lock);
        if (!stream->is_closing) {
                listener = TAILQ_FIRST(&stream->asking);
                TAILQ_REMOVE(&stream->asking, listener, next_asking);
                listener->is_asking = false;
                listener->is_served = true;
                *wish = (Wish){ listener->after, listener->generation };
        }
        pthread_mutex_unlock(&stream->lock);
        return listener;
}

static bool frames_make(Page *page, const DbResult *rows, Error *err)
{
        const int64_t now = time_now();

        for (const size_t size = feed_rows(rows); page->size < size; page->size++) {
                const FeedRow row = feed_row(rows, page->size);

                page->frames[page->size] = frame_new(&row, now, err);
                if (!page->frames[page->size])
                        return false;
        }
        return true;
}

/* A page that is not full holds all up to the head. *is_lost: what he missed is no longer there. */
static bool page_read(Stream *stream, Db **db, Page *page, FeedEnds *ends, bool *is_lost, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        if (!stream_connect(stream, db, err) || !feed_page(*db, page->after, &rows, ends, err))
                return false;
        *is_lost = page->after > ends->head || page->after + 1 < ends->oldest;
        if (*is_lost)
                return true;
        if (!frames_make(page, rows, err))
                return false;
        page->until = page->size == FEED_PAGE_MOST ? page->frames[page->size - 1]->feed : ends->head;
        return true;
}

/* The lock is held. */
static void page_share(Stream *stream, Page *page, const Wish *wish)
{
        Listener *listener = TAILQ_FIRST(&stream->asking), *after;

        for (; listener; listener = after) {
                after = TAILQ_NEXT(listener, next_asking);
                if (listener->generation != wish->generation || listener->after < page->after ||
                    listener->after >= page->until)
                        continue;
                TAILQ_REMOVE(&stream->asking, listener, next_asking);
                listener->is_asking = false;
                listener_page(listener, page);
                exchange_stream_wake(listener->exchange);
        }
}

/* One who is gone meanwhile, or was told to begin again, wants it no more. */
static void page_hand(Listener *listener, Page *page, const Wish *wish, bool is_lost)
{
        if (listener->is_gone || listener->generation != wish->generation)
                return;
        if (is_lost)
                listener_reset(listener);
        else
                listener_page(listener, page);
}

static void served(Stream *stream, Listener *listener, Page *page, const Wish *wish, int64_t oldest, bool is_lost)
{
        pthread_mutex_lock(&stream->lock);
        stream->oldest = oldest;
        listener->is_served = false;
        page_hand(listener, page, wish, is_lost);
        page_share(stream, page, wish);
        page_let_go(stream, page);
        if (listener->is_gone)
                listener_free(listener);
        else
                exchange_stream_wake(listener->exchange);
        pthread_mutex_unlock(&stream->lock);
}

static void failed(Stream *stream, Listener *listener, Page *page, const Wish *wish)
{
        pthread_mutex_lock(&stream->lock);
        listener->is_served = false;
        page_let_go(stream, page);
        if (listener->is_gone) {
                listener_free(listener);
        } else if (listener->generation == wish->generation) {
                listener->is_asking = true;
                TAILQ_INSERT_TAIL(&stream->asking, listener, next_asking);
        } else {
                exchange_stream_wake(listener->exchange);
        }
        pthread_mutex_unlock(&stream->lock);
}

static Page *page_new(Stream *stream, int64_t after)
{
        Page *page = mem_new(sizeof(Page));

        page->references = 1;
        page->after = page->until = after;
        pthread_mutex_lock(&stream->lock);
        stream->pages++;
        pthread_mutex_unlock(&stream->lock);
        return page;
}

void *stream_replay(void *context)
{
        CLEANUP(db_drop) Db *db = NULL;
        Stream *stream = context;
        Listener *listener;
        Wish wish;

        while ((listener = asking_take(stream, &wish))) {
                Page *page = page_new(stream, wish.after);
                bool is_lost = false;
                FeedEnds ends;
                Error err = { 0 };

                if (page_read(stream, &db, page, &ends, &is_lost, &err)) {
                        served(stream, listener, page, &wish, ends.oldest, is_lost);
                        continue;
                }
                failed(stream, listener, page, &wish);
                log_limited(LOG_WARNING, "what a listener missed cannot be read now",
                            (const LogKey[]){ LOG_TEXT("error", err.text), { 0 } });
                db_drop(&db);
                (void)stream_sleep(stream, AGAIN_MS);
        }
        return NULL;
}
