#include "hub/command/ledger_private.h"

#include "hub/base/memory.h"
#include "hub/command/tool.h"

#include <string.h>

/*
 * ledger_end (ledger_ends.c) holds what each partition's end was when we looked. Ticks behind the first are left out:
 * what they tell of may lie behind the end of another partition.
 */
static const char told[] =
        "SELECT t.* FROM ops.tick AS t JOIN ledger_end AS e ON e.pass = 1 AND e.topic = $1 AND e.partition = "
        "t.partition AND t.\"offset\" < e.high";

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

#define HOUR(column) "to_char(" column " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:00:00.000\"Z\"')"
#define PLATFORM(run)                                                                                                  \
        "(SELECT p.platform FROM ods.record AS p WHERE p.run = " run " AND p.platform IS NOT NULL LIMIT 1)"

/* A row past the highest acked closes the last gap of a run. */
static bool holes_find(Ledger *ledger, const Config *config, Db *db, const char *events, Error *err)
{
        CLEANUP(mem_drop)
        char *sql =
                text_format("WITH told AS (%s), runs AS (SELECT run, min(instance) AS instance, max(acked) AS acked, "
                            "min(hour) AS hour FROM told"
                            " GROUP BY run),"
                            " present AS (SELECT run, seq, min(received) AS received FROM ods.record JOIN runs USING "
                            "(run) WHERE seq <= acked"
                            " GROUP BY run, seq UNION ALL SELECT run, acked + 1, NULL FROM runs),"
                            " steps AS (SELECT run, seq, received, lag(seq, 1, 0::bigint) OVER line AS before, "
                            "lag(received) OVER line AS earlier"
                            " FROM present WINDOW line AS (PARTITION BY run ORDER BY seq))"
                            "SELECT " PLATFORM("s.run") ", r.instance, " HOUR(
                                    "coalesce(s.earlier, s.received, r.hour)") ", s.before + 1, s.seq - 1, s.run FROM "
                                                                               "steps AS s JOIN runs AS r USING (run) "
                                                                               "WHERE s.seq > s.before + 1"
                                                                               " ORDER BY r.instance, s.run, s.seq",
                            told);
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        if (!db_query(db, &rows, sql, &events, 1, err))
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

/*
 * Per run and hour: what is there in all, below the tick's seq, and at or below its acked; of events and of rejects. A
 * seq that lies there twice (a resend) counts once.
 */
static const char sums[] =
        "WITH told AS (%s), newest AS (SELECT DISTINCT ON (run, hour) * FROM told ORDER BY run, hour, seq DESC),"
        " ended AS (SELECT run FROM told WHERE final GROUP BY run),"
        " logged AS (SELECT n.run, n.hour,"
        " count(DISTINCT r.seq) FILTER (WHERE r.topic = $1) AS published_all,"
        " count(DISTINCT r.seq) FILTER (WHERE r.topic = $1 AND r.seq < n.seq) AS published_most,"
        " count(DISTINCT r.seq) FILTER (WHERE r.topic = $1 AND r.seq <= n.acked) AS published_least,"
        " count(DISTINCT r.seq) FILTER (WHERE r.topic <> $1) AS rejected_all,"
        " count(DISTINCT r.seq) FILTER (WHERE r.topic <> $1 AND r.seq < n.seq) AS rejected_most,"
        " count(DISTINCT r.seq) FILTER (WHERE r.topic <> $1 AND r.seq <= n.acked) AS rejected_least"
        " FROM newest AS n LEFT JOIN ods.record AS r ON r.run = n.run AND r.verdict <> 'tick'"
        " AND date_trunc('hour', r.received) = n.hour GROUP BY n.run, n.hour),"
        " bounds AS (SELECT n.*, l.*, e.run IS NOT NULL AS ended,"
        " CASE WHEN e.run IS NULL THEN published_least ELSE published_all END AS published_from,"
        " CASE WHEN e.run IS NULL THEN published_most ELSE published_all END AS published_to,"
        " CASE WHEN e.run IS NULL THEN rejected_least ELSE rejected_all END AS rejected_from,"
        " CASE WHEN e.run IS NULL THEN rejected_most ELSE rejected_all END AS rejected_to"
        " FROM newest AS n JOIN logged AS l (lrun, lhour) ON l.lrun = n.run AND l.lhour = n.hour LEFT JOIN ended AS e "
        "ON e.run = n.run)"
        "SELECT " PLATFORM("b.run") ", instance, " HOUR(
                "hour") ", run, items, published, rejected, ignored,"
                        " published_from, published_to, rejected_from, rejected_to,"
                        " items <> published + rejected + ignored AS bad_items,"
                        " published NOT BETWEEN published_from AND published_to AS bad_published,"
                        " rejected NOT BETWEEN rejected_from AND rejected_to AS bad_rejected"
                        " FROM bounds AS b ORDER BY instance, hour, run";

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
        CLEANUP(mem_drop) char *sql = text_format(sums, told);
        CLEANUP(db_result_drop) DbResult *rows = NULL;
        const char *run = "";

        if (!db_query(db, &rows, sql, &events, 1, err))
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

        if (!db_query(db, &rows,
                      "WITH present AS (SELECT r.topic, r.partition, r.\"offset\" FROM ods.record AS r"
                      " UNION ALL SELECT topic, partition, next_offset FROM ops.kafka_offset),"
                      " steps AS (SELECT p.*, lag(p.\"offset\", 1, k.first_offset - 1) OVER line AS before FROM "
                      "present AS p"
                      " JOIN ops.kafka_offset AS k USING (topic, partition) WINDOW line AS (PARTITION BY topic, "
                      "partition ORDER BY \"offset\"))"
                      "SELECT topic, partition, before + 1, \"offset\" - 1 FROM steps WHERE \"offset\" > before + 1 "
                      "ORDER BY 1, 2, 3",
                      NULL, 0, err))
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
        if (!ledger_ends_ask(ledger, config, db, err) || !ledger_pending(ledger, db, wait_ms, err))
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
