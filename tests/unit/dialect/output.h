#pragma once

/* An output that keeps what it is told, for one test program; emit() may be told to fail. */

#include "hub/adapter.h"
#include "tests/unit/base/run.h"

#include <string.h>

struct Output {
        Arena *arena;
        int events, rejected, ignored, begun;
        unsigned quality;
        ErrorKind emits;
        char id[64], revision[128], item[256], reason[32];
        unsigned status;
        char content_type[64], body[1024];
};

bool emit(Output *output, const Event *event, Error *err)
{
        if (output->emits != ERR_NONE)
                return error_set(err, output->emits, "bad_value", "as told");
        output->events++;
        snprintf(output->id, sizeof(output->id), "%s", event->source.id);
        return true;
}

void reject(Output *output, const char *item, size_t size, const Error *why)
{
        output->rejected++;
        snprintf(output->item, sizeof(output->item), "%.*s", (int)size, item);
        snprintf(output->reason, sizeof(output->reason), "%s", why->reason);
}

bool ignored(Output *output, const char *reason)
{
        (void)reason;
        output->ignored++;
        return true;
}

void reply(Output *output, const Reply *told)
{
        output->status = told->status;
        snprintf(output->content_type, sizeof(output->content_type), "%s", told->content_type);
        snprintf(output->body, sizeof(output->body), "%.*s", (int)told->size, told->body);
}

void mark(Output *output, unsigned quality)
{
        output->quality |= quality;
}

void item_begin(Output *output)
{
        output->begun++;
}

Arena *scratch(Output *output)
{
        return output->arena;
}

const char *record_header(const Record *record, const char *name)
{
        for (const RecordHeader *header = record->headers; header && header->name; header++)
                if (strcmp(header->name, name) == 0)
                        return header->value;
        return NULL;
}
