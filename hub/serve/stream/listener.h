#pragma once

/*
 * One who listens: a number of the feed up to which he was told all that he wants to see (`after`), and what is told next: texts of
 * his own (hello, reset, marks), a frame that is half told, a page from PostgreSQL, or the ring. Under the feed's lock.
 */

#include "hub/serve/stream/ring.h"
#include "hub/serve/stream/stream.h"

#include <pthread.h>
#include <sys/queue.h>

enum {
        PAGES_MOST = 16,
        KEEPALIVE_MS = 15 * 1000,
        MARK_MS = 5 * 1000,
        LOOK_MS = 5 * 1000,
        STREAM_MS = 30 * 60 * 1000,
        BOOT_SIZE = 17,
        HEALTHS = 2 /* for those who see all zones, and for others */
};

/* Of the feed, from PostgreSQL, for all who asked and find in it what they miss. */
typedef struct Page {
        unsigned references;  /* under the stream's lock */
        int64_t after, until; /* all above the one and up to the other is in it, or was never there */
        size_t size;
        Frame *frames[FEED_PAGE_MOST];
} Page;

typedef struct Listener {
        TAILQ_ENTRY(Listener) next, next_asking;
        Stream *stream;
        Exchange *exchange; /* kept */
        Filter filter, rights;
        bool has_after, is_whole;
        int64_t after, told; /* told: the number that his client knows */
        uint64_t place;      /* in the ring; looked for where it is gone */
        unsigned generation; /* of the feed that greeted him; 0: none did */
        unsigned health;     /* that he was told */
        Frame *current;
        bool is_left;
        size_t offset;
        Buffer own;
        size_t own_at;
        Page *page;
        size_t page_at;
        bool is_asking, is_served, is_gone; /* in the queue for a page; a page is made for him */
        bool (*may)(void *proof);           /* NULL: he may; as ListenerSetup has it */
        void (*proof_free)(void *proof);
        void *proof;
        int64_t said_at, marked_at, looked_at, ends_at; /* monotonic */
} Listener;

TAILQ_HEAD(Listeners, Listener);

typedef struct {
        Metric *listeners, *frames, *replays, *resets, *head;
} StreamMetrics;

struct Stream {
        StreamSetup setup;
        StreamMetrics metrics;
        pthread_t follower, replayer, doctor;
        pthread_mutex_t lock;
        pthread_cond_t asked, closing; /* the replayer; all that sleep */
        bool is_closing, is_ready;     /* ready: the ring is filled */
        unsigned generation;           /* rises when the database turned out to be another; from 1 */
        char boot[BOOT_SIZE];
        Ring ring;
        int64_t oldest; /* as last seen */
        struct Listeners all, asking;
        size_t size, pages; /* of listeners; of pages that anybody holds */
        Buffer health[HEALTHS];
        unsigned health_number;
};

Listener *listener_new(Stream *stream, ListenerSetup *setup); /* takes its filter over */
void listener_free(Listener *listener);                       /* and what it holds of the feed's pages */

void listener_look(Listener *listener); /* whether he may listen still; without the lock, on the thread that reads */
/* As ExchangeStream's read(); the lock is held. */
ssize_t listener_read(Listener *listener, char *out, size_t room);
void listener_reset(Listener *listener); /* what he missed is gone: he goes on at the head */

void listener_page(Listener *listener, Page *page); /* keeps it; page->after <= listener->after */
void page_let_go(Stream *stream, Page *page);
