#include "hub/pipe/runner.h"

#include "hub/base/log.h"
#include "hub/pipe/print.h"
#include "hub/pipe/signals.h"

#include <poll.h>

enum { READ_WAIT_MS = 200, AWAY_WAIT_MS = 500 };

typedef struct {
        const RunnerSetup *setup;
        Source *source;
        Output *output;
        Print print;
} Dry;

static bool record_answer(Dry *dry, uint64_t token, Error *err)
{
        const Reply told = output_reply(dry->output);
        Error why = { 0 };

        if (!dry->setup->source->answer || dry->setup->source->answer(dry->source, token, &told, &why) ||
            why.kind != ERR_FATAL)
                return true;
        *err = why;
        return false;
}

/* False: the process must end. */
static bool record_handle(Dry *dry, const SourceRecord *read, Error *err)
{
        const RunnerSetup *setup = dry->setup;
        Error why = read->refusal;

        output_begin(dry->output, &read->record);
        if (why.kind || !setup->adapter->translate(setup->options, &read->record, dry->output, &why)) {
                if (why.kind == ERR_RETRY && setup->source->retry) {
                        log_warning("no record, asking again", LOG_TEXT("why", why.text));
                        setup->source->retry(dry->source, &why);
                        return true;
                }
                why.kind = ERR_INPUT; /* nobody can ask again */
                output_reject(dry->output, &why);
        }
        fflush(dry->print.events);
        return record_answer(dry, read->token, err) && setup->source->acknowledge(dry->source, read->token, err);
}

static bool dry_loop(Dry *dry, Signals *signals, Error *err)
{
        while (!signals_stop(signals)) {
                SourceRecord read = { 0 };
                Error why = { 0 };

                switch (dry->setup->source->read(dry->source, READ_WAIT_MS, &read, &why)) {
                case SOURCE_RECORD:
                        if (!record_handle(dry, &read, err))
                                return false;
                        break;
                case SOURCE_IDLE:
                        break;
                case SOURCE_AWAY:
                        log_limited(LOG_WARNING, "source away", (LogKey[]){ LOG_TEXT("why", why.text), { 0 } });
                        poll(NULL, 0, AWAY_WAIT_MS);
                        break;
                case SOURCE_END:
                        return true;
                case SOURCE_BROKEN:
                        *err = why;
                        return false;
                }
        }
        return true;
}

bool runner_dry(const RunnerSetup *setup, size_t *items, size_t *rejected, Error *err)
{
        SourceSetup source = { .instance = setup->output.instance,
                               .options = setup->source_options,
                               .once = setup->once,
                               .span = setup->span,
                               .frame = setup->adapter->frame,
                               .trial = setup->trial };
        Dry dry = { .setup = setup, .print = { .events = stdout, .verdicts = stderr } };
        Signals signals;
        bool ran = false;

        signals_open(&signals);
        dry.source = setup->source->open(&source, err);
        dry.output = output_new(&setup->output, &print_sink, &dry.print);
        if (dry.source) {
                ran = dry_loop(&dry, &signals, err);
                setup->source->close(dry.source);
        }
        output_free(dry.output);
        signals_close(&signals);
        *items = dry.print.items;
        *rejected = dry.print.rejected;
        return ran;
}
