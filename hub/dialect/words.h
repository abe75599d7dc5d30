#pragma once

/*
 * A platform's words to our states, gravities and codes. Words of a row are parted by |; letters of either case, blanks of any
 * kind around a word do not count. One table of the workflow's words (受理 to 结案) serves all dialects: a dialect names only
 * what it has beside them, and a site's own table goes before both.
 */

#include "hub/adapter.h"

typedef struct {
        const char *words;
        EventState state;
        EventOutcome outcome;
        bool reopened;
} StatusWords;

typedef struct {
        const char *words;
        EventSeverity severity;
} SeverityWords;

/* The row of `words`, which ends with a zero one, that has the whole word; NULL: none, or no word. */
const StatusWords *status_words_find(const StatusWords *words, const char *word);

/* The site's own, then `words` (NULL: none beside the workflow's; else ends with a zero row), then the workflow's. False: unknown. */
bool status_find(const TextTable *own, const StatusWords *words, const char *word, StatusWords *status);
EventSeverity severity_words_find(const SeverityWords *words,
                                  const char *word); /* NONE: unknown; ends with a zero row */

/* For Option.check, of a TextTable: each value is "closed", "closed:duplicate" or "processing:reopened"; is a code. ERR_FATAL. */
bool states_check(const char *option, const void *states, Error *err);
bool codes_check(const char *option, const void *codes, Error *err);
bool code_check(const char *option, const void *code, Error *err); /* of a text */
