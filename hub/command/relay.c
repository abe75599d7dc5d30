/* hub relay: publishes the versions of incidents until SIGTERM. */

#include "hub/relay/relay.h"

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/pipe/signals.h"
#include "hub/tool/tool.h"

static const char usage[] =
        "usage: hub relay [--config FILE]\n"
        "  Publishes every version of every incident onto PREFIX.incidents.v1, in order, until SIGTERM.\n"
        "  A second one waits until the first is gone.\n";

static bool stopped(void *context)
{
        return signals_stop(context);
}

static bool relay(const Config *config, Error *err)
{
        CLEANUP(mem_drop) char *topic = tool_topic(config, "incidents");
        CLEANUP(monitor_drop) Monitor *monitor = NULL;
        CLEANUP(signals_close) Signals signals;
        bool fine;

        signals_open(&signals);
        monitor = monitor_open(&config->metrics, "relay", NULL);
        log_info("relay starts", LOG_TEXT("topic", topic));
        fine = relay_run(&(RelaySetup){ .kafka = &config->kafka,
                                        .postgres = &config->postgres,
                                        .topic = topic,
                                        .metrics = monitor_metrics(monitor),
                                        .health = monitor_health(monitor),
                                        .stopped = stopped,
                                        .context = &signals },
                         err);
        if (fine)
                log_info("relay ends", LOG_TEXT("topic", topic));
        return fine;
}

int command_relay(int argc, char **argv)
{
        CLEANUP(config_free) Config config = { 0 };
        const char *path = NULL;
        int code = tool_options(argc, argv, usage, &path);
        Error err = { 0 };

        if (code != TOOL_GO_ON)
                return code;
        log_open("relay");
        if (!config_load_for(&config, path, NULL, &err) || !relay(&config, &err))
                return command_failed("relay", &err);
        return EXIT_FINE;
}
