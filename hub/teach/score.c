/* hub score: decisions against a truth (messages.md section 9). */

#include "hub/base/csv.h"
#include "hub/base/json.h"
#include "hub/base/map.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/learn/measure.h"
#include "hub/teach/band.h"
#include "hub/tool/command.h"
#include "hub/zone/zone.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
        Csv truth;
        Map *rows_by_subject; /* subject -> row number of truth + 1 */
        Map *measured;        /* subject -> Measured * */
        Map *subjects;        /* event id -> subject, owned text */
        Measured *rows;       /* in the order of first decisions */
        size_t size;
        Arena *texts;
        Band band;
} Scoring;

static const char *keep(Scoring *scoring, const char *text)
{
        return text ? arena_copy(scoring->texts, text, strlen(text)) : NULL;
}

static const char *truth_cell(const Scoring *scoring, const char *subject, const char *column)
{
        const uintptr_t row = (uintptr_t)map_get_text(scoring->rows_by_subject, subject);
        const char *cell = row ? csv_cell(&scoring->truth, row - 1, column) : NULL;

        return cell && *cell ? cell : NULL;
}

static Measured *measured_of(Scoring *scoring, const json_t *line, const char *subject)
{
        Measured *row = map_get_text(scoring->measured, subject);

        if (row)
                return row;
        const char *truth = truth_cell(scoring, subject, "incident"),
                   *category = truth_cell(scoring, subject, "category");
        if (!truth)
                return NULL;
        row = &scoring->rows[scoring->size++];
        *row = (Measured){ .subject = keep(scoring, subject),
                           .truth = truth,
                           .group = truth_cell(scoring, subject, "group") };
        const char *platform = json_text(line, "platform"), *channel = json_text(line, "channel");
        row->channel = arena_format(scoring->texts, "%s/%s", platform ? platform : "", channel ? channel : "");
        row->category = category ? category : keep(scoring, json_text(line, "category"));
        map_put_text(scoring->measured, subject, row);
        return row;
}

static void moved_take(Scoring *scoring, const json_t *moved)
{
        for (size_t i = 0; i < json_array_size(moved); i++) {
                const char *subject = json_text(json_array_get(moved, i), "subject"),
                           *incident = json_text(json_array_get(moved, i), "incident");
                Measured *row = subject ? map_get_text(scoring->measured, subject) : NULL;

                if (row && incident)
                        row->incident = keep(scoring, incident);
        }
}

static void decision_take(Scoring *scoring, const json_t *line)
{
        const char *subject = json_text(line, "subject"), *event = json_text(line, "event"),
                   *incident = json_text(line, "incident");
        const char *decision = json_text(line, "decision"), *against = json_text(line, "against");

        moved_take(scoring, json_object_get(line, "moved"));
        if (!subject || !event || !incident)
                return;
        if (!map_get_text(scoring->subjects, event))
                map_put_text(scoring->subjects, event, arena_copy(scoring->texts, subject, strlen(subject)));
        Measured *row = measured_of(scoring, line, subject);
        if (!row)
                return;
        row->incident = keep(scoring, incident);
        if (!text_same(decision, "join") || !against)
                return;
        row->against = map_get_text(scoring->subjects, against);
        row->against_truth = row->against ? truth_cell(scoring, row->against, "incident") : NULL;
}

static const char *true_incident(const void *scoring, const char *subject)
{
        return truth_cell(scoring, subject, "incident");
}

static void line_take(Scoring *scoring, const json_t *line)
{
        decision_take(scoring, line);
        band_take(&scoring->band, line, true_incident, scoring);
}

static bool truth_load(Scoring *scoring, const char *path, Error *err)
{
        static const char *const required[] = { "subject", "incident" };

        if (!csv_load(&scoring->truth, path, required, 2, err))
                return false;
        for (size_t i = 0; i < scoring->truth.rows; i++)
                map_put_text(scoring->rows_by_subject, csv_cell(&scoring->truth, i, "subject"),
                             (void *)(uintptr_t)(i + 1));
        scoring->rows = mem_new((scoring->truth.rows + 1) * sizeof *scoring->rows);
        return true;
}

static bool decisions_load(Scoring *scoring, const char *path, Error *err)
{
        FILE *in = fopen(path, "re");
        char *line = NULL;
        size_t room = 0;
        bool fine = true;

        if (!in)
                return error_set(err, ERR_FATAL, NULL, "%s: cannot be read", path);
        for (int64_t number = 1; fine; number++) {
                const ssize_t size = getline(&line, &room, in);

                if (size < 0)
                        break;
                CLEANUP(json_drop) json_t *json = json_read_typed(line, (size_t)size, err);
                if (json)
                        line_take(scoring, json);
                else
                        fine = error_add(err, "%s line %lld", path, (long long)number);
        }
        free(line);
        fclose(in);
        return fine;
}

static void counts_print(const char *name, const Counts *counts, const char *what)
{
        printf("%-28s precision %5.1f  recall %5.1f  F1 %5.1f  (%lld true of %lld, %lld to find) %s\n", name,
               100 * counts_precision(counts), 100 * counts_recall(counts), 100 * counts_f1(counts),
               (long long)counts->both, (long long)counts->predicted, (long long)counts->truth, what);
}

static json_t *counts_json(const Counts *counts)
{
        return json_pack("{s:f, s:f, s:f, s:I, s:I, s:I}", "precision", counts_precision(counts), "recall",
                         counts_recall(counts), "f1", counts_f1(counts), "predicted", (json_int_t)counts->predicted,
                         "truth", (json_int_t)counts->truth, "both", (json_int_t)counts->both);
}

static const char *channel_of(const Measured *row)
{
        return row->channel;
}

static const char *category_of(const Measured *row)
{
        return row->category;
}

static const char *group_of(const Measured *row)
{
        return row->group;
}

static int by_text(const void *one, const void *other)
{
        return strcmp(*(const char *const *)one, *(const char *const *)other);
}

/* The pairs within each value of a part, values in rising order. */
static void parts_tell(const Scoring *scoring, const char *name, const char *(*part)(const Measured *), json_t *report)
{
        CLEANUP(mem_drop) const char **values = mem_new((scoring->size + 1) * sizeof *values);
        CLEANUP(mem_drop) Measured *rows = mem_new((scoring->size + 1) * sizeof *rows);
        json_t *table = report ? json_object() : NULL;
        size_t count = 0;

        for (size_t i = 0; i < scoring->size; i++)
                if (part(&scoring->rows[i]))
                        values[count++] = part(&scoring->rows[i]);
        qsort(values, count, sizeof *values, by_text);
        for (size_t i = 0; i < count; i++) {
                size_t size = 0;

                if (i > 0 && text_same(values[i], values[i - 1]))
                        continue;
                for (size_t j = 0; j < scoring->size; j++)
                        if (text_same(part(&scoring->rows[j]), values[i]))
                                rows[size++] = scoring->rows[j];
                const Counts counts = measure_pairs(rows, size, NULL);
                if (table)
                        json_object_set_new(table, values[i], counts_json(&counts));
                else if (counts.truth + counts.predicted > 0)
                        counts_print(values[i], &counts, name);
        }
        if (table)
                json_object_set_new(report, name, table);
}

static void tell(const Scoring *scoring, bool as_json)
{
        const Counts all = measure_pairs(scoring->rows, scoring->size, NULL),
                     same = measure_pairs(scoring->rows, scoring->size, channel_of);
        const Counts across = { all.predicted - same.predicted, all.truth - same.truth, all.both - same.both };
        const Counts flags = measure_flags(scoring->rows, scoring->size),
                     direct = measure_direct(scoring->rows, scoring->size);
        CLEANUP(json_drop) json_t *report = as_json ? json_object() : NULL;
        int64_t decided, truth;

        measure_largest(scoring->rows, scoring->size, &decided, &truth);
        if (as_json) {
                json_object_set_new(report, "subjects", json_integer((json_int_t)scoring->size));
                json_object_set_new(report, "pairs", counts_json(&all));
                json_object_set_new(report, "across", counts_json(&across));
                json_object_set_new(report, "flags", counts_json(&flags));
                json_object_set_new(report, "direct", counts_json(&direct));
                json_object_set_new(report, "direct_precision", json_real(counts_precision(&direct)));
                json_object_set_new(
                        report, "largest",
                        json_pack("{s:I, s:I}", "decided", (json_int_t)decided, "truth", (json_int_t)truth));
        } else {
                printf("%zu subjects of the truth were decided on\n", scoring->size);
                counts_print("pairs", &all, "");
                counts_print("across platforms, channels", &across, "");
                counts_print("flags", &flags, "");
                printf("%-28s %5.1f  (%lld of %lld joins)\n", "direct precision", 100 * counts_precision(&direct),
                       (long long)direct.both, (long long)direct.predicted);
                printf("%-28s %lld, true %lld\n", "largest cluster", (long long)decided, (long long)truth);
        }
        band_tell(&scoring->band, scoring->rows, scoring->size, report);
        parts_tell(scoring, "category", category_of, report);
        parts_tell(scoring, "group", group_of, report);
        if (as_json)
                json_dumpf(report, stdout, JSON_COMPACT | JSON_REAL_PRECISION(15));
        if (as_json)
                putchar('\n');
}

static int usage(void)
{
        fputs("usage: hub score TRUTH.csv DECISIONS.ndjson [--json]\n", stderr);
        return EXIT_USAGE;
}

int command_score(int argc, char **argv)
{
        static const struct option long_options[] = { { "json", no_argument, NULL, 'j' }, { 0 } };
        Scoring scoring = { 0 };
        bool as_json = false;
        Error err = { 0 };

        for (int option; (option = getopt_long(argc, argv, "", long_options, NULL)) >= 0;) {
                if (option != 'j')
                        return usage();
                as_json = true;
        }
        if (argc - optind != 2)
                return usage();
        scoring.rows_by_subject = map_new();
        scoring.measured = map_new();
        scoring.subjects = map_new();
        scoring.texts = arena_new();
        band_open(&scoring.band);
        const bool fine = truth_load(&scoring, argv[optind], &err) && decisions_load(&scoring, argv[optind + 1], &err);
        if (fine)
                tell(&scoring, as_json);
        map_free(scoring.rows_by_subject, NULL);
        map_free(scoring.measured, NULL);
        map_free(scoring.subjects, NULL);
        arena_free(scoring.texts);
        band_close(&scoring.band);
        csv_close(&scoring.truth);
        free(scoring.rows);
        return fine ? EXIT_FINE : command_failed("score", &err);
}
