/* hub learn: a rules file from labelled reports, or from what operators ordered (messages.md section 9). */

#include "hub/learn/learn.h"
#include "hub/base/csv.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/learn/learn_diff.h"
#include "hub/teach/labels.h"
#include "hub/tool/tool.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHANGES_MOST = 20 };
#define MONTH_MS (31 * INT64_C(86400000))

static const char usage[] =
        "usage: hub learn [--rules BASE] [--precision P] --labels TRUTH.csv < events.ndjson > rules.yaml\n"
        "       hub learn --from-commands [--rules BASE] [--precision P] [--since TIME] [--config FILE] > rules.yaml\n"
        "  Rules of correlation out of labelled reports. They move away from BASE (the shipped rules, or those of the\n"
        "  configuration) only as far as the labels carry. stderr says what they come to in folds beside BASE and a "
        "naive\n"
        "  rule of radius and hours, which is recommended, and whether scores mean what they say. Rules that do not "
        "beat\n"
        "  BASE are not handed out: BASE is.\n"
        "  --from-commands  the labels are what operators merged, split, set apart and confirmed, the log that of the\n"
        "                   database; says too how the last month would have been decided: which incidents join or "
        "part.\n"
        "                   Then: hub recorrelate --rules, hub compare, hub promote. Run it as the owner of the "
        "database\n"
        "  --precision P    joins as soon as P of the joins in the folds are right: 0.97; without it, as F1 is best\n"
        "  --since TIME     records received since then (RFC 3339); without it those of 92 days\n";

typedef struct {
        const char *rules, *labels, *since, *config;
        bool from_commands;
        double precision;
} Order;

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

static bool rules_open(Lesson *lesson, const Order *order, const char *path, Error *err)
{
        lesson->precision = (int64_t)lround(order->precision * 1000);
        lesson->shipped = rules_load(path, err);
        lesson->rules = lesson->shipped ? rules_load(path, err) : NULL;
        return lesson->rules != NULL;
}

static void lesson_close(Lesson *lesson)
{
        for (size_t i = 0; i < lesson->size; i++)
                free(lesson->lines[i]);
        free(lesson->lines);
        rules_free(lesson->rules);
        rules_free((Rules *)(uintptr_t)lesson->shipped);
}

/* The rules on stdout, what is to be said of them on stderr. */
static bool lesson_learn(Lesson *lesson, bool compare, Error *err)
{
        CLEANUP(buffer_free) Buffer out = { 0 };
        CLEANUP(buffer_free) Buffer said = { 0 };
        Evidence evidence;

        if (!learn(lesson, &evidence, err))
                return false;
        learn_write(&out, lesson, &evidence);
        learn_tell(&said, lesson, &evidence);
        if (compare && !evidence.kept && !learn_diff_tell(lesson, MONTH_MS, CHANGES_MOST, &said, err))
                return false;
        fputs(said.bytes, stderr);
        fputs(out.bytes, stdout);
        return fflush(stdout) == 0 || error_set(err, ERR_FATAL, NULL, "stdout cannot be written");
}

static int labels_learn(const Order *order)
{
        CLEANUP(map_drop) Map *by_subject = map_new();
        CLEANUP(csv_close) Csv truth = { 0 };
        CLEANUP(lesson_close) Lesson lesson = { .truth = by_subject };
        Error err = { 0 };
        bool all_good = true;

        bool fine =
                rules_open(&lesson, order, order->rules, &err) && truth_load(&truth, by_subject, order->labels, &err);
        if (fine) {
                all_good = lines_load(&lesson, stdin);
                fine = lesson_learn(&lesson, false, &err);
        }
        if (!fine)
                return command_failed("learn", &err);
        return all_good ? EXIT_FINE : EXIT_REJECTED;
}

static void labels_tell(const Labels *labels)
{
        fprintf(stderr,
                "Commands that hold: %" PRId64 " merge, %" PRId64 " split, %" PRId64 " apart, %" PRId64
                " confirm; they label %" PRId64 " reports of %" PRId64 " incidents.\n",
                labels->merges, labels->splits, labels->aparts, labels->confirms, labels->reports, labels->incidents);
}

static int commands_learn(const Order *order)
{
        CLEANUP(config_free) Config config = { 0 };
        CLEANUP(db_drop) Db *db = NULL;
        Map *truth = map_new();
        Lesson lesson = { .truth = truth };
        Labels labels;
        Error err = { 0 };
        bool fine = config_load(&config, order->config, &err) &&
                    rules_open(&lesson, order, order->rules ? order->rules : config.correlate.rules, &err);

        if (fine) {
                CLEANUP(mem_drop) char *topic = tool_topic(&config, "events");

                db = tool_database(&config, "hub learn", &err);
                fine = db && db_begin(db, "REPEATABLE READ", &err) &&
                       labels_load(db, topic, order->since, &lesson, truth, &labels, &err);
        }
        if (fine) {
                db_rollback(db);
                labels_tell(&labels);
                fine = lesson_learn(&lesson, true, &err);
        }
        lesson_close(&lesson);
        map_free(truth, free);
        return fine ? EXIT_FINE : command_failed("learn", &err);
}

static bool order_take(Order *order, int argc, char **argv, bool *help)
{
        static const struct option long_options[] = {
                { "rules", required_argument, NULL, 'r' },   { "labels", required_argument, NULL, 'l' },
                { "from-commands", no_argument, NULL, 'f' }, { "precision", required_argument, NULL, 'p' },
                { "since", required_argument, NULL, 's' },   { "config", required_argument, NULL, 'c' },
                { "help", no_argument, NULL, 'h' },          { 0 }
        };
        int64_t ignored;

        for (int option; (option = getopt_long(argc, argv, "", long_options, NULL)) >= 0;) {
                if (option == 'r')
                        order->rules = optarg;
                else if (option == 'l')
                        order->labels = optarg;
                else if (option == 'f')
                        order->from_commands = true;
                else if (option == 'c')
                        order->config = optarg;
                else if (option == 's' && time_read_canonical(optarg, strlen(optarg), &ignored))
                        order->since = optarg;
                else if (option != 'p' || !text_read_number(optarg, &order->precision) || order->precision <= 0 ||
                         order->precision >= 1)
                        return *help = option == 'h', false;
        }
        if (order->from_commands)
                return optind == argc && !order->labels;
        return optind == argc && order->labels && !order->since && !order->config;
}

int command_learn(int argc, char **argv)
{
        Order order = { 0 };
        bool help = false;

        if (!order_take(&order, argc, argv, &help))
                return tool_usage(usage, help);
        if (!order.from_commands)
                return labels_learn(&order);
        log_open("learn");
        return commands_learn(&order);
}
