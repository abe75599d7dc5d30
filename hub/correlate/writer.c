#include "hub/correlate/writer.h"

#include "hub/base/memory.h"
#include "hub/base/thread.h"
#include "hub/base/time.h"

#include <stdlib.h>

struct Writer {
        pthread_t thread;
        pthread_mutex_t lock;
        pthread_cond_t turned;
        Store *store; /* NULL: there is nothing to write */
        const Decided *decided;
        bool closing, fine;
        Written written;
        Error err;
};

static void batch_write(Writer *writer, Store *store)
{
        const int64_t began = time_monotonic();
        Error err = { 0 };
        const bool fine = store_commit(store, &err);

        if (fine)
                unit_log("committed", writer->decided);
        pthread_mutex_lock(&writer->lock);
        writer->fine = fine;
        writer->err = err;
        writer->written = (Written){ time_now(), time_monotonic() - began };
        writer->store = NULL;
        pthread_cond_broadcast(&writer->turned);
        pthread_mutex_unlock(&writer->lock);
}

static Store *store_wait(Writer *writer)
{
        Store *store;

        pthread_mutex_lock(&writer->lock);
        while (!writer->store && !writer->closing)
                pthread_cond_wait(&writer->turned, &writer->lock);
        store = writer->store;
        pthread_mutex_unlock(&writer->lock);
        return store;
}

static void *writer_run(void *context)
{
        Store *store;

        while ((store = store_wait(context)))
                batch_write(context, store);
        return NULL;
}

Writer *writer_open(void)
{
        Writer *writer = mem_new(sizeof *writer);

        pthread_mutex_init(&writer->lock, NULL);
        pthread_cond_init(&writer->turned, NULL);
        thread_start(&writer->thread, writer_run, writer);
        return writer;
}

void writer_close(Writer *writer)
{
        if (!writer)
                return;
        pthread_mutex_lock(&writer->lock);
        writer->closing = true;
        pthread_cond_broadcast(&writer->turned);
        pthread_mutex_unlock(&writer->lock);
        pthread_join(writer->thread, NULL);
        pthread_cond_destroy(&writer->turned);
        pthread_mutex_destroy(&writer->lock);
        free(writer);
}

void writer_give(Writer *writer, Store *store, const Decided *decided)
{
        pthread_mutex_lock(&writer->lock);
        writer->store = store;
        writer->decided = decided;
        pthread_cond_broadcast(&writer->turned);
        pthread_mutex_unlock(&writer->lock);
}

bool writer_done(Writer *writer)
{
        bool done;

        pthread_mutex_lock(&writer->lock);
        done = writer->store == NULL;
        pthread_mutex_unlock(&writer->lock);
        return done;
}

bool writer_await(Writer *writer, Written *written, Error *err)
{
        bool fine;

        pthread_mutex_lock(&writer->lock);
        while (writer->store)
                pthread_cond_wait(&writer->turned, &writer->lock);
        fine = writer->fine;
        *written = writer->written;
        if (!fine)
                *err = writer->err;
        pthread_mutex_unlock(&writer->lock);
        return fine;
}
