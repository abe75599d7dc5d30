#pragma once

/* An instance while it runs: what runner.c, the loop, and runner_open.c share. */

#include "hub/pipe/checkpoint.h"
#include "hub/pipe/lock.h"
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
        Output *output;
        Pause pause;
        bool away;
} Runner;

bool runner_open(Runner *runner, Error *err); /* runner_close() in either case */
void runner_close(Runner *runner);
