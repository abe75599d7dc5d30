#include "hub/base/link.h"

#include "hub/base/buffer.h"
#include "hub/base/memory.h"

#include <stdbool.h>
#include <string.h>

/* A component; bytes NULL: there is none, which is another thing than an empty one. */
typedef struct {
        const char *bytes;
        size_t size;
} Piece;

typedef struct {
        Piece scheme, authority, path, query, fragment;
} Link;

static bool is_letter(char c)
{
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_of_scheme(char c)
{
        return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
}

static Piece scheme_read(const char *text)
{
        size_t size = 0;

        while (is_of_scheme(text[size]))
                size++;
        return is_letter(text[0]) && text[size] == ':' ? (Piece){ text, size } : (Piece){ 0 };
}

/* As the expression of RFC 3986 appendix B parts it. */
static Link link_read(const char *text)
{
        Link link = { .scheme = scheme_read(text) };

        if (link.scheme.bytes)
                text += link.scheme.size + 1;
        if (text[0] == '/' && text[1] == '/') {
                link.authority = (Piece){ text + 2, strcspn(text + 2, "/?#") };
                text = link.authority.bytes + link.authority.size;
        }
        link.path = (Piece){ text, strcspn(text, "?#") };
        text += link.path.size;
        if (*text == '?') {
                link.query = (Piece){ text + 1, strcspn(text + 1, "#") };
                text = link.query.bytes + link.query.size;
        }
        if (*text == '#')
                link.fragment = (Piece){ text + 1, strlen(text + 1) };
        return link;
}

/* Section 5.2.3: the base's path up to its last slash, then the link's. */
static void path_merge(Buffer *out, const Link *base, Piece path)
{
        size_t size = base->path.size;

        while (size && base->path.bytes[size - 1] != '/')
                size--;
        if (base->authority.bytes && !base->path.size)
                buffer_byte(out, '/');
        buffer_add(out, base->path.bytes, size);
        buffer_add(out, path.bytes, path.size);
}

/* Section 5.2.4: a segment at a time onto out, behind `from`; ".." takes the last one off again. */
static void dots_remove(Buffer *out, size_t from, const char *path)
{
        while (*path) {
                size_t slash = *path == '/', size = strcspn(path + slash, "/");
                const char *segment = path + slash;
                bool is_up = size == 2 && segment[0] == '.' && segment[1] == '.';
                bool is_here = size == 1 && segment[0] == '.';

                path = segment + size;
                if (is_up) {
                        while (out->size > from && out->bytes[out->size - 1] != '/')
                                out->size--;
                        out->size -= out->size > from;
                }
                if (!is_up && !is_here)
                        buffer_add(out, segment - slash, size + slash);
                else if (!*path && slash)
                        buffer_byte(out, '/');
                else if (!slash)
                        path += *path == '/'; /* "../" in front of everything */
        }
}

static void piece_write(Buffer *out, const char *before, Piece piece, const char *behind)
{
        if (!piece.bytes)
                return;
        buffer_text(out, before);
        buffer_add(out, piece.bytes, piece.size);
        buffer_text(out, behind);
}

static void path_write(Buffer *out, const Link *base, const Link *link)
{
        CLEANUP(buffer_free) Buffer path = { 0 };

        if (link->authority.bytes || (link->path.size && link->path.bytes[0] == '/'))
                buffer_add(&path, link->path.bytes, link->path.size);
        else
                path_merge(&path, base, link->path);
        dots_remove(out, out->size, path.bytes ? path.bytes : "");
}

char *link_join(const char *base, const char *link)
{
        CLEANUP(buffer_free) Buffer out = { 0 };
        const Link of = base ? link_read(base) : (Link){ 0 }, is = link_read(link);

        if (!of.scheme.bytes || is.scheme.bytes)
                return text_copy(link);
        piece_write(&out, "", of.scheme, ":");
        piece_write(&out, "//", is.authority.bytes ? is.authority : of.authority, "");
        if (is.authority.bytes || is.path.size) {
                path_write(&out, &of, &is);
                piece_write(&out, "?", is.query, "");
        } else {
                buffer_add(&out, of.path.bytes, of.path.size);
                piece_write(&out, "?", is.query.bytes ? is.query : of.query, "");
        }
        piece_write(&out, "#", is.fragment, "");
        return mem_copy(out.bytes, out.size);
}
