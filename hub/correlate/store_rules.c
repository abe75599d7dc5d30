/* Rules versions stand in one table: rows of links and incidents have a number where 64 digits would stand. */

#include "hub/correlate/store_private.h"

#include "hub/base/text.h"

#include <stdio.h>

/* Counted from the rows, not by a sequence: what was rolled back leaves no gap, so the same log gives the same rows. A transaction of its own. */
bool store_rules(Store *store, const char *rules, Error *err)
{
        CLEANUP(db_result_drop) DbResult *result = NULL;
        const char *const values[] = { rules };

        if (store->named.number > 0 && text_same(store->named.rules, rules))
                return true;
        store->named.number = 0;
        if (!db_query(store->db, NULL,
                      "INSERT INTO ops.rules_version SELECT coalesce(max(number), 0) + 1, $1 FROM ops.rules_version"
                      " HAVING coalesce(bool_and(rules <> $1), true) ON CONFLICT DO NOTHING",
                      values, 1, err) ||
            !db_query(store->db, &result, "SELECT number FROM ops.rules_version WHERE rules = $1", values, 1, err))
                return error_add(err, "naming the rules version");
        if (db_rows(result) != 1)
                return error_set(err, ERR_RETRY, NULL, "another correlator named its rules version at this moment");
        store->named.number = db_integer(result, 0, 0);
        snprintf(store->named.rules, sizeof store->named.rules, "%s", rules);
        return true;
}
