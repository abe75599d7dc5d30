/* hub learn: a rules file from labelled reports (messages.md section 9). */

#include "hub/learn/learn.h"
#include "hub/base/csv.h"
#include "hub/base/map.h"
#include "hub/base/memory.h"
#include "hub/tool/command.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int usage(void)
{
        fputs("usage: hub learn [--rules BASE] --labels TRUTH.csv < events.ndjson > rules.yaml\n", stderr);
        return EXIT_USAGE;
}

static bool truth_load(Csv *truth, Map *by_subject, const char *path, Error *err)
{
        static const char *const required[] = { "subject", "incident" };

        if (!csv_load(truth, path, required, 2, err))
                return false;
        for (size_t i = 0; i < truth->rows; i++)
                map_put_text(by_subject, csv_cell(truth, i, "subject"),
                             (void *)(uintptr_t)csv_cell(truth, i, "incident"));
        return true;
}

/* The lines that are values; a bad one is told and left out. Returns whether all were good. */
static bool lines_load(Lesson *lesson, FILE *in)
{
        CLEANUP(event_reader_drop) EventReader *reader = event_reader_new();
        CLEANUP(mem_drop) char *line = NULL;
        size_t room = 0, lines_room = 0;
        bool fine = true;
        ssize_t size;

        for (long long number = 1; (size = getline(&line, &room, in)) >= 0; number++) {
                EventValue value;
                Error bad = { 0 };

                while (size > 0 && (line[size - 1] == '\n' || line[size - 1] == '\r'))
                        line[--size] = 0;
                if (size == 0)
                        continue;
                if (!event_read(reader, line, (size_t)size, &value, &bad)) {
                        fprintf(stderr, "hub learn: line %lld: %s\n", number, bad.text);
                        fine = false;
                        continue;
                }
                if (lesson->size == lines_room) {
                        lines_room = lines_room ? lines_room * 2 : 1024;
                        lesson->lines = mem_resize(lesson->lines, lines_room * sizeof *lesson->lines);
                }
                lesson->lines[lesson->size++] = text_copy(line);
        }
        return fine;
}

static int learn_all(const char *rules_path, const char *labels_path)
{
        CLEANUP(map_drop) Map *by_subject = map_new();
        CLEANUP(csv_close) Csv truth = { 0 };
        CLEANUP(buffer_free) Buffer out = { 0 };
        Lesson lesson = { .truth = by_subject };
        Evidence evidence;
        Error err = { 0 };
        bool all_good = true;

        lesson.rules = rules_load(rules_path, &err);
        bool fine = lesson.rules && truth_load(&truth, by_subject, labels_path, &err);
        if (fine) {
                all_good = lines_load(&lesson, stdin);
                fine = learn(&lesson, &evidence, &err);
        }
        if (fine) {
                learn_write(&out, &lesson, &evidence);
                fputs(out.bytes, stdout);
        }
        for (size_t i = 0; i < lesson.size; i++)
                free(lesson.lines[i]);
        free(lesson.lines);
        rules_free(lesson.rules);
        if (!fine || fflush(stdout) != 0)
                return command_failed("learn", &err);
        return all_good ? EXIT_FINE : EXIT_REJECTED;
}

int command_learn(int argc, char **argv)
{
        static const struct option long_options[] = { { "rules", required_argument, NULL, 'r' },
                                                      { "labels", required_argument, NULL, 'l' },
                                                      { 0 } };
        const char *rules_path = NULL, *labels_path = NULL;

        for (int option; (option = getopt_long(argc, argv, "", long_options, NULL)) >= 0;) {
                if (option == 'r')
                        rules_path = optarg;
                else if (option == 'l')
                        labels_path = optarg;
                else
                        return usage();
        }
        return optind == argc && labels_path ? learn_all(rules_path, labels_path) : usage();
}
