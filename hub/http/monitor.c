#include "hub/http/monitor.h"

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/http/http_server.h"
#include "hub/http/target.h"

#include <stdlib.h>

enum { PATIENCE_MS = 60 * 1000, OK = 200, UNAVAILABLE = 503 };

struct Monitor {
        Metrics *metrics;
        Health *health;
        Metric *peers[HEALTH_PEERS];
        HttpServer *server;
        Target *target;
};

static bool listen_read(const char *text, const char *folder, void *field, Error *err)
{
        (void)folder;
        if (!http_server_check(text, err))
                return false;
        *(char **)field = text_copy(text);
        return true;
}

static const OptionKind listen_kind = {
        .form = "address:port", .size = sizeof(char *), .read = listen_read, .free = mem_drop
};

const Option monitor_options[] = {
        { "listen", OPTION_CUSTOM, offsetof(MonitorOptions, listen), .custom = &listen_kind,
          .about = "where each process serves /metrics, /livez and /readyz; port 0: a free one; default nowhere" },
        { "targets", OPTION_PATH, offsetof(MonitorOptions, targets),
          .about = "folder where each process tells Prometheus (file_sd) its address" },
};
const size_t monitor_options_size = sizeof(monitor_options) / sizeof(monitor_options[0]);

static const MetricFamily build = { .name = "hub_build_info",
                                    .about = "Always 1; the version that runs.",
                                    .type = METRIC_GAUGE,
                                    .labels = { "version", "part" } };
static const MetricFamily started = { .name = "hub_start_time_seconds",
                                      .about = "When the process started, seconds since 1970.",
                                      .type = METRIC_GAUGE,
                                      .seconds = true };
static const MetricFamily peer_up = { .name = "hub_peer_up",
                                      .about = "1 while the process reaches this peer.",
                                      .type = METRIC_GAUGE,
                                      .labels = { "peer" } };

/* ---- answers, on the server's thread ---- */

static void peers_show(Monitor *monitor)
{
        bool reachable;

        for (HealthPeer peer = 0; peer < HEALTH_PEERS; peer++)
                if (health_peer(monitor->health, peer, &reachable))
                        metric_set(monitor->peers[peer], reachable);
}

static void page_answer(void *context, const HttpRequest *request, HttpAnswer *answer)
{
        Monitor *monitor = context;

        if (text_same(request->path, "/metrics")) {
                peers_show(monitor);
                answer->status = OK;
                answer->content_type = "text/plain; version=0.0.4; charset=utf-8";
                metrics_write(monitor->metrics, &answer->body);
        } else if (text_same(request->path, "/livez")) {
                answer->status = health_live(monitor->health) ? OK : UNAVAILABLE;
                buffer_text(&answer->body, answer->status == OK ? "alive\n" : "the loop stands still\n");
        } else if (text_same(request->path, "/readyz")) {
                answer->status = health_ready(monitor->health, &answer->body) ? OK : UNAVAILABLE;
        } else {
                buffer_text(&answer->body, "/metrics, /livez, /readyz\n");
        }
}

/* ---- open ---- */

static void series_make(Monitor *monitor, const char *part)
{
        monitor->metrics = metrics_new();
        metric_set(metrics_series(monitor->metrics, &build, (const char *[]){ HUB_VERSION, part }), 1);
        metric_set(metrics_series(monitor->metrics, &started, NULL), time_wall());
        for (HealthPeer peer = 0; peer < HEALTH_PEERS; peer++)
                monitor->peers[peer] =
                        metrics_series(monitor->metrics, &peer_up, (const char *[]){ health_peer_name(peer) });
}

static void target_tell(Monitor *monitor, const MonitorOptions *options, const char *part, const char *instance)
{
        const TargetSetup setup = { options->targets, part, instance, http_server_address(monitor->server) };
        Error err = { 0 };

        if (!options->targets)
                return;
        monitor->target = target_open(&setup, &err);
        if (!monitor->target)
                log_warning("Prometheus will not find this process", LOG_TEXT("error", err.text));
}

Monitor *monitor_open(const MonitorOptions *options, const char *part, const char *instance)
{
        Monitor *monitor = mem_new(sizeof(Monitor));
        Error err = { 0 };

        series_make(monitor, part);
        monitor->health = health_new(PATIENCE_MS);
        if (!options->listen)
                return monitor;
        monitor->server = http_server_open(
                &(HttpSetup){ .listen = options->listen, .answer = page_answer, .context = monitor }, &err);
        if (!monitor->server) {
                log_warning("no metrics are served", LOG_TEXT("error", err.text));
                return monitor;
        }
        log_info("metrics are served", LOG_TEXT("address", http_server_address(monitor->server)));
        target_tell(monitor, options, part, instance);
        return monitor;
}

Metrics *monitor_metrics(Monitor *monitor)
{
        return monitor->metrics;
}

Health *monitor_health(Monitor *monitor)
{
        return monitor->health;
}

void monitor_drop(Monitor **monitor)
{
        if (!*monitor)
                return;
        target_close((*monitor)->target);
        http_server_close((*monitor)->server);
        health_free((*monitor)->health);
        metrics_free((*monitor)->metrics);
        mem_drop(monitor);
}
