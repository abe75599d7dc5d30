/* How common words are: one row a zone and midnight; what came since is counted again from the log. */

#include "hub/correlate/store_private.h"

#include "hub/base/crypto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void store_words_write(Store *store, Zone *zone)
{
        CLEANUP(buffer_free) Buffer counts = { 0 };
        const Words *words = zone_words(zone);
        char day[24], offset[24];

        if (!words->passed)
                return;
        words_write(words, &counts);
        CLEANUP(mem_drop) char *hex = mem_new(counts.size * 2 + 1);
        const char *const values[] = { zone_id(zone), day, offset,
                                       hex_text((const uint8_t *)counts.bytes, counts.size, hex) };
        snprintf(day, sizeof day, "%lld", (long long)words->day);
        snprintf(offset, sizeof offset, "%lld", (long long)words->offset);
        store_later(store,
                    "INSERT INTO words VALUES ($1, date '1970-01-01' + $2::int, $3::bigint, decode($4, 'hex'))"
                    " ON CONFLICT (zone) DO UPDATE SET day = excluded.day, \"offset\" = excluded.\"offset\","
                    " counts = excluded.counts",
                    values, 4);
}

/* The first revisions of subjects from that offset on. */
static bool recount(Store *store, Zone *zone, int32_t partition, Error *err)
{
        CLEANUP(db_result_drop) DbResult *texts = NULL;
        CLEANUP(event_reader_drop) EventReader *reader = event_reader_new();
        char number[16], offset[24];
        const char *const values[] = { zone_id(zone), number, offset };

        snprintf(number, sizeof number, "%d", partition);
        snprintf(offset, sizeof offset, "%lld", (long long)zone_words(zone)->offset);
        if (!db_query(store->db, &texts,
                      "SELECT r.text FROM ods.record r JOIN subject s ON s.zone = r.zone AND s.subject = r.subject"
                      " AND s.first_event = r.id WHERE r.topic = 'hub.events.v1' AND r.partition = $2::int"
                      " AND r.\"offset\" >= $3::bigint AND r.zone = $1 AND r.kind = 'report' AND r.verdict = 'stored'",
                      values, 3, err))
                return false;
        for (size_t i = 0; i < db_rows(texts); i++) {
                EventValue value;

                if (!event_read(reader, db_text(texts, i, 0), db_size(texts, i, 0), &value, err))
                        return false;
                words_count(zone_words(zone), value.event.title, value.event.description);
        }
        return true;
}

bool store_words_load(Store *store, Zone *zone, int32_t partition, Error *err)
{
        CLEANUP(db_result_drop) DbResult *row = NULL;
        CLEANUP(buffer_free) Buffer counts = { 0 };
        Words *words = zone_words(zone);
        const char *const values[] = { zone_id(zone) };

        if (!db_query(store->db, &row, "SELECT \"offset\", encode(counts, 'hex') FROM words WHERE zone = $1", values, 1,
                      err))
                return error_add(err, "loading words");
        if (db_rows(row) == 1) {
                words->offset = db_integer(row, 0, 0);
                if (!hex_read(db_text(row, 0, 1), &counts) || !words_read(words, counts.bytes, counts.size))
                        return error_set(err, ERR_FATAL, NULL, "words of zone %s: the row is damaged", zone_id(zone));
        }
        return recount(store, zone, partition, err) || error_add(err, "counting words again");
}
