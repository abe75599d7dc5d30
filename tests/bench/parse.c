/*
 * bench-parse FILE: each line parsed by Jansson and dropped, nothing else: what an adapter cannot go far below. On stdout the
 * processor's seconds for 100,000 lines.
 */

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LEAST = 100000 };

static size_t file_parse(FILE *file)
{
        char *line = NULL;
        size_t room = 0, lines = 0;

        for (ssize_t size; (size = getline(&line, &room, file)) > 0; lines++) {
                json_t *json = json_loadb(line, (size_t)size, JSON_REJECT_DUPLICATES, NULL);

                if (!json)
                        exit(EXIT_FAILURE);
                json_decref(json);
        }
        free(line);
        rewind(file);
        return lines;
}

int main(int argc, char **argv)
{
        FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
        const clock_t begin = clock();
        size_t lines = 0, more;

        if (!file)
                return 2;
        while (lines < LEAST && (more = file_parse(file)))
                lines += more;
        fclose(file);
        if (!lines)
                return EXIT_FAILURE;
        printf("%.2f\n", (double)(clock() - begin) / CLOCKS_PER_SEC * 1e5 / (double)lines);
        return EXIT_SUCCESS;
}
