#pragma once

/* UTF-8 text. Functions that take a size never read past it; what they return is valid UTF-8 when what they got was. */

#include "hub/base/buffer.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* NULL equals only NULL. Most texts that are compared differ in their first byte. */
static inline bool text_same(const char *one, const char *other)
{
        return one == other || (one && other && *one == *other && strcmp(one, other) == 0);
}

bool text_starts(const char *text, const char *start);
bool text_is_utf8(const char *bytes, size_t size);
size_t text_points(const char *text);             /* code points */
size_t text_cut(const char *text, size_t points); /* bytes that hold at most that many code points */
uint32_t text_next(const char **text,
                   const char *end); /* one code point, U+FFFD for a broken sequence; moves on; 0 at the end */
bool text_decode(const char **text, const char *end,
                 uint32_t *point);          /* the same; false for a broken one (its maximal subpart) */
void text_put(Buffer *out, uint32_t point); /* appends one code point */

/* Plain text of markup: tags out, entities decoded once, white space runs to one blank, ends trimmed, control bytes out. */
void text_plain(Buffer *out, const char *text, size_t size);

/* Of a full-width letter, digit or sign of ASCII its half-width form; of any other itself. */
uint32_t text_half(uint32_t point);

/* The next of several names in one text, parted by blanks, comma, semicolon, slash, + or 、 of either width, and *text behind it; NULL:
 * there is no more. */
const char *text_name_next(const char **text, size_t *size);

/* For comparing: full width to half width, upper to lower case (ASCII), blanks and punctuation out, digits kept. */
void text_normalise(Buffer *out, const char *text, size_t size);

/* The nearest of names to name by edit distance, or NULL when none is near enough to be meant (distance over a third). */
const char *text_nearest(const char *name, const char *const *names, size_t names_size);

bool text_read_integer(const char *text, int64_t *value); /* the whole text, decimal, in range */
bool text_read_number(const char *text, double *value);   /* the whole text, finite, C locale */

/*
 * What platforms' texts stand for. Blanks are ASCII's, full-width, no-break, zero-width ones and the byte order mark (Unicode's
 * White_Space, and what has no width).
 * A flag: false for a word that says neither yes nor no, then *flag is false; NULL and what is empty say no.
 */
bool text_is_blank(uint32_t point);
const char *text_trim(const char *text, size_t *size); /* where it begins without blanks around it, and its size then */
bool text_among(const char *words, const char *text, size_t size); /* words parted by |; letters of either case */
bool text_holds_one(const char *words, const char *text); /* somewhere in it, as they are written; NULL holds none */
bool text_is_one_of(const char *words, const char *text); /* the whole of it; NULL is none of them */
bool text_is_none(
        const char *text); /* a word that stands where there is no value (N/A, 无, 不详), whole; not "" and not NULL */
bool text_read_flag(const char *text, bool *flag);

/*
 * Whether a number that names something was rounded on its way: an exponent (2.0231e+16); or 18 digits and more whose end,
 * past the 15 that a spreadsheet keeps (from 20 digits on the 17 of a double), is all zeros, which says something of a bare
 * number or a spreadsheet's cell only. Of 16 or 17 digits it cannot be told: one true number in ten ends in 0.
 */
bool text_is_exponent(const char *text);
bool text_lost_its_end(const char *text, size_t size);
