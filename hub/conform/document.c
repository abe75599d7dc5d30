#include "hub/conform/document.h"

#include "hub/hj212/hj212.h"

#include <stdlib.h>
#include <string.h>

enum { ITEMS_MOST = 100000 }; /* leaves or items of one document: fixtures are small */

Leaf *document_leaf(Document *document, const char *path, Span value, Span inside)
{
        Leaf *leaf;

        if (document->leaves_size == ITEMS_MOST)
                return &document->leaves[ITEMS_MOST - 1];
        document->leaves = mem_resize(document->leaves, (document->leaves_size + 1) * sizeof(Leaf));
        leaf = &document->leaves[document->leaves_size++];
        *leaf = (Leaf){ .path = path, .value = value, .inside = inside };
        return leaf;
}

void document_item(Document *document, Span whole, size_t group, const char *name)
{
        if (document->items_size == ITEMS_MOST)
                return;
        document->items = mem_resize(document->items, (document->items_size + 1) * sizeof(Item));
        document->items[document->items_size++] = (Item){ whole, group, name };
}

static void document_empty(Document *document)
{
        free(document->leaves);
        free(document->items);
        *document = (Document){ .bytes = document->bytes, .size = document->size };
}

void document_read(Document *document, const char *bytes, size_t size, Arena *arena)
{
        static bool (*const readers[])(Document *, Arena *) = { document_json, document_xml, document_packet,
                                                                document_table };

        *document = (Document){ .bytes = bytes, .size = size };
        for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
                if (readers[i](document, arena)) {
                        document->kind = (DocumentKind)(i + 1);
                        return;
                }
                document_empty(document);
        }
}

void document_with(const Document *document, Span span, const char *text, Buffer *out)
{
        CLEANUP(buffer_free) Buffer plain = { 0 };

        buffer_add(&plain, document->bytes, span.at);
        buffer_text(&plain, text);
        buffer_add(&plain, document->bytes + span.end, document->size - span.end);
        if (document->kind == DOCUMENT_PACKET)
                hj212_seal(plain.bytes + HJ212_HEAD, plain.size - HJ212_HEAD - HJ212_TAIL, out);
        else
                buffer_add(out, plain.bytes, plain.size);
}

void document_close(Document *document)
{
        document_empty(document);
        *document = (Document){ 0 };
}
