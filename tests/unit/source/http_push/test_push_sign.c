#include "hub/source/http_push/push_sign.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "tests/unit/base/run.h"
#include "tests/unit/pipe/folder.h"

#include <fcntl.h>
#include <unistd.h>

/* Computed by Python: base64(hmac.new(key, b'ID.TIMESTAMP.BODY', sha256)). */
#define KEY      "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define OTHER    "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define ID       "msg_p5jXN8AQM9LWM0D4loKWxJek"
#define STAMP    "1614265330"
#define BODY     "{\"test\": 2432232314}"
#define BY_KEY   "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
#define BY_OTHER "v1,O4Gjv1HqPqsMrjmczoggs/sWA8gZD0VyHG+fLh4+ktI="
#define DOTTED   "v1,FM0leq677YH7qYas9+gxfoY2KR0ftG4iyrViTGZymKQ=" /* of "a.1.1614265330.x" under KEY */

enum { TOLERANCE_MS = 300000 };

static const int64_t signed_at = 1614265330000;

typedef struct {
        char folder[64];
        char *path;
        PushSecrets secrets;
} Keys;

static void keys_write(const Keys *keys, const char *text, mode_t mode)
{
        int file;

        unlink(keys->path);
        file = open(keys->path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        ck_assert_int_ge(file, 0);
        ck_assert_int_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
        ck_assert_int_eq(fchmod(file, mode), 0);
        close(file);
}

static void keys_open(Keys *keys, const char *text)
{
        Error err = { 0 };

        test_folder(keys->folder);
        keys->path = text_format("%s/keys", keys->folder);
        keys->secrets = (PushSecrets){ .path = keys->path, .is_key = true };
        keys_write(keys, text, 0400);
        ck_assert_msg(push_secrets_read(&keys->secrets, &err), "%s", err.text);
}

static void keys_close(Keys *keys)
{
        push_secrets_free(&keys->secrets);
        test_folder_remove(keys->folder);
        mem_drop(&keys->path);
}

static const char *verdict(const Keys *keys, const Signed *of, int64_t now)
{
        Error err = { 0 };

        if (sign_check(of, &keys->secrets, TOLERANCE_MS, now, &err))
                return "good";
        ck_assert_int_eq(err.kind, ERR_INPUT);
        return err.reason;
}

#define SIGNED(...)                                                                                                    \
        (Signed)                                                                                                       \
        {                                                                                                              \
                __VA_ARGS__                                                                                            \
        }

START_TEST(a_signature_is_of_all_its_bytes)
{
        static const struct {
                const char *id, *timestamp, *signature, *body, *verdict;
        } cases[] = {
                { ID, STAMP, BY_KEY, BODY, "good" },
                { ID, STAMP, "v1,AAAA v1a,xyz " BY_KEY, BODY, "good" },
                { ID, STAMP, "  " BY_OTHER "  ", BODY, "good" },
                { ID, STAMP, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OA=", BODY, "bad_signature" },
                { ID, STAMP, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE", BODY, "bad_signature" },
                { ID, STAMP, "v1,g0hM9SsE+OTPJTGt", BODY, "bad_signature" },
                { ID, STAMP, "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", BODY, "bad_signature" },
                { ID, STAMP, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", BODY, "bad_signature" },
                { ID, STAMP, "v1,", BODY, "bad_signature" },
                { ID, STAMP, "", BODY, "bad_signature" },
                { ID, STAMP, BY_KEY, BODY " ", "bad_signature" },
                { ID, STAMP, BY_KEY, "", "bad_signature" },
                { ID, "1614265331", BY_KEY, BODY, "bad_signature" },
                { ID, "", BY_KEY, BODY, "bad_signature" },
                { ID, "1e9", BY_KEY, BODY, "bad_signature" },
                { ID, "99999999999999999999", BY_KEY, BODY, "bad_signature" },
                { "msg_p5jXN8AQM9LWM0D4loKWxJel", STAMP, BY_KEY, BODY, "bad_signature" },
                { "", STAMP, BY_KEY, BODY, "bad_signature" },
                { NULL, STAMP, BY_KEY, BODY, "bad_signature" },
                { ID, NULL, BY_KEY, BODY, "bad_signature" },
                { ID, STAMP, NULL, BODY, "bad_signature" },
                { "a.1", STAMP, DOTTED, "x", "bad_signature" }, /* could be taken for id a, signed at 1 */
        };
        Keys keys = { 0 };

        keys_open(&keys, OTHER "\n\n" KEY "\r\n");
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
                ck_assert_msg(text_same(verdict(&keys,
                                                &SIGNED(cases[i].id, cases[i].timestamp, cases[i].signature,
                                                        cases[i].body, strlen(cases[i].body)),
                                                signed_at),
                                        cases[i].verdict),
                              "case %zu is not %s", i, cases[i].verdict);
        keys_close(&keys);
}
END_TEST

START_TEST(a_right_one_of_another_time_is_stale)
{
        static const struct {
                int64_t off;
                const char *verdict;
        } cases[] = { { 0, "good" },
                      { TOLERANCE_MS, "good" },
                      { -TOLERANCE_MS, "good" },
                      { TOLERANCE_MS + 1, "stale_signature" },
                      { -TOLERANCE_MS - 1, "stale_signature" },
                      { INT64_C(86400000) * 365, "stale_signature" } };
        const Signed right = SIGNED(ID, STAMP, BY_KEY, BODY, strlen(BODY));
        const Signed wrong = SIGNED(ID, STAMP, BY_OTHER, BODY, strlen(BODY));
        Keys keys = { 0 };

        keys_open(&keys, KEY);
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
                ck_assert_str_eq(verdict(&keys, &right, signed_at + cases[i].off), cases[i].verdict);
        ck_assert_str_eq(verdict(&keys, &wrong, signed_at + TOLERANCE_MS + 1), "bad_signature");
        keys_close(&keys);
}
END_TEST

/* Old alone, both, new alone: what either side sends meanwhile is good. A file that is wrong changes nothing. */
START_TEST(secrets_are_changed_under_a_running_process)
{
        const Signed old = SIGNED(ID, STAMP, BY_KEY, BODY, strlen(BODY));
        const Signed new = SIGNED(ID, STAMP, BY_OTHER, BODY, strlen(BODY));
        static const struct {
                const char *text;
                mode_t mode;
                const char *old, *new;
        } cases[] = { { KEY "\n" OTHER "\n", 0400, "good", "good" },      { OTHER "\n", 0400, "bad_signature", "good" },
                      { KEY "\n", 0444, "bad_signature", "good" }, /* others may read it */
                      { "whsec_short\n", 0400, "bad_signature", "good" }, { "\n", 0400, "bad_signature", "good" },
                      { KEY "\n", 0400, "good", "bad_signature" } };
        Keys keys = { 0 };

        keys_open(&keys, KEY);
        ck_assert_str_eq(verdict(&keys, &old, signed_at), "good");
        ck_assert_str_eq(verdict(&keys, &new, signed_at), "bad_signature");
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                keys_write(&keys, cases[i].text, cases[i].mode);
                keys.secrets.look_at = 0;
                push_secrets_look(&keys.secrets);
                ck_assert_msg(text_same(verdict(&keys, &old, signed_at), cases[i].old), "old one, case %zu", i);
                ck_assert_msg(text_same(verdict(&keys, &new, signed_at), cases[i].new), "new one, case %zu", i);
        }
        keys_close(&keys);
}
END_TEST

RUN("push-sign", a_signature_is_of_all_its_bytes, a_right_one_of_another_time_is_stale,
    secrets_are_changed_under_a_running_process)
