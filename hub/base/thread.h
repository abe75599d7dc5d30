#pragma once

/* Threads beside the one that runs the program. Signals are for that one: the others hear none. */

#include <pthread.h>
#include <signal.h>

void thread_start(pthread_t *thread, void *(*run)(void *context), void *context); /* where none can be had, abort() */

/* Around what a library begins of its own. */
void thread_signals_off(sigset_t *before);
void thread_signals_back(const sigset_t *before);
