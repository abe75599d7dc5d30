#include "hub/base/json_walk.h"

#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <stdint.h>
#include <string.h>

/* Brackets are matched by kind so deep; what is deeper is counted, and refused where it is read. */
enum { KINDS = 256 };

typedef struct {
        const char *start, *at, *end;
        const char *path; /* what is left of it */
        JsonItem *item;
        void *context;
        bool found;   /* the array */
        bool stopped; /* by item: its error stands */
        Error *err;
} Walk;

static bool broken(const Walk *walk, const char *what)
{
        return error_set(walk->err, ERR_INPUT, "not_json", "byte %zu: %s", (size_t)(walk->at - walk->start), what);
}

static void blanks_skip(Walk *walk)
{
        while (walk->at < walk->end &&
               (*walk->at == ' ' || *walk->at == '\t' || *walk->at == '\n' || *walk->at == '\r'))
                walk->at++;
}

/* The next byte that is no blank, '\0' at the end. */
static char peek(Walk *walk)
{
        blanks_skip(walk);
        if (walk->at == walk->end)
                return '\0';
        return *walk->at;
}

static bool expect(Walk *walk, char byte, const char *what)
{
        if (peek(walk) != byte)
                return broken(walk, walk->at < walk->end ? what : "the document is cut");
        walk->at++;
        return true;
}

/* From quote to quote, whatever lies between. */
static bool string_skip(Walk *walk)
{
        for (walk->at++; walk->at < walk->end && *walk->at != '"'; walk->at++)
                walk->at += *walk->at == '\\' && walk->at + 1 < walk->end;
        if (walk->at == walk->end)
                return broken(walk, "the document is cut in a text");
        walk->at++;
        return true;
}

/* ---- a value that is only passed ---- */

typedef struct {
        uint8_t is_array[KINDS];
        size_t depth;
} Nest;

static void nest_open(Nest *nest, char bracket)
{
        if (nest->depth < KINDS)
                nest->is_array[nest->depth] = bracket == '[';
        nest->depth++;
}

static bool nest_close(Nest *nest, char bracket)
{
        nest->depth--;
        return nest->depth >= KINDS || nest->is_array[nest->depth] == (bracket == ']');
}

/* Up to the comma or bracket behind it. */
static bool value_skip(Walk *walk)
{
        const char *from;
        Nest nest = { .depth = 0 };

        blanks_skip(walk);
        for (from = walk->at; walk->at < walk->end; walk->at++) {
                const char c = *walk->at;

                if (c == '"') {
                        if (!string_skip(walk))
                                return false;
                        walk->at--;
                } else if (c == '[' || c == '{') {
                        nest_open(&nest, c);
                } else if (!nest.depth && (c == ',' || c == ']' || c == '}')) {
                        return walk->at > from || broken(walk, "a value is missing");
                } else if ((c == ']' || c == '}') && !nest_close(&nest, c)) {
                        return broken(walk, "brackets do not match");
                }
        }
        return broken(walk, "the document is cut");
}

/* ---- the array ---- */

static bool element_hand(Walk *walk, size_t index)
{
        const char *from, *to;

        blanks_skip(walk);
        from = walk->at;
        if (!value_skip(walk))
                return false;
        for (to = walk->at; to[-1] == ' ' || to[-1] == '\t' || to[-1] == '\n' || to[-1] == '\r';)
                to--;
        if (*walk->at == '}')
                return broken(walk, "brackets do not match");
        walk->stopped = !walk->item(walk->context, index, from, (size_t)(to - from), walk->err);
        return !walk->stopped;
}

static bool array_walk(Walk *walk)
{
        walk->found = true;
        if (peek(walk) != '[')
                return walk->at < walk->end ? error_set(walk->err, ERR_INPUT, "bad_value", "is no array")
                                            : broken(walk, "the document is cut");
        walk->at++;
        if (peek(walk) == ']') {
                walk->at++;
                return true;
        }
        for (size_t index = 0;; index++) {
                if (!element_hand(walk, index))
                        return false;
                if (*walk->at++ == ']')
                        return true;
        }
}

/* ---- the way to it ---- */

static bool object_walk(Walk *walk, const char *path);

static bool value_walk(Walk *walk, const char *path)
{
        if (!*path)
                return !walk->found ? array_walk(walk)
                                    : error_set(walk->err, ERR_INPUT, "duplicate_key", "is there twice");
        return peek(walk) == '{' ? object_walk(walk, path) : value_skip(walk);
}

/* A name may be written with escapes. */
static bool name_is(const char *bytes, size_t size, const char *name, size_t name_size)
{
        CLEANUP(json_drop) json_t *text = NULL;

        if (!memchr(bytes, '\\', size))
                return size == name_size + 2 && memcmp(bytes + 1, name, name_size) == 0;
        text = json_loadb(bytes, size, JSON_DECODE_ANY, NULL);
        return json_is_string(text) && json_string_length(text) == name_size &&
               memcmp(json_string_value(text), name, name_size) == 0;
}

static bool member_walk(Walk *walk, const char *path)
{
        const size_t size = strcspn(path, ".");
        const char *from;
        bool is_path;

        if (peek(walk) != '"')
                return broken(walk, walk->at < walk->end ? "a member has no name" : "the document is cut");
        from = walk->at;
        if (!string_skip(walk))
                return false;
        is_path = name_is(from, (size_t)(walk->at - from), path, size);
        if (!expect(walk, ':', "no colon behind a name"))
                return false;
        return is_path ? value_walk(walk, path + size + (path[size] == '.')) : value_skip(walk);
}

static bool object_walk(Walk *walk, const char *path)
{
        walk->at++;
        if (peek(walk) == '}') {
                walk->at++;
                return true;
        }
        while (member_walk(walk, path)) {
                const char next = peek(walk);

                if (next != ',' && next != '}')
                        return broken(walk, next ? "no comma between members" : "the document is cut");
                walk->at++;
                if (next == '}')
                        return true;
        }
        return false;
}

bool json_walk(const char *bytes, size_t size, const char *path, JsonItem *item, void *context, Error *err)
{
        Walk walk = { .start = bytes, .at = bytes, .end = bytes + size, .item = item, .context = context, .err = err };
        bool walked;

        if (size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
                walk.at += 3;
        if (peek(&walk) != '{' && peek(&walk) != '[')
                return broken(&walk, "neither object nor array");
        if (*path && *walk.at == '[')
                return error_set(err, ERR_INPUT, "missing_field", "%s: missing, the document is an array", path);
        walked = value_walk(&walk, path);
        if (!walked)
                return walk.stopped || text_same(err->reason, "not_json")
                               ? false
                               : error_add(err, "%s", *path ? path : "the document");
        if (peek(&walk) || walk.at < walk.end)
                return broken(&walk, "something follows the document");
        return walk.found || error_set(err, ERR_INPUT, "missing_field", "%s: missing", path);
}
