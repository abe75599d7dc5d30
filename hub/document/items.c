#include "hub/document/items.h"

#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <string.h>

static void items_collect(const ItemsForm *form, json_t *node, json_t *items);

/* XML within a text, as a SOAP operation service(String xml) takes it. */
static void markup_collect(const ItemsForm *form, const char *text, json_t *items)
{
        Error unread;
        CLEANUP(json_drop) json_t *inner = xml_read(text, strlen(text), form->inner, &unread);

        items_collect(form, inner, items);
}

static void elements_collect(const ItemsForm *form, json_t *array, json_t *items)
{
        json_t *element;
        size_t i;

        json_array_foreach(array, i, element) {
                const size_t before = json_array_size(items);

                items_collect(form, element, items);
                if (form->strays && json_array_size(items) == before)
                        json_array_append(items, element);
        }
}

static void items_collect(const ItemsForm *form, json_t *node, json_t *items)
{
        const char *name, *text = json_string_value(node);
        json_t *value;

        if (text && *text == '<' && form->inner)
                markup_collect(form, text, items);
        if (json_is_object(node) && form->is_item(node)) {
                json_array_append(items, node);
                return;
        }
        json_object_foreach(node, name, value)
                if (!text_is_one_of(form->passed ? form->passed : "", name))
                        items_collect(form, value, items);
        elements_collect(form, node, items);
}

json_t *items_find(const ItemsForm *form, json_t *document)
{
        json_t *items = json_array();

        items_collect(form, document, items);
        return items;
}
