/* From a setup to all that an instance holds while it runs, and back. */

#include "hub/pipe/runner_private.h"

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/keep/folder.h"

static bool output_open(Runner *runner, Error *err)
{
        OutputSetup setup = runner->setup->output;

        runner->changes = setup.changes = runner->settle.changes = changes_open(runner->setup->folder, err);
        if (!runner->changes)
                return false;
        if (!runner->setup->span && !runner->setup->trial) {
                runner->silences = setup.silences = silences_open(runner->setup->folder, err);
                if (!runner->silences)
                        return false;
        }
        runner->output = output_new(&setup, &publish_sink, &runner->publisher);
        return true;
}

static bool state_open(Runner *runner, Checkpoint *checkpoint, Error *err)
{
        const RunnerSetup *setup = runner->setup;

        if (!folder_make(setup->folder, err) || !lock_take(&runner->lock, setup->folder, setup->output.instance, err))
                return false;
        runner->settle.crash = crash_open(setup->folder, err);
        return runner->settle.crash && (!setup->source->position || checkpoint_load(checkpoint, setup->folder, err));
}

static bool source_open(Runner *runner, const char *checkpoint, Error *err)
{
        SourceSetup setup = {
                .instance = runner->setup->output.instance,
                .folder = runner->setup->folder,
                .options = runner->setup->source_options,
                .checkpoint = checkpoint,
                .once = runner->setup->once,
                .span = runner->setup->span,
                .frame = runner->setup->adapter->frame,
                .trial = runner->setup->trial,
        };

        runner->settle.source = runner->setup->source->open(&setup, err);
        return runner->settle.source;
}

bool runner_open(Runner *runner, Error *err)
{
        CLEANUP(checkpoint_free) Checkpoint checkpoint = { 0 };
        const RunnerSetup *setup = runner->setup;
        Publisher *publisher = &runner->publisher;

        signals_open(&runner->signals);
        publisher->ticks = ticks_new(setup->tick_ms);
        publisher->seen = seen_new();
        runner->settle = (Settle){ .folder = setup->folder,
                                   .kind = setup->source,
                                   .inflight = inflight_new(),
                                   .ticks = publisher->ticks,
                                   .seen = publisher->seen };
        if (!state_open(runner, &checkpoint, err) || !output_open(runner, err))
                return false;
        seen_read(publisher->seen, checkpoint.seen);
        runner->settle.position = text_copy(checkpoint.position);
        publisher->bus = bus_open(setup->kafka, publish_delivered, publisher, err);
        if (!publisher->bus || !source_open(runner, checkpoint.position, err))
                return false;
        bus_watch(publisher->bus, pipe_metrics_delivery(publisher->metrics));
        log_info("started", LOG_TEXT("run", bus_run(publisher->bus)), LOG_TEXT("adapter", setup->adapter->name),
                 LOG_TEXT("source", setup->source->kind), LOG_TEXT("zone", setup->output.zone),
                 LOG_TEXT("position", checkpoint.position ? checkpoint.position : ""));
        return true;
}

void runner_close(Runner *runner)
{
        const RunnerSetup *setup = runner->setup;

        if (runner->settle.source)
                setup->source->close(runner->settle.source);
        bus_close(runner->publisher.bus);
        output_free(runner->output);
        changes_close(runner->changes);
        silences_close(runner->silences);
        seen_free(runner->publisher.seen);
        ticks_free(runner->publisher.ticks);
        arena_free(runner->publisher.arena);
        pipe_metrics_free(runner->publisher.metrics);
        inflight_free(runner->settle.inflight);
        crash_close(runner->settle.crash);
        lock_release(&runner->lock);
        signals_close(&runner->signals);
        if (runner->reloaded)
                setup->reload_free(setup->context, runner->reloaded);
        settle_close(&runner->settle);
}
