#include "hub/base/file.h"
#include "hub/base/memory.h"
#include "tests/unit/base/run.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static void unlink_drop(char **path)
{
        unlink(*path);
}

START_TEST(a_whole_file_is_read_up_to_the_limit)
{
        char name[] = "/tmp/hub-test-XXXXXX";
        CLEANUP(unlink_drop) char *path = name;
        CLEANUP(buffer_free) Buffer text = { 0 };
        char block[100000];
        int file = mkstemp(name);
        Error err = { 0 };

        memset(block, 'x', sizeof(block));
        ck_assert_int_eq(write(file, block, sizeof(block)), (ssize_t)sizeof(block));
        close(file);
        buffer_text(&text, "before");
        ck_assert(file_read(&text, path, sizeof(block), &err));
        ck_assert_uint_eq(text.size, sizeof(block) + 6);
        ck_assert(!file_read(&text, path, sizeof(block) - 1, &err));
        ck_assert_ptr_nonnull(strstr(err.text, "larger than 99999 bytes"));
        ck_assert_uint_eq(text.size, sizeof(block) + 6);
}
END_TEST

START_TEST(errors_name_the_path)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        Error err = { 0 };

        ck_assert(!file_read(&text, "/nowhere/hub.yaml", 10, &err));
        ck_assert_str_eq(err.text, "/nowhere/hub.yaml: No such file or directory");
        ck_assert_int_eq(err.kind, ERR_FATAL);
        ck_assert(!file_read(&text, "/", 10, &err));
        ck_assert_str_eq(err.text, "/: Is a directory");
}
END_TEST

START_TEST(what_passes_is_no_error_of_configuration)
{
        ck_assert_int_eq(file_trouble(EIO), ERR_RETRY);
        ck_assert_int_eq(file_trouble(EMFILE), ERR_RETRY);
        ck_assert_int_eq(file_trouble(ENOENT), ERR_FATAL);
        ck_assert_int_eq(file_trouble(EACCES), ERR_FATAL);
        ck_assert_int_eq(file_glob_trouble("/*.yaml"), ERR_RETRY);
        ck_assert_int_eq(file_glob_trouble("/nowhere/*.yaml"), ERR_FATAL);
}
END_TEST

static void beside_assert(const char *file, const char *path, const char *want)
{
        CLEANUP(mem_drop) char *folder = file_folder(file);
        CLEANUP(mem_drop) char *got = file_beside(folder, path);

        ck_assert_str_eq(got, want);
}

START_TEST(paths_are_beside_the_file_that_names_them)
{
        beside_assert("/etc/hub/hub.yaml", "zones.yaml", "/etc/hub/zones.yaml");
        beside_assert("/etc/hub/hub.yaml", "/srv/zones.yaml", "/srv/zones.yaml");
        beside_assert("/hub.yaml", "zones.yaml", "/zones.yaml");
        beside_assert("hub.yaml", "zones.yaml", "zones.yaml");
        beside_assert("conf/hub.yaml", "a/b", "conf/a/b");
}
END_TEST

RUN("file", a_whole_file_is_read_up_to_the_limit, errors_name_the_path, what_passes_is_no_error_of_configuration,
    paths_are_beside_the_file_that_names_them)
