#pragma once

/* Inside of xml.c: name spaces. Which prefix means which of the form's, from one element to its end, and how the form names what it bears. */

#include "hub/base/buffer.h"
#include "hub/base/xml.h"

enum { XML_NAMES_MOST = 128 };

typedef struct {
        const XmlForm *form; /* borrowed */
        struct {
                char *prefix;          /* owned, "" for none */
                const XmlSpace *space; /* NULL: one that the form does not know */
        } bindings[XML_NAMES_MOST];
        size_t size;
} XmlNames;

bool xml_names_is_declaration(const char *attribute);                        /* xmlns, xmlns:p */
bool xml_names_add(XmlNames *names, const char *attribute, const char *uri); /* false: there are too many */
void xml_names_keep(XmlNames *names, size_t size);                           /* the later ones go; 0 frees all */

/* Appends the form's name of it; NULL: of a space that the form does not know. */
const XmlSpace *xml_names_write(const XmlNames *names, const char *name, bool is_attribute, Buffer *out);

bool xml_names_is_listed(const XmlNames *names, const char *name, size_t size);
