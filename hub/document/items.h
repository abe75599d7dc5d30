#pragma once

/*
 * Items that stand anywhere in a document: known by what they hold, whatever envelopes and lists are around them. The outermost count:
 * none is looked for inside of another.
 */

#include "hub/base/xml.h"

#include <jansson.h>

typedef struct {
        bool (*is_item)(const json_t *object);
        const char *passed;   /* members, parted by |, that are not looked into; NULL: none */
        const XmlForm *inner; /* of markup that stands as text, which is looked into, too; NULL: it is not */
        bool strays; /* what stands in an array beside items, and holds none, is one: translate() says what it lacks */
} ItemsForm;

json_t *items_find(const ItemsForm *form,
                   json_t *document); /* owned: an array, for page_translate(); document may be NULL */
