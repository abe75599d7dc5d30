#include "hub/document/reply.h"

#include "hub/base/memory.h"

#include <string.h>

void reply_text(Output *output, unsigned status, const char *type, const char *body)
{
        reply(output, &(Reply){ .status = status, .content_type = type, .body = body, .size = strlen(body) });
}

void reply_json(Output *output, unsigned status, const char *type, json_t *body)
{
        CLEANUP(mem_drop) char *text = json_dumps(body, JSON_COMPACT);

        json_decref(body);
        reply_text(output, status, type, text ? text : "");
}
