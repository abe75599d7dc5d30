#pragma once

/*
 * A document of a platform as hub conform sees it: where in its text the values stand, so that one of them can be changed and
 * every other byte stays. JSON, XML, a packet of HJ 212 or a table of separated values, by its first byte and its shape; UTF-8.
 *
 *     {"rows": [{"id": "7", "place": {"lon": 1}}]}        leaves rows[].id and rows[].place.lon, an item of group 1
 *     <page><row n="1"><id>7</id></row></page>            leaves page.row@n and page.row.id, an item
 *     number,text / 7,smoke                               leaves number and text, an item
 *     ##0033MN=7;CN=2011;CP=&&LA-Rtd=50.1&&CRC            leaves MN, CN and CP.LA-Rtd; length and CRC follow each change
 */

#include "hub/base/buffer.h"
#include "hub/base/memory.h"

#include <stdbool.h>

typedef enum { DOCUMENT_OTHER, DOCUMENT_JSON, DOCUMENT_XML, DOCUMENT_PACKET, DOCUMENT_TABLE } DocumentKind;

/* Bytes [at, end) of the text. */
typedef struct {
        size_t at, end;
} Span;

typedef struct {
        const char *path;
        Span value;  /* with its quotes */
        Span whole;  /* with its name and comma, to be taken out; empty: that cannot be */
        Span inside; /* without quotes */
} Leaf;

/* One of several of its kind: an element of an array, an element of XML, a row. */
typedef struct {
        Span whole;
        size_t group;
        const char *name; /* of the element of XML */
} Item;

typedef struct {
        DocumentKind kind;
        const char *bytes;
        size_t size;
        Leaf *leaves;
        size_t leaves_size;
        Item *items;
        size_t items_size, groups;
        char separator; /* of a table */
} Document;

/* Bytes are borrowed, paths are of the arena. Text that is none of these is DOCUMENT_OTHER, without leaves. */
void document_read(Document *document, const char *bytes, size_t size, Arena *arena);
void document_close(Document *document); /* also for CLEANUP */

/* Appends the text with one span replaced. */
void document_with(const Document *document, Span span, const char *text, Buffer *out);

/* Inside: how the three readers add what they find. */
Leaf *document_leaf(Document *document, const char *path, Span value, Span inside);
void document_item(Document *document, Span whole, size_t group, const char *name);
bool document_json(Document *document, Arena *arena); /* false: it is none */
bool document_xml(Document *document, Arena *arena);
bool document_packet(Document *document, Arena *arena);
bool document_table(Document *document, Arena *arena);
