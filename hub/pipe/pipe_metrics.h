#pragma once

/* The numbers of the adapter process (hub/base/metric.h), taken from what the runner holds: once a turn, twice a second at most. */

#include "hub/base/health.h"
#include "hub/base/metric.h"
#include "hub/pipe/publish.h"
#include "hub/pipe/settle.h"

typedef struct PipeMetrics PipeMetrics;

/* metrics and health are borrowed and may be NULL: then nothing is counted, and nobody told. */
PipeMetrics *pipe_metrics_new(Metrics *metrics, Health *health, const OutputSetup *setup);
void pipe_metrics_free(PipeMetrics *own);

/* The end of a turn: the loop lives. `away` of the source; `read`: a record came. */
void pipe_metrics_turn(PipeMetrics *own, const Publisher *publisher, const Settle *settle, bool away, bool read);
void pipe_metrics_wait(PipeMetrics *own, const Publisher *publisher); /* inside a turn that Kafka holds up */
void pipe_metrics_rejected(PipeMetrics *own, const char *reason);     /* one item went to the rejected topic */
Metric *pipe_metrics_delivery(const PipeMetrics *own);                /* for the bus to observe */
