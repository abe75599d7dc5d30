/*
 * The ledger's SQL; $1 is the topic of events. Where a look begins stands in temporary tables (ledger_from.c): ledger_run (run,
 * seq) up to which a run is not looked at, ledger_part (topic, partition, first offset), ledger_from (hour). ledger_end (ledger_ends.c) holds where each partition ended when we
 * looked. Ticks behind the first look are left out: what they tell of may lie behind the end of another partition.
 */

#include "hub/ledger/ledger_private.h"

#define TOLD                                                                                                           \
        "WITH told AS (SELECT t.* FROM ops.tick AS t JOIN ledger_end AS e"                                             \
        " ON e.pass = 1 AND e.topic = $1 AND e.partition = t.partition AND t.\"offset\" < e.high"                      \
        " JOIN ledger_part AS f ON f.topic = e.topic AND f.partition = e.partition AND t.\"offset\" >= f.first"        \
        " WHERE t.hour >= (SELECT hour FROM ledger_from))"

#define PLATFORM  " (SELECT p.platform FROM ods.record AS p WHERE p.run = r.run AND p.platform IS NOT NULL LIMIT 1)"
#define HOUR_FORM " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:00:00.000\"Z\"')"

/* platform, instance, hour, first, last, run. A row past the highest acked closes the last gap of a run. */
const char ledger_holes_sql[] = TOLD
        ", runs AS (SELECT t.run, min(instance) AS instance, max(acked) AS acked, min(hour) AS hour,"
        " coalesce(min(k.seq), 0) AS known FROM told AS t LEFT JOIN ledger_run AS k ON k.run = t.run GROUP BY t.run),"
        " present AS (SELECT run, seq, min(received) AS received FROM ods.record JOIN runs USING (run)"
        " WHERE seq > known AND seq <= acked GROUP BY run, seq UNION ALL SELECT run, acked + 1, NULL FROM runs WHERE "
        "acked >= "
        "known),"
        " steps AS (SELECT run, seq, received, lag(seq, 1, known) OVER line AS before,"
        " lag(received) OVER line AS earlier FROM present JOIN runs USING (run) WINDOW line AS (PARTITION BY run ORDER "
        "BY seq))"
        " SELECT" PLATFORM ", r.instance, to_char(coalesce(s.earlier, s.received, r.hour)" HOUR_FORM
        ", s.before + 1, s.seq - 1, s.run FROM steps AS s JOIN runs AS r USING (run)"
        " WHERE s.seq > s.before + 1 ORDER BY r.instance, s.run, s.seq";

/*
 * Per run and hour: what is there in all, below the tick's seq, and at or below its acked; of events and of rejects. A
 * seq that lies there twice (a resend) counts once.
 */
const char ledger_sums_sql[] =
        TOLD ", newest AS (SELECT DISTINCT ON (run, hour) * FROM told ORDER BY run, hour, seq DESC),"
             " ended AS (SELECT run FROM told WHERE final GROUP BY run),"
             " logged AS (SELECT n.run, n.hour,"
             " count(DISTINCT r.seq) FILTER (WHERE r.topic = $1) AS published_all,"
             " count(DISTINCT r.seq) FILTER (WHERE r.topic = $1 AND r.seq < n.seq) AS published_most,"
             " count(DISTINCT r.seq) FILTER (WHERE r.topic = $1 AND r.seq <= n.acked) AS published_least,"
             " count(DISTINCT r.seq) FILTER (WHERE r.topic <> $1) AS rejected_all,"
             " count(DISTINCT r.seq) FILTER (WHERE r.topic <> $1 AND r.seq < n.seq) AS rejected_most,"
             " count(DISTINCT r.seq) FILTER (WHERE r.topic <> $1 AND r.seq <= n.acked) AS rejected_least"
             " FROM newest AS n LEFT JOIN ods.record AS r ON r.run = n.run AND r.verdict <> 'tick'"
             " AND date_trunc('hour', r.received) = n.hour"
             " AND r.received >= n.hour AND r.received < n.hour + interval '1 hour' GROUP BY n.run, n.hour),"
             " bounds AS (SELECT n.*,"
             " CASE WHEN e.run IS NULL THEN published_least ELSE published_all END AS published_from,"
             " CASE WHEN e.run IS NULL THEN published_most ELSE published_all END AS published_to,"
             " CASE WHEN e.run IS NULL THEN rejected_least ELSE rejected_all END AS rejected_from,"
             " CASE WHEN e.run IS NULL THEN rejected_most ELSE rejected_all END AS rejected_to"
             " FROM newest AS n JOIN logged AS l ON l.run = n.run AND l.hour = n.hour"
             " LEFT JOIN ended AS e ON e.run = n.run)"
             " SELECT" PLATFORM ", instance, to_char(hour" HOUR_FORM ", run, items, published, rejected, ignored,"
             " published_from, published_to, rejected_from, rejected_to,"
             " items <> published + rejected + ignored,"
             " published NOT BETWEEN published_from AND published_to,"
             " rejected NOT BETWEEN rejected_from AND rejected_to"
             " FROM bounds AS r ORDER BY instance, hour, run";

/* topic, partition, first, last of the offsets without a row. */
const char ledger_offsets_sql[] =
        "WITH present AS (SELECT r.topic, r.partition, r.\"offset\" FROM ledger_part AS f JOIN ods.record AS r"
        " ON r.topic = f.topic AND r.partition = f.partition AND r.\"offset\" >= f.first"
        " UNION ALL SELECT topic, partition, next_offset FROM ops.kafka_offset),"
        " steps AS (SELECT topic, partition, \"offset\", lag(\"offset\", 1, first - 1) OVER line AS before"
        " FROM present JOIN ledger_part USING (topic, partition)"
        " WINDOW line AS (PARTITION BY topic, partition ORDER BY \"offset\"))"
        " SELECT topic, partition, before + 1, \"offset\" - 1 FROM steps"
        " WHERE \"offset\" > before + 1 ORDER BY topic, partition, before";
