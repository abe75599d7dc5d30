#pragma once

/* Inside of the feed: its threads. */

#include "hub/serve/stream/listener.h"

void *stream_follow(void *context); /* what is new, into the ring; wakes who listens */
void *stream_replay(void *context); /* pages for who asks */
void *stream_doctor(void *context); /* health */

Db *stream_connect(Stream *stream, Db **db, Error *err); /* that is alive, or opened again; NULL: it is away */
bool stream_sleep(Stream *stream, int64_t ms);           /* false: it closes */
void stream_wake_all(Stream *stream);                    /* the lock is held */
