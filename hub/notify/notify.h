#pragma once

/*
 * hub notify: posts incidents' changes to one target, from the same feed as the stream, at least once: what was answered 2xx is
 * done, what was not is tried again with a back-off, each incident's changes in their order; others do not wait for it. What failed for
 * `give_up`, or was answered that it never will be taken (400, 410, 413, 415, 422), is put to the dead, and can be sent again.
 *
 * Its place is stored after each change, so a kill sends one again at most, with the id that it had. A target that was never served begins
 * at the head of the feed. While PostgreSQL is away nothing new is read; while the target is away nothing new is read either, and the outbox holds it.
 */

#include "hub/base/health.h"
#include "hub/base/metric.h"
#include "hub/db/db.h"
#include "hub/notify/target.h"

typedef struct {
        const Target *target;
        const DbOptions *postgres;
        const char *state; /* folder */
        Metrics *metrics;
        Health *health;
        bool (*stopped)(void *context);
        void *context;
} NotifySetup;

bool notify_run(const NotifySetup *setup, Error *err); /* returns when stopped; false: ERR_FATAL */
