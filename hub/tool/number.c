#include "hub/tool/number.h"

#include "hub/base/crypto.h"
#include "hub/base/memory.h"
#include "hub/event/id.h"

#include <stdbool.h>
#include <string.h>

/* The third part of the subject that an event with this source id would have: encoded, or its hash. */
static char *form_of(const char *number, bool is_long)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        Event event = { 0 };
        char digest[SHA256_TEXT_SIZE];

        if (is_long)
                return text_copy(sha256_text(number, strlen(number), digest));
        event.platform = "p";
        event.source.id = number;
        event.source.revision = "";
        event_identify(&event, arena);
        return text_copy(event.subject + strlen("p::"));
}

/* p01::20231205:2 means 20231205; what was written before blanks were encoded is found as it was typed. */
void number_forms(const char *number, char *forms[NUMBER_FORMS])
{
        const char *space = strchr(number, ':'), *id = space ? strchr(space + 1, ':') : NULL;

        forms[0] = form_of(number, false);
        forms[1] = form_of(number, true);
        forms[2] = id && id[1] ? mem_copy(id + 1, strcspn(id + 1, ":")) : text_copy(number);
}
