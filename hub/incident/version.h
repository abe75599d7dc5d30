#pragma once

/* An incident version (messages.md section 5): full state as JSON, without feed, which the relay writes in front. */

#include "hub/incident/incident.h"

/* What is shown, without version, change and at: two equal texts show nothing new. From "zone" on, but for rules. */
void version_body_write(Buffer *out, const char *zone, const Incident *incident);

/* {"incident": ..., "epoch": ..., "version": ..., "change": ..., "at": ..., BODY, "rules": ...} */
void version_write(Buffer *out, const Incident *incident, int32_t epoch, const char *change, int64_t at,
                   const Buffer *body, const char *rules);
