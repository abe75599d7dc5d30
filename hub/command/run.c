/* hub run: the adapter process of one instance. */

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/command/topics.h"
#include "hub/pipe/runner.h"
#include "hub/tool/tool.h"

#include <stdio.h>
#include <stdlib.h>

static const char usage[] =
        "usage: hub run INSTANCE [--once] [--dry-run] [--from TIME --to TIME] [--topic-prefix P] [--tick-every "
        "DURATION]\n"
        "               [--config FILE]\n"
        "  Reads the instance's source, translates, publishes to Kafka, acknowledges.\n"
        "  --once      ends when the source has nothing more: exit 3 when nothing arrived, 4 when some input was "
        "rejected\n"
        "  --dry-run   prints canonical events instead; no Kafka, no state\n"
        "  --from --to reads that span of the source once more and ends as --once does; the instance's own process may "
        "go "
        "on beside\n"
        "              it, and its position stays. What is known already comes as duplicates. A source that cannot: "
        "exit 2\n"
        "  --topic-prefix P\n"
        "              a trial beside production: into topics P.events.v1 ..., which it makes, with a state folder and "
        "an "
        "MQTT\n"
        "              session of its own; hub tail --topic-prefix P shows them, hub topics --topic-prefix P --delete "
        "ends "
        "it\n"
        "  SIGTERM and SIGINT stop after what is on its way is delivered; SIGHUP reads the adapter's options again.\n";

enum { DRAIN_MS = 30 * 1000, TICK_MS = 60 * 1000 };

typedef struct {
        const char *config, *instance, *prefix;
        SourceSpan span; /* TIME_NONE: not given */
        int64_t tick_ms;
        bool once, dry_run, spanned;
} Run;

typedef struct {
        const Config *config;
        const Instance *instance;
} Reload;

static void *options_reload(void *context, Error *err)
{
        const Reload *reload = context;

        return config_adapter_options(reload->config, reload->instance->name, err);
}

static void options_reload_free(void *context, void *options)
{
        const Adapter *adapter = ((const Reload *)context)->instance->adapter;

        options_free(adapter->options, adapter->options_size, options);
        free(options);
}

/* Only a dry run may go without keys. */
static Privacy *keys_load(const Config *config, const Run *run, Error *err)
{
        if (config->privacy.keys)
                return privacy_load(config->privacy.keys, err);
        if (run->dry_run)
                return privacy_test();
        (void)error_set(err, ERR_FATAL, NULL, "%s: privacy.keys is not set: personal data cannot be made unreadable",
                        config->path);
        return NULL;
}

static int exit_code(const Run *run, int64_t items, int64_t rejected)
{
        if (!run->once && !run->spanned)
                return EXIT_FINE;
        if (!items)
                return EXIT_NOTHING;
        return rejected ? EXIT_REJECTED : EXIT_FINE;
}

static int dry_run(const RunnerSetup *setup, const Run *run)
{
        size_t items, rejected;
        Error err = { 0 };

        if (!runner_dry(setup, &items, &rejected, &err))
                return command_failed("run", &err);
        return exit_code(run, (int64_t)items, (int64_t)rejected);
}

static int wet_run(const RunnerSetup *given, const Config *config, const Run *run)
{
        CLEANUP(monitor_drop) Monitor *monitor = monitor_open(&config->metrics, "run", run->instance);
        RunnerSetup setup = *given;
        RunnerTotals totals;
        Error err = { 0 };

        setup.metrics = monitor_metrics(monitor);
        setup.health = monitor_health(monitor);
        if (!runner_run(&setup, &totals, &err))
                return command_failed("run", &err);
        if (totals.unsent)
                return EXIT_FAILED;
        return exit_code(run, totals.published + totals.rejected + totals.ignored + totals.repeated, totals.rejected);
}

/* A trial has its own: @ is in no name of an instance, nor is the + of a span. */
static char *state_folder(const Config *config, const Instance *instance, const Run *run)
{
        if (run->prefix)
                return text_format("%s/@%s/%s", config->state, run->prefix, instance->name);
        return text_format("%s/%s", config->state, instance->name);
}

static int instance_run(const Config *config, const Instance *instance, const Privacy *privacy, const Run *run)
{
        CLEANUP(mem_drop) char *rejects = state_folder(config, instance, run);
        CLEANUP(mem_drop) char *folder = text_format("%s%s", rejects, run->spanned ? "/+span" : "");
        CLEANUP(mem_drop) char *part = text_format("run/%s", instance->name);
        Reload reload = { config, instance };
        RunnerSetup setup = {
                .output = { .instance = instance->name,
                            .platform = instance->platform,
                            .zone = instance->zone,
                            .categories = config->categories,
                            .regions = config->regions,
                            .gazetteer = config->gazetteer,
                            .privacy = privacy },
                .partition = zones_find(config->zones, instance->zone)->partition,
                .adapter = instance->adapter,
                .options = instance->options,
                .source = instance->source,
                .source_options = instance->source_options,
                .kafka = &config->kafka,
                .folder = folder,
                .rejects = rejects,
                .span = run->spanned ? &run->span : NULL,
                .trial = run->prefix,
                .tick_ms = run->tick_ms,
                .drain_ms = DRAIN_MS,
                .once = run->once,
                .reload = options_reload,
                .reload_free = options_reload_free,
                .context = &reload,
        };

        log_open(part);
        if (run->spanned)
                log_info("a span is read again", LOG_NUMBER("from", run->span.from), LOG_NUMBER("to", run->span.to));
        if (time_simulated())
                log_warning("the clock is simulated", LOG_TEXT("HUB_CLOCK", getenv("HUB_CLOCK")));
        return run->dry_run ? dry_run(&setup, run) : wet_run(&setup, config, run);
}

/* What the command line asks of this instance, before anything is touched. */
static bool order_check(Config *config, const Instance *instance, const Run *run, Error *err)
{
        if (!instance->source)
                return error_set(err, ERR_FATAL, NULL, "%s:%d: %s: source is required for hub run", instance->file,
                                 instance->line, instance->name);
        if (run->spanned && !instance->source->span)
                return error_set(err, ERR_INPUT, NULL, "%s: a source of kind %s cannot read a span again",
                                 instance->name, instance->source->kind);
        if (run->spanned && !instance->source->span(instance->source_options, err))
                return error_add(err, "%s: cannot read a span again", instance->name);
        return !run->prefix ||
               (tool_trial(config, run->prefix, err) && (run->dry_run || topics_create(config, true, err)));
}

static int config_run(const Run *run)
{
        CLEANUP(config_free) Config config = { 0 };
        const Instance *instance = NULL;
        Privacy *privacy = NULL;
        Error err = { 0 };
        int code;

        if (time_open(&err) && config_load_for(&config, run->config, run->instance, &err))
                instance = config_instance(&config, run->instance, &err);
        if (instance && order_check(&config, instance, run, &err))
                privacy = keys_load(&config, run, &err);
        if (!privacy)
                return command_failed("run", &err);
        code = instance_run(&config, instance, privacy, run);
        privacy_free(privacy);
        return code;
}

static bool tick_read(const char *text, int64_t *ms)
{
        Error err = { 0 };

        return (text_read_integer(text, ms) || time_read_duration(text, ms, &err)) && *ms > 0;
}

static bool option_read(int option, Run *run, const char **tick)
{
        Error err;

        switch (option) {
        case 'c':
                run->config = optarg;
                return true;
        case 'o':
                run->once = true;
                return true;
        case 'd':
                run->dry_run = true;
                return true;
        case 't':
                *tick = optarg;
                return true;
        case 'p':
                run->prefix = optarg;
                return true;
        case 'f':
                return time_read(optarg, &run->span.from, NULL, &err);
        case 'u':
                return time_read(optarg, &run->span.to, NULL, &err);
        default:
                return false;
        }
}

/* Both or none, in their order. */
static bool span_check(Run *run)
{
        run->spanned = run->span.from != TIME_NONE;
        return run->spanned == (run->span.to != TIME_NONE) && (!run->spanned || run->span.from < run->span.to);
}

int command_run(int argc, char **argv)
{
        static const struct option options[] = { { "config", required_argument, NULL, 'c' },
                                                 { "help", no_argument, NULL, 'h' },
                                                 { "once", no_argument, NULL, 'o' },
                                                 { "dry-run", no_argument, NULL, 'd' },
                                                 { "tick-every", required_argument, NULL, 't' },
                                                 { "topic-prefix", required_argument, NULL, 'p' },
                                                 { "from", required_argument, NULL, 'f' },
                                                 { "to", required_argument, NULL, 'u' },
                                                 { 0 } };
        const char *tick = getenv("HUB_TICK_MS");
        Run run = { .tick_ms = TICK_MS, .span = { TIME_NONE, TIME_NONE } };

        for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;)
                if (!option_read(option, &run, &tick))
                        return tool_usage(usage, option == 'h');
        if (optind != argc - 1 || (tick && !tick_read(tick, &run.tick_ms)))
                return tool_usage(usage, false);
        if (!span_check(&run)) {
                fputs("hub run: --from and --to go together, the earlier first\n", stderr);
                return EXIT_USAGE;
        }
        run.instance = argv[optind];
        return config_run(&run);
}
