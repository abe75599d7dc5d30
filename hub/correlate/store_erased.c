/* Whose data was erased (schemas/sql, ops.erasure): what comes of them later is emptied before it is stored or decided on. */

#include "hub/correlate/store_private.h"

static bool persons_read(Store *store, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        if (!db_query(store->db, &rows,
                      "SELECT number, (extract(epoch FROM (entry::json ->> 'at')::timestamptz) * 1000)::bigint, person "
                      "FROM"
                      " ops.erasure LEFT JOIN LATERAL json_array_elements_text(entry::json -> 'persons') AS person ON "
                      "true"
                      " ORDER BY number",
                      NULL, 0, err))
                return false;
        for (size_t i = 0; i < db_rows(rows); i++) {
                store->erasures = db_integer(rows, i, 0);
                if (db_text(rows, i, 2))
                        erased_person(store->erased, db_text(rows, i, 2), db_integer(rows, i, 1));
        }
        return true;
}

bool store_erasures_read(Store *store, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        store->erased = erased_new();
        if (!persons_read(store, err) ||
            !db_query(store->db, &rows, "SELECT zone, subject FROM ops.erased_subject", NULL, 0, err))
                return error_add(err, "reading what was erased");
        for (size_t i = 0; i < db_rows(rows); i++)
                erased_case(store->erased, db_text(rows, i, 0), db_text(rows, i, 1));
        return true;
}

bool store_erased(Store *store, Event *event)
{
        const char *const values[] = { event->zone, event->subject };
        const ErasedVerdict verdict = erased_apply(store->erased, event);

        if (verdict == ERASED_NOT)
                return false;
        if (verdict != ERASED_NEW || store->replay)
                return true;
        erased_case(store->erased, event->zone, event->subject);
        store_later(store, "INSERT INTO ops.erased_subject VALUES ($1, $2) ON CONFLICT DO NOTHING", values, 2);
        return true;
}
