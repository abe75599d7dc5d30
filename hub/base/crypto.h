#pragma once

/* Digests, seals and their texts, over OpenSSL's EVP and HMAC interfaces. */

#include "hub/base/buffer.h"
#include "hub/base/error.h"
#include "hub/base/memory.h"

#include <stdint.h>

#define SHA256_SIZE      32
#define SHA256_TEXT_SIZE 65 /* lower-case hex and NUL */

void sha256(const void *bytes, size_t size, uint8_t out[SHA256_SIZE]);
char *sha256_text(const void *bytes, size_t size, char out[SHA256_TEXT_SIZE]);       /* returns out */
const char *sha256_digits(const void *bytes, size_t size, int digits, Arena *arena); /* so many of them, in arena */

/* The same of bytes that come in pieces. */
typedef struct Sha256 Sha256;
Sha256 *sha256_new(void);
void sha256_add(Sha256 *sha256, const void *bytes, size_t size);
char *sha256_end(Sha256 *sha256, char out[SHA256_TEXT_SIZE]); /* returns out; ready for the next, which costs less so */
void sha256_free(Sha256 *sha256);
char *hex_text(const uint8_t *bytes, size_t size, char *out); /* 2 x size + 1 bytes; returns out */
bool hex_read(const char *text, Buffer *out);
void base64_text(Buffer *out, const void *bytes, size_t size);    /* RFC 4648 section 4, padded; appends */
bool base64_read(const char *text, size_t size, Buffer *out);     /* the same; appends, or nothing */
bool base64url_read(const char *text, size_t size, Buffer *out);  /* section 5, not padded; the same */
void base64url_text(Buffer *out, const void *bytes, size_t size); /* appends, not padded */
void hmac_sha256(const void *key, size_t key_size, const void *bytes, size_t size, uint8_t out[SHA256_SIZE]);
/* RFC 7914. cost: a power of two; what it takes is 128 x cost x block bytes. */
typedef struct {
        uint64_t cost, block, lanes;
} ScryptCost;
void scrypt_key(const char *password, size_t password_size, const ScryptCost *cost, const uint8_t *salt,
                size_t salt_size, uint8_t *out, size_t size);
bool bytes_equal(const void *one, const void *other, size_t size); /* in constant time */

/* RFC 4648 section 6 alphabet in lower case, no padding; and Crockford's. Both give the first `chars` characters. */
void base32_text(const uint8_t *bytes, size_t size, char *out, size_t chars);           /* out: chars + 1 */
void base32_crockford_text(const uint8_t *bytes, size_t size, char *out, size_t chars); /* lower case */

/* AES-256-GCM: nonce (12, random) + ciphertext + tag (16) appended to out; NIST SP 800-38D. */
void seal_bytes(Buffer *out, const uint8_t key[32], const void *extra, size_t extra_size, const void *bytes,
                size_t size);
bool unseal_bytes(Buffer *out, const uint8_t key[32], const void *extra, size_t extra_size, const void *bytes,
                  size_t size);

/* SM4 in ECB mode, GB/T 32907, without padding: whole blocks, in place; what is left at the end stays as it is. */
#define SM4_SIZE 16 /* of a key and of a block */
void sm4_decrypt(const uint8_t key[SM4_SIZE], void *bytes, size_t size);

void random_bytes(void *out, size_t size);
uint64_t hash64(const void *bytes, size_t size); /* FNV-1a 64: the same on every machine, for tables, not for secrets */
