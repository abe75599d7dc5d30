/* Reads documents from stdin, one a line, and prints a line for each: "accept", or "refuse REASON". */

#include "hub/base/memory.h"
#include "hub/event/json.h"

#include <stdio.h>
#include <stdlib.h>

int main(void)
{
        CLEANUP(event_reader_drop) EventReader *reader = event_reader_new();
        char *line = NULL;
        size_t room = 0;
        ssize_t size;

        while ((size = getline(&line, &room, stdin)) > 0) {
                EventValue value;
                Error err = { 0 };

                if (event_read(reader, line, (size_t)size - (line[size - 1] == '\n'), &value, &err))
                        printf("accept\n");
                else
                        printf("refuse %s\n", err.reason);
        }
        free(line);
        return EXIT_SUCCESS;
}
