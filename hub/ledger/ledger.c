#include "hub/ledger/ledger_private.h"

#include "hub/base/memory.h"
#include "hub/tool/tool.h"

#include <string.h>

const char *ledger_platform(const Config *config, const char *instance)
{
        for (size_t i = 0; i < config->instances_size; i++)
                if (strcmp(config->instances[i].name, instance) == 0)
                        return config->instances[i].platform;
        return NULL;
}

/* platform, instance and hour of a row's columns 0, 1, 2; the platform of an instance without events is the
 * configuration's. */
static char *place_text(const Config *config, const DbResult *rows, size_t row)
{
        const char *instance = db_text(rows, row, 1), *hour = db_text(rows, row, 2);
        const char *platform = db_text(rows, row, 0) ? db_text(rows, row, 0) : ledger_platform(config, instance);

        return text_format("platform %s instance %s hour %s", platform ? platform : "?", instance, hour ? hour : "?");
}

static bool holes_find(Ledger *ledger, const Config *config, Db *db, const char *events, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        if (!db_query(db, &rows, ledger_holes_sql, &events, 1, err))
                return error_add(err, "looking for holes");
        for (size_t i = 0; i < db_rows(rows); i++) {
                CLEANUP(mem_drop) char *place = place_text(config, rows, i);
                bool one = db_integer(rows, i, 3) == db_integer(rows, i, 4);
                CLEANUP(mem_drop)
                char *line = text_format("hole: %s seq %s%s%s run %s\n", place, db_text(rows, i, 3), one ? "" : "..",
                                         one ? "" : db_text(rows, i, 4), db_text(rows, i, 5));

                ledger_line(ledger, &ledger->holes, line);
        }
        return true;
}

/* Columns of ledger_sums_sql behind platform, instance and hour; SUM_BAD and the two after it are verdicts. */
enum {
        SUM_RUN = 3,
        SUM_ITEMS,
        SUM_PUBLISHED,
        SUM_REJECTED,
        SUM_IGNORED,
        SUM_FROM,
        SUM_TO,
        SUM_REJECTED_FROM,
        SUM_REJECTED_TO,
        SUM_BAD
};

/* "9", or "9 to 11" while the run goes on. */
static char *range_text(const DbResult *rows, size_t row, size_t from)
{
        const char *one = db_text(rows, row, from), *other = db_text(rows, row, from + 1);

        return strcmp(one, other) == 0 ? text_copy(one) : text_format("%s to %s", one, other);
}

static void unequal_tell(Ledger *ledger, const char *place, const DbResult *rows, size_t row)
{
        const char *run = db_text(rows, row, SUM_RUN);
        CLEANUP(mem_drop) char *published = range_text(rows, row, SUM_FROM);
        CLEANUP(mem_drop) char *rejected = range_text(rows, row, SUM_REJECTED_FROM);
        CLEANUP(mem_drop)
        char *items = text_format("inequality: %s: %s items, but %s published + %s rejected + %s ignored, run %s\n",
                                  place, db_text(rows, row, SUM_ITEMS), db_text(rows, row, SUM_PUBLISHED),
                                  db_text(rows, row, SUM_REJECTED), db_text(rows, row, SUM_IGNORED), run);
        CLEANUP(mem_drop)
        char *events = text_format("inequality: %s: %s published, %s in the log, run %s\n", place,
                                   db_text(rows, row, SUM_PUBLISHED), published, run);
        CLEANUP(mem_drop)
        char *rejects = text_format("inequality: %s: %s rejected, %s in the log, run %s\n", place,
                                    db_text(rows, row, SUM_REJECTED), rejected, run);
        const char *const lines[] = { items, events, rejects };

        for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
                if (db_flag(rows, row, SUM_BAD + i))
                        ledger_line(ledger, &ledger->inequalities, lines[i]);
}

static bool inequalities_find(Ledger *ledger, const Config *config, Db *db, const char *events, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;
        const char *run = "";

        if (!db_query(db, &rows, ledger_sums_sql, &events, 1, err))
                return error_add(err, "balancing hours");
        for (size_t i = 0; i < db_rows(rows); i++) {
                CLEANUP(mem_drop) char *place = place_text(config, rows, i);

                unequal_tell(ledger, place, rows, i);
                ledger->runs += strcmp(run, db_text(rows, i, SUM_RUN)) != 0;
                run = db_text(rows, i, SUM_RUN);
        }
        ledger->hours = db_rows(rows);
        return true;
}

static bool offsets_find(Ledger *ledger, Db *db, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        if (!db_query(db, &rows, ledger_offsets_sql, NULL, 0, err))
                return error_add(err, "looking for offsets");
        for (size_t i = 0; i < db_rows(rows); i++) {
                bool one = db_integer(rows, i, 2) == db_integer(rows, i, 3);
                CLEANUP(mem_drop)
                char *line = text_format("offset: topic %s partition %s: no row of %s%s%s\n", db_text(rows, i, 0),
                                         db_text(rows, i, 1), db_text(rows, i, 2), one ? "" : "..",
                                         one ? "" : db_text(rows, i, 3));

                ledger_line(ledger, &ledger->offsets, line);
        }
        return true;
}

static bool snapshot_read(Ledger *ledger, const Config *config, Db *db, Error *err)
{
        CLEANUP(mem_drop) char *events = tool_topic(config, "events");

        return db_begin(db, "REPEATABLE READ READ ONLY", err) && holes_find(ledger, config, db, events, err) &&
               inequalities_find(ledger, config, db, events, err) && offsets_find(ledger, db, err) &&
               db_commit(db, err);
}

bool ledger_read(Ledger *ledger, const Config *config, Db *db, int64_t wait_ms, Error *err)
{
        if (!ledger_ends_ask(ledger, config, db, err) || !ledger_begin(ledger, db, err) ||
            !ledger_pending(ledger, db, wait_ms, err))
                return false;
        if (ledger->pending)
                return true;
        return snapshot_read(ledger, config, db, err);
}

bool ledger_balances(const Ledger *ledger)
{
        return !ledger->pending && !ledger->holes && !ledger->inequalities && !ledger->offsets;
}

void ledger_free(Ledger *ledger)
{
        buffer_free(&ledger->lines);
        *ledger = (Ledger){ 0 };
}
