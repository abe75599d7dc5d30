#pragma once

/*
 * XML as a tree of JSON, over expat, which nobody else includes: json_at() and json_text() serve both, and an item of XML that is
 * set aside is JSON.
 *
 *     <entry id="7"><title type="html">a</title><link rel="x" href="u"/></entry>
 *     {"entry": [{"@id": "7", "title": "a", "title@type": "html", "link": [{"@rel": "x", "@href": "u"}]}]}     lists: "entry link"
 *
 * The form decides the shape, never the document. An element that the form lists is an array of objects, also where it comes once:
 * its attributes are @name, its own text #text. Of any other the first counts: with elements inside it is an object (its own text,
 * if any, #text), else its text ("" when empty), and its attributes stand beside it as element@name. Texts are trimmed. href and
 * src under an xml:base are whole.
 *
 * Names: a name space that the form knows goes by the form's prefix ("": by none), whatever the document calls it. With a prefix of
 * NULL it is markup, and stays text, as HTML writes it: text_plain() reads it. Others keep the document's prefix.
 *
 * Refused: a document type (doctype; so no entities but XML's own five, no files, no network), nesting over 32 as JSON counts it,
 * where an element of a list counts twice (too_deep), what is too large (too_large: 16 MiB, a text of 8, a tag of 1, a tree that takes
 * over 46 MiB together with its document, 128 name spaces at once), and what is not well-formed (not_xml, with the line); a prefix that
 * nothing declares is not. Whatever the document says: a second and 46 MiB are enough.
 */

#include "hub/base/buffer.h"
#include "hub/base/error.h"

#include <jansson.h>

typedef struct {
        const char *uri, *prefix;
} XmlSpace;

typedef struct {
        const XmlSpace *spaces; /* ends with a uri of NULL; NULL: none */
        const char *lists;      /* names of elements that may repeat, parted by blanks; NULL: none */
        bool fold;              /* names in lower case, for platforms that write them now so, now so */
        bool inlined;           /* of JSON in its place (hub/document/record.h): pictures inside become their digests */
        bool declarations;      /* of name spaces stay, as attributes: element@xmlns:p; for who has to answer in them */
} XmlForm;

/* The root is the only element at the top. UTF-8, whatever the declaration says: charset_decode() comes first. Owned. */
json_t *xml_read(const char *bytes, size_t size, const XmlForm *form, Error *err);

/* The encoding that <?xml ... encoding="gb2312"?> declares, into out; false: none, or none that is a name. */
bool xml_encoding(const char *bytes, size_t size, char *out, size_t room);

/* Writers: text for between tags or into double quotes; what XML 1.0 cannot hold is left out. UTF-8 as it is. */
void xml_write_text(Buffer *out, const char *text, size_t size);
/* A tree of objects and texts as elements, one for each element of an array: {"a": {"b": ["1", "2"]}} is <a><b>1</b><b>2</b></a>. */
void xml_write_tree(Buffer *out, json_t *tree);
