#pragma once

/* The table of commands: hub/main.c. Ends with a NULL name. */

typedef struct {
        const char *name;
        int (*run)(int argc, char **argv);
        const char *about;
} CommandEntry;

extern const CommandEntry commands[];
