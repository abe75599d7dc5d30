#include "hub/tool/checkout.h"

#include "hub/base/memory.h"

#include <string.h>
#include <unistd.h>

static bool is_checkout(const char *folder)
{
        static const char *const signs[] = { "adapters/README.md", "schemas/platforms.yaml", "meson.build" };

        for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
                CLEANUP(mem_drop) char *path = text_format("%s/%s", folder, signs[i]);

                if (access(path, R_OK) != 0)
                        return false;
        }
        return true;
}

char *checkout_find(const char *named, Error *err)
{
        CLEANUP(mem_drop) char *folder = named ? text_copy(named) : getcwd(NULL, 0);
        char *slash;

        while (folder && folder[0]) {
                if (is_checkout(folder))
                        return text_copy(folder);
                slash = named ? NULL : strrchr(folder, '/');
                if (!slash)
                        break;
                *slash = '\0';
        }
        error_set(err, ERR_INPUT, NULL, "%s is no checkout of the hub (--tree names one)",
                  named ? named : "the current folder");
        return NULL;
}
