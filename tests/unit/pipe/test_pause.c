#include "hub/base/memory.h"
#include "hub/pipe/pause.h"
#include "tests/unit/base/run.h"
#include "tests/unit/pipe/folder.h"

#include <string.h>

static Pause looking_at(const char *folder)
{
        return (Pause){ .folder = folder };
}

/* A restart is a new Pause: what was paused stays so. */
START_TEST(a_pause_outlives_its_process)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        char folder[64];
        Pause before = looking_at(test_folder(folder)), after = looking_at(folder);
        Error err = { 0 };

        ck_assert(!pause_now(&before));
        ck_assert_msg(pause_begin(folder, "uid 0", "the \"owner\" moves", &err), "%s", err.text);
        ck_assert(pause_begin(folder, "uid 1", NULL, &err)); /* the first one's word stands */
        ck_assert(pause_now(&after));
        ck_assert(pause_read(folder, &text));
        ck_assert_ptr_nonnull(strstr(text.bytes, "\"by\":\"uid 0\",\"note\":\"the \\\"owner\\\" moves\"}"));
        test_folder_remove(folder);
}
END_TEST

START_TEST(a_resume_ends_it_once)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        char folder[64];
        Pause pause = looking_at(test_folder(folder));
        Error err = { 0 };
        bool was;

        ck_assert(pause_begin(folder, "uid 0", NULL, &err));
        ck_assert(pause_end(folder, &was, &err) && was);
        ck_assert(!pause_now(&pause));
        ck_assert(!pause_read(folder, &text));
        ck_assert(pause_end(folder, &was, &err) && !was);
        test_folder_remove(folder);
}
END_TEST

RUN("pause", a_pause_outlives_its_process, a_resume_ends_it_once)
