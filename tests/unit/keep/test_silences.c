#include "hub/base/memory.h"
#include "hub/keep/silences.h"
#include "tests/unit/base/run.h"
#include "tests/unit/pipe/folder.h"

enum { LIMIT = 60 * 1000, START = 1000 };

static Silences *opened(const char *folder)
{
        Error err = { 0 };
        Silences *silences = silences_open(folder, &err);

        ck_assert_msg(silences != NULL, "%s", err.text);
        return silences;
}

/* The source is read each second, in [*now, *now + ms]. */
static void listen(Silences *silences, int64_t *now, int64_t ms)
{
        for (int64_t until = *now + ms; *now < until; *now += 1000)
                silences_listen(silences, *now, true);
        silences_listen(silences, *now, true);
}

static void expect(Silences *silences, const char *key, int64_t silent_ms, bool is_back)
{
        SilenceTold told;

        ck_assert_msg(silences_next(silences, &told), "nothing where %s was due", key);
        ck_assert_str_eq(told.key, key);
        ck_assert_int_eq(told.silent_ms, silent_ms);
        ck_assert_int_eq(told.is_back, is_back);
}

static void expect_nothing(Silences *silences)
{
        SilenceTold told;

        ck_assert_msg(!silences_next(silences, &told), "%s", told.key);
}

START_TEST(a_device_falls_silent_and_comes_back)
{
        Silences *silences = opened(NULL);
        int64_t now = START;

        silences_listen(silences, now, true);
        silences_heard(silences, "a", LIMIT);
        silences_heard(silences, "b", LIMIT);
        listen(silences, &now, LIMIT - 2000);
        expect_nothing(silences);
        silences_heard(silences, "b", LIMIT);
        listen(silences, &now, 2000);
        expect(silences, "a", LIMIT, false);
        expect_nothing(silences);
        listen(silences, &now, 5000);
        expect_nothing(silences);
        silences_heard(silences, "a", LIMIT);
        silences_heard(silences, "a", LIMIT);
        expect(silences, "a", LIMIT + 5000, true);
        expect_nothing(silences);
        listen(silences, &now, LIMIT - 7000);
        expect(silences, "b", LIMIT, false);
        expect_nothing(silences);
        silences_close(silences);
}
END_TEST

/* Stopped for an hour, and away for one: nobody was silent, as far as we know. */
START_TEST(what_we_did_not_listen_to_is_no_silence)
{
        Silences *silences = opened(NULL);
        int64_t now = START;

        silences_listen(silences, now, true);
        silences_heard(silences, "a", LIMIT);
        listen(silences, &now, 10000);
        now += 3600 * 1000;
        listen(silences, &now, 1000);
        expect_nothing(silences);
        for (int i = 0; i < 3600; i++, now += 1000)
                silences_listen(silences, now, false);
        listen(silences, &now, LIMIT - 13000); /* and a second until the first read */
        expect_nothing(silences);
        listen(silences, &now, 1000);
        expect(silences, "a", LIMIT, false);
        silences_close(silences);
}
END_TEST

/* Nothing is closed orderly here. Times begin anew; who was told silent is told once more, and is told to be back. */
START_TEST(a_restart_forgets_nobody)
{
        char folder[64];
        Silences *killed, *silences;
        int64_t now = START;
        Error err = { 0 };

        test_folder(folder);
        killed = opened(folder);
        silences_listen(killed, now, true);
        silences_heard(killed, "a", LIMIT);
        silences_heard(killed, "a device", 2 * LIMIT);
        listen(killed, &now, LIMIT);
        expect(killed, "a", LIMIT, false);
        ck_assert(silences_store(killed, now, true, &err));
        silences = opened(folder);
        listen(silences, &now, LIMIT - 1000);
        expect_nothing(silences);
        listen(silences, &now, 1000);
        expect(silences, "a", LIMIT, false);
        expect_nothing(silences);
        listen(silences, &now, LIMIT);
        expect(silences, "a device", 2 * LIMIT, false);
        silences_close(silences);
        silences = opened(folder);
        silences_heard(silences, "a", LIMIT);
        silences_heard(silences, "a device", LIMIT);
        expect(silences, "a", 0, true);
        expect_nothing(silences);
        silences_close(silences);
        silences_close(killed);
        test_folder_remove(folder);
}
END_TEST

START_TEST(the_file_is_written_when_it_is_due)
{
        char folder[64];
        Silences *silences;
        CLEANUP(mem_drop) char *path = NULL;
        Error err = { 0 };
        int64_t now = START;

        test_folder(folder);
        path = text_format("%s/heard", folder);
        silences = opened(folder);
        silences_listen(silences, now, true);
        ck_assert(silences_store(silences, now, true, &err));
        ck_assert_int_ne(access(path, F_OK), 0);
        silences_heard(silences, "a", LIMIT);
        ck_assert(silences_store(silences, now + SILENCES_STORE_MS - 1, false, &err));
        ck_assert_int_ne(access(path, F_OK), 0);
        ck_assert(silences_store(silences, now + SILENCES_STORE_MS, false, &err));
        ck_assert_int_eq(access(path, F_OK), 0);
        silences_close(silences);
        test_folder_remove(folder);
}
END_TEST

/* An option turned off; a key that would be two lines of the file; more than are kept. */
START_TEST(whom_nobody_listens_for)
{
        Silences *silences = opened(NULL);
        int64_t now = START;
        SilenceTold told;
        char key[16];

        silences_listen(silences, now, true);
        silences_heard(silences, "a", LIMIT);
        silences_heard(silences, "a", 0);
        silences_heard(silences, "b\nc", LIMIT);
        listen(silences, &now, LIMIT);
        expect_nothing(silences);
        for (int i = 0; i <= SILENCES_MOST; i++) {
                snprintf(key, sizeof(key), "%d", i);
                silences_heard(silences, key, LIMIT);
        }
        listen(silences, &now, LIMIT);
        ck_assert(silences_next(silences, &told));
        ck_assert_str_eq(told.key, "1");
        silences_close(silences);
}
END_TEST

RUN("silences", a_device_falls_silent_and_comes_back, what_we_did_not_listen_to_is_no_silence, a_restart_forgets_nobody,
    the_file_is_written_when_it_is_due, whom_nobody_listens_for)
