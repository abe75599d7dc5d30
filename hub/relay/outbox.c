#include "hub/relay/outbox.h"

#include "hub/base/memory.h"

enum { LOCK_RELAY = 0x68756272 }; /* "hubr" */

bool outbox_claim(Db *db, bool *taken, Error *err)
{
        return db_lock_try(db, LOCK_RELAY, 0, false, taken, err);
}

bool outbox_number(Db *db, int64_t *numbered, Error *err)
{
        CLEANUP(db_result_drop) DbResult *result = NULL;

        if (!db_query(db, &result,
                      "WITH head AS (SELECT feed FROM ops.feed_head FOR UPDATE),"
                      " fresh AS (SELECT seq, row_number() OVER (ORDER BY seq) AS number FROM"
                      " (SELECT seq FROM ops.outbox WHERE feed IS NULL ORDER BY seq LIMIT 5000) AS unnumbered),"
                      " numbered AS (UPDATE ops.outbox AS o SET feed = head.feed + fresh.number FROM head, fresh WHERE "
                      "o.seq = fresh.seq"
                      " RETURNING o.feed)"
                      "UPDATE ops.feed_head SET feed = last.feed FROM (SELECT max(feed) AS feed, count(*) AS size FROM "
                      "numbered) AS last"
                      " WHERE last.feed IS NOT NULL RETURNING last.size",
                      NULL, 0, err))
                return error_add(err, "numbering the outbox");
        *numbered = db_rows(result) ? db_integer(result, 0, 0) : 0;
        return true;
}

bool outbox_waiting(Db *db, DbResult **rows, Error *err)
{
        return db_query(db, rows,
                        "SELECT seq, zone, incident, epoch || ':' || version, feed, payload, payload::json ->> 'at' "
                        "FROM ops.outbox"
                        " WHERE published_at IS NULL AND feed IS NOT NULL ORDER BY feed LIMIT 1000",
                        NULL, 0, err) ||
               error_add(err, "reading the outbox");
}

OutboxRow outbox_row(const DbResult *rows, size_t index)
{
        return (OutboxRow){
                .seq = db_text(rows, index, 0),
                .zone = db_text(rows, index, 1),
                .incident = db_text(rows, index, 2),
                .version = db_text(rows, index, 3),
                .feed = db_text(rows, index, 4),
                .payload = db_text(rows, index, 5),
                .payload_size = db_size(rows, index, 5),
                .at = db_text(rows, index, 6),
        };
}

bool outbox_figures(Db *db, OutboxFigures *figures, Error *err)
{
        CLEANUP(db_result_drop) DbResult *result = NULL;

        if (!db_query(db, &result,
                      "SELECT (SELECT count(*) FROM ops.outbox WHERE published_at IS NULL), (SELECT feed FROM "
                      "ops.feed_head), default_rows,"
                      " coalesce(extract(epoch FROM clock_timestamp() - audited_at)::bigint, -1), audit_holes,"
                      " coalesce(extract(epoch FROM clock_timestamp() - refreshed_at)::bigint, -1) FROM ops.watch",
                      NULL, 0, err))
                return error_add(err, "asking for the outbox's figures");
        *figures = (OutboxFigures){ .unpublished = db_integer(result, 0, 0),
                                    .feed = db_integer(result, 0, 1),
                                    .default_rows = db_integer(result, 0, 2),
                                    .audit_s = db_integer(result, 0, 3),
                                    .audit_holes = db_integer(result, 0, 4),
                                    .refresh_s = db_integer(result, 0, 5) };
        return true;
}

bool outbox_lights(Db *db, DbResult **rows, Error *err)
{
        return db_query(db, rows,
                        "SELECT platform, habit, CASE WHEN red > 0 THEN 2 WHEN yellow > 0 THEN 1 ELSE 0 END FROM "
                        "ops.light",
                        NULL, 0, err) ||
               error_add(err, "asking for the platforms' lights");
}

bool outbox_mark(Db *db, const DbResult *rows, size_t size, Error *err)
{
        CLEANUP(buffer_free) Buffer array = { 0 };
        const char *values[1];

        if (!size)
                return true;
        for (size_t i = 0; i < size; i++)
                buffer_format(&array, "%c%s", i ? ',' : '{', db_text(rows, i, 0));
        buffer_byte(&array, '}');
        values[0] = array.bytes;
        return db_query(db, NULL,
                        "UPDATE ops.outbox SET published_at = clock_timestamp() WHERE seq = ANY ($1::bigint[])", values,
                        1, err) ||
               error_add(err, "marking the outbox");
}

bool outbox_clean(Db *db, int64_t *removed, Error *err)
{
        CLEANUP(db_result_drop) DbResult *result = NULL;

        if (!db_query(db, &result,
                      "DELETE FROM ops.outbox WHERE seq IN (SELECT seq FROM (SELECT seq, published_at FROM ops.outbox"
                      " ORDER BY seq LIMIT 10000) AS oldest WHERE published_at < clock_timestamp() - interval '30 "
                      "days')",
                      NULL, 0, err))
                return error_add(err, "cleaning the outbox");
        *removed = db_affected(result);
        return true;
}
