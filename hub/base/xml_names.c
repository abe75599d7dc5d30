#include "hub/base/xml_names.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <stdlib.h>
#include <string.h>

static const XmlSpace *form_space(const XmlForm *form, const char *uri)
{
        for (const XmlSpace *space = form->spaces; space && space->uri; space++)
                if (strcmp(space->uri, uri) == 0)
                        return space;
        return NULL;
}

static const XmlSpace *space_find(const XmlNames *names, const char *prefix, size_t size)
{
        for (size_t i = names->size; i-- > 0;)
                if (strncmp(names->bindings[i].prefix, prefix, size) == 0 && !names->bindings[i].prefix[size])
                        return names->bindings[i].space;
        return NULL;
}

bool xml_names_is_declaration(const char *attribute)
{
        return text_starts(attribute, "xmlns") && (attribute[5] == ':' || !attribute[5]);
}

bool xml_names_add(XmlNames *names, const char *attribute, const char *uri)
{
        const char *colon = strchr(attribute, ':');

        if (names->size == XML_NAMES_MOST)
                return false;
        names->bindings[names->size].prefix = text_copy(colon ? colon + 1 : "");
        names->bindings[names->size++].space = form_space(names->form, uri);
        return true;
}

void xml_names_keep(XmlNames *names, size_t size)
{
        while (names->size > size)
                free(names->bindings[--names->size].prefix);
}

/* An attribute without a prefix is of no name space (Namespaces in XML 1.0, section 6.2). */
const XmlSpace *xml_names_write(const XmlNames *names, const char *name, bool is_attribute, Buffer *out)
{
        const char *colon = strchr(name, ':');
        size_t from = out->size, size = colon ? (size_t)(colon - name) : 0;
        const XmlSpace *space = colon || !is_attribute ? space_find(names, name, size) : NULL;

        if (space && space->prefix && space->prefix[0]) {
                buffer_text(out, space->prefix);
                buffer_byte(out, ':');
        }
        buffer_text(out, space && colon ? colon + 1 : name);
        for (size_t i = from; names->form->fold && i < out->size; i++)
                if (out->bytes[i] >= 'A' && out->bytes[i] <= 'Z')
                        out->bytes[i] = (char)(out->bytes[i] + 32);
        return space;
}

bool xml_names_is_listed(const XmlNames *names, const char *name, size_t size)
{
        const char *at = names->form->lists ? names->form->lists : "";

        while (*at) {
                size_t word = strcspn(at, " ");

                if (word == size && memcmp(at, name, size) == 0)
                        return true;
                at += word;
                at += strspn(at, " ");
        }
        return false;
}
