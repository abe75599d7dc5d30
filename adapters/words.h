#pragma once

/* What the option tables of several adapters have in common: a platform's words to our states, its words to our codes. */

#include "hub/adapter.h"

typedef struct {
        const char *word;
        EventState state;
        EventOutcome outcome;
        bool reopened;
} StatusWord;

/* "closed", "closed:duplicate", "processing:reopened" */
bool status_word_read(const char *text, StatusWord *status);

/* The site's own table first, then `words`, which ends with a word of NULL; false: neither knows it. Letters of either case. */
bool status_word_find(const TextTable *own, const StatusWord *words, const char *word, StatusWord *status);

/* Whether each value of the `states` (`categories`) option is a state (a code); ERR_FATAL names the first that is not. */
bool states_check(const TextTable *states, Error *err);
bool codes_check(const TextTable *codes, Error *err);
