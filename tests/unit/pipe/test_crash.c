#include "hub/pipe/crash.h"
#include "tests/unit/base/run.h"
#include "tests/unit/pipe/folder.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* A process that dies by `deadly` while it translates (or not) this position; returns its wait status. */
static int die(const char *folder, const char *position, int deadly, bool translating)
{
        const struct rlimit none = { 0 };
        int status = 0;
        pid_t child = fork();

        if (child == 0) {
                Error err = { 0 };
                Crash *crash = crash_open(folder, &err);

                setrlimit(RLIMIT_CORE, &none);
                crash_enter(crash, crash_key(position));
                if (!translating)
                        crash_leave(crash);
                raise(deadly);
                _exit(0);
        }
        waitpid(child, &status, 0);
        return status;
}

static bool poisoned(const char *folder, const char *position)
{
        Error err = { 0 };
        Crash *crash = crash_open(folder, &err);
        bool is_poisoned = crash_poisoned(crash, crash_key(position));

        crash_close(crash);
        return is_poisoned;
}

/* Without this one record stops its platform for ever: restarted, read, crashed. */
START_TEST(third_death_poisons)
{
        static const int deadly[] = { SIGABRT, SIGSEGV, SIGFPE };
        char folder[64];

        test_folder(folder);
        for (int i = 0; i < CRASH_MOST; i++) {
                int status = die(folder, "3:8812", deadly[i], true);

                ck_assert(WIFSIGNALED(status));
                ck_assert_int_eq(WTERMSIG(status), deadly[i]);
                ck_assert_int_eq(poisoned(folder, "3:8812"), i == CRASH_MOST - 1);
        }
        ck_assert(!poisoned(folder, "3:8813"));
        test_folder_remove(folder);
}
END_TEST

/* The kernel's or an operator's kill, and trouble outside of translating, are not the record's fault. */
START_TEST(others_are_not_blamed)
{
        char folder[64];

        test_folder(folder);
        for (int i = 0; i < CRASH_MOST; i++) {
                die(folder, "a", SIGKILL, true);
                die(folder, "b", SIGABRT, false);
        }
        ck_assert(!poisoned(folder, "a"));
        ck_assert(!poisoned(folder, "b"));
        test_folder_remove(folder);
}
END_TEST

/* Behind one poison record there is another, and the first is read again because its rejection was not delivered yet.
 */
START_TEST(two_poisons_do_not_hide_each_other)
{
        char folder[64];

        test_folder(folder);
        for (int i = 0; i < CRASH_MOST; i++) {
                die(folder, "first", SIGABRT, true);
                die(folder, "second", SIGSEGV, true);
        }
        ck_assert(poisoned(folder, "first"));
        ck_assert(poisoned(folder, "second"));
        test_folder_remove(folder);
}
END_TEST

/* Once its rejection is acknowledged, the position may come to mean another record. */
START_TEST(is_forgotten)
{
        char folder[64];
        Error err = { 0 };
        Crash *crash;

        test_folder(folder);
        for (int i = 0; i < CRASH_MOST; i++)
                die(folder, "page 1", SIGABRT, true);
        crash = crash_open(folder, &err);
        crash_forget(crash, crash_key("page 1"));
        crash_close(crash);
        ck_assert(!poisoned(folder, "page 1"));
        test_folder_remove(folder);
}
END_TEST

RUN("crash", third_death_poisons, others_are_not_blamed, two_poisons_do_not_hide_each_other, is_forgotten)
