#pragma once

/*
 * The changes that wait for another try, by their feed number. Those of one incident go in order: only its oldest may be tried.
 * Times are monotonic milliseconds.
 */

#include "hub/base/backoff.h"
#include "hub/base/metric.h"
#include "hub/notify/shelf.h"

typedef struct {
        Parcel parcel;
        int64_t due;
        Backoff backoff;
} Waiting;

typedef struct {
        Waiting *items;
        size_t size, room;
        Backoff backoff; /* of each that comes */
        Metric *gauge;   /* of how many there are */
} Backlog;

bool backlog_has(const Backlog *backlog, int64_t feed);
bool backlog_has_incident(const Backlog *backlog, const char *incident);

/* Takes the parcel over; it is due at once. Borrowed until the next change of the list. */
Waiting *backlog_add(Backlog *backlog, Parcel parcel);
void backlog_drop(Backlog *backlog, size_t at);
void backlog_free(Backlog *backlog);

/*
 * Of each incident the oldest only: the others come behind it. Among those the one that has been due for longest, so that one which
 * always fails takes no turn of another. backlog->size: none is due.
 */
size_t backlog_due(const Backlog *backlog, int64_t now);
