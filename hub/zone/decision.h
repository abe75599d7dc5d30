#pragma once

/* A decision as one line of `hub decide` (messages.md section 9). */

#include "hub/zone/zone.h"

void decision_write(Buffer *out, const EventValue *value, const ZoneDecision *decision);
