#include "hub/serve/door/oidc_issuer.h"

#include "hub/base/crypto.h"
#include "hub/base/json.h"
#include "hub/base/secret.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/people/id_token.h"
#include "hub/source/http/http_client.h"

#include <ctype.h>
#include <string.h>

enum { OK = 200, BAD_REQUEST = 400, HTTP_MS = 10 * 1000, SLICE_MS = 100, ANSWER_MOST = 1 << 20 };

/* Owned; NULL: err. */
static json_t *issuer_ask(const Call *call, const HttpRequest *request, Error *err)
{
        HttpClient *client = http_open(&(HttpSetup){
                .ca_file = call->serve->config->serve.oidc_ca_file, .timeout_ms = HTTP_MS, .byte_cap = ANSWER_MOST });
        json_t *answer = NULL;
        HttpResult result;

        http_start(client, request);
        while ((result = http_wait(client, SLICE_MS, err)) == HTTP_BUSY)
                ;
        if (result == HTTP_ANSWERED) {
                const HttpAnswer *told = http_answer(client);

                if (told->status != OK)
                        (void)error_set(err, told->status == BAD_REQUEST ? ERR_INPUT : ERR_RETRY, NULL,
                                        "the issuer answers %ld", told->status);
                else
                        answer = json_read_typed(told->body.bytes, told->body.size, err);
        }
        http_close(client);
        return answer;
}

/* Of the configured issuer, and of nobody who answers in its place. */
static json_t *discover(const Call *call, Error *err)
{
        const char *issuer = call->serve->config->serve.oidc_issuer;
        const size_t size = strlen(issuer);
        const char *url = arena_format(call->arena, "%s%s.well-known/openid-configuration", issuer,
                                       size && issuer[size - 1] == '/' ? "" : "/");
        json_t *found = issuer_ask(call, &(HttpRequest){ .url = url }, err);

        if (found && text_same(json_string_value(json_object_get(found, "issuer")), issuer))
                return found;
        if (found)
                (void)error_set(err, ERR_FATAL, NULL, "%s tells of another issuer", issuer);
        json_decref(found);
        return NULL;
}

const char *issuer_encoded(const Call *call, const char *text)
{
        static const char digits[] = "0123456789ABCDEF";
        char *out = arena_take(call->arena, 3 * strlen(text) + 1), *at = out;

        for (; *text; text++) {
                const unsigned char byte = (unsigned char)*text;

                if (isalnum(byte) || strchr("-._~", byte)) {
                        *at++ = *text;
                        continue;
                }
                *at++ = '%';
                *at++ = digits[byte >> 4];
                *at++ = digits[byte & 15];
        }
        return out;
}

const char *issuer_door(const Call *call, Error *err)
{
        CLEANUP(json_drop) json_t *found = discover(call, err);
        const char *door = json_string_value(json_object_get(found, "authorization_endpoint"));

        return door ? arena_copy(call->arena, door, strlen(door)) : NULL;
}

/* client_secret_basic, RFC 6749 section 2.3.1; NULL: a public client. */
static bool client_header(const Call *call, const char **header, Error *err)
{
        const ServeOptions *options = &call->serve->config->serve;
        CLEANUP(secret_free) Buffer secret = { 0 };
        CLEANUP(secret_free) Buffer out = { 0 };
        const char *pair;

        *header = NULL;
        if (!options->oidc_secret_file)
                return true;
        if (!secret_read(&secret, options->oidc_secret_file, err))
                return false;
        pair = arena_format(call->arena, "%s:%s", issuer_encoded(call, options->oidc_client),
                            issuer_encoded(call, secret.bytes));
        base64_text(&out, pair, strlen(pair));
        *header = arena_format(call->arena, "Authorization: Basic %s", out.bytes);
        return true;
}

json_t *issuer_claims(const Call *call, const char *code, const char *verifier, const char *nonce, Error *err)
{
        const ServeOptions *options = &call->serve->config->serve;
        CLEANUP(json_drop) json_t *found = discover(call, err);
        const char *tokens = json_string_value(json_object_get(found, "token_endpoint"));
        const char *keys_url = json_string_value(json_object_get(found, "jwks_uri"));
        CLEANUP(json_drop) json_t *told = NULL;
        CLEANUP(json_drop) json_t *keys = NULL;
        const char *headers[] = { NULL, NULL };

        if (!tokens || !keys_url || !client_header(call, &headers[0], err))
                return NULL;
        told = issuer_ask(call,
                          &(HttpRequest){ .url = tokens,
                                          .body = arena_format(call->arena,
                                                               "grant_type=authorization_code&code=%s&redirect_uri=%s"
                                                               "&client_id=%s&code_verifier=%s",
                                                               issuer_encoded(call, code),
                                                               issuer_encoded(call, options->oidc_redirect),
                                                               issuer_encoded(call, options->oidc_client), verifier),
                                          .headers = headers },
                          err);
        const char *token = json_string_value(json_object_get(told, "id_token"));
        keys = token ? issuer_ask(call, &(HttpRequest){ .url = keys_url }, err) : NULL;
        if (!keys)
                return NULL;
        return id_token_read(token, keys,
                             &(IdTokenWanted){ options->oidc_issuer, options->oidc_client, nonce, time_wall() }, err);
}
