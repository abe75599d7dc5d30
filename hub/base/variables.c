#include "hub/base/variables.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <stdlib.h>
#include <string.h>

static size_t name_size(const char *text)
{
        size_t size = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789");

        return *text >= '0' && *text <= '9' ? 0 : size;
}

/* One variable: text stands after "${", and moves after "}". */
static bool variable_add(Buffer *out, const char **text, Error *err)
{
        size_t size = name_size(*text);
        const char *rest = *text + size, *end = strchr(rest, '}'), *value;
        CLEANUP(mem_drop) char *name = mem_copy(*text, size);
        bool has_default = text_starts(rest, ":-");

        if (!size || !end || (!has_default && rest != end))
                return error_set(err, ERR_FATAL, NULL, "\"${\" is not followed by NAME} or NAME:-default}");
        *text = end + 1;
        value = getenv(name);
        if (value && value[0])
                buffer_text(out, value);
        else if (has_default)
                buffer_add(out, rest + 2, (size_t)(end - rest - 2));
        else
                return error_set(err, ERR_FATAL, NULL, "${%s} is not set and has no default", name);
        return true;
}

bool variables_replace(Buffer *out, const char *text, Error *err)
{
        const char *found;

        while ((found = strstr(text, "${"))) {
                buffer_add(out, text, (size_t)(found - text));
                text = found + 2;
                if (!variable_add(out, &text, err))
                        return false;
        }
        buffer_text(out, text);
        return true;
}
