#include "hub/base/signature.h"

#include "hub/base/memory.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <string.h>

enum {
        RSA_BITS_LEAST = 2048,
        RSA_BYTES_MOST = 1024,
        HALF_SIZE = 32,
        PAIR_SIZE = 2 * HALF_SIZE,
        POINT_SIZE = 1 + PAIR_SIZE,
        DER_MOST = 80
};

static void key_drop(EVP_PKEY **key)
{
        EVP_PKEY_free(*key);
}

static void builder_drop(OSSL_PARAM_BLD **builder)
{
        OSSL_PARAM_BLD_free(*builder);
}

static void number_drop(BIGNUM **number)
{
        BN_free(*number);
}

/* NULL: it is no key. */
static EVP_PKEY *key_make(const char *kind, OSSL_PARAM_BLD *builder)
{
        OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(builder);
        EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);
        EVP_PKEY *key = NULL;

        if (parameters && context && EVP_PKEY_fromdata_init(context) == 1 &&
            EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
                key = NULL;
        OSSL_PARAM_free(parameters);
        EVP_PKEY_CTX_free(context);
        return key;
}

static bool is_signed(EVP_PKEY *key, const void *bytes, size_t size, const void *signature, size_t signature_size)
{
        EVP_MD_CTX *context = EVP_MD_CTX_new();
        const bool is_right = context && EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
                              EVP_DigestVerify(context, signature, signature_size, bytes, size) == 1;

        EVP_MD_CTX_free(context);
        return is_right;
}

bool rs256_is(const PublicKey *key, const void *bytes, size_t size, const void *signature, size_t signature_size)
{
        CLEANUP(builder_drop) OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
        CLEANUP(number_drop) BIGNUM *modulus = NULL;
        CLEANUP(number_drop) BIGNUM *exponent = NULL;
        CLEANUP(key_drop) EVP_PKEY *rsa = NULL;

        if (key->one_size > RSA_BYTES_MOST || key->other_size > sizeof(long))
                return false;
        modulus = BN_bin2bn(key->one, (int)key->one_size, NULL);
        exponent = BN_bin2bn(key->other, (int)key->other_size, NULL);
        if (!builder || !modulus || !exponent || BN_num_bits(modulus) < RSA_BITS_LEAST ||
            OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus) != 1 ||
            OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent) != 1)
                return false;
        rsa = key_make("RSA", builder);
        return rsa && is_signed(rsa, bytes, size, signature, signature_size);
}

/* r and s as OpenSSL wants them. Returns their size, 0: none. */
static size_t der_make(const unsigned char *pair, unsigned char der[DER_MOST])
{
        ECDSA_SIG *signature = ECDSA_SIG_new();
        BIGNUM *r = BN_bin2bn(pair, HALF_SIZE, NULL), *s = BN_bin2bn(pair + HALF_SIZE, HALF_SIZE, NULL);
        int size = 0;

        if (signature && r && s && ECDSA_SIG_set0(signature, r, s) == 1)
                size = i2d_ECDSA_SIG(signature, &der);
        else {
                BN_free(r);
                BN_free(s);
        }
        ECDSA_SIG_free(signature);
        return size > 0 ? (size_t)size : 0;
}

bool es256_is(const PublicKey *key, const void *bytes, size_t size, const void *signature, size_t signature_size)
{
        CLEANUP(builder_drop) OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
        CLEANUP(key_drop) EVP_PKEY *curve = NULL;
        unsigned char point[POINT_SIZE] = { 4 }, der[DER_MOST];
        size_t der_size;

        if (signature_size != PAIR_SIZE || key->one_size != HALF_SIZE || key->other_size != HALF_SIZE)
                return false;
        memcpy(point + 1, key->one, HALF_SIZE);
        memcpy(point + 1 + HALF_SIZE, key->other, HALF_SIZE);
        if (!builder || OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
            OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point)) != 1)
                return false;
        curve = key_make("EC", builder);
        der_size = der_make(signature, der);
        return curve && der_size && is_signed(curve, bytes, size, der, der_size);
}
