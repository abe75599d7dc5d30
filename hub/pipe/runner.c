#include "hub/pipe/runner_private.h"

#include "hub/base/log.h"
#include "hub/base/time.h"

#include <malloc.h>

enum { BUSY_WAIT_MS = 10, IDLE_WAIT_MS = 200, AWAY_WAIT_MS = 100 };

/* ---- translate ---- */

static bool record_translate(Runner *runner, const SourceRecord *read, Flight *flight, Error *err)
{
        const Record *record = &read->record;
        const char *position = record->position ? record->position : "";
        uint64_t key = crash_key(position[0] ? position : record->bytes);
        bool translated;

        if (read->refusal.kind) {
                *err = read->refusal;
                return false;
        }
        if (crash_poisoned(runner->settle.crash, key)) {
                flight->crash = key;
                log_error("a record that crashes us is rejected", LOG_TEXT("position", position));
                return error_set(err, ERR_INPUT, "crashed", "crashed %d times while it was translated", CRASH_MOST);
        }
        crash_enter(runner->settle.crash, key);
        translated = runner->setup->adapter->translate(runner->options, record, runner->output, err);
        crash_leave(runner->settle.crash);
        return translated;
}

/* False: the process must end. */
static bool record_refuse(Runner *runner, Flight *flight, const Error *why, Error *err)
{
        const SourceKind *source = runner->setup->source;
        Error refused = *why;

        refused.kind = ERR_INPUT; /* of a source that cannot ask again, too */
        if (why->kind == ERR_FATAL) {
                *err = *why;
                return false;
        }
        if (why->kind == ERR_RETRY && source->retry && !flight->own) {
                log_limited(LOG_WARNING, "no record, asking again", (LogKey[]){ LOG_TEXT("why", why->text), { 0 } });
                flight->dropped = true;
                source->retry(runner->settle.source, why);
                return true;
        }
        output_reject(runner->output, &refused);
        if (source->rejected && !flight->own)
                source->rejected(runner->settle.source, flight->token);
        return true;
}

static void answer_keep(Runner *runner, Flight *flight)
{
        const Reply told = output_reply(runner->output);

        if (runner->setup->source->answer && !flight->dropped && !flight->own)
                flight_answer(flight, &told);
}

bool runner_handle(Runner *runner, const SourceRecord *read, Error *err)
{
        Flight *flight = inflight_open(runner->settle.inflight, read->token, read->window, read->record.received_ms);
        Error why = { 0 };

        flight->own = read->record.silence != SILENCE_NONE;
        runner->publisher.flight = flight;
        changes_begin(runner->changes, read->token);
        output_begin(runner->output, &read->record);
        if (!record_translate(runner, read, flight, &why) && !runner->publisher.abandoned &&
            !record_refuse(runner, flight, &why, err))
                return false;
        if (runner->publisher.abandoned)
                return error_set(err, ERR_RETRY, NULL,
                                 "gave up a record that could not be published; it will be read again");
        answer_keep(runner, flight);
        flight->closed = true;
        return true;
}

/* ---- the loop ---- */

static void tick(Runner *runner, bool final)
{
        const RunnerSetup *setup = runner->setup;
        TickSetup ticked = {
                .instance = setup->output.instance,
                .platform = setup->output.platform,
                .zone = setup->output.zone,
                .partition = setup->partition,
                .state = setup->span            ? "span"
                         : final                ? "stopped"
                         : runner->pause.paused ? "paused"
                         : runner->away         ? "away"
                                                : "reading",
                .lag = setup->source->lag ? setup->source->lag(runner->settle.source) : -1,
                .final = final,
        };

        ticks_send(runner->publisher.ticks, &ticked, runner->publisher.bus);
        malloc_trim(0); /* a source that rushed once is idle for hours */
}

static void tick_between(void *context)
{
        tick(context, false);
}

static void reload(Runner *runner)
{
        const RunnerSetup *setup = runner->setup;
        Error err = { 0 };
        void *fresh = setup->reload ? setup->reload(setup->context, &err) : NULL;

        if (!fresh) {
                log_error("options are wrong, the old ones stay", LOG_TEXT("why", err.text));
                return;
        }
        if (runner->reloaded)
                setup->reload_free(setup->context, runner->reloaded);
        runner->options = runner->reloaded = fresh;
        log_info("options read again", LOG_TEXT("instance", setup->output.instance));
}

static void away_note(Runner *runner, bool away, const Error *why)
{
        if (away && !runner->away)
                log_warning("source away", LOG_TEXT("why", why->text));
        else if (!away && runner->away)
                log_info("source back", LOG_TEXT("source", runner->setup->source->kind));
        runner->away = away;
}

/* Told at once, to the log and by a tick. */
static bool pause_look(Runner *runner)
{
        const bool was = runner->pause.paused;

        if (pause_now(&runner->pause) == was)
                return was;
        log_warning(was ? "resumed" : "paused: nothing is read", LOG_TEXT("instance", runner->setup->output.instance));
        if (!bus_full(runner->publisher.bus))
                tick(runner, false);
        return !was;
}

static SourceResult runner_read(Runner *runner, SourceRecord *read, Error *err)
{
        SourceResult result;
        bool is_busy = inflight_size(runner->settle.inflight) || bus_pending(runner->publisher.bus);

        if (pause_look(runner))
                return runner->setup->once ? SOURCE_END : SOURCE_IDLE;
        if (bus_full(runner->publisher.bus) || inflight_full(runner->settle.inflight))
                return SOURCE_IDLE;
        result = runner->setup->source->read(runner->settle.source, is_busy ? BUSY_WAIT_MS : IDLE_WAIT_MS, read, err);
        if (runner->silences)
                silences_listen(runner->silences, time_monotonic(), result == SOURCE_RECORD || result == SOURCE_IDLE);
        if (result == SOURCE_RECORD)
                runner->token = read->token;
        return result;
}

/* One turn; false with err: the process must end. */
static bool runner_turn(Runner *runner, bool *ended, Error *err)
{
        Bus *bus = runner->publisher.bus;
        SourceRecord read = { 0 };
        Error why = { 0 };
        SourceResult result = runner_read(runner, &read, &why);
        bool is_record = result == SOURCE_RECORD;

        if (result == SOURCE_BROKEN) {
                *err = why;
                return false;
        }
        if (is_record && !runner_handle(runner, &read, err))
                return false;
        is_record = is_record && !runner->publisher.flight->dropped;
        if (!runner_silences(runner, err))
                return false;
        *ended = result == SOURCE_END;
        if (is_record || result != SOURCE_RECORD) /* what was no record is no sign that the peer is well */
                away_note(runner, result == SOURCE_AWAY, &why);
        bus_poll(bus, result == SOURCE_AWAY || runner->pause.paused || bus_full(bus) ? AWAY_WAIT_MS : 0);
        if (ticks_due(runner->publisher.ticks) && !bus_full(bus))
                tick(runner, false);
        pipe_metrics_turn(runner->publisher.metrics, &runner->publisher, &runner->settle, runner->away, is_record);
        return settle_all(&runner->settle, false, err);
}

static bool runner_loop(Runner *runner, Error *err)
{
        bool ended = false;

        tick(runner, false);
        while (!ended && !signals_stop(&runner->signals)) {
                if (signals_reload(&runner->signals))
                        reload(runner);
                if (!runner_turn(runner, &ended, err))
                        return false;
        }
        return true;
}

/* Delivers what is on its way, also after trouble: what gets through need not be read again. */
static bool runner_drain(Runner *runner, Error *err)
{
        Bus *bus = runner->publisher.bus;
        int64_t until = time_monotonic() + runner->setup->drain_ms;
        bool settled;

        health_stop(runner->setup->health);
        runner_silences_keep(runner, true);
        (void)bus_flush(bus, runner->setup->drain_ms);
        settled = settle_all(&runner->settle, true, err);
        if (bus_pending(bus))
                return settled;
        tick(runner, true);
        (void)bus_flush(bus, until - time_monotonic());
        return settled;
}

static void totals_fill(const Runner *runner, RunnerTotals *totals)
{
        HourTotals sum = ticks_sum(runner->publisher.ticks);

        *totals = (RunnerTotals){ sum.records, sum.published, sum.rejected,
                                  sum.ignored, sum.repeated,  bus_pending(runner->publisher.bus) };
}

static void stop_log(const Runner *runner, const RunnerTotals *totals)
{
        publish_reasons_log(&runner->publisher);
        log_info("stopped", LOG_TEXT("run", bus_run(runner->publisher.bus)), LOG_NUMBER("records", totals->records),
                 LOG_NUMBER("published", totals->published), LOG_NUMBER("rejected", totals->rejected),
                 LOG_NUMBER("ignored", totals->ignored), LOG_NUMBER("repeated", totals->repeated),
                 LOG_NUMBER("unsent", (int64_t)totals->unsent));
        if (totals->unsent)
                log_error("stopped with messages unsent, they will be read again",
                          LOG_NUMBER("unsent", (int64_t)totals->unsent));
}

bool runner_run(const RunnerSetup *setup, RunnerTotals *totals, Error *err)
{
        Runner runner = {
                .setup = setup, .options = setup->options, .lock.descriptor = -1, .pause.folder = setup->folder
        };
        Error trouble = { 0 };
        bool ran = false, drained;

        *totals = (RunnerTotals){ 0 };
        runner.publisher = (Publisher){ .setup = setup->output,
                                        .partition = setup->partition,
                                        .folder = setup->rejects ? setup->rejects : setup->folder,
                                        .signals = &runner.signals,
                                        .drain_ms = setup->drain_ms,
                                        .arena = arena_new(),
                                        .metrics = pipe_metrics_new(setup->metrics, setup->health, &setup->output),
                                        .tick = tick_between,
                                        .tick_context = &runner };
        if (runner_open(&runner, err)) {
                ran = runner_loop(&runner, err);
                drained = runner_drain(&runner, ran ? err : &trouble);
                ran = ran && drained;
                totals_fill(&runner, totals);
                stop_log(&runner, totals);
        }
        runner_close(&runner);
        return ran;
}
