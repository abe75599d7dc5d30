#include "hub/base/beside.h"

#include <stdbool.h>
#include <string.h>

const char *text_beside(const char *one, const char *other, Arena *arena)
{
        enum { WORD = 3 }; /* bytes of a character of U+4000 to U+9FFF: the first is e4 to e9 */
        const size_t size = strlen(one);
        const char *last = size >= WORD ? one + size - WORD : "";
        const bool word = (unsigned char)*last >= 0xe4 && (unsigned char)*last <= 0xe9;

        return arena_format(arena, "%s%s%s", one,
                            !other[0] || (word && !strstr("零一二三四五六七八九幺两", last)) ? "" : " ", other);
}
