#include "hub/document/parts.h"

#include "hub/base/text.h"

#include <string.h>
#include <strings.h>

static bool is_declared(const Record *record)
{
        return record->content_type && strncasecmp(record->content_type, "multipart/", strlen("multipart/")) == 0;
}

bool parts_are_there(const Record *record)
{
        size_t size = record->size;
        const char *text = text_trim(record->bytes, &size);

        return is_declared(record) || (size > 2 && strncmp(text, "--", 2) == 0);
}

/* With the dashes before it; NULL: none. */
static const char *delimiter_of(const Record *record, Arena *arena)
{
        const char *declared = is_declared(record) ? strcasestr(record->content_type, "boundary=") : NULL;
        size_t size = record->size, line = 0;
        const char *text = text_trim(record->bytes, &size);

        if (declared) {
                declared += strlen("boundary=");
                declared += *declared == '"';
                return arena_format(arena, "--%.*s", (int)strcspn(declared, "\"; \t\r\n"), declared);
        }
        while (line < size && !strchr(" \t\r\n", text[line]))
                line++;
        return line > 2 && strncmp(text, "--", 2) == 0 ? arena_copy(arena, text, line) : NULL;
}

/* Behind the empty line that ends a part's headers. */
static const char *body_of(const char *part, const char *end)
{
        const char *wide = memmem(part, (size_t)(end - part), "\r\n\r\n", 4);
        const char *narrow = memmem(part, (size_t)(end - part), "\n\n", 2);

        if (wide && (!narrow || wide < narrow))
                return wide + 4;
        return narrow ? narrow + 2 : part;
}

static bool part_read(const Record *record, const char *start, const char *end, Arena *arena, Record *part)
{
        const char *body = body_of(start, end);
        size_t size = (size_t)(end - body);
        const char *text = text_trim(body, &size);

        if (size == 0 || (*text != '<' && *text != '{'))
                return false;
        *part = *record;
        part->bytes = arena_copy(arena, text, size);
        part->size = size;
        part->paged = 0;
        part->content_type = NULL; /* that was the whole's */
        return true;
}

bool parts_translate(const Record *record, Output *output,
                     bool (*each)(const void *context, const Record *part, Error *err), const void *context, Error *err)
{
        const char *delimiter = delimiter_of(record, scratch(output)), *const last = record->bytes + record->size;
        const size_t length = delimiter ? strlen(delimiter) : 0;
        const char *at = length > 2 ? memmem(record->bytes, record->size, delimiter, length) : NULL;
        size_t found = 0;

        while (at) {
                const char *start = at + length;
                Error why = { 0 };
                Record part;

                at = memmem(start, (size_t)(last - start), delimiter, length);
                if (!part_read(record, start, at ? at : last, scratch(output), &part))
                        continue;
                found++;
                if (each(context, &part, &why))
                        continue;
                if (why.kind != ERR_INPUT) {
                        *err = why;
                        return false;
                }
                reject(output, part.bytes, part.size, &why);
        }
        return found > 0 || error_set(err, ERR_INPUT, "unknown_message", "no part is a document");
}
