#pragma once

/*
 * A page: many items in one answer, or one item alone, as it is set aside and tried again; also where a list was due, as who turns XML
 * into JSON writes a list of one.
 *
 * An answer that says that it failed, and brings no item, is no page: ERR_RETRY, so the source asks again and its position does
 * not move. What says so: a code (but 0, 200 to 299, ok ...), success: false, hasError: true, an error that is not empty, beside
 * the items or around them; an array of such objects. Where items came with it they are believed: a platform is known that says
 * hasError: true with good data. The option `ok` (code=0, code=0|200) says what a success looks like, then nothing else counts.
 */

#include "hub/adapter.h"
#include "hub/base/json.h"

typedef struct {
        char *items, *ok;
} PageOptions;

extern const Option page_options[]; /* a part: items, ok */

typedef struct {
        /* What only an item has, its number; "": it is none that may have been rounded; NULL: the object is no item. In `arena`. */
        const char *(*number)(const void *options, const json_t *object, Arena *arena);
        const char *numbers; /* in place of number(): paths of it, parted by |, of which an item has one */
        /* Paths parted by |: items are taken in the order of these times (hub/document/order.h); NULL: as they stand. */
        const char *times;
        bool (*translate)(const void *options, const json_t *item, Output *output, Error *err); /* an object, always */
        const char *
                lists; /* paths parted by |: where the items lie, unless option `items` says it; NULL: the page is the array */
} PageForm;

/* The array of items, by option `items`, else the first of the form's lists that is one; NULL: there is none. */
const json_t *page_items(const PageForm *form, const PageOptions *of, const json_t *page);

/*
 * Every item. A bad one (ERR_INPUT) is set aside as JSON, which translate() takes alone, and the others go on; with anything else this
 * ends. An item that is no object, and items that are no array, are bad_value; `options` are the adapter's. Where `items` has a path
 * and all numbers of a page, two at least, may have been rounded (hub/base/text.h), they were (bad_id): a spreadsheet or a gateway
 * spares none. `of` NULL: the site says nothing.
 */
bool page_translate(const PageForm *form, const PageOptions *of, const void *options, const json_t *page,
                    Output *output, Error *err);

/*
 * An item of a dialect that walks its document itself, set aside as JSON, which translate() takes alone. False: `why` is no ERR_INPUT
 * and no item's trouble: it is in err, and the record ends.
 */
bool item_reject(Output *output, const json_t *item, const Error *why, Error *err);

/*
 * Record and page in one, whatever its size: of a large one (a FeatureCollection of 100 MB) one element at a time is ever a tree,
 * where it is JSON in UTF-8 and `items` leads to an array. A bad element is set aside as the bytes that it has; a document
 * that is cut delivers what was whole before, and is ERR_RETRY. Elements are believed: `ok` is asked for, so it wants the tree.
 */
bool record_translate(const PageForm *form, const PageOptions *of, const void *options, const Record *record,
                      Output *output, Error *err);
