#pragma once

/* An instance while it runs: what runner.c, the loop, and runner_open.c share. */

#include "hub/keep/checkpoint.h"
#include "hub/keep/lock.h"
#include "hub/pipe/pause.h"
#include "hub/pipe/pipe_metrics.h"
#include "hub/pipe/publish.h"
#include "hub/pipe/runner.h"
#include "hub/pipe/settle.h"

typedef struct {
        const RunnerSetup *setup;
        const void *options; /* of the adapter: setup's, or `reloaded` */
        void *reloaded;
        Signals signals;
        Lock lock;
        Settle settle;
        Publisher publisher;
        Changes *changes;
        Silences *silences; /* NULL: a span of the past is nobody's silence */
        uint64_t token;     /* of the last record */
        Output *output;
        Pause pause;
        bool away;
} Runner;

bool runner_open(Runner *runner, Error *err); /* runner_close() in either case */
void runner_close(Runner *runner);

/* From a record to what becomes of it, until it is on its way. False: the process must end. */
bool runner_handle(Runner *runner, const SourceRecord *read, Error *err);

bool runner_silences(Runner *runner, Error *err);        /* tells who fell silent, and who is back */
void runner_silences_keep(Runner *runner, bool at_once); /* whom we listen for, across a restart; trouble is logged */
