#include "hub/tool/command.h"

#include <stdio.h>

int command_failed(const char *part, const Error *err)
{
        fprintf(stderr, "hub %s: %s\n", part, err->text);
        if (err->kind == ERR_INPUT)
                return EXIT_USAGE;
        return err->kind == ERR_FATAL ? EXIT_CONFIG : EXIT_FAILED;
}
