#include "hub/feed/rows.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <stdio.h>

enum { NUMBER_ROOM = 24 };

#define ENDS                                                                                                           \
        "(SELECT feed FROM ops.feed_head) AS head, (SELECT min(feed) FROM ops.outbox WHERE feed IS NOT NULL) AS "      \
        "oldest"

enum { HEAD, OLDEST, FEED, ZONE, INCIDENT, EPOCH, VERSION, PAYLOAD, BEFORE };

bool feed_role(Db *db, Error *err)
{
        return db_query(db, NULL,
                        "SELECT set_config('default_transaction_read_only', 'on', false),"
                        " CASE WHEN pg_has_role('hub_api', 'MEMBER') THEN set_config('role', 'hub_api', false) END",
                        NULL, 0, err);
}

static FeedEnds ends_of(const DbResult *result)
{
        FeedEnds ends = { .head = db_integer(result, 0, HEAD) };

        ends.oldest = db_text(result, 0, OLDEST) ? db_integer(result, 0, OLDEST) : ends.head + 1;
        return ends;
}

bool feed_ends(Db *db, FeedEnds *ends, Error *err)
{
        CLEANUP(db_result_drop) DbResult *result = NULL;

        if (!db_query(db, &result, "SELECT " ENDS, NULL, 0, err))
                return error_add(err, "asking for the feed's ends");
        *ends = ends_of(result);
        return true;
}

/* The ends come in each row; without rows one comes with nothing else. The inner limit is what the index is read by. */
bool feed_page(Db *db, int64_t after, DbResult **rows, FeedEnds *ends, Error *err)
{
        char number[NUMBER_ROOM];
        const char *const values[] = { number };

        snprintf(number, sizeof(number), "%lld", (long long)after);
        if (!db_query(db, rows,
                      "SELECT e.head, e.oldest, o.feed, o.zone, o.incident, o.epoch, o.version, o.payload, o.before"
                      " FROM (SELECT " ENDS ") AS e LEFT JOIN"
                      " (SELECT page.*, earlier.payload AS before FROM"
                      "  (SELECT feed, zone, incident, epoch, version, payload FROM ops.outbox WHERE feed > $1::bigint"
                      "   ORDER BY feed LIMIT 500) AS page"
                      "  LEFT JOIN LATERAL (SELECT b.payload FROM ops.outbox AS b WHERE b.incident = page.incident"
                      "   AND (b.epoch, b.version) < (page.epoch, page.version) ORDER BY b.epoch DESC, b.version DESC"
                      "   LIMIT 1) AS earlier ON true) AS o ON true"
                      " ORDER BY o.feed",
                      values, 1, err))
                return error_add(err, "reading the feed");
        *ends = ends_of(*rows);
        return true;
}

size_t feed_rows(const DbResult *rows)
{
        return db_text(rows, 0, FEED) ? db_rows(rows) : 0;
}

FeedRow feed_row(const DbResult *rows, size_t index)
{
        return (FeedRow){ .feed = db_integer(rows, index, FEED),
                          .zone = db_text(rows, index, ZONE),
                          .incident = db_text(rows, index, INCIDENT),
                          .epoch = db_integer(rows, index, EPOCH),
                          .version = db_integer(rows, index, VERSION),
                          .payload = db_text(rows, index, PAYLOAD),
                          .payload_size = db_size(rows, index, PAYLOAD),
                          .before = db_text(rows, index, BEFORE),
                          .before_size = db_size(rows, index, BEFORE) };
}

bool feed_known(Db *db, int64_t feed, const char *version, FeedKnown *known, Error *err)
{
        CLEANUP(db_result_drop) DbResult *result = NULL;
        char number[NUMBER_ROOM];
        const char *const values[] = { number };

        snprintf(number, sizeof(number), "%lld", (long long)feed);
        if (!db_query(db, &result,
                      "SELECT incident || ':' || epoch || ':' || version FROM ops.outbox WHERE feed = $1::bigint",
                      values, 1, err))
                return error_add(err, "looking for the feed's last row");
        *known = !db_rows(result) ? FEED_ABSENT : text_same(db_text(result, 0, 0), version) ? FEED_SAME : FEED_ANOTHER;
        return true;
}

bool feed_erasures(Db *db, int64_t *count, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        if (!db_query(db, &rows, "SELECT coalesce(max(erasures), 0) FROM ops.kafka_offset", NULL, 0, err))
                return error_add(err, "counting the erasures");
        *count = db_integer(rows, 0, 0);
        return true;
}

bool feed_version(Db *db, int64_t feed, const char *version, DbResult **rows, Error *err)
{
        char number[NUMBER_ROOM];
        const char *const values[] = { number, version };

        snprintf(number, sizeof(number), "%lld", (long long)feed);
        return db_query(
                       db, rows,
                       "SELECT coalesce((SELECT payload FROM ops.outbox WHERE feed = $1::bigint AND incident || ':' || "
                       "epoch || ':' || version = $2), ops.incident_version(split_part($2, ':', 1), split_part($2, "
                       "':', 2)::integer, split_part($2, ':', 3)::integer))",
                       values, 2, err) ||
               error_add(err, "reading a version again");
}
