#include "hub/serve/worker.h"

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/thread.h"
#include "hub/base/time.h"
#include "hub/serve/call.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { IDLE_S = 5, TRIES = 2, STATEMENT_MOST_MS = 15 * 1000 };

typedef struct {
        Workers *workers;
        pthread_t thread;
        Db *db;
} Worker;

struct Workers {
        Serve *serve;
        DbOptions postgres;
        pthread_mutex_t lock;
        pthread_cond_t more;
        Exchange **queue; /* a ring */
        size_t most, first, waiting;
        bool is_closing, is_away; /* PostgreSQL, as the last that asked it found it */
        Worker *items;
        size_t size;
};

/* ---- PostgreSQL ---- */

/* The first that finds it away, or back, says so. */
static void reached_note(Workers *workers, const Error *why)
{
        bool is_news;

        pthread_mutex_lock(&workers->lock);
        is_news = workers->is_away != (why != NULL);
        workers->is_away = why;
        pthread_mutex_unlock(&workers->lock);
        health_set(workers->serve->health, HEALTH_POSTGRES, !why);
        if (is_news && why)
                log_warning("PostgreSQL is away", LOG_TEXT("error", why->text));
        else if (is_news)
                log_info("PostgreSQL is back", LOG_TEXT("part", "serve"));
}

/* Whoever we log in as: nothing more than hub_api may, and nothing that writes. */
static bool role_take(Db *db, Error *err)
{
        return db_query(db, NULL,
                        "SELECT set_config('default_transaction_read_only', 'on', false),"
                        " CASE WHEN pg_has_role('hub_api', 'MEMBER') THEN set_config('role', 'hub_api', false) END",
                        NULL, 0, err);
}

static bool worker_connect(Worker *worker, Error *err)
{
        if (worker->db && db_alive(worker->db))
                return true;
        db_drop(&worker->db);
        worker->db = db_open(&worker->workers->postgres, "hub serve", "", err);
        if (worker->db && !role_take(worker->db, err))
                db_drop(&worker->db);
        reached_note(worker->workers, worker->db ? NULL : err);
        return worker->db;
}

/* ---- requests ---- */

/* NULL: it is time to end, or nothing came for a while. */
static Exchange *queue_take(Workers *workers, bool *is_closing)
{
        Exchange *exchange = NULL;
        struct timespec until;
        int result = 0;

        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += IDLE_S;
        pthread_mutex_lock(&workers->lock);
        while (!workers->waiting && !workers->is_closing && result == 0)
                result = pthread_cond_timedwait(&workers->more, &workers->lock, &until);
        *is_closing = workers->is_closing;
        if (workers->waiting && !workers->is_closing) {
                exchange = workers->queue[workers->first];
                workers->first = (workers->first + 1) % workers->most;
                workers->waiting--;
        }
        pthread_mutex_unlock(&workers->lock);
        return exchange;
}

/* A connection that broke under a question is opened again, and the question put once more: it changed nothing. */
static void exchange_serve(Worker *worker, Exchange *exchange)
{
        Call *call = call_new(worker->workers->serve, exchange);
        Error err = { 0 };

        for (int i = 0; i < TRIES && call_open(call); i++) {
                const bool is_there = !call_wants_database(call) || worker_connect(worker, &err);

                call->db = is_there ? worker->db : NULL;
                if (is_there)
                        call_run(call);
                else
                        call_trouble(call, &err);
                if (!is_there || !worker->db || db_alive(worker->db) || !text_same(call->request->method, "GET"))
                        break;
        }
        call_end(call);
}

/* An idle one looks whether PostgreSQL is still there, so that /readyz knows. */
static void idle(Worker *worker)
{
        Error err = { 0 };

        if (worker_connect(worker, &err) && !db_run(worker->db, "SELECT 1", &err))
                reached_note(worker->workers, &err);
}

static void *worker_run(void *context)
{
        Worker *worker = context;
        bool is_closing = false;
        Error err = { 0 };

        (void)worker_connect(worker, &err);
        while (!is_closing) {
                Exchange *exchange = queue_take(worker->workers, &is_closing);

                if (exchange)
                        exchange_serve(worker, exchange);
                else if (!is_closing)
                        idle(worker);
        }
        db_drop(&worker->db);
        return NULL;
}

bool workers_give(Workers *workers, Exchange *exchange)
{
        bool is_room;

        pthread_mutex_lock(&workers->lock);
        is_room = workers->waiting < workers->most && !workers->is_closing;
        if (is_room) {
                workers->queue[(workers->first + workers->waiting++) % workers->most] = exchange;
                pthread_cond_signal(&workers->more);
        }
        pthread_mutex_unlock(&workers->lock);
        return is_room;
}

size_t workers_waiting(Workers *workers)
{
        size_t waiting;

        pthread_mutex_lock(&workers->lock);
        waiting = workers->waiting;
        pthread_mutex_unlock(&workers->lock);
        return waiting;
}

/* ---- open and close ---- */

static void threads_start(Workers *workers)
{
        for (size_t i = 0; i < workers->size; i++) {
                workers->items[i].workers = workers;
                thread_start(&workers->items[i].thread, worker_run, &workers->items[i]);
        }
}

Workers *workers_open(Serve *serve)
{
        const ServeOptions *options = &serve->config->serve;
        Workers *workers = mem_new(sizeof(Workers));
        pthread_condattr_t clock;

        workers->serve = serve;
        workers->postgres = serve->config->postgres;
        if (!workers->postgres.statement_timeout_ms || workers->postgres.statement_timeout_ms > STATEMENT_MOST_MS)
                workers->postgres.statement_timeout_ms = STATEMENT_MOST_MS;
        workers->most = (size_t)options->queue;
        workers->queue = mem_new(workers->most * sizeof(Exchange *));
        workers->size = (size_t)options->workers;
        workers->items = mem_new(workers->size * sizeof(Worker));
        pthread_mutex_init(&workers->lock, NULL);
        pthread_condattr_init(&clock);
        pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
        pthread_cond_init(&workers->more, &clock);
        pthread_condattr_destroy(&clock);
        threads_start(workers);
        return workers;
}

void workers_close(Workers *workers)
{
        if (!workers)
                return;
        pthread_mutex_lock(&workers->lock);
        workers->is_closing = true;
        pthread_cond_broadcast(&workers->more);
        pthread_mutex_unlock(&workers->lock);
        for (size_t i = 0; i < workers->size; i++)
                pthread_join(workers->items[i].thread, NULL);
        for (; workers->waiting; workers->waiting--) {
                call_refuse(workers->serve, workers->queue[workers->first]);
                workers->first = (workers->first + 1) % workers->most;
        }
        pthread_mutex_destroy(&workers->lock);
        pthread_cond_destroy(&workers->more);
        free(workers->queue);
        free(workers->items);
        free(workers);
}
