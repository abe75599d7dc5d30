/* hub correlate: runs the correlator until SIGTERM. */

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/config/config.h"
#include "hub/correlate/correlator.h"
#include "hub/pipe/signals.h"
#include "hub/tool/command.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

enum { REJECTED_PARTITIONS = 6 };

static bool stopped(void *context)
{
        return signals_stop(context);
}

static bool correlate(const Config *config, int64_t most_batches, Error *err)
{
        CLEANUP(mem_drop) char *events = text_format("%s.events.v1", config->kafka.topic_prefix);
        CLEANUP(mem_drop) char *rejected = text_format("%s.rejected.v1", config->kafka.topic_prefix);
        Rules *rules = rules_load(config->correlate.rules, err);
        MacKeys *keys = rules && config->commands.keys ? mac_load(config->commands.keys, err) : NULL;
        CLEANUP(monitor_drop) Monitor *monitor = NULL;
        Signals signals;
        bool fine = rules && (keys || !config->commands.keys);

        if (fine) {
                signals_open(&signals);
                monitor = monitor_open(&config->metrics, "correlate", NULL);
                log_info("correlator starts", LOG_TEXT("rules", rules_version(rules)));
                fine = correlator_run(
                        &(CorrelatorSetup){ .kafka = &config->kafka,
                                            .postgres = &config->postgres,
                                            .context = { .rules = rules, .zones = config->zones, .keys = keys },
                                            .events_topic = events,
                                            .rejected_topic = rejected,
                                            .rejected_partitions = REJECTED_PARTITIONS,
                                            .batch_events = config->correlate.batch_events,
                                            .batch_ms = config->correlate.batch_ms,
                                            .stopped = stopped,
                                            .stopped_context = &signals,
                                            .metrics = monitor_metrics(monitor),
                                            .health = monitor_health(monitor),
                                            .most_batches = most_batches },
                        err);
                signals_close(&signals);
        }
        mac_free(keys);
        rules_free(rules);
        return fine;
}

static int usage(void)
{
        fputs("usage: hub correlate [--config FILE] [--batches N]\n"
              "  --batches N  stop after N commits\n",
              stderr);
        return EXIT_USAGE;
}

int command_correlate(int argc, char **argv)
{
        static const struct option long_options[] = { { "config", required_argument, NULL, 'c' },
                                                      { "batches", required_argument, NULL, 'n' },
                                                      { 0 } };
        CLEANUP(config_free) Config config = { 0 };
        const char *path = NULL;
        int64_t most_batches = 0;
        Error err = { 0 };

        for (int option; (option = getopt_long(argc, argv, "", long_options, NULL)) >= 0;) {
                if (option == 'c')
                        path = optarg;
                else if (option != 'n' || !text_read_integer(optarg, &most_batches) || most_batches < 1)
                        return usage();
        }
        if (optind != argc)
                return usage();
        log_open("correlate");
        if (!config_load_for(&config, path, NULL, &err) || !correlate(&config, most_batches, &err))
                return command_failed("correlate", &err);
        return EXIT_FINE;
}
