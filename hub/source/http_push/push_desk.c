#include "hub/source/http_push/push_source.h"

#include "hub/base/memory.h"
#include "hub/base/thread.h"
#include "hub/base/time.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STALL_MS = 2000, SECOND = 1000, NANOSECONDS = 1000000, TOO_MANY = 429, UNAVAILABLE = 503 };

void waiting_free(Waiting *waiting)
{
        if (!waiting)
                return;
        free(waiting->signed_id);
        free(waiting);
}

bool push_tell(const Source *source, Exchange *exchange, unsigned status)
{
        const bool is_later = status == TOO_MANY || status == UNAVAILABLE;
        const ExchangeHeader later[] = { { "Retry-After", source->retry_after }, { 0 } };

        return exchange_answer(exchange, &(ExchangeAnswer){ .status = status, .headers = is_later ? later : NULL });
}

/* ---- patience ---- */

static void unread_expire(Source *source, int64_t now)
{
        Waiting *waiting;

        while ((waiting = TAILQ_FIRST(&source->unread)) && waiting->due <= now) {
                TAILQ_REMOVE(&source->unread, waiting, next);
                source->unread_size--;
                source->refused++;
                (void)push_tell(source, waiting->exchange, UNAVAILABLE);
                waiting_free(waiting);
        }
}

static Waiting *taken_untold(const Source *source)
{
        Waiting *waiting;

        TAILQ_FOREACH(waiting, &source->taken, next)
        if (waiting->exchange)
                return waiting;
        return NULL;
}

static void taken_expire(Source *source, int64_t now)
{
        Waiting *waiting;

        while ((waiting = taken_untold(source)) && waiting->due <= now) {
                source->refused++;
                (void)push_tell(source, waiting->exchange, UNAVAILABLE);
                waiting->exchange = NULL;
        }
}

/* Both lists are in the order in which they came, so their first ones are due first. */
static int64_t due_next(const Source *source)
{
        const Waiting *unread = TAILQ_FIRST(&source->unread), *taken = taken_untold(source);

        if (unread && taken)
                return unread->due < taken->due ? unread->due : taken->due;
        return unread ? unread->due : taken ? taken->due : 0;
}

static void *patience_run(void *context)
{
        Source *source = context;
        struct timespec until;

        pthread_mutex_lock(&source->lock);
        while (!source->is_closing) {
                const int64_t now = time_monotonic();
                int64_t due;

                unread_expire(source, now);
                taken_expire(source, now);
                due = due_next(source);
                until = (struct timespec){ due / SECOND, due % SECOND * NANOSECONDS };
                if (due)
                        pthread_cond_timedwait(&source->changed, &source->lock, &until);
                else
                        pthread_cond_wait(&source->changed, &source->lock);
        }
        pthread_mutex_unlock(&source->lock);
        return NULL;
}

/* ---- open and close ---- */

void desk_open(Source *source)
{
        pthread_condattr_t clock;

        TAILQ_INIT(&source->unread);
        TAILQ_INIT(&source->taken);
        pthread_mutex_init(&source->lock, NULL);
        pthread_condattr_init(&clock);
        pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
        pthread_cond_init(&source->arrived, &clock);
        pthread_cond_init(&source->changed, &clock);
        pthread_condattr_destroy(&clock);
        thread_start(&source->patience, patience_run, source);
}

static void list_close(const Source *source, WaitingList *list)
{
        Waiting *waiting;

        while ((waiting = TAILQ_FIRST(list))) {
                TAILQ_REMOVE(list, waiting, next);
                if (waiting->exchange)
                        (void)push_tell(source, waiting->exchange, UNAVAILABLE);
                waiting_free(waiting);
        }
}

void desk_close(Source *source)
{
        pthread_mutex_lock(&source->lock);
        source->is_closing = true;
        list_close(source, &source->unread);
        list_close(source, &source->taken);
        pthread_cond_signal(&source->changed);
        pthread_mutex_unlock(&source->lock);
        pthread_join(source->patience, NULL);
}

/* ---- one of them ---- */

void desk_add(Source *source, Waiting *waiting)
{
        if (source->is_closing) {
                (void)push_tell(source, waiting->exchange, UNAVAILABLE);
                waiting_free(waiting);
                return;
        }
        waiting->token = ++source->tokens;
        waiting->due = time_monotonic() + source->options->patience;
        TAILQ_INSERT_TAIL(&source->unread, waiting, next);
        source->unread_size++;
        pthread_cond_signal(&source->arrived);
        pthread_cond_signal(&source->changed);
}

Waiting *desk_take(Source *source)
{
        Waiting *waiting = TAILQ_FIRST(&source->unread);

        if (!waiting)
                return NULL;
        TAILQ_REMOVE(&source->unread, waiting, next);
        source->unread_size--;
        TAILQ_INSERT_TAIL(&source->taken, waiting, next);
        return waiting;
}

Waiting *desk_find(Source *source, uint64_t token)
{
        Waiting *waiting;

        TAILQ_FOREACH(waiting, &source->taken, next)
        if (waiting->token >= token)
                return waiting->token == token ? waiting : NULL;
        return NULL;
}

void desk_drop(Source *source, Waiting *waiting)
{
        TAILQ_REMOVE(&source->taken, waiting, next);
        if (waiting->exchange)
                (void)push_tell(source, waiting->exchange, UNAVAILABLE);
        waiting_free(waiting);
}

/* ---- too many ---- */

static size_t host_size(const char *peer)
{
        const char *colon = strrchr(peer, ':');

        return colon ? (size_t)(colon - peer) : strlen(peer);
}

static int64_t list_of_peer(const WaitingList *list, const char *peer)
{
        const size_t size = host_size(peer);
        const Waiting *waiting;
        int64_t found = 0;

        TAILQ_FOREACH(waiting, list, next)
        {
                const char *other = waiting->exchange ? exchange_request(waiting->exchange)->peer : "";

                found += host_size(other) == size && memcmp(other, peer, size) == 0;
        }
        return found;
}

/* Nobody reads: the bus is full, or Kafka or the disk away, or we are paused. To take more would only make them wait. */
unsigned desk_overload(const Source *source, const ExchangeRequest *request, const char **why)
{
        const int64_t now = time_monotonic();
        const Waiting *oldest = TAILQ_FIRST(&source->taken);

        *why = "a peer has too many requests that wait";
        if (list_of_peer(&source->unread, request->peer) + list_of_peer(&source->taken, request->peer) >=
            source->options->connections_per_peer)
                return TOO_MANY;
        *why = source->is_closing ? "we stop" : "nothing is read: paused, or the bus is full";
        if (source->is_closing || now - source->read_at > STALL_MS)
                return UNAVAILABLE;
        *why = "what was read is not in Kafka yet";
        return oldest && oldest->due <= now ? UNAVAILABLE : 0;
}
