#pragma once

/* What a dialect knows beside the tables of its case, put into an event that has it not yet: behind case_event(), or event_init(). */

#include "hub/dialect/case.h"

/* Where the site's own table named none. */
void fill_category(const char *code, CategoryMethod method, Event *event);

/* `word` is the platform's, `mapped` what the site's table makes of it (NULL: nothing): our codes have digits, else it is a name of the
 * shared table. `name`: what the platform calls it beside that; NULL: nothing. */
void fill_mapped(const char *word, const char *mapped, const char *name, Event *event);

/* Another number that the case is known by, or another case; false: none, its own, rounded, or linked already. */
bool fill_link(const char *rel, const char *number, Event *event);

typedef struct {
        const char *path, *rel; /* where the other number stands, and what it is to the case */
} LinkMember;

void fill_links(const LinkMember *members, const json_t *item, Event *event); /* ends with a path of NULL */

/* The number in a member, as a measurement that is like `what`; absent none, and partial where it is not between 0 and most. */
void fill_measurement(const json_t *item, const char *path, const EventMeasurement *what, double most, Event *event);

/* A code of GB/T 2260: place.district, and of 9 digits place.subdistrict. False: it is none. */
bool fill_division(const char *code, Arena *arena, Event *event);

/* A key without bytes: the case or row of that id is gone. ERR_INPUT missing_field: id is NULL. */
bool fill_deleted(const CaseOptions *options, const Record *record, EventKind kind, const char *id, Arena *arena,
                  Event *event, Error *err);
