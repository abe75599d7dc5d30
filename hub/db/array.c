#include "hub/base/buffer.h"
#include "hub/db/db.h"

char *db_array(const char *const *items, size_t size, size_t step)
{
        Buffer out = { 0 };

        buffer_byte(&out, '{');
        for (size_t i = 0; i < size; i += step) {
                buffer_text(&out, i ? ",\"" : "\"");
                for (const char *c = items[i]; *c; c++) {
                        if (*c == '"' || *c == '\\')
                                buffer_byte(&out, '\\');
                        buffer_byte(&out, *c);
                }
                buffer_byte(&out, '"');
        }
        buffer_byte(&out, '}');
        return out.bytes;
}
