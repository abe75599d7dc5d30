#include "hub/pipe/feed.h"
#include "tests/unit/base/run.h"
#include "tests/unit/pipe/folder.h"
#include "tests/unit/pipe/script.h"
#include "tests/unit/pipe/topics.h"

enum { PARTITION = 2, WAIT_MS = 40 * 1000 };

typedef struct {
        Mock mock;
        char folder[64];
        Signals signals;
        Categories *categories;
        Privacy *privacy;
        size_t logins, *login;
        Feed *feed;
} World;

static void world_open(World *world)
{
        FeedSetup setup;
        Error err = { 0 };

        memset(world, 0, sizeof(*world));
        signals_open(&world->signals); /* before the mock cluster's thread, which would get them */
        topics_open(&world->mock);
        world->categories = categories_load(NULL, &err);
        world->privacy = privacy_test();
        world->login = &world->logins;
        setup = (FeedSetup){ .output = { "grid", "p12", "350206", world->categories, world->privacy },
                             .partition = PARTITION,
                             .adapter = &script_adapter,
                             .options = &world->login,
                             .kafka = &world->mock.options,
                             .folder = test_folder(world->folder),
                             .signals = &world->signals,
                             .state = "retry",
                             .wait_ms = WAIT_MS };
        world->feed = feed_open(&setup, &err);
        ck_assert_msg(world->feed != NULL, "%s", err.text);
}

static void world_close(World *world)
{
        feed_close(world->feed);
        privacy_free(world->privacy);
        categories_free(world->categories);
        signals_close(&world->signals);
        test_folder_remove(world->folder);
        topics_close(&world->mock);
}

static void feed_text(World *world, const char *text, const char *retry)
{
        const Record record = { .bytes = text,
                                .size = strlen(text),
                                .channel = "c",
                                .position = "p",
                                .received_ms = INT64_C(1701736200000) };
        Error err = { 0 };

        ck_assert_msg(feed_record(world->feed, &record, retry, &err), "%s", err.text);
}

static FeedTotals feed_finish(World *world)
{
        FeedTotals totals;
        Error err = { 0 };

        ck_assert_msg(feed_end(world->feed, &totals, &err), "%s", err.text);
        return totals;
}

static size_t landed_with(const Log *log, const char *kind, const char *header)
{
        size_t size = 0;

        for (size_t i = 0; i < log->size; i++)
                size += strstr(log->items[i].headers, kind) && strstr(log->items[i].headers, header);
        return size;
}

/* Marked too early, a record of which half is in the log would never be retried again. */
START_TEST(a_mark_stands_behind_all_that_it_speaks_of)
{
        World world;
        FeedTotals totals;
        Log log;
        long last = 0, mark = 0;

        world_open(&world);
        feed_text(&world, "e:1 e:2 r:", "old:7");
        feed_text(&world, "i:", "old:8");
        totals = feed_finish(&world);
        log = topics_read(&world.mock, PARTITION, true);
        for (size_t i = 0; i < log.size; i++) {
                const bool is_tick = strstr(log.items[i].headers, "ce_type=cn.huli.hub.tick.v1") != NULL;

                if (!strstr(log.items[i].headers, "\nhub_retry=old:7\n"))
                        continue;
                if (is_tick)
                        mark = mark && mark < log.items[i].seq ? mark : log.items[i].seq;
                else
                        last = last > log.items[i].seq ? last : log.items[i].seq;
        }
        ck_assert_int_eq(last, 3);
        ck_assert_int_gt(mark, last);
        ck_assert_uint_eq(landed_with(&log, "report", "\nhub_retry=old:7\n"), 2);
        ck_assert_uint_eq(landed_with(&log, "hub_reason", "\nhub_retry=old:7\n"), 1);
        ck_assert_uint_ge(landed_with(&log, "tick", "\nhub_retry=old:8\n"),
                          1); /* nothing came of it: done all the same */
        ck_assert(totals.records == 2 && totals.published == 2 && totals.rejected == 1 && totals.ignored == 1);
        log_free(&log);
        world_close(&world);
}
END_TEST

/* The ledger: a run with its last tick, the totals in the hour in which the records were received. */
START_TEST(its_ticks_balance)
{
        World world;
        Log log;
        size_t finals = 0, hours = 0;

        world_open(&world);
        for (int i = 0; i < 250; i++) {
                char text[32], retry[32];

                snprintf(text, sizeof(text), "e:%d", i);
                snprintf(retry, sizeof(retry), "old:%d", i + 1);
                feed_text(&world, text, retry);
        }
        ck_assert_int_eq(feed_finish(&world).published, 250);
        log = topics_read(&world.mock, PARTITION, false);
        for (size_t i = 0; i < log.size; i++) {
                finals += strstr(log.items[i].value, "\"final\":true") != NULL;
                hours += strstr(log.items[i].value, "\"hour\":\"2023-12-05T00:00:00.000Z\"") &&
                         strstr(log.items[i].value, "\"published\":250");
        }
        ck_assert_uint_eq(finals, 1);
        ck_assert_uint_ge(hours, 1);
        ck_assert_uint_eq(landed_with(&log, "report", "\nhub_retry=old:250\n"), 1);
        ck_assert_uint_ge(landed_with(&log, "tick", "\nhub_retry=old:250\n"), 1);
        log_free(&log);
        world_close(&world);
}
END_TEST

START_TEST(without_a_retry_nothing_is_marked)
{
        World world;
        Log log;

        world_open(&world);
        feed_text(&world, "e:1", NULL);
        (void)feed_finish(&world);
        log = topics_read(&world.mock, PARTITION, true);
        ck_assert_uint_eq(landed_with(&log, "", "hub_retry"), 0);
        ck_assert_uint_eq(landed_with(&log, "report", ""), 1);
        log_free(&log);
        world_close(&world);
}
END_TEST

START_TEST(what_a_person_must_mend_ends_it)
{
        const Record record = { .bytes = "f:", .size = 2, .channel = "c", .position = "p" };
        World world;
        Error err = { 0 };

        world_open(&world);
        ck_assert(!feed_record(world.feed, &record, "old:1", &err));
        ck_assert_int_eq(err.kind, ERR_FATAL);
        world_close(&world);
}
END_TEST

RUN("feed", a_mark_stands_behind_all_that_it_speaks_of, its_ticks_balance, without_a_retry_nothing_is_marked,
    what_a_person_must_mend_ends_it)
