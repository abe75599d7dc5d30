#pragma once

/*
 * Inside of xml.c: the tree as elements open, tell their text and close. Each step says false when the document is refused:
 * then xml_tree_refuse() filled err, and nothing but xml_tree_drop() is to follow.
 */

#include "hub/base/xml_names.h"

enum { XML_DEPTH_MOST = 32 };

typedef enum { XML_ONE, XML_LISTED, XML_MARKUP, XML_LEFT_OUT } XmlKind;

/* An open element. */
typedef struct {
        XmlKind kind;
        unsigned level; /* of nesting in the tree */
        json_t *object; /* borrowed of the tree, but for XML_ONE, which owns it; NULL: no element inside yet */
        size_t text_at; /* its own text in XmlTree.text, behind those of the elements around it */
        size_t names;   /* bindings that were in force before it */
        char *base;     /* owned; NULL: that of the element around it */
} XmlElement;

typedef struct {
        XmlNames names;
        json_t *document;
        json_t *seen;                            /* names, as the document writes them */
        XmlElement elements[XML_DEPTH_MOST + 2]; /* the first stands for the document */
        size_t depth;
        Buffer text, name, member;
        size_t text_most; /* that text ever held */
        size_t spent;     /* what the document and its tree take */
        bool refused;
        Error *err;
} XmlTree;

void xml_tree_start(XmlTree *tree, const XmlForm *form, size_t size, Error *err); /* size: of the document */
bool xml_tree_open(XmlTree *tree, const char *name, const char **attributes);
bool xml_tree_text(XmlTree *tree, const char *bytes, size_t size);
bool xml_tree_close(XmlTree *tree, const char *name);
bool xml_tree_refuse(XmlTree *tree, const char *reason, const char *why); /* the first refusal counts */
bool xml_tree_has_room(const XmlTree *tree, size_t more);
void xml_tree_drop(XmlTree *tree); /* for CLEANUP */
