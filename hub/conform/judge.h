#pragma once

/* What every outcome must keep, whatever was translated. */

#include "hub/conform/bench.h"

enum { JUDGE_ALIVE_MS = 20000 };

void judge_outcome(Bench *bench, const Attempt *attempt, const Record *record, const Outcome *outcome);
