#include "hub/event/category.h"

#include <stdlib.h>
#include <unistd.h>

void schemas_path(Buffer *out, const char *file)
{
        const char *folder = getenv("HUB_SCHEMAS");

        buffer_clear(out);
        if (folder && folder[0]) {
                buffer_format(out, "%s/%s", folder, file);
                return;
        }
        buffer_format(out, "%s/%s", HUB_SCHEMAS_INSTALLED, file);
        if (access(out->bytes, R_OK) == 0)
                return;
        buffer_clear(out);
        buffer_format(out, "%s/%s", HUB_SCHEMAS_SOURCE, file);
}
