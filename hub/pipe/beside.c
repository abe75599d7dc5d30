#include "hub/pipe/beside.h"

#include <string.h>

#define HEADER "header:"

static bool pair_add(Buffer *out, const char *prefix, const char *name, const char *value)
{
        if (!value || out->size + strlen(prefix) + strlen(name) + strlen(value) + 2 > BESIDE_MOST)
                return false;
        buffer_text(out, prefix);
        buffer_add(out, name, strlen(name) + 1);
        buffer_add(out, value, strlen(value) + 1);
        return true;
}

bool beside_write(Buffer *out, const Record *record)
{
        const size_t before = out->size;

        (void)pair_add(out, "", "key", record->key);
        (void)pair_add(out, "", "method", record->method);
        (void)pair_add(out, "", "sequence", record->sequence);
        for (const RecordHeader *header = record->headers; header && header->name; header++)
                if (!pair_add(out, HEADER, header->name, header->value) && header->value)
                        break;
        return out->size > before;
}

static void pair_take(Record *record, RecordHeader *headers, size_t *headers_size, const char *name, const char *value)
{
        if (strcmp(name, "key") == 0)
                record->key = value;
        else if (strcmp(name, "method") == 0)
                record->method = value;
        else if (strcmp(name, "sequence") == 0)
                record->sequence = value;
        else if (strncmp(name, HEADER, strlen(HEADER)) == 0)
                headers[(*headers_size)++] = (RecordHeader){ name + strlen(HEADER), value };
}

bool beside_read(const char *bytes, size_t size, Arena *arena, Record *record)
{
        const char *at = arena_copy(arena, bytes, size), *end = at + size;
        RecordHeader *headers;
        size_t texts = 0, headers_size = 0;

        for (size_t i = 0; i < size; i++)
                texts += !bytes[i];
        if (!size || bytes[size - 1] || texts % 2)
                return false;
        headers = arena_take(arena, (texts / 2 + 1) * sizeof(*headers));
        while (at < end) {
                const char *name = at, *value = name + strlen(name) + 1;

                pair_take(record, headers, &headers_size, name, value);
                at = value + strlen(value) + 1;
        }
        record->headers = headers_size ? headers : NULL;
        return true;
}
