#pragma once

/* The pool: threads that answer requests, each with its own connection to PostgreSQL, and the bounded queue before them. */

#include "hub/serve/serve.h"

Workers *workers_open(Serve *serve);
bool workers_give(Workers *workers, Exchange *exchange); /* from any thread; false: the queue is full, or they end */
size_t workers_waiting(Workers *workers);
void workers_close(Workers *workers); /* who still waits is told 503; also NULL */
