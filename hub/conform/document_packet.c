#include "hub/conform/document.h"
#include "hub/hj212/hj212.h"

#include <string.h>

/* A member, key=value, that begins there; it is taken out with the sign behind it. */
static size_t member_read(Document *document, size_t at, size_t end, const char *before, const char *ends, Arena *arena)
{
        const size_t size = strcspn(document->bytes + at, ends), stop = at + size < end ? at + size : end;
        const char *equals = memchr(document->bytes + at, '=', stop - at);
        const size_t next = stop + (stop < end);
        Leaf *leaf;

        if (equals) {
                const size_t value = (size_t)(equals + 1 - document->bytes);
                const char *path = arena_format(arena, "%s%.*s", before, (int)(value - 1 - at), document->bytes + at);

                leaf = document_leaf(document, path, (Span){ value, stop }, (Span){ value, stop });
                leaf->whole = (Span){ at, next };
        }
        return next;
}

/* One packet alone, in the clear, whose end is that of the line. */
bool document_packet(Document *document, Arena *arena)
{
        static const char begins[] = "CP=&&";
        Error err = { 0 };
        Hj212 packet;
        const char *content;
        size_t at = HJ212_HEAD, end;

        if (!hj212_open(document->bytes, document->size, NULL, arena, &packet, &err) ||
            document->size < HJ212_HEAD + HJ212_TAIL || memcmp(document->bytes + document->size - 2, "\r\n", 2) != 0)
                return false;
        content = memmem(document->bytes, document->size, begins, strlen(begins));
        end = content ? (size_t)(content - document->bytes) : document->size - HJ212_TAIL;
        while (at < end)
                at = member_read(document, at, end, "", ";", arena);
        at = end + (content ? strlen(begins) : 0);
        end = document->size - HJ212_TAIL - strlen("&&");
        while (content && at < end)
                at = member_read(document, at, end, "CP.", ";,", arena);
        return document->leaves_size > 0;
}
