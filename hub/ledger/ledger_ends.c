/* Where the partitions ended when we looked, and which of them the database has not read so far. */

#include "hub/ledger/ledger_private.h"

#include "hub/base/memory.h"
#include "hub/base/time.h"

#include <poll.h>

enum { LINES_MOST = 100, LOOK_EVERY_MS = 100 };

void ledger_line(Ledger *ledger, size_t *count, const char *line)
{
        if (++*count <= LINES_MOST)
                buffer_text(&ledger->lines, line);
        else if (*count == LINES_MOST + 1)
                buffer_text(&ledger->lines, "... and more\n");
}

static void consumer_drop(KafkaConsumer **consumer)
{
        kafka_consumer_close(*consumer);
}

static void moved_tell(Ledger *ledger, const char *topic, int partition, int64_t low, int64_t high, int64_t next)
{
        CLEANUP(mem_drop) char *line = NULL;

        if (high < next)
                line = text_format(
                        "topic %s partition %d ends at %lld, the database has read it to %lld: it was made anew\n",
                        topic, partition, (long long)high, (long long)next);
        else if (low > next)
                line = text_format("topic %s partition %d starts at %lld, the database has read it to %lld: %lld "
                                   "messages are lost\n",
                                   topic, partition, (long long)low, (long long)next, (long long)(low - next));
        if (line)
                ledger_line(ledger, &ledger->offsets, line);
}

/* Each row: topic, partition, next_offset. */
static bool pass_ask(Ledger *ledger, KafkaConsumer *consumer, const DbResult *rows, int pass, DbCopy *ends, Error *err)
{
        for (size_t i = 0; i < db_rows(rows); i++) {
                const char *topic = db_text(rows, i, 0);
                int32_t partition = (int32_t)db_integer(rows, i, 1);
                int64_t low, high;

                if (!kafka_consumer_watermarks(consumer, topic, partition, &low, &high, err))
                        return false;
                db_copy_integer(ends, pass);
                db_copy_text(ends, topic);
                db_copy_integer(ends, partition);
                db_copy_integer(ends, high);
                db_copy_row(ends);
                if (pass == 1)
                        moved_tell(ledger, topic, partition, low, high, db_integer(rows, i, 2));
        }
        return true;
}

/*
 * Twice, for a system that runs: a tick below an end of the first pass tells of nothing that was not delivered before
 * the second began, whatever partition it went to.
 */
bool ledger_ends_ask(Ledger *ledger, const Config *config, Db *db, Error *err)
{
        CLEANUP(consumer_drop) KafkaConsumer *consumer = kafka_consumer_open(&config->kafka, "hub-audit", err);
        CLEANUP(db_result_drop) DbResult *rows = NULL;
        CLEANUP(db_copy_free) DbCopy ends = { 0 };

        return consumer &&
               db_run(db,
                      "DROP TABLE IF EXISTS pg_temp.ledger_end;"
                      "CREATE TEMP TABLE ledger_end (pass integer, topic text, partition integer, high bigint)",
                      err) &&
               db_query(db, &rows,
                        "SELECT topic, partition, next_offset FROM ops.kafka_offset ORDER BY topic, partition", NULL, 0,
                        err) &&
               pass_ask(ledger, consumer, rows, 1, &ends, err) && pass_ask(ledger, consumer, rows, 2, &ends, err) &&
               db_copy_end(db, &ends, "COPY ledger_end (pass, topic, partition, high) FROM STDIN", err);
}

static bool behind_read(Db *db, DbResult **rows, Error *err)
{
        return db_query(db, rows,
                        "SELECT topic, partition, high - next_offset FROM ledger_end JOIN ops.kafka_offset USING "
                        "(topic, partition)"
                        " WHERE pass = 2 AND next_offset < high ORDER BY topic, partition",
                        NULL, 0, err);
}

/* Leaves the rows of the partitions that are behind in *rows. */
static bool behind_await(Db *db, int64_t wait_ms, DbResult **rows, Error *err)
{
        int64_t until = time_monotonic() + wait_ms;

        for (;;) {
                if (!behind_read(db, rows, err))
                        return false;
                if (!db_rows(*rows) || time_monotonic() >= until)
                        return true;
                db_result_drop(rows);
                poll(NULL, 0, LOOK_EVERY_MS);
        }
}

bool ledger_pending(Ledger *ledger, Db *db, int64_t wait_ms, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        if (!behind_await(db, wait_ms, &rows, err))
                return false;
        for (size_t i = 0; i < db_rows(rows); i++) {
                CLEANUP(mem_drop)
                char *line = text_format("pending: topic %s partition %s: %s messages are not read yet\n",
                                         db_text(rows, i, 0), db_text(rows, i, 1), db_text(rows, i, 2));

                ledger_line(ledger, &ledger->pending, line);
        }
        return true;
}
