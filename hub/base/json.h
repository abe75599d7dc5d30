#pragma once

/*
 * JSON for adapters and tools, over Jansson. Duplicate members, depth over 32 and anything that RFC 8259 forbids are refused.
 *
 * json_read() hands numbers over as strings with their literal text: an id of 41 digits, given without quotes, keeps every
 * digit, and 24.50 stays 24.50; platforms quote numbers or do not, and one accessor serves both. But a bare whole number that
 * lost its end on its way as a double does (text_lost_its_end()) comes in exponent form, 350206231205e+6, so that it names
 * nothing. An escaped NUL, which no text of ours can hold, becomes U+FFFD; json_read_typed() refuses it with bad_value.
 */

#include "hub/base/buffer.h"
#include "hub/base/error.h"

#include <jansson.h>
#include <stdint.h>

json_t *json_read(const char *bytes, size_t size, Error *err);       /* owned; numbers become strings */
json_t *json_read_typed(const char *bytes, size_t size, Error *err); /* owned; numbers stay numbers */

/*
 * json_read() of what platforms send instead: tried strictly first, so that what is right costs nothing more. Mended are,
 * within the document's signs: halves of surrogate pairs, bytes that are no UTF-8, raw control bytes and unknown escapes in
 * strings (`text`; what is no character becomes U+FFFD); NaN, Infinity, undefined, None and the like (null), True and False,
 * numbers as +1 or .5 (texts), surplus commas and missing values (`value`). So one bad character costs no page. Else NULL
 * and why the strict reader refused it; `cut`: because it ends too early.
 */
typedef struct {
        bool text, value, cut;
} JsonMend;

json_t *json_read_mended(const char *bytes, size_t size, JsonMend *found,
                         Error *err); /* owned; numbers become strings */

/*
 * A member by dotted path ("after.camera", "data.events.0.id"). json_at() gives NULL where the path ends. json_text() gives
 * the text of a string, "true" or "false" of a boolean, and NULL when absent, null, empty, "-", nothing but blanks, an object or an array:
 * borrowed from the document.
 */
const json_t *json_at(const json_t *json, const char *path);
const char *json_text(const json_t *json, const char *path);
const char *json_first(const json_t *json, const char *paths); /* of paths parted by | the first that has a text */
/* What the next of such paths leads to, and moves on behind it; *size: of that path. */
const json_t *json_next(const json_t *json, const char **paths, size_t *size);
/* Of such paths the first that leads to an array, an object or a text; its path in `path`, which may be NULL, until mem_drop(). */
const json_t *json_find(const json_t *json, const char *paths, char **path);
bool json_flag(const json_t *json, const char *path); /* true, "true", a number (or its text) that is not 0 */

/* A number in text: the whole text must be one, finite. Refused with reason bad_value, or missing_field where json_text()
 * says absent, and with the field's name, not its value. */
bool json_number(const json_t *json, const char *path, double *value, Error *err);

void json_drop(json_t **json); /* for CLEANUP */

/*
 * Before any document is made, once: jansson's memory is json_blocks.h's, which aborts where there is none, as mem_new()
 * does. By itself jansson says NULL, and whoever adds that to a document loses a member without a word.
 */
void json_guard(void);

/* Writers: a JSON string with its quotes, escaped as RFC 8259 demands (control bytes \u00XX, '"', '\\'), UTF-8 as it is. */
void json_write_text(Buffer *out, const char *text, size_t size);
/* An object or array, compact; NULL: nothing. Without memory it aborts, as mem_new() does: never half of it. */
void json_write_value(Buffer *out, const json_t *json);
