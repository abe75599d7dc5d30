#include "hub/correlate/correlator_private.h"

#include "hub/base/log.h"

/*
 * A row that PostgreSQL refuses (SQLSTATE 22, 23) costs only itself: the batch shrinks until it stands alone, then its value is
 * rejected. What is refused even so is no fault of the input, and a person must look.
 */
static bool poison(Unit *unit, size_t done, Error *err)
{
        if (err->kind != ERR_INPUT)
                return false;
        if (done <= 1 && unit->poison == unit->next) {
                err->kind = ERR_FATAL;
                return error_add(err, "%s/%d offset %lld", unit->topic, unit->partition, (long long)unit->next);
        }
        log_warning("a batch is refused, looking for the value that is to blame", LOG_TEXT("error", err->text),
                    LOG_TEXT("topic", unit->topic), LOG_NUMBER("partition", unit->partition),
                    LOG_NUMBER("base", unit->next), LOG_NUMBER("events", (int64_t)done));
        if (done <= 1)
                unit->poison = unit->next;
        else
                unit->limit = done / 2;
        err->kind = ERR_RETRY;
        return false;
}

bool flight_settle(Correlator *correlator, Error *err)
{
        Unit *unit = correlator->flight.unit;
        Written written;

        if (!unit)
                return true;
        const bool fine = writer_await(correlator->writer, &written, err);
        CLEANUP(decided_drop) Decided flight = correlator->flight;

        correlator->flight = (Decided){ 0 };
        if (!fine)
                return poison(unit, flight.size, err);
        unit_committed(&flight, &correlator->context, written.at, written.took_ms);
        correlator->batches++;
        if ((int64_t)unit->limit < correlator->setup->batch_events)
                unit->limit *= 2;
        return true;
}

bool flight_look(Correlator *correlator, Error *err)
{
        return !correlator->flight.unit || !writer_done(correlator->writer) || flight_settle(correlator, err);
}

bool flight_next(Correlator *correlator, Unit *unit, Error *err)
{
        CLEANUP(decided_drop) Decided decided = { 0 };
        Error why = { 0 };

        if (unit->forgot_changes && !flight_settle(correlator, err))
                return false;
        const bool fine = unit_decide(unit, &correlator->context, correlator->store, &decided, &why);

        if (correlator->flight.unit && !writer_done(correlator->writer))
                log_debug("decided while the batch before is written", LOG_NUMBER("base", decided.base));
        if (!flight_settle(correlator, err)) /* then whatever came of it does not count */
                return false;
        if (!fine) {
                *err = why;
                return poison(unit, decided.size, err);
        }
        store_hand_over(correlator->store);
        unit_log("batch", &decided);
        correlator->flight = decided;
        decided = (Decided){ 0 };
        writer_give(correlator->writer, correlator->store, &correlator->flight);
        return correlator->setup->most_batches == 0 || flight_settle(correlator, err); /* not one too many */
}
