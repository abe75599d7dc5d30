#pragma once

/* The numbers of the correlator (hub/base/metric.h). What a batch did counts when it is committed, never before. */

#include "hub/base/health.h"
#include "hub/base/metric.h"
#include "hub/correlate/batch.h"

typedef struct CorrelateMetrics CorrelateMetrics;

/* metrics may be NULL: then nothing is counted. */
CorrelateMetrics *correlate_metrics_new(Metrics *metrics);
void correlate_metrics_free(CorrelateMetrics *own);

void correlate_metrics_decided(Entry *entry, const ZoneDecision *decision); /* kept in the entry until COMMIT */
Counted correlate_metrics_kept(const Entry *entry);
/* Committed at that time, after so long; own may be NULL. */
void correlate_metrics_batch(CorrelateMetrics *own, const Decided *decided, int64_t at, int64_t ms);
void correlate_metrics_unit(CorrelateMetrics *own, const Unit *unit,
                            int64_t end);           /* end of its partition, -1 unknown */
void correlate_metrics_over(CorrelateMetrics *own); /* the correlator starts over */
