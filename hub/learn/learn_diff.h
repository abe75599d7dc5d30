#pragma once

/* What other rules would have made of the same log: which incidents would join, which would part. */

#include "hub/learn/learn_run.h"

typedef struct {
        int64_t reports;          /* looked at */
        int64_t before, after;    /* incidents that hold them */
        int64_t joining, parting; /* of the ones after that hold several; of the ones before that stand in several */
        Counts was, is;           /* pairs of labelled ones */
} LearnDiff;

/* Of what happened since then; the first so many changes a line each: "join NEW: OLD OLD", "part OLD: NEW NEW". */
LearnDiff learn_diff(const LabelledList *before, const LabelledList *after, int64_t since, size_t lines, Buffer *out);
/* Decides the lesson's log under both rules, and says it: the last `span_ms` of it. */
bool learn_diff_tell(const Lesson *lesson, int64_t span_ms, size_t lines, Buffer *out, Error *err);
