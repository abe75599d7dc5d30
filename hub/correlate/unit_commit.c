/* A batch of a unit: decided, handed over, committed. */

#include "hub/correlate/batch.h"

#include "hub/base/crypto.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"
#include "hub/correlate/correlate_metrics.h"

#include <stdlib.h>
#include <string.h>

static bool zone_done(const void *key, size_t size, void *value, void *context)
{
        bool *forgot = context;

        (void)key;
        (void)size;
        *forgot = zone_forgets_changes(value) || *forgot;
        zone_committed(value);
        return true;
}

void unit_log(const char *message, const Decided *decided)
{
        log_info(message, LOG_TEXT("topic", decided->unit->topic), LOG_NUMBER("partition", decided->unit->partition),
                 LOG_NUMBER("base", decided->base), LOG_NUMBER("next", decided->next),
                 LOG_NUMBER("events", (int64_t)decided->size), LOG_NUMBER("duplicates", (int64_t)decided->duplicates),
                 LOG_NUMBER("rejected", (int64_t)decided->rejected));
}

void decided_drop(Decided *decided)
{
        free(decided->counted);
        *decided = (Decided){ 0 };
}

/* What is left of the messages once their rows are bytes. */
static void messages_leave(Unit *unit, const Batch *batch, Decided *decided)
{
        decided->duplicates = batch->duplicates;
        decided->rejected = batch->rejected;
        if (unit->kind == UNIT_EVENTS) {
                decided->counted = mem_new(batch->size * sizeof *decided->counted);
                for (size_t i = 0; i < batch->size; i++)
                        decided->counted[i] = correlate_metrics_kept(&batch->entries[i]);
        }
        map_each(unit->zones, zone_done, &unit->forgot_changes);
        unit->messages_size -= batch->size;
        memmove(unit->messages, unit->messages + batch->size, unit->messages_size * sizeof *unit->messages);
        unit->rules_stored = true;
        if (unit->messages_size == 0)
                arena_reset(unit->arena);
}

bool unit_decide(Unit *unit, const UnitContext *context, Store *store, Decided *decided, Error *err)
{
        Batch batch = { .unit = unit,
                        .context = context,
                        .store = store,
                        .size = unit->messages_size < unit->limit ? unit->messages_size : unit->limit };
        CLEANUP(mem_drop) Entry *entries = mem_new((batch.size + 1) * sizeof *entries);
        CLEANUP(map_drop) Map *fresh = map_new();
        const bool events = unit->kind == UNIT_EVENTS;
        const int64_t base = context->replay ? unit->next : unit->messages[0].offset;
        StoreBatch move = { .topic = unit->topic,
                            .partition = unit->partition,
                            .base = base,
                            .next = context->replay ? unit->expected : base + (int64_t)batch.size,
                            .rules = events ? rules_version(context->rules) : NULL,
                            .rules_changed = events && !unit->rules_stored };

        *decided = (Decided){ .unit = unit, .base = base, .next = move.next, .size = batch.size };
        batch.entries = entries;
        batch.fresh = fresh;
        sha256(unit->messages[batch.size - 1].value, unit->messages[batch.size - 1].value_size, move.sha256);
        store_begin(store, &move);
        if (!events)
                batch_rejected(&batch);
        else if (!batch_events(&batch, err))
                return false;
        messages_leave(unit, &batch, decided);
        return true;
}

void unit_committed(Decided *decided, const UnitContext *context, int64_t at, int64_t took_ms)
{
        decided->unit->next = decided->next;
        decided->unit->forgot_changes = false;
        correlate_metrics_batch(context->metrics, decided, at, took_ms);
        decided_drop(decided);
}

bool unit_commit(Unit *unit, const UnitContext *context, Store *store, size_t *done, Error *err)
{
        CLEANUP(decided_drop) Decided decided = { 0 };
        const bool fine = unit_decide(unit, context, store, &decided, err);
        const int64_t began = time_monotonic();

        *done = decided.size;
        if (!fine)
                return false;
        store_hand_over(store);
        unit_log("batch", &decided);
        if (!store_commit(store, err))
                return false;
        unit_log("committed", &decided);
        unit_committed(&decided, context, time_now(), time_monotonic() - began);
        return true;
}
