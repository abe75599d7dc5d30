/*
 * C11's threads and locks as POSIX ones, for tests under ThreadSanitizer: gcc 12's does not know those that librdkafka uses, so that the
 * first allocation in such a thread ends the process, and what a lock orders looks like a race. glibc has both as the same things in
 * memory (nptl/mtx_lock.c, cnd_wait.c).
 */

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <threads.h>

typedef struct {
        thrd_start_t run;
        void *context;
} Start;

static void *start(void *context)
{
        const Start begun = *(Start *)context;

        free(context);
        return (void *)(intptr_t)begun.run(begun.context);
}

int thrd_create(thrd_t *thread, thrd_start_t run, void *context)
{
        Start *made = malloc(sizeof *made);

        if (!made)
                return thrd_nomem;
        *made = (Start){ run, context };
        if (pthread_create(thread, NULL, start, made) == 0)
                return thrd_success;
        free(made);
        return thrd_error;
}

int thrd_join(thrd_t thread, int *result)
{
        void *value;

        if (pthread_join(thread, &value) != 0)
                return thrd_error;
        if (result)
                *result = (int)(intptr_t)value;
        return thrd_success;
}

int thrd_detach(thrd_t thread)
{
        return pthread_detach(thread) == 0 ? thrd_success : thrd_error;
}

static int told(int code)
{
        return code == 0 ? thrd_success : code == EBUSY ? thrd_busy : code == ETIMEDOUT ? thrd_timedout : thrd_error;
}

static pthread_mutex_t *mutex_of(mtx_t *lock)
{
        return (pthread_mutex_t *)lock;
}

static pthread_cond_t *condition_of(cnd_t *condition)
{
        return (pthread_cond_t *)condition;
}

int mtx_lock(mtx_t *lock)
{
        return told(pthread_mutex_lock(mutex_of(lock)));
}

int mtx_trylock(mtx_t *lock)
{
        return told(pthread_mutex_trylock(mutex_of(lock)));
}

int mtx_unlock(mtx_t *lock)
{
        return told(pthread_mutex_unlock(mutex_of(lock)));
}

void mtx_destroy(mtx_t *lock)
{
        pthread_mutex_destroy(mutex_of(lock));
}

int cnd_wait(cnd_t *condition, mtx_t *lock)
{
        return told(pthread_cond_wait(condition_of(condition), mutex_of(lock)));
}

int cnd_timedwait(cnd_t *condition, mtx_t *lock, const struct timespec *until)
{
        return told(pthread_cond_timedwait(condition_of(condition), mutex_of(lock), until));
}

int cnd_signal(cnd_t *condition)
{
        return told(pthread_cond_signal(condition_of(condition)));
}

int cnd_broadcast(cnd_t *condition)
{
        return told(pthread_cond_broadcast(condition_of(condition)));
}
