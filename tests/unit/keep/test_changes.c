#include "hub/base/memory.h"
#include "hub/keep/changes.h"
#include "tests/unit/base/run.h"
#include "tests/unit/pipe/folder.h"

#include <fcntl.h>
#include <sys/stat.h>

static Changes *opened(const char *folder)
{
        Error err = { 0 };
        Changes *changes = changes_open(folder, &err);

        ck_assert_msg(changes != NULL, "%s", err.text);
        return changes;
}

static void said(Changes *changes, uint64_t token, const char *subject, const char *state)
{
        changes_begin(changes, token);
        changes_note(changes, subject, state);
}

static void stored(Changes *changes, uint64_t token)
{
        Error err = { 0 };

        changes_settled(changes, token);
        ck_assert_msg(changes_store(changes, &err), "%s", err.text);
}

START_TEST(the_last_state_is_known)
{
        Changes *changes = opened(NULL);

        ck_assert(!changes_same(changes, "a", "on"));
        said(changes, 1, "a", "on");
        ck_assert(changes_same(changes, "a", "on"));
        ck_assert(!changes_same(changes, "a", "off"));
        ck_assert(!changes_same(changes, "b", "on"));
        said(changes, 2, "a", "off");
        ck_assert(!changes_same(changes, "a", "on"));
        said(changes, 3, "a", NULL);
        ck_assert(!changes_same(changes, "a", "off"));
        ck_assert_uint_eq(changes_size(changes), 0);
        changes_close(changes);
}
END_TEST

/* Nothing is closed orderly here: what was stored before a kill is all that there is. */
START_TEST(a_kill_forgets_what_is_not_in_kafka)
{
        char folder[64];
        Changes *killed, *changes;

        test_folder(folder);
        killed = opened(folder);
        said(killed, 1, "a", "on");
        said(killed, 2, "b", "on");
        said(killed, 3, "a", "off");
        said(killed, 4, "b", NULL);
        stored(killed, 2);
        changes = opened(folder);
        ck_assert(changes_same(changes, "a", "on"));
        ck_assert(changes_same(changes, "b", "on"));
        changes_close(changes);
        stored(killed, 4);
        changes = opened(folder);
        ck_assert(changes_same(changes, "a", "off"));
        ck_assert(!changes_same(changes, "b", "on"));
        changes_close(changes);
        changes_close(killed);
        test_folder_remove(folder);
}
END_TEST

static void line_tear(const char *path, off_t size)
{
        int file = open(path, O_WRONLY);

        ck_assert_int_eq(pwrite(file, "torn", 4, 60), 4);
        ck_assert_int_eq(ftruncate(file, size), 0);
        close(file);
}

/* A power cut in the middle of a line: the lines before it stand, and those after a restart follow them. */
START_TEST(a_torn_line_counts_for_nothing)
{
        char folder[64];
        Changes *changes;
        struct stat status;
        CLEANUP(mem_drop) char *path = text_format("%s/changes", test_folder(folder));

        changes = opened(folder);
        said(changes, 1, "a", "on");
        said(changes, 2, "b", "on");
        stored(changes, 2);
        changes_close(changes);
        ck_assert_int_eq(stat(path, &status), 0);
        ck_assert_int_eq(status.st_size, 80);
        ck_assert_int_eq(status.st_mode & 0777, 0600);
        for (int torn = 0; torn < 2; torn++) { /* by its check, then by its length */
                line_tear(path, torn ? 79 : 80);
                changes = opened(folder);
                ck_assert(changes_same(changes, "a", "on"));
                ck_assert(!changes_same(changes, "b", "on"));
                ck_assert_uint_eq(changes_size(changes), 1);
                if (!torn)
                        changes_close(changes);
        }
        said(changes, 1, "c", "on");
        stored(changes, 1);
        changes_close(changes);
        changes = opened(folder);
        ck_assert(changes_same(changes, "a", "on"));
        ck_assert(changes_same(changes, "c", "on"));
        changes_close(changes);
        test_folder_remove(folder);
}
END_TEST

static void many_said(Changes *changes, size_t from, size_t to, const char *state)
{
        char subject[32];

        for (size_t i = from; i < to; i++) {
                snprintf(subject, sizeof(subject), "s%zu", i);
                said(changes, i + 1, subject, state);
        }
        stored(changes, to + 1);
}

/* Of a million sensors those that spoke last are known, before a restart and after it. */
START_TEST(who_spoke_last_is_kept)
{
        char folder[64];
        Changes *changes;

        test_folder(folder);
        changes = opened(folder);
        many_said(changes, 0, CHANGES_MOST, "on");
        ck_assert(changes_same(changes, "s0", "on")); /* it spoke again */
        many_said(changes, CHANGES_MOST, CHANGES_MOST + 1, "on");
        for (int restart = 0; restart < 2; restart++) {
                ck_assert_uint_eq(changes_size(changes), CHANGES_MOST);
                ck_assert(changes_same(changes, "s0", "on"));
                ck_assert(!changes_same(changes, "s1", "on"));
                ck_assert(changes_same(changes, "s2", "on"));
                ck_assert(changes_same(changes, "s65536", "on"));
                changes_close(changes);
                changes = opened(folder);
        }
        changes_close(changes);
        test_folder_remove(folder);
}
END_TEST

/* A sensor that changes for years does not fill the disk, and what is cleared out loses nothing that is not in Kafka yet. */
START_TEST(the_file_stays_small)
{
        const size_t lines = 5 * (size_t)CHANGES_MOST;
        char folder[64];
        struct stat status;
        Changes *changes, *restarted;
        CLEANUP(mem_drop) char *path = text_format("%s/changes", test_folder(folder));

        changes = opened(folder);
        said(changes, 1, "steady", "on");
        for (size_t i = 1; i <= lines; i++) {
                said(changes, i, "a", i % 2 ? "on" : "off");
                if (i % CHANGES_MOST == 0)
                        stored(changes, i);
        }
        said(changes, lines + 1, "steady", "off");
        said(changes, lines + 2, "late", "on");
        stored(changes, lines);
        ck_assert_int_eq(stat(path, &status), 0);
        ck_assert_int_le(status.st_size, (off_t)40 * 4 * CHANGES_MOST);
        restarted = opened(folder);
        ck_assert(changes_same(restarted, "steady", "on"));
        ck_assert(changes_same(restarted, "a", "off"));
        ck_assert(!changes_same(restarted, "late", "on"));
        changes_close(restarted);
        changes_close(changes);
        test_folder_remove(folder);
}
END_TEST

START_TEST(a_folder_that_takes_nothing_is_told)
{
        Changes *changes = opened("/nonexistent");
        Error err = { 0 };

        said(changes, 1, "a", "on");
        changes_settled(changes, 1);
        ck_assert(!changes_store(changes, &err));
        ck_assert_int_eq(err.kind, ERR_RETRY);
        ck_assert(changes_same(changes, "a", "on"));
        changes_close(changes);
}
END_TEST

RUN("changes", the_last_state_is_known, a_kill_forgets_what_is_not_in_kafka, a_torn_line_counts_for_nothing,
    who_spoke_last_is_kept, the_file_stays_small, a_folder_that_takes_nothing_is_told)
