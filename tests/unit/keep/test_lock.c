#include "hub/base/memory.h"
#include "hub/keep/lock.h"
#include "tests/unit/base/run.h"
#include "tests/unit/pipe/folder.h"

#include <signal.h>
#include <sys/wait.h>

/* Two with one MQTT client id evict each other for ever: the second must not start, and must say why. */
START_TEST(the_second_is_told_who_holds_it)
{
        CLEANUP(mem_drop) char *holder = text_format("process %ld", (long)getpid());
        Lock first, second;
        char folder[64];
        Error err = { 0 };

        test_folder(folder);
        ck_assert(lock_take(&first, folder, "citybrain", &err));
        ck_assert(!lock_take(&second, folder, "citybrain", &err));
        ck_assert_int_eq(err.kind, ERR_FATAL);
        ck_assert_ptr_nonnull(strstr(err.text, "citybrain"));
        ck_assert_ptr_nonnull(strstr(err.text, holder));
        lock_release(&first);
        ck_assert(lock_take(&second, folder, "citybrain", &err));
        lock_release(&second);
        test_folder_remove(folder);
}
END_TEST

/* A killed instance must be able to start again at once. */
START_TEST(goes_with_a_killed_process)
{
        char folder[64], ready;
        int told[2];
        Lock lock;
        Error err = { 0 };
        pid_t child;

        test_folder(folder);
        ck_assert_int_eq(pipe(told), 0);
        child = fork();
        if (child == 0) {
                if (lock_take(&lock, folder, "grid", &err) && write(told[1], "1", 1) == 1)
                        pause();
                _exit(1);
        }
        ck_assert_int_eq(read(told[0], &ready, 1), 1);
        ck_assert(!lock_take(&lock, folder, "grid", &err));
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        ck_assert_msg(lock_take(&lock, folder, "grid", &err), "%s", err.text);
        lock_release(&lock);
        test_folder_remove(folder);
}
END_TEST

RUN("lock", the_second_is_told_who_holds_it, goes_with_a_killed_process)
