/* hub rejected retry: the sealed bytes through their instance's adapter once more, under a run of its own. */

#include "hub/rejected/rejected.h"

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/pipe/feed.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 20, KAFKA_WAIT_MS = 30 * 1000, MARK_WAIT_MS = 30 * 1000, LOOK_MS = 50 };

/* Behind the columns of rejected.h. */
enum {
        COLUMN_CHANNEL = REJECTED_ROW_MORE,
        COLUMN_POSITION,
        COLUMN_TYPE,
        COLUMN_RECEIVED,
        COLUMN_RETRIED,
        COLUMN_BESIDE,
        COLUMN_KEYS
};

#define COLUMNS                                                                                                        \
        REJECTED_COLUMNS ", channel, position, content_type,"                                                          \
                         " (extract(epoch FROM received) * 1000)::bigint, retried_by, encode(beside, 'hex'), topic, "  \
                         "partition, \"offset\""

typedef struct {
        const RejectedOrder *order;
        const Config *config;
        Db *db;
        Privacy *privacy;
        Signals signals;
        Feed *feed;               /* of the instance that is retried */
        char *instance;           /* whose rows come now */
        char *folder;             /* its state */
        char *last;               /* RUN:SEQ of the row of it that was retried last */
        char *key[3];             /* topic, partition, offset of the row that came last */
        size_t found, failed;     /* rows; those that could not be opened or whose instance is gone */
        int64_t retried, refused; /* records published again; items of them that were rejected again */
} Retry;

static void row_failed(Retry *retry, const char *ref, const Error *err)
{
        fprintf(stderr, "hub rejected: %s: %s\n", ref, err->text);
        retry->failed++;
}

/* ---- one instance ---- */

static bool feed_start(Retry *retry, Error *err)
{
        const Instance *instance = config_instance(retry->config, retry->instance, err);
        FeedSetup setup;

        if (!instance)
                return false;
        retry->folder = text_format("%s/%s", retry->config->state, instance->name);
        setup = (FeedSetup){ .output = { .instance = instance->name,
                                         .platform = instance->platform,
                                         .zone = instance->zone,
                                         .categories = retry->config->categories,
                                         .regions = retry->config->regions,
                                         .gazetteer = retry->config->gazetteer,
                                         .privacy = retry->privacy },
                             .partition = zones_find(retry->config->zones, instance->zone)->partition,
                             .adapter = instance->adapter,
                             .options = instance->options,
                             .kafka = &retry->config->kafka,
                             .folder = retry->folder,
                             .signals = &retry->signals,
                             .state = "retry",
                             .wait_ms = KAFKA_WAIT_MS };
        retry->feed = feed_open(&setup, err);
        return retry->feed;
}

static bool row_marked(Retry *retry, bool *marked, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;
        const char *const values[] = { retry->last };

        if (!db_query(retry->db, &rows,
                      "SELECT FROM ops.rejected WHERE run = split_part($1, ':', 1) AND seq::text = split_part($1, ':', "
                      "2) AND retried_by IS NOT NULL",
                      values, 1, err))
                return false;
        *marked = db_rows(rows);
        return true;
}

/* Marks come in order: the last one stands for all. */
static bool marks_await(Retry *retry, Error *err)
{
        const int64_t until = time_monotonic() + MARK_WAIT_MS;
        bool marked = false;

        while (!marked && time_monotonic() < until && !signals_stop(&retry->signals)) {
                if (!row_marked(retry, &marked, err))
                        return false;
                if (!marked)
                        poll(NULL, 0, LOOK_MS);
        }
        if (!marked)
                fprintf(stderr,
                        "hub rejected: %s: all is in Kafka; no correlator has read it yet, until then the "
                        "records count as waiting\n",
                        retry->instance);
        return true;
}

static bool feed_finish(Retry *retry, Error *err)
{
        FeedTotals totals = { 0 };
        bool fine = true;

        if (retry->feed) {
                fine = feed_end(retry->feed, &totals, err);
                printf("%s: run %s: %lld records retried: %lld events, %lld ignored, %lld rejected again\n",
                       retry->instance, feed_run(retry->feed), (long long)totals.records, (long long)totals.published,
                       (long long)totals.ignored, (long long)totals.rejected);
                fflush(stdout);
                retry->retried += totals.records;
                retry->refused += totals.rejected;
                fine = fine && (!retry->last || marks_await(retry, err));
        }
        feed_close(retry->feed);
        retry->feed = NULL;
        mem_drop(&retry->instance);
        mem_drop(&retry->folder);
        mem_drop(&retry->last);
        return fine;
}

/* ---- rows ---- */

static bool row_retry(Retry *retry, const DbResult *rows, size_t row, Error *err)
{
        CLEANUP(buffer_free) Buffer clear = { 0 };
        CLEANUP(arena_drop) Arena *arena = arena_new();
        const char *ref = db_text(rows, row, REJECTED_ROW_REF);
        Error why = { 0 };
        Record record = { 0 };

        if (!rejected_bytes(retry->config, retry->privacy, rows, row, &clear, &why) ||
            !rejected_beside(retry->privacy, rows, row, db_text(rows, row, COLUMN_BESIDE), arena, &record, &why)) {
                row_failed(retry, ref, &why);
                return true;
        }
        record.bytes = clear.bytes;
        record.size = clear.size;
        record.channel = db_text(rows, row, COLUMN_CHANNEL);
        record.content_type = db_text(rows, row, COLUMN_TYPE);
        record.position = db_text(rows, row, COLUMN_POSITION);
        record.received_ms = db_integer(rows, row, COLUMN_RECEIVED);
        mem_drop(&retry->last);
        retry->last = text_format("%s:%s", db_text(rows, row, REJECTED_ROW_RUN), db_text(rows, row, REJECTED_ROW_SEQ));
        return feed_record(retry->feed, &record, retry->last, err) || error_add(err, "%s", ref);
}

static bool row_take(Retry *retry, const DbResult *rows, size_t row, Error *err)
{
        const char *instance = db_text(rows, row, REJECTED_ROW_INSTANCE);
        Error why = { 0 };

        retry->found++;
        if (!text_same(instance, retry->instance)) {
                if (!feed_finish(retry, err))
                        return false;
                retry->instance = text_copy(instance);
                if (!feed_start(retry, &why) && why.kind != ERR_FATAL) {
                        *err = why;
                        return false;
                }
                if (!retry->feed)
                        fprintf(stderr, "hub rejected: %s\n", why.text);
        }
        if (retry->feed)
                return row_retry(retry, rows, row, err);
        retry->failed++;
        return true;
}

static bool page_read(const Retry *retry, DbResult **rows, Error *err)
{
        const RejectedOrder *order = retry->order;
        CLEANUP(mem_drop) char *page = text_format("%d", PAGE);
        const char *const values[] = { order->instance, order->platform, order->reason, order->since, retry->instance,
                                       retry->key[0],   retry->key[1],   retry->key[2], page };

        return db_query(retry->db, rows,
                        "SELECT " COLUMNS " FROM ops.rejected WHERE " REJECTED_FILTER
                        " AND stage = 'adapter' AND retried_by IS NULL AND retry_of IS NULL"
                        " AND (reason <> 'crashed' OR $3 = 'crashed') AND ($5::text IS NULL OR"
                        " (instance, topic, partition, \"offset\") > ($5, $6, $7::integer, $8::bigint))"
                        " ORDER BY instance, topic, partition, \"offset\" LIMIT $9::bigint",
                        values, 9, err);
}

static bool page_take(Retry *retry, const DbResult *rows, Error *err)
{
        for (size_t i = 0; i < db_rows(rows); i++) {
                if (signals_stop(&retry->signals))
                        return true;
                if (!row_take(retry, rows, i, err))
                        return false;
                for (size_t part = 0; part < 3; part++) {
                        mem_drop(&retry->key[part]);
                        retry->key[part] = text_copy(db_text(rows, i, COLUMN_KEYS + part));
                }
        }
        return true;
}

static bool all_retry(Retry *retry, Error *err)
{
        size_t size = PAGE;

        while (size == PAGE && !signals_stop(&retry->signals)) {
                CLEANUP(db_result_drop) DbResult *rows = NULL;

                if (!page_read(retry, &rows, err) || !page_take(retry, rows, err))
                        return false;
                size = db_rows(rows);
        }
        return feed_finish(retry, err);
}

static bool one_retry(Retry *retry, Error *err)
{
        const char *const values[] = { retry->order->ref };
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        if (!db_query(retry->db, &rows, "SELECT " COLUMNS " FROM ops.rejected WHERE " REJECTED_REF " = $1", values, 1,
                      err))
                return false;
        if (!db_rows(rows))
                return error_set(err, ERR_RETRY, NULL, "there is no rejected record %s (hub rejected list)", values[0]);
        if (strcmp(db_text(rows, 0, REJECTED_ROW_STAGE), "adapter") != 0)
                return error_set(err, ERR_RETRY, NULL,
                                 "%s: is of no instance: the correlator refused a value of the topic", values[0]);
        if (db_text(rows, 0, COLUMN_RETRIED)) {
                printf("%s: was retried before, by %s\n", values[0], db_text(rows, 0, COLUMN_RETRIED));
                return true;
        }
        return row_take(retry, rows, 0, err) && feed_finish(retry, err);
}

static int retry_code(const Retry *retry)
{
        if (retry->failed)
                return EXIT_FAILED;
        if (!retry->found)
                return EXIT_NOTHING;
        return retry->refused ? EXIT_REJECTED : EXIT_FINE;
}

static void retry_close(Retry *retry)
{
        feed_close(retry->feed);
        privacy_free(retry->privacy);
        free(retry->instance);
        free(retry->folder);
        free(retry->last);
        for (size_t part = 0; part < 3; part++)
                free(retry->key[part]);
        signals_close(&retry->signals);
}

int rejected_retry(const RejectedOrder *order, const Config *config, Db *db)
{
        CLEANUP(retry_close) Retry retry = { .order = order, .config = config, .db = db };
        Error err = { 0 };

        signals_open(&retry.signals);
        retry.privacy = rejected_keys(config, &err);
        if (!retry.privacy || !(order->all ? all_retry(&retry, &err) : one_retry(&retry, &err)))
                return command_failed("rejected", &err);
        if (order->all && !retry.found)
                puts("nothing to retry");
        return retry_code(&retry);
}
