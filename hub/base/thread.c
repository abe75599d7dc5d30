#include "hub/base/thread.h"

#include <stdlib.h>

void thread_signals_off(sigset_t *before)
{
        sigset_t all;

        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, before);
}

void thread_signals_back(const sigset_t *before)
{
        pthread_sigmask(SIG_SETMASK, before, NULL);
}

void thread_start(pthread_t *thread, void *(*run)(void *context), void *context)
{
        sigset_t before;

        thread_signals_off(&before);
        if (pthread_create(thread, NULL, run, context) != 0)
                abort();
        thread_signals_back(&before);
}
