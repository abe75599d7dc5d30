/* Whom bytes that nobody could translate speak of: for a person who asks to be forgotten, and whose report was rejected. */

#include "hub/privacy/named.h"

#include "tests/unit/base/run.h"

#include <check.h>
#include <string.h>

/* Key 00 01 .. 1f: base32(hmac-sha256(key, "phone\0" "13800138000"))[0..26], and so on (闽d12345, 11010519491231002x, wx_li88), by Python. */
#define PHONE   "p0:mcy2a34lwna5afnsyxkn4illee"
#define PLATE   "p0:u6qierekufkzpnexnqvo26crld"
#define PERSON  "p0:p4w4joyqtajf2lxo3qvg3z5wwf"
#define ACCOUNT "p0:5n63j4t5ajblmvbmo6ywdhgnra"

typedef struct {
        const char *wanted;
        int times;
} Ear;

static void hear(void *context, const char *pseudonym)
{
        Ear *ear = context;

        ear->times += strcmp(pseudonym, ear->wanted) == 0;
}

static bool names(const char *bytes, size_t size, const char *wanted)
{
        Privacy *privacy = privacy_test();
        Ear ear = { wanted, 0 };

        privacy_named(privacy, bytes, size, hear, &ear);
        privacy_free(privacy);
        return ear.times > 0;
}

static bool text_names(const char *text, const char *wanted)
{
        return names(text, strlen(text), wanted);
}

START_TEST(a_number_is_found_however_it_is_written)
{
        ck_assert(text_names("{\"note9\": \"13800138000\", \"date\": \"soon\"", PHONE));
        ck_assert(text_names("<tel>+86 138-0013-8000</tel>", PHONE));
        ck_assert(text_names("1,\"他的电话是１３８００１３８０００，请回电\",x\r\n", PHONE));
        ck_assert(text_names("id=11010519491231002x&n=1", PERSON));
        ck_assert(text_names("车牌闽D·12345违停", PLATE));
}
END_TEST

START_TEST(so_is_an_account)
{
        ck_assert(text_names("{\"user\": \"WX_li88\"}", ACCOUNT));
        ck_assert(text_names("a|wx_li88 |b", ACCOUNT));
        ck_assert(text_names("wx_li88", ACCOUNT));
        ck_assert(!text_names("{\"user\": \"wx_li889\"}", ACCOUNT));
}
END_TEST

/* 闽D12345 in GB18030, as old platforms write; and a number whose digits have a NUL between them (UTF-16). */
START_TEST(in_other_character_sets_too)
{
        static const char gbk[] = "\xb3\xb5\xc5\xc6\xc3\xf6"
                                  "D12345\xce\xa5\xcd\xa3";
        static const char utf16[] = "\xff\xfe"
                                    "1\0"
                                    "3\0"
                                    "8\0"
                                    "0\0"
                                    "0\0"
                                    "1\0"
                                    "3\0"
                                    "8\0"
                                    "0\0"
                                    "0\0"
                                    "0\0";

        ck_assert(names(gbk, sizeof gbk - 1, PLATE));
        ck_assert(names(utf16, sizeof utf16 - 1, PHONE));
}
END_TEST

START_TEST(what_is_no_number_of_hers_is_none)
{
        ck_assert(!text_names("order 913800138000123456789012345678901234567890", PHONE));
        ck_assert(!text_names("13800138001", PHONE));
        ck_assert(!names("", 0, PHONE));
}
END_TEST

RUN("named", a_number_is_found_however_it_is_written, so_is_an_account, in_other_character_sets_too,
    what_is_no_number_of_hers_is_none)
