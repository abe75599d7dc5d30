#pragma once

/*
 * Signatures of others, as JSON Web Signatures have them (RFC 7518): RS256 (RSASSA-PKCS1-v1_5 with SHA-256, of 2048 bits or more) and
 * ES256 (ECDSA on P-256 with SHA-256, r and s of 32 bytes each).
 */

#include <stdbool.h>
#include <stddef.h>

typedef struct {
        const void *one,
                *other; /* RSA: modulus and exponent; P-256: x and y of 32 bytes; unsigned, most significant first */
        size_t one_size, other_size;
} PublicKey;

bool rs256_is(const PublicKey *key, const void *bytes, size_t size, const void *signature, size_t signature_size);
bool es256_is(const PublicKey *key, const void *bytes, size_t size, const void *signature, size_t signature_size);
