#pragma once

/* The numbers of the relay (hub/base/metric.h). The outbox is asked every few seconds, by the relay that works. */

#include "hub/base/metric.h"
#include "hub/db/db.h"

typedef struct RelayMetrics RelayMetrics;

RelayMetrics *relay_metrics_new(Metrics *metrics); /* metrics may be NULL */
void relay_metrics_free(RelayMetrics *own);
void relay_metrics_active(RelayMetrics *own, bool active);                                  /* does it hold the lock? */
void relay_metrics_batch(RelayMetrics *own, size_t versions, const char *feed, int64_t ms); /* published and marked */
bool relay_metrics_outbox(RelayMetrics *own, Db *db, Error *err);                           /* when it is due */
