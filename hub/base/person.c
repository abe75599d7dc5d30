#include "hub/base/person.h"

#include "hub/base/text.h"

#include <string.h>

static bool is_letter(uint32_t point)
{
        return (point >= 0x4e00 && point <= 0x9fff) || point == 0xb7 /* of 买买提·艾力 */ ||
               ((point | 0x20) >= 'a' && (point | 0x20) <= 'z');
}

/* 0: nothing, or more than a name. */
static size_t name_size(const char *text)
{
        enum { LONGEST = 20 };
        const char *at = text, *last = text, *end = text + strlen(text);
        size_t points = 0;

        while (is_letter(text_next(&at, end))) {
                last = at;
                points++;
        }
        return points <= LONGEST ? (size_t)(last - text) : 0;
}

const char *person_named(const char *text, Arena *arena)
{
        static const char label[] = "姓名", colon[] = "：";

        while (text && (text = strstr(text, label))) {
                size_t size;

                text += strlen(label);
                size = text_starts(text, colon) ? strlen(colon) : *text == ':';
                if (!size)
                        continue;
                text += size + strspn(text + size, " ");
                size = name_size(text);
                if (size)
                        return arena_copy(arena, text, size);
        }
        return NULL;
}
