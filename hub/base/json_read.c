#include "hub/base/json_private.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <stdlib.h>
#include <string.h>

/*
 * A pass over the text before Jansson: measures the depth, and quotes numbers where a value may stand. It need not know
 * the whole grammar: what it leaves alone Jansson judges.
 */
typedef struct {
        const char *at, *end;
        Buffer *out; /* NULL: only the depth */
        size_t stop; /* end when out has that many bytes */
        int depth;
        bool array[JSON_DEPTH_MOST + 1];
        char before; /* the last byte that is no blank, '\0' at the start */
} Scan;

static bool is_digit(char c)
{
        return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static const char *digits_skip(const char *at, const char *end)
{
        while (at < end && is_digit(*at))
                at++;
        return at;
}

const char *json_number_end(const char *at, const char *end)
{
        const char *from;

        at += *at == '-';
        from = at;
        at = digits_skip(at, end);
        if (at == from || (*from == '0' && at - from > 1))
                return NULL;
        if (at < end && *at == '.') {
                from = at + 1;
                at = digits_skip(from, end);
                if (at == from)
                        return NULL;
        }
        if (at < end && (*at == 'e' || *at == 'E')) {
                from = at + 1;
                from += from < end && (*from == '+' || *from == '-');
                at = digits_skip(from, end);
                if (at == from)
                        return NULL;
        }
        return at == end || is_blank(*at) || *at == ',' || *at == ']' || *at == '}' ? at : NULL;
}

static bool value_may_stand(const Scan *scan)
{
        switch (scan->before) {
        case '\0':
        case ':':
        case '[':
                return true;
        case ',':
                return scan->array[scan->depth];
        default:
                return false;
        }
}

static const char *string_end(const char *at, const char *end)
{
        for (at++; at < end && *at != '"'; at++)
                at += *at == '\\' && at + 1 < end;
        return at < end ? at + 1 : end;
}

static void scan_copy(Scan *scan, const char *to)
{
        if (scan->out)
                buffer_add(scan->out, scan->at, (size_t)(to - scan->at));
        scan->at = to;
}

/*
 * RFC 8259 allows an escaped NUL, no text of ours can hold one: it becomes U+FFFD, as any character that cannot be kept.
 * Both escapes have six bytes, so that positions stay.
 */
static void nuls_replace(char *at, const char *end)
{
        for (; at < end; at++) {
                if (*at != '\\')
                        continue;
                if (end - at >= 6 && memcmp(at, "\\u0000", 6) == 0)
                        memcpy(at, "\\ufffd", 6);
                at++;
        }
}

static void scan_string(Scan *scan)
{
        const size_t from = scan->out ? scan->out->size : 0;

        scan_copy(scan, string_end(scan->at, scan->end));
        if (scan->out)
                nuls_replace(scan->out->bytes + from, scan->out->bytes + scan->out->size);
}

/* As the gateway might as well have written it: 350206231205e+6, for which no case's number is taken. */
static void scan_rounded(Scan *scan, const char *to)
{
        const char *end = to;

        while (end[-1] == '0')
                end--;
        scan_copy(scan, end);
        buffer_format(scan->out, "e+%zu", (size_t)(to - end));
        scan->at = to;
}

static void scan_number(Scan *scan)
{
        const char *to = scan->out && value_may_stand(scan) ? json_number_end(scan->at, scan->end) : NULL;

        if (to) {
                buffer_byte(scan->out, '"');
                if (text_lost_its_end(scan->at, (size_t)(to - scan->at)) &&
                    !memchr(scan->at, '.', (size_t)(to - scan->at)))
                        scan_rounded(scan, to);
                else
                        scan_copy(scan, to);
                buffer_byte(scan->out, '"');
        } else {
                scan_copy(scan, scan->at + 1);
        }
}

/* False when the depth is passed. */
static bool scan_token(Scan *scan)
{
        char c = *scan->at;

        if (c == '[' || c == '{') {
                if (++scan->depth > JSON_DEPTH_MOST)
                        return false;
                scan->array[scan->depth] = c == '[';
        } else if ((c == ']' || c == '}') && scan->depth > 0) {
                scan->depth--;
        }
        if (c == '"')
                scan_string(scan);
        else if (c == '-' || is_digit(c))
                scan_number(scan);
        else
                scan_copy(scan, scan->at + 1);
        if (!is_blank(c))
                scan->before = c;
        return true;
}

static bool scan_run(Scan *scan)
{
        while (scan->at < scan->end && (!scan->out || scan->out->size < scan->stop))
                if (!scan_token(scan))
                        return false;
        return true;
}

static bool refuse(const char *reason, const char *text, const char *bytes, const char *at, Error *err)
{
        size_t line = 1, column = 1;

        while (bytes < at) {
                bool newline = *bytes == '\n';

                (void)text_next(&bytes, at);
                line += newline;
                column = newline ? 1 : column + 1;
        }
        return error_set(err, ERR_INPUT, reason, "line %zu column %zu: %s", line, column, text);
}

static const char *reason_of(const json_error_t *trouble)
{
        switch ((int)json_error_code(trouble)) {
        case json_error_duplicate_key:
                return "duplicate_key";
        case json_error_null_character:
        case json_error_null_byte_in_key:
        case json_error_numeric_overflow:
                return "bad_value";
        case json_error_invalid_utf8:
                return "bad_charset";
        case json_error_stack_overflow:
                return "too_deep";
        default:
                return "not_json";
        }
}

/* Where in the original text the byte of the rewritten one stood: written again as far as that, the rare way. */
static const char *position_find(const char *bytes, size_t size, size_t position, bool rewritten)
{
        CLEANUP(buffer_free) Buffer again = { 0 };
        Scan scan = { .at = bytes, .end = bytes + size, .out = &again, .stop = position };

        if (!rewritten)
                return bytes + (position < size ? position : size);
        (void)scan_run(&scan);
        return again.size > position ? scan.at - (again.size - position) : scan.at;
}

json_t *json_parse(const char *bytes, size_t size, bool rewrite, bool *at_end, Error *err)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        json_error_t trouble;
        json_t *json;
        Scan scan;

        *at_end = false;
        if (size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
                bytes += 3;
                size -= 3;
        }
        json = json_quick(bytes, size, rewrite);
        if (json)
                return json;
        if (memchr(bytes, '\0', size)) { /* Jansson reads past a NUL that follows a number */
                (void)refuse("not_json", "a NUL byte", bytes, memchr(bytes, '\0', size), err);
                return NULL;
        }
        if (rewrite)
                buffer_room(&text, size + size / 4);
        scan = (Scan){ .at = bytes, .end = bytes + size, .out = rewrite ? &text : NULL, .stop = SIZE_MAX };
        if (!scan_run(&scan)) {
                (void)refuse("too_deep", "nested deeper than 32", bytes, scan.at, err);
                return NULL;
        }
        json = json_loadb(rewrite ? text.bytes : bytes, rewrite ? text.size : size,
                          JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &trouble);
        if (!json) {
                char *near = strstr(trouble.text, " near '"); /* what follows is a piece of the input */

                *at_end = trouble.position >= 0 && (size_t)trouble.position >= (rewrite ? text.size : size);
                if (near)
                        *near = '\0';
                (void)refuse(reason_of(&trouble), trouble.text, bytes,
                             position_find(bytes, size, trouble.position > 0 ? (size_t)trouble.position : 0, rewrite),
                             err);
        }
        return json;
}

json_t *json_read(const char *bytes, size_t size, Error *err)
{
        bool at_end;

        return json_parse(bytes, size, true, &at_end, err);
}

json_t *json_read_typed(const char *bytes, size_t size, Error *err)
{
        bool at_end;

        return json_parse(bytes, size, false, &at_end, err);
}
