#include "hub/serve/count.h"

#include <stdio.h>

static const MetricFamily requests = { .name = "hub_serve_requests_total",
                                       .about = "Requests by route and status.",
                                       .type = METRIC_COUNTER,
                                       .labels = { "route", "status" } };
static const MetricFamily seconds = { .name = "hub_serve_request_seconds",
                                      .about = "From a request's turn to its answer.",
                                      .type = METRIC_HISTOGRAM,
                                      .seconds = true,
                                      .labels = { "route" },
                                      .bounds = { 1, 5, 10, 25, 50, 100, 250, 500, 1000, 5000 } };
static const MetricFamily queue = { .name = "hub_serve_waiting",
                                    .about = "Requests that wait for a worker.",
                                    .type = METRIC_GAUGE };

void count_request(Metrics *metrics, const char *route, unsigned status, int64_t ms)
{
        char text[12];

        snprintf(text, sizeof(text), "%u", status);
        metric_add(metrics_series(metrics, &requests, (const char *[]){ route, text }), 1);
        metric_observe(metrics_series(metrics, &seconds, &route), ms);
}

void count_waiting(Metrics *metrics, int64_t waiting)
{
        metric_set(metrics_series(metrics, &queue, NULL), waiting);
}
