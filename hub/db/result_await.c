#include "hub/db/connection.h"

#include "hub/base/time.h"

#include <poll.h>
#include <sys/socket.h>

/* The server ends a statement that takes longer than it may, and says so: who hears nothing long after that waits in vain. */
#define PATIENCE_MS 5000

/* True: there is more to read, or the connection is broken. */
static bool readable_await(const Db *db, int64_t until)
{
        struct pollfd socket = { .fd = PQsocket(db->connection), .events = POLLIN };
        int ready = 0;

        while (socket.fd >= 0 && ready == 0) {
                const int64_t left = until - time_monotonic();

                if (until && left <= 0)
                        return false;
                ready = poll(&socket, 1, until ? (int)(left < PATIENCE_MS ? left : PATIENCE_MS) : -1);
        }
        return true;
}

/*
 * libpq waits without an end for an answer. It never comes where one of the two did not hear the other out: after a write that
 * failed but for the connection, or an answer for which libpq had no memory. The connection is of no use then, and is cut.
 */
PGresult *result_await(Db *db)
{
        const int64_t until = db->statement_timeout_ms ? time_monotonic() + db->statement_timeout_ms + PATIENCE_MS : 0;

        while (PQisBusy(db->connection)) {
                if (!readable_await(db, until))
                        shutdown(PQsocket(db->connection), SHUT_RDWR);
                if (!PQconsumeInput(db->connection))
                        break;
        }
        return PQgetResult(db->connection);
}

/* Nothing is left of an earlier statement, and a COPY that somebody gave up ends. */
static void results_drain(Db *db)
{
        PGresult *left;

        while ((left = result_await(db))) {
                if (PQresultStatus(left) == PGRES_COPY_IN)
                        PQputCopyEnd(db->connection, "given up");
                PQclear(left);
        }
}

static PGresult *last_result(Db *db, int sent)
{
        PGresult *last = NULL, *next;

        while (sent && (next = result_await(db))) {
                PQclear(last);
                last = next;
                if (PQresultStatus(last) == PGRES_COPY_IN)
                        break;
        }
        return last;
}

PGresult *result_of(Db *db, const char *sql)
{
        results_drain(db);
        return last_result(db, PQsendQuery(db->connection, sql));
}

PGresult *result_of_query(Db *db, const char *sql, const char *const *values, size_t values_size)
{
        results_drain(db);
        return last_result(db, PQsendQueryParams(db->connection, sql, (int)values_size, NULL, values, NULL, NULL, 0));
}
