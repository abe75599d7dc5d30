#include "hub/http/exchange_auth.h"

#include "hub/base/crypto.h"
#include "hub/base/memory.h"
#include "hub/base/secret.h"
#include "hub/http/exchange.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NONCE_S = 300 };

#define OPAQUE "hub"

/* In a time that says nothing but the length. */
static bool is_same(const char *given, size_t size, const char *secret)
{
        return size == strlen(secret) && bytes_equal(given, secret, size);
}

static bool is_good(const ExchangeAuth *auth, const char *given, size_t size)
{
        const char *secret;
        bool found = false;

        for (size_t i = 0; (secret = auth->secret(auth->context, i)); i++)
                found |= is_same(given, size, secret);
        return found;
}

/* What stands behind "Basic " or "Bearer "; NULL: nothing of that kind was said. */
static const char *credentials(struct MHD_Connection *connection, const char *header, const char *scheme)
{
        const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, header);
        const size_t size = strlen(scheme);

        if (!value || strncasecmp(value, scheme, size) != 0 || value[size] != ' ')
                return NULL;
        return value + size + strspn(value + size, " ");
}

static bool basic_judge(const ExchangeAuth *auth, struct MHD_Connection *connection)
{
        CLEANUP(secret_free) Buffer pair = { 0 };
        const char *given = credentials(connection, MHD_HTTP_HEADER_AUTHORIZATION, "Basic"), *colon;

        if (!given || !base64_read(given, strlen(given), &pair) || !(colon = memchr(pair.bytes, ':', pair.size)))
                return false;
        const int named = is_same(pair.bytes, (size_t)(colon - pair.bytes), auth->user);
        const int known = is_good(auth, colon + 1, pair.size - (size_t)(colon + 1 - pair.bytes));

        return (named & known) != 0; /* both are compared, so that the time does not tell which was wrong */
}

static bool token_judge(const ExchangeAuth *auth, struct MHD_Connection *connection)
{
        const char *given = auth->header ? MHD_lookup_connection_value(connection, MHD_HEADER_KIND, auth->header)
                                         : credentials(connection, MHD_HTTP_HEADER_AUTHORIZATION, "Bearer");

        return given && is_good(auth, given, strlen(given));
}

static enum MHD_DigestAuthAlgorithm algorithm_of(const ExchangeAuth *auth)
{
        return auth->is_sha256 ? MHD_DIGEST_ALG_SHA256 : MHD_DIGEST_ALG_MD5;
}

/* Once a request: a nonce and its count are spent by it. So one password is good, not two. */
static bool digest_judge(const ExchangeAuth *auth, struct MHD_Connection *connection, bool *is_stale)
{
        const char *password = auth->secret(auth->context, 0);
        int result;

        if (!password)
                return false;
        result = MHD_digest_auth_check2(connection, auth->realm, auth->user, password, NONCE_S, algorithm_of(auth));
        *is_stale = result == MHD_INVALID_NONCE;
        return result == MHD_YES;
}

unsigned auth_judge(const ExchangeAuth *auth, struct MHD_Connection *connection, bool *is_stale)
{
        bool is_welcome = true;

        switch (auth->kind) {
        case EXCHANGE_ANYBODY:
                break;
        case EXCHANGE_BASIC:
                is_welcome = basic_judge(auth, connection);
                break;
        case EXCHANGE_DIGEST:
                is_welcome = digest_judge(auth, connection, is_stale);
                break;
        case EXCHANGE_TOKEN:
                is_welcome = token_judge(auth, connection);
                break;
        }
        return is_welcome ? 0 : MHD_HTTP_UNAUTHORIZED;
}

enum MHD_Result auth_challenge(const ExchangeAuth *auth, struct MHD_Connection *connection, bool is_stale,
                               struct MHD_Response *response)
{
        if (auth->kind == EXCHANGE_DIGEST)
                return MHD_queue_auth_fail_response2(connection, auth->realm, OPAQUE, response,
                                                     is_stale ? MHD_YES : MHD_NO, algorithm_of(auth));
        if (auth->kind == EXCHANGE_BASIC)
                return MHD_queue_basic_auth_fail_response(connection, auth->realm, response);
        if (auth->kind == EXCHANGE_TOKEN && !auth->header)
                MHD_add_response_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer");
        return MHD_queue_response(connection, MHD_HTTP_UNAUTHORIZED, response);
}
