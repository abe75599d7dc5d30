#include "hub/base/xml_tree.h"

#include "hub/base/link.h"
#include "hub/base/memory.h"

#include <stdlib.h>
#include <string.h>

enum {
        MIB = 1024 * 1024,
        MEMORY_MOST = 46 * MIB, /* of document and tree */
        TEXT_MOST = 8 * MIB,
        BASE_MOST = 2048, /* a longer xml:base is none: every link below would copy it */
};

/* What things take beside their texts, measured with Jansson 2.14 and expat 2.5 on 64 bits. Of a tag: the time to look at it. */
enum { COST_TAG = 16, COST_NAME = 200, COST_MEMBER = 132, COST_OBJECT = 240 };

bool xml_tree_refuse(XmlTree *tree, const char *reason, const char *why)
{
        if (!tree->refused)
                (void)error_set(tree->err, ERR_INPUT, reason, "%s", why);
        tree->refused = true;
        return false;
}

bool xml_tree_has_room(const XmlTree *tree, size_t more)
{
        return tree->spent + tree->text_most + more <= MEMORY_MOST;
}

static bool spend(XmlTree *tree, size_t size)
{
        tree->spent += size;
        if (!xml_tree_has_room(tree, 0))
                (void)xml_tree_refuse(tree, "too_large", "a tree of over 30 MiB");
        return !tree->refused;
}

/* Expat keeps every name that it ever saw, also of what we leave out. */
static bool name_spend(XmlTree *tree, const char *name)
{
        size_t cost = COST_TAG;

        if (!json_object_get(tree->seen, name)) {
                json_object_set_new_nocheck(tree->seen, name, json_null());
                cost += COST_NAME + 2 * strlen(name);
        }
        return spend(tree, cost);
}

/* ---- attributes ---- */

static const char *base_find(const XmlTree *tree)
{
        for (size_t i = tree->depth + 1; i-- > 0;)
                if (tree->elements[i].base)
                        return tree->elements[i].base;
        return NULL;
}

/* What the element says of itself and of what is inside it. */
static bool context_read(XmlTree *tree, const char **attributes)
{
        const char *base = NULL;

        for (; attributes[0]; attributes += 2) {
                if (xml_names_is_declaration(attributes[0])) {
                        if (!xml_names_add(&tree->names, attributes[0], attributes[1]))
                                return xml_tree_refuse(tree, "too_large", "more than 128 name spaces at once");
                } else if (strcmp(attributes[0], "xml:base") == 0 && strlen(attributes[1]) <= BASE_MOST) {
                        base = attributes[1];
                }
        }
        if (base)
                tree->elements[tree->depth].base = link_join(base_find(tree), base);
        return true;
}

/* The value, whole where it is a link under a base; then it is in *joined, too, which the caller frees. */
static const char *attribute_value(const XmlTree *tree, const char *name, const char *value, char **joined)
{
        const char *base = strcmp(name, "href") == 0 || strcmp(name, "src") == 0 ? base_find(tree) : NULL;

        *joined = base ? link_join(base, value) : NULL;
        return base ? *joined : value;
}

/* Into object as ELEMENT@attribute; no element: @attribute. */
static void attributes_add(XmlTree *tree, json_t *object, const Buffer *element, const char **attributes)
{
        Buffer *member = &tree->member;

        for (; attributes[0] && !tree->refused; attributes += 2) {
                CLEANUP(mem_drop) char *joined = NULL;
                const char *value;
                size_t from;

                if (xml_names_is_declaration(attributes[0]) && !tree->names.form->declarations)
                        continue;
                buffer_clear(member);
                if (element)
                        buffer_add(member, element->bytes, element->size);
                buffer_byte(member, '@');
                from = member->size;
                (void)xml_names_write(&tree->names, attributes[0], true, member);
                value = attribute_value(tree, member->bytes + from, attributes[1], &joined);
                if (spend(tree, COST_MEMBER + member->size + strlen(value)))
                        json_object_set_new_nocheck(object, member->bytes, json_string_nocheck(value));
        }
}

/* ---- texts ---- */

static bool is_blank(char c)
{
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool text_note(XmlTree *tree)
{
        if (tree->text.size > TEXT_MOST)
                return xml_tree_refuse(tree, "too_large", "a text of over 8 MiB");
        if (tree->text.size > tree->text_most)
                tree->text_most = tree->text.size;
        return spend(tree, 0);
}

/* The element's own text, trimmed: leading blanks were never kept. Owned; NULL: none. */
static json_t *text_take(XmlTree *tree, const XmlElement *element)
{
        Buffer *text = &tree->text;
        size_t size = text->size - element->text_at;

        while (size && is_blank(text->bytes[element->text_at + size - 1]))
                size--;
        text->size = element->text_at;
        return size && spend(tree, size) ? json_stringn_nocheck(text->bytes + text->size, size) : NULL;
}

static void markup_open(XmlTree *tree, const char **attributes)
{
        Buffer *text = &tree->text;

        buffer_byte(text, '<');
        buffer_add(text, tree->name.bytes, tree->name.size);
        for (; attributes[0] && text->size <= TEXT_MOST; attributes += 2) {
                CLEANUP(mem_drop) char *joined = NULL;
                const char *value = attribute_value(tree, attributes[0], attributes[1], &joined);

                if (xml_names_is_declaration(attributes[0]))
                        continue;
                buffer_format(text, " %s=\"", attributes[0]);
                xml_write_text(text, value, strlen(value));
                buffer_byte(text, '"');
        }
        buffer_byte(text, '>');
        (void)text_note(tree);
}

/* ---- elements ---- */

/* Where the elements inside go. */
static json_t *object_of(XmlTree *tree, XmlElement *element)
{
        if (!element->object && spend(tree, COST_OBJECT))
                element->object = json_object();
        return element->object;
}

static void listed_open(XmlTree *tree, XmlElement *element, json_t *parent, const char **attributes)
{
        json_t *list = json_object_getn(parent, tree->name.bytes, tree->name.size);

        element->kind = XML_LISTED;
        if (!list && spend(tree, COST_MEMBER + tree->name.size)) {
                list = json_array();
                json_object_set_new_nocheck(parent, tree->name.bytes, list);
        }
        if (!list || !object_of(tree, element))
                return;
        json_array_append_new(list, element->object);
        attributes_add(tree, element->object, NULL, attributes);
}

static void one_open(XmlTree *tree, XmlElement *element, json_t *parent, const char **attributes)
{
        element->kind = XML_ONE;
        if (json_object_getn(parent, tree->name.bytes, tree->name.size)) {
                element->kind = XML_LEFT_OUT;
        } else if (spend(tree, COST_MEMBER + tree->name.size)) {
                json_object_set_new_nocheck(parent, tree->name.bytes, json_null()); /* in front of its attributes */
                attributes_add(tree, parent, &tree->name, attributes);
        }
}

static void element_open(XmlTree *tree, const char *name, const char **attributes)
{
        XmlElement *element = &tree->elements[tree->depth], *above = element - 1;
        const XmlSpace *space;
        bool is_listed;
        json_t *parent;

        buffer_clear(&tree->name);
        space = xml_names_write(&tree->names, name, false, &tree->name);
        if (above->kind == XML_MARKUP || (space && !space->prefix && tree->depth > 1)) {
                element->kind = XML_MARKUP;
                markup_open(tree, attributes);
                return;
        }
        is_listed = xml_names_is_listed(&tree->names, tree->name.bytes, tree->name.size);
        element->level += is_listed;
        parent = object_of(tree, above);
        if (parent && is_listed)
                listed_open(tree, element, parent, attributes);
        else if (parent)
                one_open(tree, element, parent, attributes);
}

bool xml_tree_open(XmlTree *tree, const char *name, const char **attributes)
{
        XmlElement *element = &tree->elements[++tree->depth];
        const XmlElement *above = element - 1;

        *element = (XmlElement){
                .kind = XML_LEFT_OUT, .level = above->level + 1, .text_at = tree->text.size, .names = tree->names.size
        };
        if (!name_spend(tree, name))
                return false;
        for (size_t i = 0; attributes[i]; i += 2)
                if (!name_spend(tree, attributes[i]))
                        return false;
        if (above->kind != XML_LEFT_OUT && context_read(tree, attributes))
                element_open(tree, name, attributes);
        if (element->level > XML_DEPTH_MOST)
                return xml_tree_refuse(tree, "too_deep", "nested deeper than 32");
        return !tree->refused;
}

bool xml_tree_text(XmlTree *tree, const char *bytes, size_t size)
{
        const XmlElement *element = &tree->elements[tree->depth];

        if (element->kind == XML_LEFT_OUT)
                return true;
        if (element->kind == XML_MARKUP) {
                xml_write_text(&tree->text, bytes, size);
                return text_note(tree);
        }
        for (; size && tree->text.size == element->text_at && is_blank(*bytes); size--)
                bytes++;
        buffer_add(&tree->text, bytes, size);
        return text_note(tree);
}

static void one_close(XmlTree *tree, XmlElement *element)
{
        json_t *text = text_take(tree, element), *parent = element[-1].object;

        if (element->object && text)
                json_object_set_new_nocheck(element->object, "#text", text);
        else if (!element->object)
                element->object = text ? text : json_string_nocheck("");
        json_object_set_new_nocheck(parent, tree->name.bytes, element->object);
        element->object = NULL;
}

static void listed_close(XmlTree *tree, const XmlElement *element)
{
        json_t *text = text_take(tree, element);

        if (text && spend(tree, COST_MEMBER))
                json_object_set_new_nocheck(element->object, "#text", text);
        else
                json_decref(text);
}

static void element_drop(XmlTree *tree)
{
        XmlElement *element = &tree->elements[tree->depth--];

        xml_names_keep(&tree->names, element->names);
        free(element->base);
        if (element->kind == XML_ONE)
                json_decref(element->object);
}

bool xml_tree_close(XmlTree *tree, const char *name)
{
        XmlElement *element = &tree->elements[tree->depth];

        buffer_clear(&tree->name);
        (void)xml_names_write(&tree->names, name, false, &tree->name);
        if (element->kind == XML_ONE)
                one_close(tree, element);
        else if (element->kind == XML_LISTED)
                listed_close(tree, element);
        else if (element->kind == XML_MARKUP)
                buffer_format(&tree->text, "</%s>", tree->name.bytes);
        element_drop(tree);
        return text_note(tree);
}

/* ---- the tree ---- */

void xml_tree_start(XmlTree *tree, const XmlForm *form, size_t size, Error *err)
{
        *tree = (XmlTree){
                .names = { .form = form }, .document = json_object(), .seen = json_object(), .spent = size, .err = err
        };
        tree->elements[0] = (XmlElement){ .kind = XML_LISTED, .object = tree->document };
        (void)xml_names_add(&tree->names, "xmlns:xml", "http://www.w3.org/XML/1998/namespace");
}

void xml_tree_drop(XmlTree *tree)
{
        while (tree->depth)
                element_drop(tree);
        xml_names_keep(&tree->names, 0);
        json_decref(tree->document);
        json_decref(tree->seen);
        buffer_free(&tree->text);
        buffer_free(&tree->name);
        buffer_free(&tree->member);
}
