#pragma once

/*
 * The feed as it stands in PostgreSQL: the numbered rows of ops.outbox, for whoever follows it (the stream of hub serve, hub notify).
 *
 * The relay numbers what is new in one statement, which holds the row of ops.feed_head and takes the next numbers after it, in the
 * order of insertion: so what is committed has no gap behind what was seen before, and who asks for all above the highest number that
 * he saw misses nothing, and sees the versions of an incident rise. Only a restored database leaves numbers out, and never fewer
 * than it gave away (hub epoch raise); only retention takes rows away, the oldest first.
 */

#include "hub/db/db.h"

enum { FEED_PAGE_MOST = 500 };

typedef struct {
        int64_t head;   /* the highest number given */
        int64_t oldest; /* of the rows that are left; head + 1: there are none */
} FeedEnds;

typedef struct {
        int64_t feed;
        const char *zone, *incident, *payload; /* borrowed from the rows */
        size_t payload_size;
        const char *before; /* the version before this one; NULL: it is not there (any more) */
        size_t before_size;
        int64_t epoch, version;
} FeedRow;

bool feed_role(Db *db, Error *err); /* nothing more than hub_api may, and nothing that writes */
bool feed_ends(Db *db, FeedEnds *ends, Error *err);

/*
 * Up to FEED_PAGE_MOST rows above `after`, by feed, and the ends as the same statement saw them: after + 1 < oldest says that rows
 * behind `after` are gone.
 */
bool feed_page(Db *db, int64_t after, DbResult **rows, FeedEnds *ends, Error *err);
size_t feed_rows(const DbResult *rows);
FeedRow feed_row(const DbResult *rows, size_t index);

/* Whether the row of that number is what it was when it was seen. Where it is not there, retention took it, or the database is another. */
typedef enum { FEED_SAME, FEED_ABSENT, FEED_ANOTHER } FeedKnown;
bool feed_known(Db *db, int64_t feed, const char *version, FeedKnown *known,
                Error *err); /* version: "INCIDENT:EPOCH:VERSION" */

bool feed_erasures(Db *db, int64_t *count, Error *err); /* how many erasures there were (hub erase) */

/* One row and column: that version as the outbox has it now, else as its rows make it; NULL where the database knows it no more. */
bool feed_version(Db *db, int64_t feed, const char *version, DbResult **rows, Error *err);
