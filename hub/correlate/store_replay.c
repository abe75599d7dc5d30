#include "hub/correlate/replay.h"

#include "hub/base/log.h"
#include "hub/base/memory.h"

#include <stdio.h>
#include <string.h>

typedef struct {
        const ReplaySetup *setup;
        Store *store;
        UnitContext context;
        int64_t *events;
} Replay;

/* The next page of what was let in below `end`, into the unit. */
static bool page_read(Replay *replay, Unit *unit, int64_t end, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;
        char partition[16], from[24], to[24], generation[16], page[24];
        const char *const values[] = { unit->topic, partition, from, to, generation, page };

        snprintf(partition, sizeof partition, "%d", unit->partition);
        snprintf(from, sizeof from, "%lld", (long long)unit->next);
        snprintf(to, sizeof to, "%lld", (long long)end);
        snprintf(generation, sizeof generation, "%d", store_generation(replay->store));
        snprintf(page, sizeof page, "%lld", (long long)replay->setup->page);
        if (!db_query(
                    store_db(replay->store), &rows,
                    "SELECT \"offset\", text FROM ods.record WHERE topic = $1 AND partition = $2::int AND \"offset\" >="
                    " $3::bigint AND \"offset\" < $4::bigint AND verdict IN ('stored', 'command', 'tick') AND received "
                    ">="
                    " coalesce((SELECT since FROM ops.generation WHERE generation = $5::int), '-infinity')"
                    " ORDER BY \"offset\" LIMIT $6::bigint",
                    values, 6, err))
                return error_add(err, "reading the log");
        for (size_t i = 0; i < db_rows(rows); i++) {
                const KafkaMessage message = { .offset = db_integer(rows, i, 0),
                                               .value = db_text(rows, i, 1),
                                               .value_size = db_size(rows, i, 1) };

                unit_keep(unit, &message);
                unit->expected = message.offset + 1;
        }
        if ((int64_t)db_rows(rows) < replay->setup->page)
                unit->expected = end;
        return true;
}

bool store_pairs_adopt(Store *store, Zone *zone, const char *command, Error *err)
{
        CLEANUP(db_result_drop) DbResult *pairs = NULL;
        const char *const values[] = { zone_id(zone), command };

        if (!db_query(store_db(store), &pairs, "SELECT one, other, rule FROM ops.live_pairs($1, $2)", values, 2, err))
                return error_add(err, "pairs of %s in the live generation", command);
        for (size_t i = 0; i < db_rows(pairs); i++)
                zone_pair(zone, db_text(pairs, i, 0), db_text(pairs, i, 1), db_text(pairs, i, 2), command);
        return true;
}

/* Nothing to decide up to the end: only the offset moves. */
static bool rest_skip(Replay *replay, Unit *unit, Error *err)
{
        const StoreBatch move = {
                .topic = unit->topic, .partition = unit->partition, .base = unit->next, .next = unit->expected
        };

        unit->next = unit->expected;
        store_begin(replay->store, &move);
        store_hand_over(replay->store);
        return store_commit(replay->store, err);
}

static bool unit_replay(Replay *replay, Unit *unit, int64_t end, Error *err)
{
        if (!unit_load(unit, &replay->context, replay->store, err))
                return false;
        while (unit->next < end) {
                size_t done = 0;

                if (replay->setup->stopped(replay->setup->stopped_context) || !page_read(replay, unit, end, err))
                        return false;
                if (unit->messages_size == 0 ? !rest_skip(replay, unit, err)
                                             : !unit_commit(unit, &replay->context, replay->store, &done, err))
                        return false;
                *replay->events += (int64_t)done;
        }
        return true;
}

bool replay_run(const ReplaySetup *setup, Store *store, int64_t *events, Error *err)
{
        Replay replay = { .setup = setup,
                          .store = store,
                          .context = { .rules = setup->rules, .zones = setup->zones, .replay = true },
                          .events = events };
        CLEANUP(db_result_drop) DbResult *ends = NULL;
        const char *const values[] = { setup->topic };
        bool fine = true;

        if (!db_query(store_db(store), &ends,
                      "SELECT partition, next_offset FROM ops.kafka_offset WHERE topic = $1 ORDER BY partition", values,
                      1, err))
                return false;
        for (size_t i = 0; fine && i < db_rows(ends); i++) {
                Unit unit;

                unit_open(&unit, UNIT_EVENTS, setup->topic, (int32_t)db_integer(ends, i, 0));
                fine = unit_replay(&replay, &unit, db_integer(ends, i, 1), err);
                unit_close(&unit);
        }
        return fine;
}
