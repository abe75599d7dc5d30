#include "hub/conform/document.h"

#include <string.h>

/* Tags are found by their brackets: enough for well-formed text, which is all that a fixture's good input is. */
enum { DEPTH_MOST = 64 };

typedef struct {
        const char *path;
        size_t start, inside, group; /* of the element, of its content; of its items */
        bool has_elements;
} Element;

typedef struct {
        Document *document;
        Arena *arena;
        Element open[DEPTH_MOST];
        size_t depth, at;
} Walk;

static bool starts(const Walk *walk, const char *text)
{
        return strncmp(walk->document->bytes + walk->at, text, strlen(text)) == 0;
}

/* Behind the first `end` from here on; false: there is none. */
static bool skip_to(Walk *walk, const char *end)
{
        const char *found = strstr(walk->document->bytes + walk->at, end);

        if (!found)
                return false;
        walk->at = (size_t)(found - walk->document->bytes) + strlen(end);
        return true;
}

static void attributes_walk(Walk *walk, const char *path, size_t end)
{
        const char *bytes = walk->document->bytes;

        while (walk->at < end) {
                size_t name, size;
                char quote[2] = "";
                Span inside;

                walk->at += strspn(bytes + walk->at, " \t\r\n/");
                name = walk->at;
                size = strcspn(bytes + name, "= \t\r\n>");
                walk->at += size;
                walk->at += strspn(bytes + walk->at, "= \t\r\n");
                quote[0] = bytes[walk->at];
                if (walk->at >= end || (quote[0] != '"' && quote[0] != '\''))
                        return;
                inside.at = walk->at + 1;
                inside.end = inside.at + strcspn(bytes + inside.at, quote);
                walk->at = inside.end + 1;
                if (strncmp(bytes + name, "xmlns", 5) == 0)
                        continue;
                document_leaf(walk->document, arena_format(walk->arena, "%s@%.*s", path, (int)size, bytes + name),
                              inside, inside)
                        ->whole = (Span){ name, walk->at };
        }
}

static bool start_walk(Walk *walk)
{
        const char *bytes = walk->document->bytes, *close = strchr(bytes + walk->at, '>');
        size_t start = walk->at, size = strcspn(bytes + start + 1, " \t\r\n/>"), end;
        Element *outer = walk->depth ? &walk->open[walk->depth - 1] : NULL;
        const char *path;

        if (!close || walk->depth == DEPTH_MOST)
                return false;
        path = arena_format(walk->arena, "%s%s%.*s", outer ? outer->path : "", outer ? "." : "", (int)size,
                            bytes + start + 1);
        if (outer && !outer->has_elements)
                outer->group = ++walk->document->groups;
        if (outer)
                outer->has_elements = true;
        end = (size_t)(close - bytes);
        walk->at = start + 1 + size;
        attributes_walk(walk, path, end);
        walk->at = end + 1;
        if (bytes[end - 1] != '/')
                walk->open[walk->depth++] = (Element){ .path = path, .start = start, .inside = walk->at };
        return true;
}

static bool end_walk(Walk *walk)
{
        Span inside = { 0, walk->at };
        Element *element;

        if (!walk->depth || !skip_to(walk, ">"))
                return false;
        element = &walk->open[--walk->depth];
        inside.at = element->inside;
        if (!element->has_elements) {
                document_leaf(walk->document, element->path, inside, inside)->whole =
                        (Span){ element->start, walk->at };
                return true;
        }
        if (walk->depth)
                document_item(walk->document, (Span){ element->start, walk->at }, walk->open[walk->depth - 1].group,
                              strrchr(element->path, '.') + 1);
        return true;
}

static bool tag_walk(Walk *walk)
{
        if (starts(walk, "<!--"))
                return skip_to(walk, "-->");
        if (starts(walk, "<![CDATA["))
                return skip_to(walk, "]]>");
        if (starts(walk, "<?"))
                return skip_to(walk, "?>");
        if (starts(walk, "<!"))
                return false;
        return starts(walk, "</") ? end_walk(walk) : start_walk(walk);
}

bool document_xml(Document *document, Arena *arena)
{
        Walk walk = { .document = document, .arena = arena };
        const char *next;

        if (memchr(document->bytes, '\0', document->size) || document->bytes[strspn(document->bytes, " \t\r\n")] != '<')
                return false;
        while ((next = strchr(document->bytes + walk.at, '<'))) {
                walk.at = (size_t)(next - document->bytes);
                if (!tag_walk(&walk))
                        return false;
        }
        return walk.depth == 0;
}
