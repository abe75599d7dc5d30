/* Guards of what peers are told: puback, early. */

#include "controls.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/pipe/runner_private.h"
#include "hub/source/spool/spool.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { HELD_MS = 300 };

/* What was acknowledged and is not yet in the spool; the reader puts it there. */
typedef struct {
        char *topic, *bytes; /* owned */
        SpoolMessage message;
        int64_t due; /* monotonic */
} Held;

static struct {
        pthread_mutex_t lock;
        Held *items;
        size_t size;
} held = { .lock = PTHREAD_MUTEX_INITIALIZER };

bool __real_spool_add(Spool *spool, const SpoolMessage *message, Error *err);
bool __wrap_spool_add(Spool *spool, const SpoolMessage *message, Error *err);
bool __real_spool_read(Spool *spool, int wait_ms, SpoolRecord *record, Error *err);
bool __wrap_spool_read(Spool *spool, int wait_ms, SpoolRecord *record, Error *err);
bool __real_runner_open(Runner *runner, Error *err);
bool __wrap_runner_open(Runner *runner, Error *err);
void __real_flight_answer(Flight *flight, const Reply *reply);
void __wrap_flight_answer(Flight *flight, const Reply *reply);

bool __wrap_spool_add(Spool *spool, const SpoolMessage *message, Error *err)
{
        Held *last;

        if (!is_away("puback"))
                return __real_spool_add(spool, message, err);
        pthread_mutex_lock(&held.lock);
        held.items = mem_resize(held.items, (held.size + 1) * sizeof(*held.items));
        last = &held.items[held.size++];
        *last = (Held){ .topic = text_copy(message->topic),
                        .bytes = mem_copy(message->bytes, message->size),
                        .message = *message,
                        .due = time_monotonic() + HELD_MS };
        last->message.topic = last->topic;
        last->message.bytes = last->bytes;
        pthread_mutex_unlock(&held.lock);
        return true;
}

static bool held_add(Spool *spool, Error *err)
{
        size_t done = 0;
        bool is_fine = true;

        pthread_mutex_lock(&held.lock);
        for (; is_fine && done < held.size && held.items[done].due <= time_monotonic(); done++) {
                is_fine = __real_spool_add(spool, &held.items[done].message, err);
                free(held.items[done].topic);
                free(held.items[done].bytes);
        }
        held.size -= done;
        if (held.size)
                memmove(held.items, held.items + done, held.size * sizeof(*held.items));
        pthread_mutex_unlock(&held.lock);
        return is_fine;
}

bool __wrap_spool_read(Spool *spool, int wait_ms, SpoolRecord *record, Error *err)
{
        return held_add(spool, err) && __real_spool_read(spool, wait_ms, record, err);
}

static const Settle *answering;

bool __wrap_runner_open(Runner *runner, Error *err)
{
        answering = &runner->settle;
        return __real_runner_open(runner, err);
}

void __wrap_flight_answer(Flight *flight, const Reply *reply)
{
        Error unheard = { 0 };

        if (is_away("early"))
                (void)answering->kind->answer(answering->source, flight->token, reply, &unheard);
        __real_flight_answer(flight, reply);
}
