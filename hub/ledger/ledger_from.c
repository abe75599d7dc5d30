/* Where a look begins: at the start of the log, at a moment, or where the last look that balanced ended. */

#include "hub/ledger/ledger_private.h"

#include "hub/base/text.h"

#include <string.h>

static const char tables_sql[] = "DROP TABLE IF EXISTS pg_temp.ledger_run, pg_temp.ledger_part, pg_temp.ledger_from;"
                                 "CREATE TEMP TABLE ledger_run (run text PRIMARY KEY, seq bigint NOT NULL);"
                                 "CREATE TEMP TABLE ledger_part (topic text, partition integer, first bigint NOT NULL, "
                                 "PRIMARY KEY (topic, partition));"
                                 "CREATE TEMP TABLE ledger_from (hour timestamptz NOT NULL)";

/* A log whose first months were dropped begins where they ended. */
static const char whole_sql[] =
        "INSERT INTO ledger_run SELECT run, seq FROM ops.retained_run;"
        "INSERT INTO ledger_part SELECT topic, partition, first_offset FROM ops.kafka_offset;"
        "INSERT INTO ledger_from SELECT coalesce((SELECT before FROM ops.retained), '-infinity')";

/* New ticks lie behind the offsets of the last look; what they tell of a run begins behind its seq. */
static const char last_sql[] =
        "INSERT INTO ledger_run SELECT run, seq FROM ops.audit_run;"
        "INSERT INTO ledger_run SELECT run, seq FROM ops.retained_run ON CONFLICT (run) DO UPDATE"
        " SET seq = greatest(ledger_run.seq, excluded.seq);"
        "INSERT INTO ledger_part SELECT topic, partition, greatest(first_offset, coalesce(a.next_offset, 0))"
        " FROM ops.kafka_offset LEFT JOIN ops.audit_offset AS a USING (topic, partition);"
        "INSERT INTO ledger_from SELECT coalesce((SELECT before FROM ops.retained), '-infinity')";

static bool since_fill(Db *db, const char *since, Error *err)
{
        const char *const values[] = { since };

        return db_query(db, NULL, "INSERT INTO ledger_from SELECT date_trunc('hour', $1::timestamptz)", values, 1,
                        err) &&
               db_query(
                       db, NULL,
                       "INSERT INTO ledger_part SELECT o.topic, o.partition, coalesce(min(r.\"offset\"), o.next_offset)"
                       " FROM ops.kafka_offset AS o LEFT JOIN ods.record AS r ON r.topic = o.topic AND r.partition = "
                       "o.partition AND r.received >= (SELECT hour FROM ledger_from) GROUP BY o.topic, o.partition",
                       NULL, 0, err) &&
               db_query(db, NULL,
                        "INSERT INTO ledger_run SELECT run, min(seq) - 1 FROM ods.record WHERE run IS NOT NULL AND "
                        "received >= "
                        "(SELECT hour FROM ledger_from) GROUP BY run",
                        NULL, 0, err);
}

bool ledger_begin(const Ledger *ledger, Db *db, Error *err)
{
        bool fine = db_run(db, tables_sql, err);

        if (fine && !ledger->since)
                fine = db_run(db, whole_sql, err);
        else if (fine && text_same(ledger->since, "last"))
                fine = db_run(db, last_sql, err);
        else if (fine)
                fine = since_fill(db, ledger->since, err);
        return (fine && db_run(db, "ANALYZE ledger_run, ledger_part, ledger_end", err)) ||
               error_add(err, "where to look from");
}

bool ledger_remember(const Ledger *ledger, Db *db, const char *events, Error *err)
{
        if (!ledger_balances(ledger) || (ledger->since && !text_same(ledger->since, "last")))
                return true;
        return db_query(db, NULL,
                        "INSERT INTO ops.audit_run AS a SELECT t.run, max(t.acked) FROM ops.tick AS t JOIN ledger_end "
                        "AS e ON "
                        "e.pass = 1 AND e.topic = $1 AND e.partition = t.partition AND t.\"offset\" < e.high JOIN "
                        "ledger_part "
                        "AS f ON f.topic = e.topic AND f.partition = e.partition AND t.\"offset\" >= f.first GROUP BY "
                        "t.run"
                        " ON CONFLICT (run) DO UPDATE SET seq = greatest(a.seq, excluded.seq)",
                        &events, 1, err) &&
               db_query(db, NULL,
                        "INSERT INTO ops.audit_offset AS a SELECT topic, partition, high FROM ledger_end WHERE pass = 1"
                        " ON CONFLICT (topic, partition) DO UPDATE SET next_offset = greatest(a.next_offset, "
                        "excluded.next_offset)",
                        NULL, 0, err);
}
