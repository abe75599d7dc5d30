/* A silence is no message of anybody's: the runner makes a record of it, which goes the way of all others. */

#include "hub/pipe/runner_private.h"

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"

static bool silence_handle(Runner *runner, const SilenceTold *told, Error *err)
{
        CLEANUP(mem_drop) char *position = text_format("silence:%s", told->key), *key = text_copy(told->key);
        SourceRecord read = { .token = runner->token };

        read.record = (Record){ .bytes = "",
                                .channel = "silence",
                                .position = position,
                                .received_ms = time_now(),
                                .key = key,
                                .silence = told->is_back ? SILENCE_ENDED : SILENCE_BEGUN,
                                .silent_ms = told->silent_ms };
        return runner_handle(runner, &read, err);
}

void runner_silences_keep(Runner *runner, bool at_once)
{
        Error why = { 0 };

        if (runner->silences && !silences_store(runner->silences, time_monotonic(), at_once, &why))
                log_limited(LOG_WARNING, "who was heard is not kept", (LogKey[]){ LOG_TEXT("why", why.text), { 0 } });
}

/* On disk before it is told: who is known to be silent is told to be back, whatever becomes of us in between. */
bool runner_silences(Runner *runner, Error *err)
{
        SilenceTold told;

        while (runner->silences && !bus_full(runner->publisher.bus) && !inflight_full(runner->settle.inflight) &&
               silences_next(runner->silences, &told)) {
                runner_silences_keep(runner, true);
                if (!silence_handle(runner, &told, err))
                        return false;
        }
        runner_silences_keep(runner, false);
        return true;
}
