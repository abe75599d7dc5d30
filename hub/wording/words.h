#pragma once

/*
 * How common words are: in how many texts of a zone each hashed gram stood. Weights of day D are the counts up to the end of
 * D - 1 (midnight in Shanghai, zone time), each subject counted once, by its first revision. Integers only.
 */

#include "hub/base/buffer.h"
#include "hub/base/error.h"
#include "hub/base/time.h"
#include "hub/wording/forms.h"

typedef struct {
        uint32_t known[READING_CODES], today[READING_CODES]; /* texts that hold the code */
        uint32_t known_texts, today_texts;
        int64_t day;    /* since 1970, Shanghai; INT64_MIN before the first time */
        int64_t offset; /* log offset of the day's first entry */
        bool passed;    /* midnight passed since words_stored() */
        Forms forms;    /* of speech, from the file of day 0 */
} Words;

/* The counts of the very first day, from a file like schemas/words.yaml, into words that are all 0. */
bool words_start(Words *words, const char *path, Error *err);
void words_time(Words *words, int64_t zone_time, int64_t offset); /* passes midnight where it did */
void words_count(Words *words, const char *title, const char *description);
uint32_t words_weight(const Words *words, uint16_t code); /* 64 x log2 of how rare it is, at least 8; words NULL: 64 */
int64_t words_day(int64_t zone_time);

/* The counts up to the last midnight as bytes that are the same on every machine. */
void words_write(const Words *words, Buffer *out);
bool words_read(Words *words, const char *bytes, size_t size);
uint32_t log2_64(uint64_t value); /* 64 x log2, to one in 64; value at least 1 */
