#include "hub/people/password.h"

#include "hub/base/memory.h"
#include "tests/unit/base/run.h"

#include <string.h>
#include <time.h>

/* hashlib.scrypt("湖里区密码123".encode(), salt=bytes(range(16)), n=1024, r=8, p=1, dklen=32) */
#define SALT "000102030405060708090a0b0c0d0e0f:"
#define KEY  "3482cfc53a9829e6162fdd8b7901f143d298b52aa6ebb0c47de5307d66db157e"
#define KEPT "scrypt:1024:8:1:" SALT KEY

START_TEST(another_programs_hash_lets_in_with_its_password_alone)
{
        ck_assert(password_is(KEPT, "湖里区密码123"));
        ck_assert(!password_is(KEPT, "湖里区密码124"));
        ck_assert(!password_is(KEPT, ""));
}
END_TEST

START_TEST(what_was_kept_opens_and_never_looks_the_same)
{
        CLEANUP(buffer_free) Buffer one = { 0 };
        CLEANUP(buffer_free) Buffer other = { 0 };

        password_keep(&one, "correct horse");
        password_keep(&other, "correct horse");
        ck_assert_str_ne(one.bytes, other.bytes);
        ck_assert_ptr_null(strstr(one.bytes, "horse"));
        ck_assert(password_is(one.bytes, "correct horse") && password_is(other.bytes, "correct horse"));
        ck_assert(!password_is(one.bytes, "correct hors"));
}
END_TEST

/* A file must not be able to ask for all memory, or for nothing. */
START_TEST(other_forms_are_no_passwords)
{
        static const char *const wrong[] = { "-",
                                             "",
                                             "plain",
                                             "scrypt:1024:8:1:" SALT "00",
                                             "scrypt:1073741824:8:1:" SALT KEY,
                                             "scrypt:262144:8:1:" SALT KEY,
                                             "scrypt:1000:8:1:" SALT KEY,
                                             "scrypt:1024:0:1:" SALT KEY,
                                             KEPT "00" };

        ck_assert(password_form(KEPT));
        for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
                ck_assert_msg(!password_form(wrong[i]), "%s", wrong[i]);
                ck_assert(!password_is(wrong[i], ""));
        }
}
END_TEST

static double seconds_of(const char *kept)
{
        struct timespec from, to;

        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
        ck_assert(!password_is(kept, "not this one"));
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
        return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

/* How long an answer takes must not tell whether a user is known: in seconds of CPU, whatever else runs. */
START_TEST(an_unknown_user_costs_as_much)
{
        CLEANUP(buffer_free) Buffer kept = { 0 };

        password_keep(&kept, "correct horse");
        const double known = seconds_of(kept.bytes);
        ck_assert_double_gt(seconds_of(NULL), known / 4);
        ck_assert_double_gt(seconds_of("-"), known / 4);
}
END_TEST

START_TEST(short_passwords_are_refused)
{
        Error err = { 0 };

        ck_assert(!password_fit("1234567", &err));
        ck_assert_int_eq(err.kind, ERR_INPUT);
        ck_assert(password_fit("湖里区枋湖南路八号", &err));
        ck_assert(!password_fit("湖里区枋湖", &err)); /* 15 bytes, five characters */
        ck_assert(!password_fit("\xff\xff\xff\xff\xff\xff\xff\xff\xff", &err));
}
END_TEST

RUN("password", another_programs_hash_lets_in_with_its_password_alone, what_was_kept_opens_and_never_looks_the_same,
    other_forms_are_no_passwords, an_unknown_user_costs_as_much, short_passwords_are_refused)
