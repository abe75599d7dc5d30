#include "hub/correlate/correlator_private.h"

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"

enum { BALANCE_MS = 1000 };

bool seats_assign(Correlator *correlator, Error *err)
{
        CLEANUP(mem_drop) KafkaPosition *positions = mem_new(correlator->units_size * sizeof *positions);
        size_t size = 0;

        for (size_t i = 0; i < correlator->units_size; i++) {
                const Unit *unit = &correlator->units[i];

                if (unit->held)
                        positions[size++] = (KafkaPosition){ unit->topic, unit->partition, unit->expected };
        }
        correlator->assign_due = !kafka_consumer_assign(correlator->consumer, positions, size, err);
        return !correlator->assign_due;
}

/* Retention may have taken the value at next - 1 (legal) or more (an alarm: messages are lost). */
static bool log_reaches(Correlator *correlator, Unit *unit, Error *err)
{
        int64_t low, high;

        if (!kafka_consumer_watermarks(correlator->consumer, unit->topic, unit->partition, &low, &high, err))
                return false;
        if (low > unit->next)
                return error_set(err, ERR_FATAL, NULL,
                                 "%s/%d: the log starts at %lld, after %lld: %lld messages are lost", unit->topic,
                                 unit->partition, (long long)low, (long long)unit->next, (long long)(low - unit->next));
        if (high < unit->next)
                return error_set(err, ERR_FATAL, NULL,
                                 "%s/%d: the log ends at %lld, before %lld: the topic was made anew", unit->topic,
                                 unit->partition, (long long)high, (long long)unit->next);
        if (low == unit->next && unit->verify) {
                unit->verify = false;
                unit->expected = unit->next;
        }
        return true;
}

static bool unit_seize(Correlator *correlator, Unit *unit, bool *taken, Error *err)
{
        if (!store_take(correlator->store, unit->kind, unit->partition, taken, err) || !*taken)
                return err->kind == ERR_NONE;
        if (!unit_load(unit, &correlator->context, correlator->store, err) || !log_reaches(correlator, unit, err)) {
                Error ignored = { 0 };

                unit_drop(unit);
                store_give(correlator->store, unit->kind, unit->partition, &ignored);
                return false;
        }
        correlator->assign_due = true;
        log_info("took a partition", LOG_TEXT("topic", unit->topic), LOG_NUMBER("partition", unit->partition),
                 LOG_NUMBER("next", unit->next));
        return true;
}

static bool unit_release(Correlator *correlator, Unit *unit, Error *err)
{
        unit_drop(unit);
        correlator->assign_due = true;
        log_info("gave a partition back", LOG_TEXT("topic", unit->topic), LOG_NUMBER("partition", unit->partition),
                 LOG_NUMBER("next", unit->next));
        return store_give(correlator->store, unit->kind, unit->partition, err);
}

/* Events and rejected partitions are shared out apart: ceil(units / members) of each. */
static bool kind_balance(Correlator *correlator, UnitKind kind, int64_t members, Error *err)
{
        int64_t units = 0, held = 0;

        for (size_t i = 0; i < correlator->units_size; i++) {
                units += correlator->units[i].kind == kind;
                held += correlator->units[i].kind == kind && correlator->units[i].held;
        }
        const int64_t share = (units + members - 1) / members;
        for (size_t i = 0; i < correlator->units_size; i++) {
                Unit *unit = &correlator->units[i];
                bool taken = false;

                if (unit->kind != kind)
                        continue;
                if ((unit->held && held > share) || (!unit->held && held < share))
                        if (!flight_settle(correlator, err))
                                return false;
                if (unit->held && held > share) {
                        if (!unit_release(correlator, unit, err))
                                return false;
                        held--;
                } else if (!unit->held && held < share) {
                        if (!unit_seize(correlator, unit, &taken, err))
                                return false;
                        held += taken;
                }
        }
        return true;
}

bool seats_balance(Correlator *correlator, Error *err)
{
        int64_t members;

        if (time_monotonic() < correlator->balance_at)
                return true;
        correlator->balance_at = time_monotonic() + BALANCE_MS;
        if (!store_members(correlator->store, &members, err))
                return false;
        members = members > 0 ? members : 1;
        return kind_balance(correlator, UNIT_EVENTS, members, err) &&
               kind_balance(correlator, UNIT_REJECTED, members, err);
}
