#pragma once

/*
 * What registries say of a zone's places and things: permits, stalls and their sites, in the rows of kind registry whose category a rule
 * names (`registry` of rules.yaml). A row allows what is reported beside it, or of the very thing that it names, while it is in force:
 * it was granted, its validity holds, and it is open at that hour. What ran out within CONTEXT_LAPSED_MS speaks against it; later
 * than that, and once it was withdrawn or deleted, it is forgotten.
 *
 * Opening hours stand in a row's description, alone: "17:00-23:00", "18:00:00-02:00:00", in Shanghai. A row without a place or
 * hours of its own, a stall, has those of a row that names one of its things, its site.
 *
 * Rows are asked about a moment, a report's, never about now: what is answered is a function of the log.
 */

#include "hub/incident/incident.h"

#define CONTEXT_LAPSED_MS INT64_C(2592000000) /* 30 days */

typedef struct {
        char *subject, *category;
        MemberObject *objects; /* owned */
        size_t objects_size;
        GeoPoint point;
        int64_t accuracy_cm;
        int64_t from, until, updated; /* TIME_NONE: not told */
        int64_t ended;                /* zone time of its withdrawal or deletion; TIME_NONE: it stands */
        int32_t opens, closes;        /* minutes of the day; both -1: at any hour */
        bool granted;                 /* not asked for, suspended */
} ContextRow;

typedef struct Context Context;

Context *context_new(void);
void context_free(Context *context);
size_t context_size(const Context *context);

const ContextRow *context_find(const Context *context, const char *subject); /* NULL: not known */
/* A revision, of which an older one changes nothing: NULL. What it leaves out stays, but for the status. */
const ContextRow *context_take(Context *context, const Event *event, int64_t zone_time);
/* Forgets what says nothing any more at zone_time; tells of each. */
void context_forget(Context *context, int64_t zone_time, void (*gone)(const char *subject, void *of), void *of);

void context_row_write(Buffer *out, const ContextRow *row);
bool context_row_read(Context *context, const char *text, size_t size, Error *err);

/* Does the row name one of the member's things, or stand beside it? Positions less accurate than wide_cm are no neighbours. */
bool context_names(const ContextRow *row, const MemberObject *objects, size_t size);
bool context_beside(const ContextRow *row, const Member *member, int64_t wide_cm);

/*
 * What the rows of the category say of the member, at the time when it occurred; those that name its thing before those beside it, one in
 * force before one that ran out, and that before one that is not open, ties to the smaller subject. subject: of that row, borrowed; NULL where nothing is said.
 */
RegistryWord context_judge(const Context *context, const char *category, const Member *member, int64_t wide_cm,
                           const char **subject);
/* The row with the place of one of these things; NULL: none knows it. */
const ContextRow *context_place(const Context *context, const EventObject *objects, size_t size);
