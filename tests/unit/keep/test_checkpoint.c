#include "hub/base/memory.h"
#include "hub/keep/checkpoint.h"
#include "hub/keep/folder.h"
#include "tests/unit/base/run.h"
#include "tests/unit/pipe/folder.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

START_TEST(first_start_has_none)
{
        Checkpoint checkpoint;
        char folder[64];
        Error err = { 0 };

        ck_assert(checkpoint_load(&checkpoint, test_folder(folder), &err));
        ck_assert_ptr_null(checkpoint.position);
        test_folder_remove(folder);
}
END_TEST

START_TEST(comes_back_as_stored)
{
        json_t *seen = json_pack("[s, s]", "p01::a:1", "p01::\"quoted\":2");
        Checkpoint checkpoint;
        char folder[64];
        Error err = { 0 };

        test_folder(folder);
        ck_assert(checkpoint_store(folder, "{\"until\": 1701736200000}", seen, &err));
        ck_assert(checkpoint_store(folder, "2023-12-05 \xe6\xb9\x96", seen, &err));
        ck_assert(checkpoint_load(&checkpoint, folder, &err));
        ck_assert_str_eq(checkpoint.position, "2023-12-05 \xe6\xb9\x96");
        ck_assert(json_equal(checkpoint.seen, seen));
        checkpoint_free(&checkpoint);
        json_decref(seen);
        test_folder_remove(folder);
}
END_TEST

/* An operator who edited the file must be told, not be read from the start: that would be the whole history once more.
 */
START_TEST(a_broken_one_stops_the_start)
{
        static const char *const broken[] = { "", "{\"position\": \"a\"", "{\"seen\": []}", "[]" };

        for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
                Checkpoint checkpoint = { 0 };
                char folder[64];
                Error err = { 0 };

                test_folder(folder);
                ck_assert(folder_store(folder, "checkpoint.json", broken[i], strlen(broken[i]), &err));
                ck_assert(!checkpoint_load(&checkpoint, folder, &err));
                ck_assert_int_eq(err.kind, ERR_FATAL);
                ck_assert_ptr_nonnull(strstr(err.text, "checkpoint.json"));
                test_folder_remove(folder);
        }
}
END_TEST

static void store_for_ever(const char *folder)
{
        for (int64_t number = 1;; number++) {
                CLEANUP(mem_drop)
                char *position = text_format("position %lld of many, long enough to be torn", (long long)number);
                Error err = { 0 };

                if (!checkpoint_store(folder, position, NULL, &err))
                        _exit(1);
        }
}

/* Killed at any moment, the file is a whole checkpoint: the old one or the new one. */
START_TEST(survives_kills)
{
        char folder[64];

        test_folder(folder);
        for (int round = 0; round < 20; round++) {
                CLEANUP(checkpoint_free) Checkpoint checkpoint = { 0 };
                CLEANUP(mem_drop) char *path = text_format("%s/checkpoint.json", folder);
                struct stat before = { 0 }, now = { 0 };
                pid_t child;
                Error err = { 0 };

                stat(path, &before);
                child = fork();
                if (child == 0)
                        store_for_ever(folder);
                do /* until it has stored at least once in this round */
                        stat(path, &now);
                while (now.st_ino == before.st_ino && now.st_mtim.tv_nsec == before.st_mtim.tv_nsec);
                kill(child, SIGKILL);
                waitpid(child, NULL, 0);
                ck_assert_msg(checkpoint_load(&checkpoint, folder, &err), "%s", err.text);
                ck_assert_ptr_nonnull(strstr(checkpoint.position, "long enough to be torn"));
        }
        test_folder_remove(folder);
}
END_TEST

START_TEST(a_folder_that_is_gone_is_told)
{
        Error err = { 0 };

        ck_assert(!checkpoint_store("/nonexistent/hub", "1", NULL, &err));
        ck_assert_int_eq(err.kind, ERR_RETRY);
        ck_assert_ptr_nonnull(strstr(err.text, "/nonexistent/hub/checkpoint.json"));
        ck_assert(!folder_make("/proc/hub/state", &err));
        ck_assert_int_eq(err.kind, ERR_FATAL);
}
END_TEST

RUN("checkpoint", first_start_has_none, comes_back_as_stored, a_broken_one_stops_the_start, survives_kills,
    a_folder_that_is_gone_is_told)
