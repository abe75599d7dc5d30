/* hub status: a table for a person, from PostgreSQL; how far behind it is, if Kafka answers. */

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/ledger/ledger.h"
#include "hub/pipe/pause.h"
#include "hub/tool/tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] = "usage: hub status [--config FILE]\n"
                            "  What came in by platform, how each instance is, what incidents were made of it, how far "
                            "behind the database is, and whether the\n"
                            "  ledger balances. Exit code 0 when it could be read.\n";

enum { PLATFORMS_MOST = 64, NUMBERS = 5, SILENT_MS = 3 * 60 * 1000 };

typedef struct {
        const char *platform;     /* borrowed */
        int64_t numbers[NUMBERS]; /* items, published, rejected, ignored, repeated */
} PlatformRow;

typedef struct {
        PlatformRow rows[PLATFORMS_MOST];
        size_t size;
} PlatformTable;

static PlatformRow *row_of(PlatformTable *table, const char *platform)
{
        for (size_t i = 0; i < table->size; i++)
                if (strcmp(table->rows[i].platform, platform) == 0)
                        return &table->rows[i];
        if (table->size == PLATFORMS_MOST)
                return &table->rows[PLATFORMS_MOST - 1];
        table->rows[table->size] = (PlatformRow){ .platform = platform };
        return &table->rows[table->size++];
}

static bool ticks_read(Db *db, DbResult **rows, Error *err)
{
        return db_query(db, rows,
                        "WITH newest AS (SELECT DISTINCT ON (run, hour) * FROM ops.tick ORDER BY run, hour, seq DESC)"
                        " SELECT instance, (SELECT platform FROM ods.record AS r WHERE r.run = min(n.run) AND platform "
                        "IS NOT NULL LIMIT 1),"
                        " sum(items), sum(published), sum(rejected), sum(ignored), sum(repeated)"
                        " FROM newest AS n GROUP BY instance ORDER BY instance",
                        NULL, 0, err);
}

static int row_compare(const void *one, const void *other)
{
        return strcmp(((const PlatformRow *)one)->platform, ((const PlatformRow *)other)->platform);
}

static void table_print(const Config *config, const PlatformTable *table)
{
        printf("%-28s %10s %10s %10s %10s %10s\n", "platform", "items", "published", "rejected", "ignored", "repeated");
        for (size_t i = 0; i < table->size; i++) {
                const PlatformRow *row = &table->rows[i];
                const Platform *platform = platforms_find(config->platforms, row->platform);

                printf("%-4s %-23s", row->platform, platform && platform->name_en ? platform->name_en : "");
                for (size_t column = 0; column < NUMBERS; column++)
                        printf(" %10lld", (long long)row->numbers[column]);
                putchar('\n');
        }
}

static bool platforms_print(const Config *config, Db *db, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;
        PlatformTable table = { 0 };

        if (!ticks_read(db, &rows, err))
                return false;
        for (size_t i = 0; i < db_rows(rows); i++) {
                const char *platform = ledger_platform(config, db_text(rows, i, 0));
                PlatformRow *row;

                if (!platform)
                        platform = db_text(rows, i, 1) ? db_text(rows, i, 1) : "?";
                row = row_of(&table, platform);
                for (size_t column = 0; column < NUMBERS; column++)
                        row->numbers[column] += db_integer(rows, i, 2 + column);
        }
        qsort(table.rows, table.size, sizeof(table.rows[0]), row_compare);
        table_print(config, &table);
        return true;
}

/* ---- instances ---- */

/* "12 s", "5 min", "3 h", "2 d": a person wants to know whether it is long. */
static char *age_text(int64_t ms, char out[24])
{
        static const struct {
                int64_t most, unit;
                const char *name;
        } steps[] = { { 120, 1, "s" }, { 7200, 60, "min" }, { 172800, 3600, "h" }, { INT64_MAX, 86400, "d" } };
        const int64_t seconds = ms > 0 ? ms / 1000 : 0;
        size_t step = 0;

        while (seconds >= steps[step].most)
                step++;
        snprintf(out, 24, "%lld %s", (long long)(seconds / steps[step].unit), steps[step].name);
        return out;
}

/* Runs beside the instance itself (a retry, a replay, a span again) say nothing of its state. */
static bool instance_query(Db *db, const char *name, DbResult **rows, Error *err)
{
        return db_query(db, rows,
                        "SELECT source_state, lag, (extract(epoch FROM at) * 1000)::bigint FROM ops.tick"
                        " WHERE instance = $1 AND source_state NOT IN ('retry', 'replay', 'span')"
                        " ORDER BY hour DESC, at DESC, seq DESC LIMIT 1",
                        &name, 1, err);
}

static void instance_print(const Config *config, const Instance *instance, const DbResult *rows)
{
        CLEANUP(mem_drop) char *folder = text_format("%s/%s", config->state, instance->name);
        CLEANUP(buffer_free) Buffer paused = { 0 };
        const bool known = db_rows(rows);
        const int64_t age = known ? time_now() - db_integer(rows, 0, 2) : 0;
        const char *state = known ? db_text(rows, 0, 0) : "never ran";
        char lag[24] = "-", said[24] = "-";

        if (known && db_integer(rows, 0, 1) >= 0)
                snprintf(lag, sizeof lag, "%lld", (long long)db_integer(rows, 0, 1));
        printf("%-20s %-8s %-10s %-10s %8s %10s", instance->name, instance->platform,
               instance->source ? instance->source->kind : "none", state, lag, known ? age_text(age, said) : said);
        if (pause_read(folder, &paused))
                printf("  paused %s", paused.bytes ? paused.bytes : "");
        else if (known && strcmp(state, "stopped") != 0 && age > SILENT_MS)
                printf("  SILENT: no tick for so long: does it run?");
        putchar('\n');
}

static bool instances_print(const Config *config, Db *db, Error *err)
{
        if (config->instances_size)
                printf("\n%-20s %-8s %-10s %-10s %8s %10s\n", "instance", "platform", "source", "state", "lag",
                       "said ago");
        for (size_t i = 0; i < config->instances_size; i++) {
                CLEANUP(db_result_drop) DbResult *rows = NULL;

                if (!instance_query(db, config->instances[i].name, &rows, err))
                        return false;
                instance_print(config, &config->instances[i], rows);
        }
        return true;
}

static bool incidents_print(Db *db, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        if (!db_query(db, &rows,
                      "SELECT (SELECT count(*) FROM dw.incident WHERE merged_into IS NULL),"
                      " (SELECT count(*) FROM dw.incident WHERE merged_into IS NULL AND closed IS NULL),"
                      " (SELECT count(*) FROM dw.link WHERE unlinked_at IS NULL AND decision = 'join'),"
                      " (SELECT count(*) FROM dw.incident_status WHERE change = 'updated'),"
                      " (SELECT count(*) FROM ods.record WHERE verdict = 'stored'),"
                      " (SELECT count(*) FROM ods.record WHERE verdict = 'duplicate'),"
                      " (SELECT count(*) FROM ops.outbox WHERE published_at IS NULL),"
                      " (SELECT count(*) FROM ops.rejected WHERE stage = 'adapter' AND retried_by IS NULL AND retry_of "
                      "IS NULL),"
                      " (SELECT count(*) FROM ops.rejected)",
                      NULL, 0, err))
                return false;
        printf("\nevents     %10s stored, %s seen again\n", db_text(rows, 0, 4), db_text(rows, 0, 5));
        printf("incidents  %10s: %s open, %lld closed; %s reports joined, %s updates\n", db_text(rows, 0, 0),
               db_text(rows, 0, 1), (long long)(db_integer(rows, 0, 0) - db_integer(rows, 0, 1)), db_text(rows, 0, 2),
               db_text(rows, 0, 3));
        printf("rejected   %10s in all, %s wait for a fix and hub rejected retry\n", db_text(rows, 0, 8),
               db_text(rows, 0, 7));
        printf("outbox     %10s not published\n", db_text(rows, 0, 6));
        return true;
}

/*
 * The partitions that have messages, each with how far the database is behind its end. It may be past that: the end was asked
 * for before.
 */
static bool lag_print(Db *db, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;
        int64_t all = 0;

        if (!db_query(db, &rows,
                      "SELECT topic, partition, greatest(high - next_offset, 0), next_offset FROM ledger_end JOIN "
                      "ops.kafka_offset "
                      "USING (topic, partition)"
                      " WHERE pass = 2 AND high > first_offset ORDER BY topic, partition",
                      NULL, 0, err))
                return false;
        for (size_t i = 0; i < db_rows(rows); i++)
                all += db_integer(rows, i, 2);
        printf("lag        %10lld", (long long)all);
        for (size_t i = 0; i < db_rows(rows); i++)
                printf("%s %s/%s: %s", i ? "," : "  ", db_text(rows, i, 0), db_text(rows, i, 1), db_text(rows, i, 2));
        putchar('\n');
        return true;
}

/* What platforms do otherwise than they used to; nothing where nothing is. A database without mart has no lights. */
static bool lights_print(Db *db, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        if (!db_query(db, &rows,
                      "SELECT platform, habit || coalesce(' ' || category, ''), now, usual, light FROM "
                      "mart.platform_light WHERE "
                      "light IN ('red', 'yellow') ORDER BY light, platform, habit, category LIMIT 20",
                      NULL, 0, err))
                return false;
        for (size_t i = 0; i < db_rows(rows); i++)
                printf("%-8s %5s  %s %s: %s, usually %s\n", i ? "" : "lights", db_text(rows, i, 4), db_text(rows, i, 0),
                       db_text(rows, i, 1), db_text(rows, i, 2), db_text(rows, i, 3));
        return true;
}

/* Rows whose month was not made in time slow every question down and cannot be retained by month. */
static bool default_print(Db *db, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        if (!db_query(db, &rows, "SELECT default_rows FROM ops.watch", NULL, 0, err))
                return false;
        if (db_integer(rows, 0, 0))
                printf("default    %10s records of months that have no partition: hub warehouse months\n",
                       db_text(rows, 0, 0));
        return true;
}

/* Kafka may be away: all else is still worth showing. */
static bool ledger_print(const Config *config, Db *db, Error *err)
{
        CLEANUP(ledger_free) Ledger ledger = { 0 };
        Error away = { 0 };

        if (!ledger_read(&ledger, config, db, 0, &away)) {
                printf("lag           unknown: %s\nledger        unknown\n", away.text);
                return true;
        }
        if (!lag_print(db, err))
                return false;
        if (ledger_balances(&ledger))
                printf("ledger       balances: %zu runs, %zu hours\n", ledger.runs, ledger.hours);
        else if (ledger.pending && !ledger.offsets)
                printf("ledger        pending: %zu partitions are behind\n", ledger.pending);
        else
                printf("ledger             NO: hub audit names what is missing\n");
        return true;
}

int command_status(int argc, char **argv)
{
        CLEANUP(config_free) Config config = { 0 };
        CLEANUP(db_drop) Db *db = NULL;
        const char *path = NULL;
        int code = tool_options(argc, argv, usage, &path);
        Error err = { 0 };

        if (code != TOOL_GO_ON)
                return code;
        log_open("status");
        if (time_open(&err) && config_load(&config, path, &err))
                db = tool_database(&config, "hub status", &err);
        if (!db || !platforms_print(&config, db, &err) || !instances_print(&config, db, &err) ||
            !incidents_print(db, &err) || !lights_print(db, &err) || !default_print(db, &err) ||
            !ledger_print(&config, db, &err))
                return command_failed("status", &err);
        return EXIT_FINE;
}
