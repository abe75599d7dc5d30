#include "hub/base/crypto.h"
#include "hub/base/memory.h"
#include "tests/unit/base/run.h"

#include <string.h>

static void hex_assert(const uint8_t *bytes, size_t size, const char *want)
{
        char text[200];

        ck_assert_str_eq(hex_text(bytes, size, text), want);
}

/* FIPS 180-4, examples of NIST: "abc", the empty message, and two blocks. */
START_TEST(sha256_of_the_standard)
{
        const char *two = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
        char text[SHA256_TEXT_SIZE];

        ck_assert_str_eq(sha256_text("abc", 3, text),
                         "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        ck_assert_str_eq(sha256_text("", 0, text), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        ck_assert_str_eq(sha256_text(two, strlen(two), text),
                         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}
END_TEST

/* RFC 4231, test cases 1, 2 and 6. */
START_TEST(hmac_of_the_standard)
{
        uint8_t key[131], out[SHA256_SIZE];

        memset(key, 0x0b, sizeof(key));
        hmac_sha256(key, 20, "Hi There", 8, out);
        hex_assert(out, sizeof(out), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        hmac_sha256("Jefe", 4, "what do ya want for nothing?", 28, out);
        hex_assert(out, sizeof(out), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        memset(key, 0xaa, sizeof(key));
        hmac_sha256(key, 131, "Test Using Larger Than Block-Size Key - Hash Key First", 54, out);
        hex_assert(out, sizeof(out), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}
END_TEST

/* RFC 4648 section 10, in lower case and without padding. */
START_TEST(base32_of_the_standard)
{
        const uint8_t *text = (const uint8_t *)"foobar";
        char out[27];

        base32_text(text, 1, out, 2);
        ck_assert_str_eq(out, "my");
        base32_text(text, 4, out, 7);
        ck_assert_str_eq(out, "mzxw6yq");
        base32_text(text, 5, out, 8);
        ck_assert_str_eq(out, "mzxw6ytb");
        base32_text(text, 6, out, 10);
        ck_assert_str_eq(out, "mzxw6ytboi");
        base32_text(text, 6, out, 3);
        ck_assert_str_eq(out, "mzx");
}
END_TEST

/* Incident ids: all 32 symbols of Crockford's table in order are the bits 0..31, and i, l, o, u are not among them. */
START_TEST(crockford_uses_all_symbols)
{
        const uint8_t bytes[] = { 0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54, 0xb6, 0x35, 0xcf,
                                  0x84, 0x65, 0x3a, 0x56, 0xd7, 0xc6, 0x75, 0xbe, 0x77, 0xdf };
        char out[33];

        base32_crockford_text(bytes, sizeof(bytes), out, 32);
        ck_assert_str_eq(out, "0123456789abcdefghjkmnpqrstvwxyz");
}
END_TEST

START_TEST(hex_goes_both_ways)
{
        CLEANUP(buffer_free) Buffer out = { 0 };

        ck_assert(hex_read("00fFa5", &out));
        ck_assert_uint_eq(out.size, 3);
        hex_assert((const uint8_t *)out.bytes, 3, "00ffa5");
        ck_assert(!hex_read("abc", &out));
        ck_assert(!hex_read("zz", &out));
        ck_assert_uint_eq(out.size, 3);
}
END_TEST

/* RFC 4648 section 10, and what is none of its texts. */
START_TEST(base64_of_the_standard)
{
        static const char *const good[][2] = { { "", "" },
                                               { "Zg==", "f" },
                                               { "Zm8=", "fo" },
                                               { "Zm9v", "foo" },
                                               { "Zm9vYg==", "foob" },
                                               { "Zm9vYmE=", "fooba" },
                                               { "+/+/", "\xfb\xff\xbf" } };
        static const char *const bad[] = { "Zg",     "Zg=",   "Zg===", "=",    "====", "Z===",
                                           "Zm9v\n", " Zm9v", "Zm=v",  "Zm9-", "Zm 9" };

        for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
                CLEANUP(buffer_free) Buffer out = { 0 };

                buffer_text(&out, "x");
                ck_assert(base64_read(good[i][0], strlen(good[i][0]), &out));
                ck_assert_str_eq(out.bytes + 1, good[i][1]);
                ck_assert_uint_eq(out.size, 1 + strlen(good[i][1]));
        }
        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
                CLEANUP(buffer_free) Buffer out = { 0 };

                ck_assert_msg(!base64_read(bad[i], strlen(bad[i]), &out), "%s", bad[i]);
                ck_assert_uint_eq(out.size, 0);
        }
}
END_TEST

/* The GCM specification of McGrew and Viega, test case 14 (of AES-256): zero key, zero nonce, sixteen zero bytes. */
START_TEST(unseal_reads_the_standards_vector)
{
        CLEANUP(buffer_free) Buffer sealed = { 0 };
        CLEANUP(buffer_free) Buffer clear = { 0 };
        const uint8_t key[32] = { 0 };

        ck_assert(hex_read("000000000000000000000000"
                           "cea7403d4d606b6e074ec5d3baf39d18"
                           "d0d1c8a799996bf0265b98b5d48ab919",
                           &sealed));
        ck_assert(unseal_bytes(&clear, key, NULL, 0, sealed.bytes, sealed.size));
        ck_assert_uint_eq(clear.size, 16);
        hex_assert((const uint8_t *)clear.bytes, 16, "00000000000000000000000000000000");
}
END_TEST

/* A reject that somebody moved to another record's place, cut or changed must not open. */
START_TEST(seals_hold)
{
        CLEANUP(buffer_free) Buffer sealed = { 0 };
        CLEANUP(buffer_free) Buffer clear = { 0 };
        const uint8_t key[32] = { 1, 2, 3 }, other[32] = { 1, 2, 4 };

        seal_bytes(&sealed, key, "grid:r1:7", 9, "湖里", 6);
        ck_assert_uint_eq(sealed.size, 12 + 6 + 16);
        ck_assert(unseal_bytes(&clear, key, "grid:r1:7", 9, sealed.bytes, sealed.size));
        ck_assert_str_eq(clear.bytes, "湖里");
        ck_assert(!unseal_bytes(&clear, key, "grid:r1:8", 9, sealed.bytes, sealed.size));
        ck_assert(!unseal_bytes(&clear, other, "grid:r1:7", 9, sealed.bytes, sealed.size));
        ck_assert(!unseal_bytes(&clear, key, "grid:r1:7", 9, sealed.bytes, sealed.size - 1));
        ck_assert(!unseal_bytes(&clear, key, "grid:r1:7", 9, sealed.bytes, 27));
        for (size_t i = 0; i < sealed.size; i++) {
                sealed.bytes[i] ^= 1;
                ck_assert(!unseal_bytes(&clear, key, "grid:r1:7", 9, sealed.bytes, sealed.size));
                sealed.bytes[i] ^= 1;
        }
        ck_assert_str_eq(clear.bytes, "湖里");
}
END_TEST

START_TEST(seals_of_nothing_and_nonces)
{
        CLEANUP(buffer_free) Buffer one = { 0 };
        CLEANUP(buffer_free) Buffer two = { 0 };
        CLEANUP(buffer_free) Buffer clear = { 0 };
        const uint8_t key[32] = { 9 };

        seal_bytes(&one, key, NULL, 0, NULL, 0);
        seal_bytes(&two, key, NULL, 0, NULL, 0);
        ck_assert_int_ne(memcmp(one.bytes, two.bytes, 12), 0);
        ck_assert(unseal_bytes(&clear, key, NULL, 0, one.bytes, one.size));
        ck_assert_uint_eq(clear.size, 0);
}
END_TEST

/* GB/T 32907-2016, annex A.1: one block. HJ 212-2025 leaves in the clear what fills none. */
START_TEST(sm4_of_the_standard)
{
        static const uint8_t key[SM4_SIZE] = { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
                                               0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10 };
        CLEANUP(buffer_free) Buffer text = { 0 };

        ck_assert(hex_read("681edf34d206965e86b3e94f536e4246", &text));
        buffer_text(&text, "rest");
        sm4_decrypt(key, text.bytes, text.size);
        ck_assert_mem_eq(text.bytes, key, SM4_SIZE);
        ck_assert_str_eq(text.bytes + SM4_SIZE, "rest");
        sm4_decrypt(key, text.bytes + SM4_SIZE, 4);
        ck_assert_str_eq(text.bytes + SM4_SIZE, "rest");
}
END_TEST

START_TEST(comparison)
{
        ck_assert(bytes_equal("abc", "abd", 2));
        ck_assert(!bytes_equal("abc", "abd", 3));
}
END_TEST

/* Vectors of the reference (Fowler, Noll, Vo): word frequencies are stored by it, so it may never change. */
START_TEST(hash64_of_the_reference)
{
        ck_assert_uint_eq(hash64("", 0), 0xcbf29ce484222325);
        ck_assert_uint_eq(hash64("a", 1), 0xaf63dc4c8601ec8c);
        ck_assert_uint_eq(hash64("foobar", 6), 0x85944171f73967e8);
}
END_TEST

/* A record's digest is its bytes', however large its pieces are. */
START_TEST(a_digest_of_pieces_is_that_of_the_whole)
{
        static const char text[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"; /* FIPS 180-2, B.2 */
        Sha256 *sha256 = sha256_new();
        char out[SHA256_TEXT_SIZE];

        sha256_add(sha256, text, 1);
        sha256_add(sha256, text + 1, 0);
        sha256_add(sha256, text + 1, strlen(text) - 1);
        ck_assert_str_eq(sha256_end(sha256, out), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
        ck_assert_str_eq(sha256_end(sha256, out), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        sha256_add(sha256, "abc", 3);
        ck_assert_str_eq(sha256_end(sha256, out), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        sha256_free(sha256);
}
END_TEST

/* RFC 7914, section 12, the second vector. */
START_TEST(scrypt_of_the_standard)
{
        uint8_t key[64];

        scrypt_key("password", 8, &(ScryptCost){ 1024, 8, 16 }, (const uint8_t *)"NaCl", 4, key, sizeof(key));
        hex_assert(key, sizeof(key),
                   "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac7"
                   "27afb94a83ee6d8360cbdfa2cc0640");
}
END_TEST

/* RFC 4648 section 10, with the padding gone; the two letters that differ; and what is of another alphabet. */
START_TEST(base64url_goes_both_ways)
{
        static const char *const texts[] = { "", "Zg", "Zm8", "Zm9v", "Zm9vYg", "Zm9vYmE", "Zm9vYmFy" };
        static const char *const wrong[] = { "Z", "Zg==", "+/+/", "Zm9vY", "Zm 9" };
        CLEANUP(buffer_free) Buffer out = { 0 };

        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
                buffer_clear(&out);
                base64url_text(&out, "foobar", i);
                buffer_text(&out, "");
                ck_assert_str_eq(out.bytes, texts[i]);
                buffer_clear(&out);
                ck_assert(base64url_read(texts[i], strlen(texts[i]), &out));
                ck_assert_uint_eq(out.size, i);
                ck_assert_mem_eq(out.bytes, "foobar", i);
        }
        buffer_clear(&out);
        ck_assert(base64url_read("-_-_", 4, &out));
        ck_assert_mem_eq(out.bytes, "\xfb\xff\xbf", 3);
        for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
                ck_assert(!base64url_read(wrong[i], strlen(wrong[i]), &out));
}
END_TEST

/* FIPS 180-4, "abc". */
START_TEST(a_digest_is_cut_to_so_many_digits)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();

        ck_assert_str_eq(sha256_digits("abc", 3, 16, arena), "ba7816bf8f01cfea");
}
END_TEST

RUN("crypto", scrypt_of_the_standard, base64url_goes_both_ways, sha256_of_the_standard, hmac_of_the_standard,
    base32_of_the_standard, crockford_uses_all_symbols, hex_goes_both_ways, base64_of_the_standard,
    unseal_reads_the_standards_vector, seals_hold, seals_of_nothing_and_nonces, sm4_of_the_standard, comparison,
    hash64_of_the_reference, a_digest_of_pieces_is_that_of_the_whole, a_digest_is_cut_to_so_many_digits)
