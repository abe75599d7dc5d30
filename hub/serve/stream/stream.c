#include "hub/serve/stream/stream.h"

#include "hub/base/crypto.h"
#include "hub/base/memory.h"
#include "hub/base/thread.h"
#include "hub/base/time.h"
#include "hub/serve/stream/stream_private.h"

#include <stdlib.h>
#include <time.h>

enum { OK = 200, SECOND_MS = 1000, MS_NS = 1000000, BOOT_BYTES = (BOOT_SIZE - 1) / 2 };

static const MetricFamily listeners = { "hub_stream_listeners", "Clients of the stream of incidents.", METRIC_GAUGE };
static const MetricFamily frames = { "hub_stream_frames_total", "Versions that were told to clients of the stream.",
                                     METRIC_COUNTER };
static const MetricFamily replays = { "hub_stream_replays_total",
                                      "Pages that clients got from PostgreSQL, for what memory no longer held.",
                                      METRIC_COUNTER };
static const MetricFamily resets = { "hub_stream_resets_total", "Clients that were told that what they missed is gone.",
                                     METRIC_COUNTER };
static const MetricFamily head = { "hub_stream_feed", "Number of the last version that the stream knows.",
                                   METRIC_GAUGE };

/* ---- for its threads ---- */

Db *stream_connect(Stream *stream, Db **db, Error *err)
{
        if (*db && db_alive(*db))
                return *db;
        db_drop(db);
        *db = db_open(&stream->setup.postgres, "hub serve stream", "", err);
        if (*db && !feed_role(*db, err))
                db_drop(db);
        return *db;
}

bool stream_sleep(Stream *stream, int64_t ms)
{
        struct timespec until;
        bool is_open;
        int result = 0;

        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += ms / SECOND_MS;
        until.tv_nsec += ms % SECOND_MS * MS_NS;
        if (until.tv_nsec >= SECOND_MS * (int64_t)MS_NS) {
                until.tv_sec++;
                until.tv_nsec -= SECOND_MS * (int64_t)MS_NS;
        }
        pthread_mutex_lock(&stream->lock);
        while (!stream->is_closing && result == 0)
                result = pthread_cond_timedwait(&stream->closing, &stream->lock, &until);
        is_open = !stream->is_closing;
        pthread_mutex_unlock(&stream->lock);
        return is_open;
}

void stream_wake_all(Stream *stream)
{
        Listener *listener;

        TAILQ_FOREACH(listener, &stream->all, next)
        exchange_stream_wake(listener->exchange);
}

/* ---- who listens ---- */

static ssize_t stream_read(void *context, char *out, size_t room)
{
        Listener *listener = context;
        Stream *stream = listener->stream;
        ssize_t size;

        listener_look(listener);
        pthread_mutex_lock(&stream->lock);
        size = listener_read(listener, out, room);
        pthread_mutex_unlock(&stream->lock);
        return size;
}

/* One for whom a page is made is freed by who makes it. The lock is held. */
static void listener_leave(Listener *listener)
{
        Stream *stream = listener->stream;

        TAILQ_REMOVE(&stream->all, listener, next);
        metric_set(stream->metrics.listeners, (int64_t)--stream->size);
        if (listener->is_asking)
                TAILQ_REMOVE(&stream->asking, listener, next_asking);
        exchange_let_go(listener->exchange);
        listener->is_asking = false;
        listener->is_gone = true;
        if (!listener->is_served)
                listener_free(listener);
}

static void stream_gone(void *context)
{
        Listener *listener = context;
        Stream *stream = listener->stream;

        pthread_mutex_lock(&stream->lock);
        listener_leave(listener);
        pthread_mutex_unlock(&stream->lock);
}

bool stream_is_full(Stream *stream)
{
        bool is_full;

        pthread_mutex_lock(&stream->lock);
        is_full = stream->size >= stream->setup.listeners_most;
        pthread_mutex_unlock(&stream->lock);
        return is_full;
}

void stream_listen(Stream *stream, Exchange *exchange, ListenerSetup *setup)
{
        const ExchangeHeader headers[] = { { "X-Accel-Buffering", "no" }, { "X-Request-Id", setup->id }, { 0 } };
        Listener *listener = listener_new(stream, setup);

        listener->exchange = exchange_keep(exchange);
        pthread_mutex_lock(&stream->lock);
        TAILQ_INSERT_TAIL(&stream->all, listener, next);
        metric_set(stream->metrics.listeners, (int64_t)++stream->size);
        pthread_mutex_unlock(&stream->lock);
        if (!exchange_stream(exchange, &(ExchangeStream){ .status = OK,
                                                          .content_type = "text/event-stream",
                                                          .headers = headers,
                                                          .read = stream_read,
                                                          .gone = stream_gone,
                                                          .context = listener }))
                stream_gone(listener);
}

/* ---- open and close ---- */

static void metrics_make(StreamMetrics *own, Metrics *metrics)
{
        *own = (StreamMetrics){ .listeners = metrics_series(metrics, &listeners, NULL),
                                .frames = metrics_series(metrics, &frames, NULL),
                                .replays = metrics_series(metrics, &replays, NULL),
                                .resets = metrics_series(metrics, &resets, NULL),
                                .head = metrics_series(metrics, &head, NULL) };
}

static void locks_make(Stream *stream)
{
        pthread_condattr_t clock;

        pthread_mutex_init(&stream->lock, NULL);
        pthread_condattr_init(&clock);
        pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
        pthread_cond_init(&stream->closing, &clock);
        pthread_cond_init(&stream->asked, &clock);
        pthread_condattr_destroy(&clock);
}

static void threads_start(Stream *stream)
{
        thread_start(&stream->follower, stream_follow, stream);
        thread_start(&stream->replayer, stream_replay, stream);
        thread_start(&stream->doctor, stream_doctor, stream);
}

Stream *stream_open(const StreamSetup *setup)
{
        Stream *stream = mem_new(sizeof(Stream));
        unsigned char boot[BOOT_BYTES];

        stream->setup = *setup;
        stream->generation = 1;
        random_bytes(boot, sizeof(boot));
        hex_text(boot, sizeof(boot), stream->boot);
        metrics_make(&stream->metrics, setup->metrics);
        ring_open(&stream->ring, setup->frames_most, setup->bytes_most);
        TAILQ_INIT(&stream->all);
        TAILQ_INIT(&stream->asking);
        locks_make(stream);
        threads_start(stream);
        return stream;
}

void stream_close(Stream *stream)
{
        if (!stream)
                return;
        pthread_mutex_lock(&stream->lock);
        stream->is_closing = true;
        pthread_cond_broadcast(&stream->closing);
        pthread_cond_broadcast(&stream->asked);
        pthread_mutex_unlock(&stream->lock);
        pthread_join(stream->follower, NULL);
        pthread_join(stream->replayer, NULL);
        pthread_join(stream->doctor, NULL);
        ring_free(&stream->ring);
        for (size_t i = 0; i < HEALTHS; i++)
                buffer_free(&stream->health[i]);
        pthread_cond_destroy(&stream->closing);
        pthread_cond_destroy(&stream->asked);
        pthread_mutex_destroy(&stream->lock);
        free(stream);
}
