/* hub check: the start path of every process of a configuration; one line a problem. */

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"
#include "hub/event/mac.h"
#include "hub/rules/rules.h"
#include "hub/serve/serve.h"
#include "hub/tool/tool.h"

#include <stdio.h>
#include <stdlib.h>

static const char usage[] =
        "usage: hub check [FILE] [--connect]\n"
        "  Reads the configuration as the processes do. --connect also knocks at Kafka, PostgreSQL and every source.\n"
        "  One line a problem or a note; exit 78 for what the file gets wrong, 1 for what does not answer.\n";

enum { KAFKA_WAIT_MS = 5000 };

typedef struct {
        const Config *config;
        size_t wrong; /* the file's fault */
        size_t away;  /* somebody else's */
} Checking;

static void problem(Checking *checking, bool is_wrong, const char *part, const Error *err)
{
        fprintf(stderr, "hub check: %s: %s\n", part, err->text);
        if (is_wrong)
                checking->wrong++;
        else
                checking->away++;
}

/* ---- files ---- */

static void privacy_check(Checking *checking)
{
        const Config *config = checking->config;
        Privacy *privacy = NULL;
        Error err = { 0 };

        if (config->privacy.keys)
                privacy = privacy_load(config->privacy.keys, &err);
        else
                (void)error_set(&err, ERR_FATAL, NULL, "%s: keys is not set: hub run will not start", config->path);
        if (!privacy)
                problem(checking, true, "privacy", &err);
        privacy_free(privacy);
}

static void commands_check(Checking *checking)
{
        const char *path = checking->config->commands.keys;
        Error err = { 0 };
        MacKeys *keys = path ? mac_load(path, &err) : NULL;

        if (path && !keys)
                problem(checking, true, "commands", &err);
        mac_free(keys);
}

static void serve_section_check(Checking *checking)
{
        Error err = { 0 };

        if (!serve_check(checking->config, &err))
                problem(checking, true, "serve", &err);
}

static void rules_check(Checking *checking)
{
        Error err = { 0 };
        Rules *rules = rules_load(checking->config->correlate.rules, &err);

        if (!rules)
                problem(checking, true, "correlate", &err);
        rules_free(rules);
}

static void adapter_note(const Instance *instance)
{
        CLEANUP(buffer_free) Buffer note = { 0 };

        if (instance->adapter->note)
                instance->adapter->note(instance->options, &note);
        if (note.size)
                fprintf(stderr, "hub check: note: %s:%d: %s: %s\n", instance->file, instance->line, instance->name,
                        note.bytes);
}

/* An instance without source serves `hub translate` only: legal, but worth a line to whoever forgot it. */
static void instances_check(const Config *config)
{
        for (size_t i = 0; i < config->instances_size; i++) {
                adapter_note(&config->instances[i]);
                if (!config->instances[i].source)
                        fprintf(stderr, "hub check: note: %s:%d: %s has no source\n", config->instances[i].file,
                                config->instances[i].line, config->instances[i].name);
        }
}

/* ---- connections ---- */

static void kafka_check(Checking *checking)
{
        static const char *const names[] = { "events", "rejected", "incidents" };

        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
                CLEANUP(mem_drop) char *topic = tool_topic(checking->config, names[i]);
                int32_t partitions = 0;
                Error err = { 0 };
                bool answers =
                        kafka_topic_partitions(&checking->config->kafka, topic, KAFKA_WAIT_MS, &partitions, &err);

                if (answers && partitions > 0)
                        continue;
                if (answers)
                        (void)error_set(&err, ERR_RETRY, NULL, "topic %s does not exist: hub topics makes it", topic);
                problem(checking, false, "kafka", &err);
                if (!answers)
                        return;
        }
}

static void postgres_check(Checking *checking)
{
        CLEANUP(db_drop) Db *db = NULL;
        Error err = { 0 };

        db = db_open(&checking->config->postgres, "hub check", "", &err);
        if (!db)
                problem(checking, false, "postgres", &err);
}

static void source_check(Checking *checking, const Instance *instance)
{
        CLEANUP(buffer_free) Buffer note = { 0 };
        Error err = { 0 };

        if (!instance->source->connect_check(instance->source_options, &err)) {
                problem(checking, false, instance->name, &err);
                return;
        }
        if (instance->source->connect_note)
                instance->source->connect_note(instance->source_options, &note);
        if (note.size)
                fprintf(stderr, "hub check: note: %s: %s\n", instance->name, note.bytes);
}

static void sources_check(Checking *checking)
{
        for (size_t i = 0; i < checking->config->instances_size; i++) {
                const Instance *instance = &checking->config->instances[i];

                if (instance->source && instance->source->connect_check)
                        source_check(checking, instance);
        }
}

static int config_check(const char *path, bool connect)
{
        CLEANUP(config_free) Config config = { 0 };
        Checking checking = { .config = &config };
        Error err = { 0 };

        if (!time_open(&err) || !config_load(&config, path, &err)) {
                fprintf(stderr, "hub check: %s\n", err.text);
                return EXIT_CONFIG;
        }
        privacy_check(&checking);
        commands_check(&checking);
        rules_check(&checking);
        serve_section_check(&checking);
        instances_check(&config);
        if (connect) {
                kafka_check(&checking);
                postgres_check(&checking);
                sources_check(&checking);
        }
        if (checking.wrong)
                return EXIT_CONFIG;
        if (checking.away)
                return EXIT_FAILED;
        printf("%s: fine, %zu instances%s\n", config.path, config.instances_size,
               connect ? ", everything answers" : "");
        return EXIT_FINE;
}

int command_check(int argc, char **argv)
{
        static const struct option options[] = { { "config", required_argument, NULL, 'c' },
                                                 { "help", no_argument, NULL, 'h' },
                                                 { "connect", no_argument, NULL, 'n' },
                                                 { 0 } };
        const char *path = NULL;
        bool connect = false;

        for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;) {
                if (option == 'c')
                        path = optarg;
                else if (option == 'n')
                        connect = true;
                else
                        return tool_usage(usage, option == 'h');
        }
        if (optind < argc)
                path = argv[optind++];
        if (optind < argc)
                return tool_usage(usage, false);
        setenv("HUB_LOG", "error", 0); /* one line a problem: the libraries' own reports only on request */
        log_open("check");
        return config_check(path, connect);
}
