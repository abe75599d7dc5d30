#include "hub/people/id_token.h"

#include "hub/base/buffer.h"
#include "hub/base/crypto.h"
#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/signature.h"
#include "hub/base/text.h"

#include <string.h>

enum { TOKEN_MOST = 16 * 1024, SECOND_MS = 1000, LEEWAY_S = 60 };

typedef bool Verify(const PublicKey *key, const void *bytes, size_t size, const void *signature, size_t signature_size);

typedef struct {
        const char *name, *kind, *curve, *one, *other; /* of a JSON Web Key */
        Verify *verify;
} Algorithm;

static const Algorithm algorithms[] = {
        { "RS256", "RSA", NULL, "n", "e", rs256_is },
        { "ES256", "EC", "P-256", "x", "y", es256_is },
};

/* The parts between the dots. */
typedef struct {
        const char *begin[3];
        size_t size[3];
} Parts;

static bool parts_find(const char *token, Parts *parts)
{
        for (size_t i = 0; i < 3; i++) {
                parts->begin[i] = token;
                parts->size[i] = strcspn(token, ".");
                token += parts->size[i];
                if (i < 2 && *token++ != '.')
                        return false;
        }
        return !*token;
}

static json_t *part_json(const Parts *parts, size_t index)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        Error err = { 0 };
        json_t *json;

        if (!base64url_read(parts->begin[index], parts->size[index], &text))
                return NULL;
        json = json_read_typed(text.bytes, text.size, &err);
        if (json_is_object(json))
                return json;
        json_decref(json);
        return NULL;
}

static const char *member(const json_t *json, const char *name)
{
        return json_string_value(json_object_get(json, name));
}

static const Algorithm *algorithm_find(const char *name)
{
        for (size_t i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++)
                if (text_same(algorithms[i].name, name))
                        return &algorithms[i];
        return NULL;
}

/* Without a name in the token any key of its kind may be the one. */
static bool key_fits(const json_t *key, const Algorithm *algorithm, const char *name)
{
        const char *use = member(key, "use"), *meant = member(key, "alg");

        return text_same(member(key, "kty"), algorithm->kind) && (!use || text_same(use, "sig")) &&
               (!meant || text_same(meant, algorithm->name)) && (!name || text_same(member(key, "kid"), name)) &&
               (!algorithm->curve || text_same(member(key, "crv"), algorithm->curve));
}

static bool key_signed(const json_t *key, const Algorithm *algorithm, const Parts *parts, const Buffer *signature)
{
        CLEANUP(buffer_free) Buffer one = { 0 };
        CLEANUP(buffer_free) Buffer other = { 0 };
        const char *first = member(key, algorithm->one), *second = member(key, algorithm->other);

        if (!first || !second || !base64url_read(first, strlen(first), &one) ||
            !base64url_read(second, strlen(second), &other))
                return false;
        return algorithm->verify(&(PublicKey){ one.bytes, other.bytes, one.size, other.size }, parts->begin[0],
                                 parts->size[0] + 1 + parts->size[1], signature->bytes, signature->size);
}

static bool is_signed(const Parts *parts, const json_t *header, const json_t *keys)
{
        CLEANUP(buffer_free) Buffer signature = { 0 };
        const Algorithm *algorithm = algorithm_find(member(header, "alg"));
        const json_t *list = json_object_get(keys, "keys");

        if (!algorithm || json_object_get(header, "crit") ||
            !base64url_read(parts->begin[2], parts->size[2], &signature))
                return false;
        for (size_t i = 0; i < json_array_size(list); i++) {
                const json_t *key = json_array_get(list, i);

                if (key_fits(key, algorithm, member(header, "kid")) && key_signed(key, algorithm, parts, &signature))
                        return true;
        }
        return false;
}

/* Meant for us; where for others, too, then asked for by us. */
static bool is_for(const json_t *claims, const char *client)
{
        const json_t *audience = json_object_get(claims, "aud");
        const char *asker = member(claims, "azp");
        bool is_named = text_same(json_string_value(audience), client);

        for (size_t i = 0; i < json_array_size(audience); i++)
                is_named = is_named || text_same(json_string_value(json_array_get(audience, i)), client);
        return is_named && (asker ? text_same(asker, client) : json_array_size(audience) < 2);
}

static bool claims_check(const json_t *claims, const IdTokenWanted *wanted, Error *err)
{
        const int64_t now = wanted->now / SECOND_MS;

        if (!text_same(member(claims, "iss"), wanted->issuer))
                return error_set(err, ERR_INPUT, NULL, "it is of another issuer");
        if (!is_for(claims, wanted->client))
                return error_set(err, ERR_INPUT, NULL, "it is for another client");
        if (json_integer_value(json_object_get(claims, "exp")) <= now - LEEWAY_S)
                return error_set(err, ERR_INPUT, NULL, "it is too old");
        if (json_integer_value(json_object_get(claims, "iat")) > now + LEEWAY_S)
                return error_set(err, ERR_INPUT, NULL, "it is of the future");
        return text_same(member(claims, "nonce"), wanted->nonce) ||
               error_set(err, ERR_INPUT, NULL, "it answers another login");
}

json_t *id_token_read(const char *token, const json_t *keys, const IdTokenWanted *wanted, Error *err)
{
        CLEANUP(json_drop) json_t *header = NULL;
        json_t *claims = NULL;
        Parts parts;

        if (strlen(token) > TOKEN_MOST || !parts_find(token, &parts) || !(header = part_json(&parts, 0)) ||
            !is_signed(&parts, header, keys)) {
                (void)error_set(err, ERR_INPUT, NULL, "the ID token is not signed by the issuer");
                return NULL;
        }
        claims = part_json(&parts, 1);
        if (claims && claims_check(claims, wanted, err))
                return claims;
        json_decref(claims);
        if (err->kind == ERR_NONE)
                (void)error_set(err, ERR_INPUT, NULL, "it holds no claims");
        (void)error_add(err, "ID token");
        return NULL;
}
