#include "hub/base/inlined.h"

#include "hub/base/crypto.h"
#include "hub/base/memory.h"
#include "tests/unit/base/run.h"

#include <openssl/evp.h>
#include <string.h>

/* The 256 bytes 0 to 255, 64 times, and their digests by another hand (Python's hashlib). */
#define ALL_DIGEST  "40aff2e9d2d8922e47afd4648e6967497158785fbd1da870e7110266bf944880"
#define TIMES       64
#define MANY_DIGEST "a1f259d4365ed4320c377ce26f5c8c56dcdc9a89e7b641bfd8eabfbbeac86654"
#define LESS_DIGEST "42c2c5e038047fff9534a7f91f4eb797956b71a6a661a3bb6d44aac1eb77768d"

static const char *picture(size_t times, size_t less, Buffer *base64)
{
        CLEANUP(buffer_free) Buffer bytes = { 0 };

        for (size_t i = 0; i < times * 256; i++)
                buffer_byte(&bytes, (char)(i % 256));
        buffer_room(base64, bytes.size * 2);
        base64->size = (size_t)EVP_EncodeBlock((unsigned char *)base64->bytes, (const unsigned char *)bytes.bytes,
                                               (int)(bytes.size - less));
        return base64->bytes;
}

static void cut_check(const char *document, const char *wanted)
{
        CLEANUP(buffer_free) Buffer out = { 0 };

        inlined_cut(&out, document, strlen(document));
        ck_assert_str_eq(out.bytes ? out.bytes : "", wanted);
}

static void picture_check(const char *text, const char *wanted)
{
        CLEANUP(mem_drop) char *document = text_format("{\"a\": [\"%s\"], \"b\": \"c\"}", text);
        CLEANUP(mem_drop) char *cut = text_format("{\"a\": [\"%s\"], \"b\": \"c\"}", wanted);

        cut_check(document, cut);
}

START_TEST(a_picture_becomes_its_digest)
{
        CLEANUP(buffer_free) Buffer all = { 0 }, many = { 0 }, less = { 0 };
        CLEANUP(mem_drop) char *with_head = text_format("data:image/jpeg;base64,%s", picture(1, 0, &all));

        picture_check(all.bytes, "sha256:" ALL_DIGEST);
        picture_check(with_head, "sha256:" ALL_DIGEST);
        picture_check(picture(TIMES, 0, &many), "sha256:" MANY_DIGEST);
        picture_check(picture(TIMES, 2, &less), "sha256:" LESS_DIGEST);
}
END_TEST

START_TEST(lines_escapes_and_a_lost_padding_are_the_same_picture)
{
        CLEANUP(buffer_free) Buffer less = { 0 }, broken = { 0 };
        size_t size = 0;

        for (const char *at = picture(TIMES, 2, &less); *at && *at != '='; at++) {
                buffer_text(&broken, *at == '/' ? "\\/" : ++size % 76 == 0 ? "\\r\\n" : "");
                if (*at != '/')
                        buffer_byte(&broken, *at);
        }
        picture_check(broken.bytes, "sha256:" LESS_DIGEST);
}
END_TEST

/* Whatever is no picture stays byte by byte: short ones, words, broken documents, what was cut before. */
START_TEST(everything_else_stays)
{
        CLEANUP(buffer_free) Buffer all = { 0 };
        const char *twice = picture(1, 0, &all);
        CLEANUP(mem_drop) char *padded = text_format("%s====%s", twice, twice);
        CLEANUP(mem_drop) char *word = text_format("%s\\u4e2d", all.bytes);
        CLEANUP(mem_drop) char *blank = text_format("%s %s", all.bytes, all.bytes);
        CLEANUP(mem_drop) char *quoted = text_format("%s\\\"", all.bytes);
        CLEANUP(mem_drop) char *open = text_format("{\"a\": \"%s!", all.bytes);
        const char *const same[] = { padded, word, blank, quoted, "sha256:" ALL_DIGEST, "AAAA", "" };

        for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
                picture_check(same[i], same[i]);
        cut_check("", "");
        cut_check("\"", "\"");
        cut_check("\"a\\", "\"a\\");
        cut_check(open, open);
}
END_TEST

START_TEST(a_digest_is_known_again)
{
        ck_assert_str_eq(inlined_digest("sha256:" ALL_DIGEST), ALL_DIGEST);
        ck_assert_ptr_null(inlined_digest(NULL));
        ck_assert_ptr_null(inlined_digest("sha256:" ALL_DIGEST "0"));
        ck_assert_ptr_null(inlined_digest("sha256:40aff2"));
        ck_assert_ptr_null(inlined_digest("sha512:" ALL_DIGEST));
        ck_assert_ptr_null(inlined_digest("sha256:X0aff2e9d2d8922e47afd4648e6967497158785fbd1da870e7110266bf944880"));
}
END_TEST

RUN("inlined", a_picture_becomes_its_digest, lines_escapes_and_a_lost_padding_are_the_same_picture,
    everything_else_stays, a_digest_is_known_again)
