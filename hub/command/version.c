/* hub version: what is installed here. */

#include "hub/tool/tool.h"

#include <stdio.h>

int command_version(int argc, char **argv)
{
        (void)argv;
        if (argc > 1)
                return tool_usage("usage: hub version\n", false);
        printf("hub %s\n", HUB_VERSION);
        return EXIT_FINE;
}
