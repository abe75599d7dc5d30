#include "hub/base/crypto.h"

#include <assert.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

#include "hub/base/memory.h"

enum { NONCE_SIZE = 12, TAG_SIZE = 16 };

/* A digest or cipher that OpenSSL cannot do is a broken installation: there is nothing to go on with. */
static void must(bool done)
{
        if (!done)
                abort();
}

void sha256(const void *bytes, size_t size, uint8_t out[SHA256_SIZE])
{
        must(EVP_Digest(bytes, size, out, NULL, EVP_sha256(), NULL) == 1);
}

const char *sha256_digits(const void *bytes, size_t size, int digits, Arena *arena)
{
        char text[SHA256_TEXT_SIZE];

        return arena_format(arena, "%.*s", digits, sha256_text(bytes, size, text));
}

char *sha256_text(const void *bytes, size_t size, char out[SHA256_TEXT_SIZE])
{
        uint8_t digest[SHA256_SIZE];

        sha256(bytes, size, digest);
        return hex_text(digest, sizeof(digest), out);
}

struct Sha256 {
        EVP_MD_CTX *context;
};

Sha256 *sha256_new(void)
{
        Sha256 *sha256 = mem_new(sizeof(Sha256));

        sha256->context = EVP_MD_CTX_new();
        must(sha256->context && EVP_DigestInit_ex(sha256->context, EVP_sha256(), NULL) == 1);
        return sha256;
}

void sha256_add(Sha256 *sha256, const void *bytes, size_t size)
{
        must(EVP_DigestUpdate(sha256->context, bytes, size) == 1);
}

char *sha256_end(Sha256 *sha256, char out[SHA256_TEXT_SIZE])
{
        uint8_t digest[SHA256_SIZE];

        must(EVP_DigestFinal_ex(sha256->context, digest, NULL) == 1);
        must(EVP_DigestInit_ex(sha256->context, NULL, NULL) == 1);
        return hex_text(digest, sizeof(digest), out);
}

void sha256_free(Sha256 *sha256)
{
        EVP_MD_CTX_free(sha256->context);
        free(sha256);
}

char *hex_text(const uint8_t *bytes, size_t size, char *out)
{
        static const char digits[] = "0123456789abcdef";

        for (size_t i = 0; i < size; i++) {
                out[2 * i] = digits[bytes[i] >> 4];
                out[2 * i + 1] = digits[bytes[i] & 15];
        }
        out[2 * size] = '\0';
        return out;
}

static int hex_digit(char c)
{
        if (c >= '0' && c <= '9')
                return c - '0';
        if (c >= 'a' && c <= 'f')
                return c - 'a' + 10;
        if (c >= 'A' && c <= 'F')
                return c - 'A' + 10;
        return -1;
}

bool hex_read(const char *text, Buffer *out)
{
        size_t size = strlen(text);

        if (size % 2)
                return false;
        for (size_t i = 0; i < size; i++)
                if (hex_digit(text[i]) < 0)
                        return false;
        for (size_t i = 0; i < size; i += 2)
                buffer_byte(out, (char)(hex_digit(text[i]) << 4 | hex_digit(text[i + 1])));
        return true;
}

void base64_text(Buffer *out, const void *bytes, size_t size)
{
        must(size < INT_MAX / 2);
        buffer_room(out, (size + 2) / 3 * 4 + 1);
        out->size += (size_t)EVP_EncodeBlock((unsigned char *)out->bytes + out->size, bytes, (int)size);
}

/* OpenSSL's passes over blanks and counts the padding as zeros. */
bool base64_read(const char *text, size_t size, Buffer *out)
{
        static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        size_t padding = 0;

        if (size % 4 || size > INT_MAX)
                return false;
        while (padding < 2 && padding < size && text[size - padding - 1] == '=')
                padding++;
        for (size_t i = 0; i < size - padding; i++)
                if (!text[i] || !strchr(alphabet, text[i]))
                        return false;
        buffer_room(out, size / 4 * 3 + 1);
        must(EVP_DecodeBlock((unsigned char *)out->bytes + out->size, (const unsigned char *)text, (int)size) >= 0);
        out->size += size / 4 * 3 - padding;
        out->bytes[out->size] = '\0';
        return true;
}

bool base64url_read(const char *text, size_t size, Buffer *out)
{
        CLEANUP(buffer_free) Buffer padded = { 0 };

        if (size % 4 == 1)
                return false;
        for (size_t i = 0; i < size; i++) {
                if (text[i] == '+' || text[i] == '/' || text[i] == '=')
                        return false;
                buffer_byte(&padded, (char)(text[i] == '-' ? '+' : text[i] == '_' ? '/' : text[i]));
        }
        while (padded.size % 4)
                buffer_byte(&padded, '=');
        return base64_read(padded.bytes ? padded.bytes : "", padded.size, out);
}

void base64url_text(Buffer *out, const void *bytes, size_t size)
{
        static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        const uint8_t *at = bytes;

        for (size_t i = 0; i < size; i += 3) {
                const uint32_t three = (uint32_t)at[i] << 16 | (i + 1 < size ? (uint32_t)at[i + 1] << 8 : 0) |
                                       (i + 2 < size ? at[i + 2] : 0);

                for (size_t j = 0; j < 4 && i + j <= size; j++)
                        buffer_byte(out, alphabet[three >> (18 - 6 * j) & 63]);
        }
}

void hmac_sha256(const void *key, size_t key_size, const void *bytes, size_t size, uint8_t out[SHA256_SIZE])
{
        must(key_size <= INT_MAX);
        must(HMAC(EVP_sha256(), key_size ? key : "", (int)key_size, bytes, size, out, NULL) != NULL);
}

void scrypt_key(const char *password, size_t password_size, const ScryptCost *cost, const uint8_t *salt,
                size_t salt_size, uint8_t *out, size_t size)
{
        const uint64_t most = 256 * cost->cost * cost->block; /* twice what it takes */

        must(EVP_PBE_scrypt(password, password_size, salt, salt_size, cost->cost, cost->block, cost->lanes, most, out,
                            size) == 1);
}

bool bytes_equal(const void *one, const void *other, size_t size)
{
        return CRYPTO_memcmp(one, other, size) == 0;
}

/* Five bits a character, most significant first; bits past the end are 0. */
static void base32_write(const uint8_t *bytes, size_t size, const char *alphabet, char *out, size_t chars)
{
        assert(chars <= (size * 8 + 4) / 5);
        for (size_t i = 0; i < chars; i++) {
                size_t byte = i * 5 / 8;
                unsigned pair = (unsigned)bytes[byte] << 8 | (byte + 1 < size ? bytes[byte + 1] : 0);

                out[i] = alphabet[pair >> (11 - i * 5 % 8) & 31];
        }
        out[chars] = '\0';
}

void base32_text(const uint8_t *bytes, size_t size, char *out, size_t chars)
{
        base32_write(bytes, size, "abcdefghijklmnopqrstuvwxyz234567", out, chars);
}

void base32_crockford_text(const uint8_t *bytes, size_t size, char *out, size_t chars)
{
        base32_write(bytes, size, "0123456789abcdefghjkmnpqrstvwxyz", out, chars);
}

static void context_drop(EVP_CIPHER_CTX **context)
{
        EVP_CIPHER_CTX_free(*context);
}

void seal_bytes(Buffer *out, const uint8_t key[32], const void *extra, size_t extra_size, const void *bytes,
                size_t size)
{
        CLEANUP(context_drop) EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
        uint8_t *nonce, *sealed;
        int done;

        must(context && size <= INT_MAX && extra_size <= INT_MAX);
        buffer_room(out, NONCE_SIZE + size + TAG_SIZE);
        nonce = (uint8_t *)out->bytes + out->size;
        sealed = nonce + NONCE_SIZE;
        random_bytes(nonce, NONCE_SIZE);

        must(EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), NULL, key, nonce) == 1);
        must(!extra_size || EVP_EncryptUpdate(context, NULL, &done, extra, (int)extra_size) == 1);
        must(!size || EVP_EncryptUpdate(context, sealed, &done, bytes, (int)size) == 1);
        must(EVP_EncryptFinal_ex(context, sealed + size, &done) == 1);
        must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, TAG_SIZE, sealed + size) == 1);
        out->size += NONCE_SIZE + size + TAG_SIZE;
        out->bytes[out->size] = '\0';
}

bool unseal_bytes(Buffer *out, const uint8_t key[32], const void *extra, size_t extra_size, const void *bytes,
                  size_t size)
{
        CLEANUP(context_drop) EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
        const uint8_t *nonce = bytes;
        uint8_t tag[TAG_SIZE], *clear;
        int done;

        must(context && size <= INT_MAX && extra_size <= INT_MAX);
        if (size < NONCE_SIZE + TAG_SIZE)
                return false;
        size -= NONCE_SIZE + TAG_SIZE;
        memcpy(tag, nonce + NONCE_SIZE + size, TAG_SIZE);
        buffer_room(out, size);
        clear = (uint8_t *)out->bytes + out->size;

        must(EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), NULL, key, nonce) == 1);
        must(!extra_size || EVP_DecryptUpdate(context, NULL, &done, extra, (int)extra_size) == 1);
        must(!size || EVP_DecryptUpdate(context, clear, &done, nonce + NONCE_SIZE, (int)size) == 1);
        must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, TAG_SIZE, tag) == 1);
        if (EVP_DecryptFinal_ex(context, clear + size, &done) != 1) {
                OPENSSL_cleanse(clear, size); /* what is not authentic is nobody's to read */
                return false;
        }
        out->size += size;
        out->bytes[out->size] = '\0';
        return true;
}

void sm4_decrypt(const uint8_t key[SM4_SIZE], void *bytes, size_t size)
{
        EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
        const int whole = (int)(size - size % SM4_SIZE);
        int done = 0;

        assert(size <= INT_MAX);
        must(context && EVP_DecryptInit_ex(context, EVP_sm4_ecb(), NULL, key, NULL) == 1);
        must(EVP_CIPHER_CTX_set_padding(context, 0) == 1);
        must(EVP_DecryptUpdate(context, bytes, &done, bytes, whole) == 1 && done == whole);
        EVP_CIPHER_CTX_free(context);
}

void random_bytes(void *out, size_t size)
{
        must(size <= INT_MAX && RAND_bytes(out, (int)size) == 1);
}

uint64_t hash64(const void *bytes, size_t size)
{
        const uint8_t *at = bytes;
        uint64_t hash = 0xcbf29ce484222325;

        for (size_t i = 0; i < size; i++)
                hash = (hash ^ at[i]) * 0x100000001b3;
        return hash;
}
