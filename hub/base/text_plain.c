#include "hub/base/text.h"

#include <string.h>
#include <strings.h>

/*
 * Markup as browsers read it, as far as plain text needs it (WHATWG HTML 13.2.5). What is never closed is text: then
 * the search for its end is not tried again, so that hostile text costs linear time.
 */
typedef struct {
        const char *at, *end;
        bool no_tags, no_quotes, no_comments, no_raw; /* nothing more of that kind ends */
        Buffer *out;
        size_t start; /* of our text in out */
        bool blank;   /* owed before the next character */
} Plain;

typedef struct {
        const char *name;
        uint32_t point;
} Entity;

static const Entity entities[] = {
        { "amp", '&' },       { "lt", '<' },        { "gt", '>' },       { "quot", '"' },      { "apos", '\'' },
        { "nbsp", 0xa0 },     { "ensp", 0x2002 },   { "emsp", 0x2003 },  { "thinsp", 0x2009 }, { "middot", 0xb7 },
        { "ldquo", 0x201c },  { "rdquo", 0x201d },  { "lsquo", 0x2018 }, { "rsquo", 0x2019 },  { "mdash", 0x2014 },
        { "ndash", 0x2013 },  { "hellip", 0x2026 }, { "bull", 0x2022 },  { "times", 0xd7 },    { "divide", 0xf7 },
        { "plusmn", 0xb1 },   { "deg", 0xb0 },      { "sup2", 0xb2 },    { "sup3", 0xb3 },     { "micro", 0xb5 },
        { "permil", 0x2030 }, { "yen", 0xa5 },      { "copy", 0xa9 },    { "reg", 0xae },      { "trade", 0x2122 },
        { "sect", 0xa7 },     { "para", 0xb6 },     { "laquo", 0xab },   { "raquo", 0xbb },    { "le", 0x2264 },
        { "ge", 0x2265 },     { "ne", 0x2260 },     { "rarr", 0x2192 },  { "larr", 0x2190 },   { "zwnj", 0x200c },
};

static bool is_blank(uint32_t point)
{
        return (point >= '\t' && point <= '\r') || point == ' ' || point == 0x85 || point == 0xa0 || point == 0x1680 ||
               (point >= 0x2000 && point <= 0x200a) || point == 0x2028 || point == 0x2029 || point == 0x202f ||
               point == 0x205f || point == 0x3000;
}

/* Controls, and the marks that turn the direction of a line or cannot be seen: they only serve to deceive a reader. */
static bool is_control(uint32_t point)
{
        return point < 0x20 || (point >= 0x7f && point <= 0x9f) || point == 0x200b || point == 0x200e ||
               point == 0x200f || (point >= 0x202a && point <= 0x202e) || (point >= 0x2060 && point <= 0x2069) ||
               point == 0xfeff;
}

static void plain_put(Plain *plain, uint32_t point)
{
        if (is_blank(point)) {
                plain->blank = true;
        } else if (!is_control(point)) {
                if (plain->blank && plain->out->size > plain->start)
                        buffer_byte(plain->out, ' ');
                plain->blank = false;
                text_put(plain->out, point);
        }
}

static int digit_value(char c, int base)
{
        if (c >= '0' && c <= '9')
                return c - '0';
        if (base != 16)
                return -1;
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* &#38; and &#x26; between "#" and ";". */
static bool number_read(const char *at, const char *end, uint32_t *point)
{
        int base = at < end && (*at | 0x20) == 'x' ? 16 : 10;

        at += base == 16;
        *point = 0;
        if (at == end)
                return false;
        for (; at < end; at++) {
                int digit = digit_value(*at, base);

                if (digit < 0)
                        return false;
                if (*point <= 0x10ffff)
                        *point = *point * (uint32_t)base + (uint32_t)digit;
        }
        return true;
}

static bool name_read(const char *at, size_t size, uint32_t *point)
{
        for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
                if (strlen(entities[i].name) == size && memcmp(entities[i].name, at, size) == 0) {
                        *point = entities[i].point;
                        return true;
                }
        }
        return false;
}

/* At "&": decodes an entity that ends with ";"; anything else is text. */
static bool entity_take(Plain *plain)
{
        enum { ENTITY_MOST = 32 };
        const char *at = plain->at + 1;
        size_t left = (size_t)(plain->end - at);
        const char *semicolon = memchr(at, ';', left < ENTITY_MOST ? left : ENTITY_MOST);
        uint32_t point;

        if (!semicolon || semicolon == at)
                return false;
        if (*at == '#' ? !number_read(at + 1, semicolon, &point) : !name_read(at, (size_t)(semicolon - at), &point))
                return false;
        plain_put(plain, point);
        plain->at = semicolon + 1;
        return true;
}

/* The ">" of a tag; those in quoted attributes do not count, unless a quote is never closed. */
static const char *tag_end(Plain *plain)
{
        const char *at = plain->at;
        char quote = '\0';

        for (; at < plain->end && !plain->no_quotes; at++) {
                if (quote)
                        quote = (char)(*at == quote ? '\0' : quote);
                else if (*at == '>')
                        return at;
                else if ((*at == '"' || *at == '\'') && at[-1] == '=')
                        quote = *at;
        }
        plain->no_quotes = true;
        return memchr(plain->at, '>', (size_t)(plain->end - plain->at));
}

static bool name_is(const char *name, size_t size, const char *const *names)
{
        for (; *names; names++)
                if (strlen(*names) == size && strncasecmp(name, *names, size) == 0)
                        return true;
        return false;
}

/* After <script> or <style>: what stands before the closing tag is no text. */
static void raw_skip(Plain *plain, const char *name, size_t size)
{
        const char *at = plain->at;

        for (; !plain->no_raw && plain->end - at > (ptrdiff_t)size + 1; at++) {
                if (at[0] == '<' && at[1] == '/' && strncasecmp(at + 2, name, size) == 0) {
                        plain->at = at;
                        return;
                }
        }
        plain->no_raw = true;
}

static bool is_letter(char c)
{
        return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool comment_take(Plain *plain)
{
        const char *end;

        if (plain->no_comments || plain->end - plain->at < 4 || memcmp(plain->at, "<!--", 4) != 0)
                return false;
        end = memmem(plain->at + 4, (size_t)(plain->end - plain->at) - 4, "-->", 3);
        plain->no_comments = !end;
        if (end)
                plain->at = end + 3;
        return end;
}

/* At "<": drops a tag; those that begin a line or a cell leave a blank. "a < b" is text. */
static bool tag_take(Plain *plain)
{
        static const char *const blocks[] = { "br", "p",  "div", "li", "tr", "td", "th", "table", "ul", "ol",
                                              "hr", "h1", "h2",  "h3", "h4", "h5", "h6", "dt",    "dd", NULL };
        static const char *const raws[] = { "script", "style", NULL };
        const char *name = plain->at + 1, *end;
        size_t size = 0;

        if (comment_take(plain))
                return true;
        if (name == plain->end || !(is_letter(*name) || strchr("/!?", *name)) || *name == '\0')
                return false;
        end = plain->no_tags ? NULL : tag_end(plain);
        plain->no_tags = !end;
        if (!end)
                return false;
        plain->at = end + 1;
        name += *name == '/';
        while (is_letter(name[size]) || (size && name[size] >= '0' && name[size] <= '9'))
                size++;
        if (name_is(name, size, blocks))
                plain->blank = true;
        if (name[-1] == '<' && name_is(name, size, raws))
                raw_skip(plain, name, size);
        return true;
}

void text_plain(Buffer *out, const char *text, size_t size)
{
        Plain plain = { .at = text, .end = text + size, .out = out, .start = out->size };

        buffer_room(out, size);
        while (plain.at < plain.end) {
                bool taken = (*plain.at == '<' && tag_take(&plain)) || (*plain.at == '&' && entity_take(&plain));

                if (!taken)
                        plain_put(&plain, text_next(&plain.at, plain.end));
        }
}
