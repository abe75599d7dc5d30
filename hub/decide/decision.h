#pragma once

/* A decision as one line of `hub decide` (messages.md section 9). */

#include "hub/decide/zone.h"

void decision_write(Buffer *out, const EventValue *value, const ZoneDecision *decision);
