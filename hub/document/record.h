#pragma once

/*
 * What a record holds, as a tree of JSON (hub/base/json.h), whatever it is written in.
 *
 * Bytes that are no UTF-8 are of the character set that they declare, else the content type, else GB18030. What could not be
 * decoded marks every event of the record (encoding_repaired). An empty body, one that was cut off, markup or bare words where
 * a document is due (the login page of a session that ended, with HTTP 200) are no record: ERR_RETRY, which a source that
 * cannot ask again takes for ERR_INPUT.
 */

#include "hub/adapter.h"
#include "hub/base/json.h"
#include "hub/base/xml.h"

/* JSON, whose numbers are texts (json_read()), or, with a form, XML or JSON, as an item of XML is set aside; where the form folds
 * names, those of JSON, too, and where it says so pictures inside are cut to their digests (hub/base/inlined.h). Owned. */
json_t *record_read(const Record *record, const XmlForm *form, Output *output, Error *err);

/* The same tree with names in small letters; where two become one the first counts, as of an element that comes twice. Owned. */
json_t *record_fold(json_t *tree);

/* One member under its name in letters of either case, the first that says something; NULL: none does. Borrowed. */
const json_t *record_member(const json_t *object, const char *name);
const char *record_text(const json_t *object, const char *name); /* its text */

/* What it begins with, in whatever character set: '<', '{', '[' ...; '\0': it is blank. */
char record_sign(const Record *record);

/* Kafka's key, without the quotes that serialisers of JSON put around a text; NULL: it has none. */
const char *record_key(const Record *record, Arena *arena);

/* Appends to `items` what lists of that name hold, wherever they stand: in an envelope, in the entries of a feed. */
void record_collect(const json_t *document, const char *list, json_t *items);
