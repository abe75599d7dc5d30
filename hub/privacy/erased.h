#pragma once

/*
 * Whose data was erased, and of which cases: an event that speaks of them is emptied before it is stored or decided on. It
 * comes from a restored log, from a record that is retried, or because its platform tells the case's next state.
 *
 * Emptied is what ops.emptied() in schemas/sql says of the log, the same: no reporter, description, media and address, the
 * category's name for a title, none of the plates that are theirs. Where, when and of what kind it is stays.
 */

#include "hub/event/event.h"

typedef struct Erased Erased;

typedef enum {
        ERASED_NOT,  /* the event is as it was */
        ERASED_CASE, /* emptied, of a case that is known to be theirs */
        ERASED_NEW,  /* emptied, of a case that nobody knew: erased_case() keeps it */
} ErasedVerdict;

Erased *erased_new(void);
void erased_free(Erased *erased); /* also NULL */

/* sha256: of the pseudonym, hex. What was received up to then (ms) is emptied; later reports of the person are news. */
void erased_person(Erased *erased, const char *sha256, int64_t up_to);
void erased_case(Erased *erased, const char *zone, const char *subject); /* every revision of it */

ErasedVerdict erased_apply(const Erased *erased, Event *event);
