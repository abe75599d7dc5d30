/* The temporary tables of a connection, through which a batch goes into the warehouse. */

#include "hub/correlate/store_private.h"

static const char tables[] =
        "SET temp_buffers = '32MB';"
        "CREATE TEMP TABLE stage_key (zone text, id text) ON COMMIT DELETE ROWS;"
        "CREATE TEMP TABLE stage_incident (incident text, zone text, number text, epoch integer, version "
        "integer,"
        " state text, severity text, category text, category_name text, title text, lon float8, lat float8,"
        " radius_m integer, address text, district text, subdistrict text, community text, grid text,"
        " opened timestamptz, updated timestamptz, deadline timestamptz, closed timestamptz, founding text,"
        " reports integer, platforms text[], merged_into text, recurrence_of text, assigned_to text, "
        "assigned_by text, assigned_at timestamptz, rules_number integer,"
        " candidate_until bigint, kept_until bigint, context text, correlator text)"
        " ON COMMIT DELETE ROWS;"
        "CREATE TEMP TABLE stage_subject (zone text, subject text, incident text, platform text, channel text,"
        " first_event text, last_event text, state text, outcome text, severity text, category text, title "
        "text,"
        " occurred timestamptz, updated timestamptz, closed timestamptz, deadline timestamptz, lon float8, lat "
        "float8,"
        " accuracy_m integer, active boolean, correlator text) ON COMMIT DELETE ROWS;"
        "CREATE TEMP TABLE stage_end (zone text, subject text, at timestamptz, doubtful_only boolean) ON "
        "COMMIT DELETE ROWS;"
        "CREATE TEMP TABLE stage_suggestion (incident text, other text, score integer) ON COMMIT DELETE ROWS";

/*
 * What is long and lies for long. PostgreSQL compresses a value only in a row of over 2 kB, and leaves it compressed when it is
 * copied into a row of whatever size: so it is staged beside room that is not compressed.
 */
static const char packed[] =
        "CREATE TEMP TABLE stage_record (topic text, partition integer, \"offset\" bigint, run text, seq bigint, id "
        "text,"
        " subject text, kind text, zone text, platform text, instance text, received timestamptz, occurred timestamptz,"
        " category text, lon float8, lat float8, verdict text, text text, room text DEFAULT repeat(' ', 1400))"
        " ON COMMIT DELETE ROWS;"
        "ALTER TABLE stage_record SET (toast_tuple_target = 128), ALTER room SET STORAGE PLAIN,"
        " ALTER text SET STORAGE MAIN, ALTER text SET COMPRESSION lz4;"
        "CREATE TEMP TABLE stage_outbox (place bigint, zone text, incident text, epoch integer, version integer,"
        " payload text, room text DEFAULT repeat(' ', 1400)) ON COMMIT DELETE ROWS;"
        "ALTER TABLE stage_outbox SET (toast_tuple_target = 128), ALTER room SET STORAGE PLAIN,"
        " ALTER payload SET STORAGE MAIN, ALTER payload SET COMPRESSION lz4";

bool store_stage(Store *store, Error *err)
{
        return db_run(store->db, tables, err) && db_run(store->db, packed, err);
}
