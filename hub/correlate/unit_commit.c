/* One transaction of a unit, from the move of its offset to COMMIT. */

#include "hub/correlate/batch.h"

#include "hub/base/crypto.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"
#include "hub/correlate/correlate_metrics.h"

#include <string.h>

static bool zone_done(const void *key, size_t size, void *value, void *context)
{
        (void)key;
        (void)size;
        (void)context;
        zone_committed(value);
        return true;
}

static void log_batch(const char *message, const Batch *batch, int64_t base)
{
        log_info(message, LOG_TEXT("topic", batch->unit->topic), LOG_NUMBER("partition", batch->unit->partition),
                 LOG_NUMBER("base", base), LOG_NUMBER("next", base + (int64_t)batch->size),
                 LOG_NUMBER("events", (int64_t)batch->size), LOG_NUMBER("duplicates", (int64_t)batch->duplicates),
                 LOG_NUMBER("rejected", (int64_t)batch->rejected));
}

static void unit_advance(Unit *unit, size_t done, int64_t next)
{
        map_each(unit->zones, zone_done, NULL);
        unit->next = next;
        unit->messages_size -= done;
        memmove(unit->messages, unit->messages + done, unit->messages_size * sizeof *unit->messages);
        unit->rules_stored = true;
        if (unit->messages_size == 0)
                arena_reset(unit->arena);
}

bool unit_commit(Unit *unit, const UnitContext *context, Store *store, size_t *done, Error *err)
{
        Batch batch = { .unit = unit,
                        .context = context,
                        .store = store,
                        .size = unit->messages_size < unit->limit ? unit->messages_size : unit->limit };
        CLEANUP(mem_drop) Entry *entries = mem_new((batch.size + 1) * sizeof *entries);
        CLEANUP(map_drop) Map *fresh = map_new();
        const bool events = unit->kind == UNIT_EVENTS;
        const int64_t began = time_monotonic();
        StoreBatch move = { .topic = unit->topic,
                            .partition = unit->partition,
                            .base = unit->next,
                            .next = context->replay ? unit->expected : unit->next + (int64_t)batch.size,
                            .rules = events ? rules_version(context->rules) : NULL,
                            .rules_changed = events && !unit->rules_stored };

        *done = batch.size;
        batch.entries = entries;
        batch.fresh = fresh;
        sha256(unit->messages[batch.size - 1].value, unit->messages[batch.size - 1].value_size, move.sha256);
        if (!store_begin(store, &move, err) || !(events ? batch_events(&batch, err) : batch_rejected(&batch, err)))
                return false;
        log_batch("batch", &batch, unit->next);
        if (!store_commit(store, err))
                return false;
        log_batch("committed", &batch, unit->next);
        correlate_metrics_batch(context->metrics, &batch, time_monotonic() - began);
        unit_advance(unit, batch.size, move.next);
        return true;
}
