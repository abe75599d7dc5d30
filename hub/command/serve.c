/* hub serve: the command centre's interface and console, until SIGTERM. */

#include "hub/serve/serve.h"

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"
#include "hub/pipe/signals.h"
#include "hub/tool/tool.h"

static const char usage[] =
        "usage: hub serve [--config FILE]\n"
        "  Serves incidents and events, the stream of their changes and the console on serve.listen, until SIGTERM.\n"
        "  It reads PostgreSQL and writes nothing: what operators say becomes signed commands on PREFIX.events.v1.\n"
        "  hub help serve lists its settings.\n";

static bool stopped(void *context)
{
        return signals_stop(context);
}

static bool serve(const Config *config, Error *err)
{
        CLEANUP(monitor_drop) Monitor *monitor = NULL;
        CLEANUP(signals_close) Signals signals;

        signals_open(&signals);
        monitor = monitor_open(&config->metrics, "serve", NULL);
        return serve_run(&(ServeSetup){ .config = config,
                                        .metrics = monitor_metrics(monitor),
                                        .health = monitor_health(monitor),
                                        .stopped = stopped,
                                        .context = &signals },
                         err);
}

int command_serve(int argc, char **argv)
{
        CLEANUP(config_free) Config config = { 0 };
        const char *path = NULL;
        int code = tool_options(argc, argv, usage, &path);
        Error err = { 0 };

        if (code != TOOL_GO_ON)
                return code;
        log_open("serve");
        if (!time_open(&err) || !config_load_for(&config, path, NULL, &err) || !serve(&config, &err))
                return command_failed("serve", &err);
        log_info("serve ends", LOG_TEXT("listen", config.serve.listen));
        return EXIT_FINE;
}
