#pragma once

/*
 * What the score says of two reports, in words for people: Chinese and English for each feature of hub/wording/feature.h, each
 * state and severity. A phrase holds "{}" where its value stands.
 */

#include "hub/base/buffer.h"

#include <jansson.h>

typedef enum { LANGUAGE_BOTH, LANGUAGE_ENGLISH, LANGUAGE_CHINESE } Language;

typedef struct {
        const char *english, *chinese;
} Phrase;

/* "Chinese / English", or one of them; each "{}" is the next of values, which end with NULL. */
void phrase_write(Buffer *out, Language language, Phrase phrase, const char *const *values);

/* One entry of dw.link.reasons, {"feature", "value", "points"}, without its points. */
void reason_write(Buffer *out, Language language, const json_t *reason);
json_t *reason_words(const json_t *reason); /* the same as {"zh": ..., "en": ...}; owned */

Phrase state_phrase(const char *state);       /* the name itself where it is not known */
Phrase severity_phrase(const char *severity); /* the same */
