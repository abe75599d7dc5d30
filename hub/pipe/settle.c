#include "hub/pipe/settle.h"

#include "hub/base/json.h"
#include "hub/base/log.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/keep/checkpoint.h"

#include <stdlib.h>
#include <string.h>

enum { CHECKPOINT_MS = 200 };

typedef struct {
        uint64_t token;
        Reply *reply; /* owned */
} Answer;

static void answer_queue(Settle *settle, uint64_t token)
{
        const Answer answer = { token, inflight_take_answer(settle->inflight) };

        if (answer.reply)
                buffer_add(&settle->answers, &answer, sizeof(answer));
}

static void flights_leave(Settle *settle)
{
        const Flight *flight;

        for (; (flight = inflight_settled(settle->inflight)); inflight_leave(settle->inflight)) {
                changes_settled(settle->changes, flight->token);
                if (flight->crash)
                        crash_forget(settle->crash, flight->crash);
                if (flight->dropped || flight->own)
                        continue;
                answer_queue(settle, flight->token);
                ticks_hour(settle->ticks, flight->received)->records++;
                if (flight->window)
                        seen_acknowledged(settle->seen, flight->window, flight->token);
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

/* False: what a person must mend. A peer that is gone asks again, and event ids make it harmless. */
static bool answers_send(Settle *settle, Error *err)
{
        bool is_fine = true;
        Answer answer;

        for (size_t at = 0; at < settle->answers.size; at += sizeof(answer)) {
                Error why = { 0 };

                memcpy(&answer, settle->answers.bytes + at, sizeof(answer));
                if (is_fine && !settle->kind->answer(settle->source, answer.token, answer.reply, &why)) {
                        log_limited(LOG_WARNING, "a peer was not answered",
                                    (LogKey[]){ LOG_TEXT("why", why.text), { 0 } });
                        is_fine = why.kind != ERR_FATAL;
                        *err = is_fine ? *err : why;
                }
                free(answer.reply);
        }
        buffer_clear(&settle->answers);
        return is_fine;
}

static bool acknowledge(Settle *settle, Error *err)
{
        if (!changes_store(settle->changes, err))
                return false;
        if (!answers_send(settle, err) || !settle->kind->acknowledge(settle->source, settle->settled, err))
                return false;
        settle->acknowledged = settle->settled;
        return true;
}

bool settle_all(Settle *settle, bool now, Error *err)
{
        Error why = { 0 };

        flights_leave(settle);
        if (!(settle->settled == settle->acknowledged ? changes_store(settle->changes, &why)
                                                      : acknowledge(settle, &why))) {
                if (why.kind == ERR_FATAL) {
                        *err = why;
                        return false;
                }
                log_limited(LOG_WARNING, "not acknowledged yet", (LogKey[]){ LOG_TEXT("why", why.text), { 0 } });
        }
        checkpoint_keep(settle, now);
        return true;
}

void settle_close(Settle *settle)
{
        Answer answer;

        for (size_t at = 0; at < settle->answers.size; at += sizeof(answer)) {
                memcpy(&answer, settle->answers.bytes + at, sizeof(answer));
                free(answer.reply);
        }
        buffer_free(&settle->answers);
        mem_drop(&settle->position);
}
