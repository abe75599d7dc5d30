#pragma once

/*
 * A revision is what a platform says of its case now. What it leaves out keeps its last known value, but for the status
 * (messages.md section 2, order of revisions): a row with number and state alone takes nothing away.
 */

#include "hub/incident/member.h"

/* A title that only repeats the name of the category, ours or the platform's, was put there because one is needed. */
bool revision_with_title(const Event *event);
/* Nothing of a platform's own said of what kind it is. */
bool revision_without_category(const Event *event);
/* The event with what it leaves out as the member has it; texts are borrowed from both. */
void revision_complete(Event *whole, const Event *event, const Member *known, const Rules *rules);
