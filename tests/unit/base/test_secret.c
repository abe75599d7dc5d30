#include "hub/base/memory.h"
#include "hub/base/secret.h"
#include "tests/unit/base/run.h"
#include "tests/unit/pipe/folder.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Stands in for libc's: sees what is wiped. */
static const void *wiped_bytes;
static size_t wiped_size;

void wipe_note(const void *bytes, size_t size);

void wipe_note(const void *bytes, size_t size)
{
        if (bytes == wiped_bytes)
                wiped_size = size;
}

void explicit_bzero(void *bytes, size_t size)
{
        volatile char *at = bytes;

        wipe_note(bytes, size);
        while (size--)
                *at++ = 0;
}

void __explicit_bzero_chk(void *bytes, size_t size, size_t room);

void __explicit_bzero_chk(void *bytes, size_t size, size_t room)
{
        (void)room;
        explicit_bzero(bytes, size);
}

static char *file_write(const char *folder, const char *name, const char *text, size_t size)
{
        char *path = text_format("%s/%s", folder, name);
        FILE *file = fopen(path, "w");

        ck_assert_ptr_nonnull(file);
        fwrite(text, 1, size, file);
        fclose(file);
        return path;
}

/* Editors end a file with a line end, which is no part of the password. */
START_TEST(a_password_is_the_first_line)
{
        static const char *const forms[] = { "geheim", "geheim\n", "geheim\r\n", "geheim\nsecond line\n" };
        char folder[64];

        test_folder(folder);
        for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
                CLEANUP(mem_drop) char *path = file_write(folder, "password", forms[i], strlen(forms[i]));
                CLEANUP(secret_free) Buffer password = { 0 };
                Error err = { 0 };

                ck_assert_msg(secret_read(&password, path, &err), "%s", err.text);
                ck_assert_str_eq(password.bytes, "geheim");
        }
        test_folder_remove(folder);
}
END_TEST

/* The operator is told which file is wrong, and nobody what stands in it. */
START_TEST(a_wrong_file_is_named_and_not_shown)
{
        static const struct {
                const char *text;
                size_t size;
        } wrong[] = { { "", 0 }, { "\ngeheim", 7 }, { "ge\x1bheim\n", 8 }, { "ge\0heim", 7 } };
        char folder[64];
        CLEANUP(secret_free) Buffer password = { 0 };
        Error err = { 0 };

        test_folder(folder);
        for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
                CLEANUP(mem_drop) char *path = file_write(folder, "password", wrong[i].text, wrong[i].size);

                ck_assert(!secret_read(&password, path, &err));
                ck_assert_int_eq(err.kind, ERR_FATAL);
                ck_assert_ptr_nonnull(strstr(err.text, path));
                ck_assert_ptr_null(strstr(err.text, "heim"));
        }
        ck_assert(!secret_read(&password, "/nowhere/password", &err));
        ck_assert_ptr_nonnull(strstr(err.text, "/nowhere/password"));
        test_folder_remove(folder);
}
END_TEST

START_TEST(placeholders_are_filled_and_other_braces_stay)
{
        char folder[64];
        CLEANUP(mem_drop) char *token = file_write(test_folder(folder), "token", "t0ken\n", 6);
        CLEANUP(mem_drop) char *password = file_write(folder, "password", "{user}\n", 7);
        CLEANUP(mem_drop) char *form = text_format("{\"a\":\"{user}/{password}\"} Bearer {file:%s} {x}", token);
        CLEANUP(secret_free) Buffer filled = { 0 };
        const SecretNames names = { .user = "lin", .password_file = password };
        Error err = { 0 };

        ck_assert(secret_check(form, &names, &err));
        ck_assert_msg(secret_fill(&filled, form, &names, &err), "%s", err.text);
        ck_assert_str_eq(filled.bytes, "{\"a\":\"lin/{user}\"} Bearer t0ken {x}");
        test_folder_remove(folder);
}
END_TEST

/* These are said at the start, not when the session has to begin at night. */
START_TEST(a_placeholder_without_its_option_is_refused)
{
        static const char *const forms[] = { "{user}", "{password}", "{file:relative}", "{file:/open" };
        const SecretNames none = { 0 };
        Error err = { 0 };

        for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
                ck_assert_msg(!secret_check(forms[i], &none, &err), "%s", forms[i]);
                ck_assert_int_eq(err.kind, ERR_FATAL);
        }
}
END_TEST

/* ---- as an option ---- */

typedef struct {
        Secret key;
} Options;

static const Option table[] = {
        { "key", OPTION_CUSTOM, offsetof(Options, key), .custom = &secret_option, .about = "key of the site" },
};

static bool options_take(const char *folder, Options *options, Error *err)
{
        static const char *const settings[] = { "key=site.key" };

        *options = (Options){ 0 };
        *err = (Error){ 0 };
        return options_set(table, 1, settings, 1, folder, options, err);
}

/* The key is changed under a running process: the next reading of the options, at SIGHUP, has the new one. */
START_TEST(an_option_holds_the_secret_of_its_file)
{
        char folder[64];
        CLEANUP(mem_drop) char *path = file_write(test_folder(folder), "site.key", "0123abcd\n", 9);
        Options options;
        Error err;

        for (int i = 0; i < 2; i++) {
                ck_assert_int_eq(chmod(path, i ? 0600 : 0400), 0);
                ck_assert_msg(options_take(folder, &options, &err), "%s", err.text);
                ck_assert_str_eq((const char *)options.key.bytes, i ? "changed" : "0123abcd");
                ck_assert_uint_eq(options.key.size, i ? 7 : 8);
                options_free(table, 1, &options);
                ck_assert_int_eq(chmod(path, 0600), 0);
                free(file_write(folder, "site.key", "changed\n", 8));
        }
        test_folder_remove(folder);
}
END_TEST

/* A key that the whole machine may read is none; the text says which file, and not what stands in it. */
START_TEST(a_secret_that_others_may_read_is_refused)
{
        static const mode_t modes[] = { 0440, 0404, 0620, 0644, 0401 };
        char folder[64];
        CLEANUP(mem_drop) char *path = file_write(test_folder(folder), "site.key", "0123abcd\n", 9);
        Options options;
        Error err;

        for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
                ck_assert_int_eq(chmod(path, modes[i]), 0);
                ck_assert_msg(!options_take(folder, &options, &err), "%o", modes[i]);
                ck_assert_int_eq(err.kind, ERR_FATAL);
                ck_assert_ptr_nonnull(strstr(err.text, "site.key"));
                ck_assert_ptr_null(strstr(err.text, "0123abcd"));
        }
        ck_assert_int_eq(unlink(path), 0);
        ck_assert(!options_take(folder, &options, &err));
        ck_assert_int_eq(mkdir(path, 0700), 0);
        ck_assert(!options_take(folder, &options, &err));
        test_folder_remove(folder);
}
END_TEST

/* What a core dump or a later allocation would show. */
START_TEST(a_freed_secret_is_wiped)
{
        char folder[64];
        Options options;
        Error err;

        free(file_write(test_folder(folder), "site.key", "0123abcd\n", 9));
        {
                CLEANUP(mem_drop) char *path = text_format("%s/site.key", folder);

                ck_assert_int_eq(chmod(path, 0400), 0);
        }
        ck_assert_msg(options_take(folder, &options, &err), "%s", err.text);
        wiped_size = 0;
        wiped_bytes = options.key.bytes;
        options_free(table, 1, &options);
        ck_assert_uint_eq(wiped_size, 8);
        ck_assert_ptr_null(options.key.bytes);
        test_folder_remove(folder);
}
END_TEST

RUN("secret", a_password_is_the_first_line, a_wrong_file_is_named_and_not_shown,
    placeholders_are_filled_and_other_braces_stay, a_placeholder_without_its_option_is_refused,
    an_option_holds_the_secret_of_its_file, a_secret_that_others_may_read_is_refused, a_freed_secret_is_wiped)
