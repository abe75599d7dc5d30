#pragma once

/*
 * Times that cannot be (messages.md section 2, order of revisions): before 1990, or ahead of the moment when the event was
 * received by more than ten minutes, deadline and valid by more than fifty years; a closing before the event occurred, where
 * the platform told both. Each is taken as not told, and the event marked partial, and clock_future where one was ahead.
 */

#include "hub/event/event.h"

/* Clocks of two parties differ by so much. */
#define BELIEVE_AHEAD_MS INT64_C(600000)

void event_believe(Event *event); /* received is set; occurred stays as it is */

/*
 * Of an event that is made now: the same, and its beginning. An occurred before 1990 or over fifty years ahead is none; a
 * report without one gets received in its place, marked clock_missing; one that is ahead by less stays, marked clock_future.
 */
void event_date(Event *event);
