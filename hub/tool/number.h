#pragma once

/* A platform's own number as a citizen has it, in the forms that it may have as the third part of our ids and subjects. */

enum { NUMBER_FORMS = 3 };

/* Owned, each. The number may also be a whole event id or subject of ours. */
void number_forms(const char *number, char *forms[NUMBER_FORMS]);
