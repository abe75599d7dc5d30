#include "hub/pipe/settle.h"

#include "hub/base/json.h"
#include "hub/base/log.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/pipe/checkpoint.h"

enum { CHECKPOINT_MS = 200 };

static void flights_leave(Settle *settle)
{
        const Flight *flight;

        for (; (flight = inflight_settled(settle->inflight)); inflight_leave(settle->inflight)) {
                if (flight->dropped)
                        continue;
                ticks_hour(settle->ticks, flight->received)->records++;
                if (flight->window)
                        seen_acknowledged(settle->seen, flight->window, flight->token);
                if (flight->crash)
                        crash_forget(settle->crash, flight->crash);
                settle->settled = flight->token;
        }
}

/* Trouble is no reason to stop: the old checkpoint stands, so more is read again after a restart. */
static void checkpoint_keep(Settle *settle, bool now)
{
        const char *position = settle->kind->position ? settle->kind->position(settle->source) : NULL;
        CLEANUP(json_drop) json_t *seen = NULL;
        Error err = { 0 };

        if (!position || text_same(position, settle->position) || (!now && time_monotonic() < settle->checkpoint_at))
                return;
        seen = seen_size(settle->seen) ? seen_write(settle->seen) : NULL;
        settle->checkpoint_at = time_monotonic() + CHECKPOINT_MS;
        if (!checkpoint_store(settle->folder, position, seen, &err)) {
                log_limited(LOG_ERROR, "no checkpoint", (LogKey[]){ LOG_TEXT("why", err.text), { 0 } });
                return;
        }
        settle->checkpointed = time_monotonic();
        mem_drop(&settle->position);
        settle->position = text_copy(position);
}

bool settle_all(Settle *settle, bool now, Error *err)
{
        Error why = { 0 };

        flights_leave(settle);
        if (settle->settled != settle->acknowledged) {
                if (settle->kind->acknowledge(settle->source, settle->settled, &why)) {
                        settle->acknowledged = settle->settled;
                } else if (why.kind == ERR_FATAL) {
                        *err = why;
                        return false;
                } else {
                        log_limited(LOG_WARNING, "not acknowledged yet",
                                    (LogKey[]){ LOG_TEXT("why", why.text), { 0 } });
                }
        }
        checkpoint_keep(settle, now);
        return true;
}
