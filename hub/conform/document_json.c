#include "hub/base/json.h"
#include "hub/conform/document.h"

#include <string.h>

/* Walks text that json_read() took, so nothing of its form is checked again. */
typedef struct {
        Document *document;
        Arena *arena;
        size_t at;
} Walk;

static void value_walk(Walk *walk, const char *path, bool is_item, size_t group);

static char blank_skip(Walk *walk)
{
        const char *bytes = walk->document->bytes;

        while (walk->at < walk->document->size && strchr(" \t\r\n", bytes[walk->at]))
                walk->at++;
        return bytes[walk->at]; /* a NUL stands behind the text */
}

/* The text between the quotes. */
static Span string_walk(Walk *walk)
{
        const char *bytes = walk->document->bytes;
        Span inside = { walk->at + 1, 0 };

        for (walk->at++; bytes[walk->at] != '"'; walk->at++)
                if (bytes[walk->at] == '\\')
                        walk->at++;
        inside.end = walk->at++;
        return inside;
}

/* What goes out with a member, so that no comma is left over. */
static Span whole_make(const Walk *walk, size_t start)
{
        const char *bytes = walk->document->bytes;
        Span whole = { start, walk->at };
        size_t next = walk->at + strspn(bytes + walk->at, " \t\r\n");

        if (bytes[next] == ',')
                return (Span){ start, next + 1 };
        while (whole.at && strchr(" \t\r\n", bytes[whole.at - 1]))
                whole.at--;
        if (whole.at && bytes[whole.at - 1] == ',')
                whole.at--;
        return whole;
}

static void object_walk(Walk *walk, const char *path)
{
        walk->at++;
        while (blank_skip(walk) == '"') {
                Document *document = walk->document;
                size_t start = walk->at, leaves = document->leaves_size;
                Span key = string_walk(walk);
                const char *name = arena_format(walk->arena, "%s%s%.*s", path, path[0] ? "." : "",
                                                (int)(key.end - key.at), document->bytes + key.at);

                (void)blank_skip(walk);
                walk->at++;
                value_walk(walk, name, false, 0);
                if (document->leaves_size == leaves + 1 && document->leaves[leaves].path == name)
                        document->leaves[leaves].whole = whole_make(walk, start);
                if (blank_skip(walk) == ',')
                        walk->at++;
        }
        walk->at++;
}

static void array_walk(Walk *walk, const char *path)
{
        const char *name = arena_format(walk->arena, "%s[]", path);
        size_t group = ++walk->document->groups;

        walk->at++;
        while (blank_skip(walk) != ']') {
                value_walk(walk, name, true, group);
                if (blank_skip(walk) == ',')
                        walk->at++;
        }
        walk->at++;
}

static void scalar_walk(Walk *walk, const char *path)
{
        Span value = { walk->at, 0 }, inside;

        if (walk->document->bytes[walk->at] == '"') {
                inside = string_walk(walk);
                value.end = walk->at;
        } else {
                walk->at += strcspn(walk->document->bytes + walk->at, " \t\r\n,]}");
                value.end = walk->at;
                inside = value;
        }
        document_leaf(walk->document, path, value, inside);
}

static void value_walk(Walk *walk, const char *path, bool is_item, size_t group)
{
        char first = blank_skip(walk);
        size_t start = walk->at;

        if (first == '{')
                object_walk(walk, path);
        else if (first == '[')
                array_walk(walk, path);
        else
                scalar_walk(walk, path);
        if (is_item && first == '{')
                document_item(walk->document, (Span){ start, walk->at }, group, NULL);
}

bool document_json(Document *document, Arena *arena)
{
        Walk walk = { document, arena, 0 };
        CLEANUP(json_drop) json_t *read = NULL;
        Error err = { 0 };
        char first = blank_skip(&walk);

        if (first != '{' && first != '[')
                return false;
        read = json_read(document->bytes, document->size, &err);
        if (!read || memchr(document->bytes, '\0', document->size))
                return false;
        value_walk(&walk, "", false, 0);
        return true;
}
