/* Logging in by OpenID Connect: authorization code with PKCE (RFC 7636), state and nonce; claims become role and zones. */

#include "hub/serve/door/oidc.h"

#include "hub/base/crypto.h"
#include "hub/base/json.h"
#include "hub/base/log.h"
#include "hub/base/map.h"
#include "hub/base/secret.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/people/id_token.h"
#include "hub/people/people.h"
#include "hub/serve/door/guard.h"
#include "hub/serve/door/login.h"
#include "hub/serve/routes.h"
#include "hub/source/http/http_client.h"

#include <ctype.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
        OK = 200,
        SEE_OTHER = 303,
        BAD_REQUEST = 400,
        UNAUTHENTICATED = 401,
        NOT_FOUND = 404,
        UNAVAILABLE = 503,
        PENDING_MOST = 1000,
        PENDING_MS = 10 * 60 * 1000,
        HTTP_MS = 10 * 1000,
        SLICE_MS = 100,
        ANSWER_MOST = 1 << 20,
        ZONES_SIZE = 4096,
        NAME_MOST = 64
};

/* A login that went to the issuer and is not back yet, by its state. */
typedef struct {
        char state[TOKEN_SIZE], nonce[TOKEN_SIZE], verifier[TOKEN_SIZE];
        int64_t until;
} Pending;

struct Oidc {
        pthread_mutex_t lock;
        Pending ring[PENDING_MOST];
        size_t next;
};

Oidc *oidc_new(void)
{
        Oidc *oidc = mem_new(sizeof(Oidc));

        pthread_mutex_init(&oidc->lock, NULL);
        return oidc;
}

void oidc_free(Oidc *oidc)
{
        if (!oidc)
                return;
        pthread_mutex_destroy(&oidc->lock);
        free(oidc);
}

static Pending pending_make(Oidc *oidc)
{
        Pending made = { .until = time_monotonic() + PENDING_MS };

        token_make(made.state);
        token_make(made.nonce);
        token_make(made.verifier);
        pthread_mutex_lock(&oidc->lock);
        oidc->ring[oidc->next] = made;
        oidc->next = (oidc->next + 1) % PENDING_MOST;
        pthread_mutex_unlock(&oidc->lock);
        return made;
}

/* Once. */
static bool pending_take(Oidc *oidc, const char *state, Pending *taken)
{
        bool is_there = false;

        pthread_mutex_lock(&oidc->lock);
        for (size_t i = 0; i < PENDING_MOST && !is_there; i++) {
                Pending *one = &oidc->ring[i];

                if (!one->state[0] || !text_same(one->state, state))
                        continue;
                is_there = one->until > time_monotonic();
                *taken = *one;
                *one = (Pending){ 0 };
        }
        pthread_mutex_unlock(&oidc->lock);
        return is_there;
}

/* ---- the issuer ---- */

static const ServeOptions *settings(const Call *call)
{
        return &call->serve->config->serve;
}

/* Owned; NULL: err. */
static json_t *issuer_ask(const Call *call, const HttpRequest *request, Error *err)
{
        HttpClient *client = http_open(&(HttpSetup){
                .ca_file = settings(call)->oidc_ca_file, .timeout_ms = HTTP_MS, .byte_cap = ANSWER_MOST });
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
        const char *issuer = settings(call)->oidc_issuer;
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

static const char *encoded(const Call *call, const char *text)
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

static bool is_away(Call *call, Error *err)
{
        if (err->kind == ERR_NONE)
                (void)error_set(err, ERR_RETRY, NULL, "the issuer leaves out what it must tell");
        log_warning("a login by the issuer failed", LOG_TEXT("error", err->text), LOG_TEXT("request", call->id));
        if (err->kind == ERR_INPUT)
                return call_problem(call, UNAUTHENTICATED, "unauthenticated",
                                    "the issuer's word is not to be believed");
        call_tell(call, "Retry-After", "5");
        return call_problem(call, UNAVAILABLE, "issuer-away", "who logs people in does not answer");
}

/* ---- there ---- */

static const char *challenge_of(const Call *call, const char *verifier)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        uint8_t digest[SHA256_SIZE];

        sha256(verifier, strlen(verifier), digest);
        base64url_text(&text, digest, sizeof(digest));
        return arena_copy(call->arena, text.bytes, text.size);
}

static void state_cookie(Call *call, const char *state)
{
        call_tell(call, "Set-Cookie",
                  arena_format(call->arena, "hub_login=%s; Path=/v1/session/oidc; Max-Age=%d; HttpOnly; SameSite=Lax%s",
                               state, *state ? PENDING_MS / 1000 : 0, guard_is_secure(call) ? "; Secure" : ""));
}

static void go(Call *call)
{
        const ServeOptions *options = settings(call);
        CLEANUP(json_drop) json_t *found = NULL;
        const char *door;
        Pending pending;
        Error err = { 0 };

        if (!options->oidc_issuer) {
                call_problem(call, NOT_FOUND, "not-found", "there is no issuer here");
                return;
        }
        found = discover(call, &err);
        door = json_string_value(json_object_get(found, "authorization_endpoint"));
        if (!door) {
                is_away(call, &err);
                return;
        }
        pending = pending_make(call->serve->oidc);
        state_cookie(call, pending.state);
        call_tell(call, "Location",
                  arena_format(call->arena,
                               "%s%cresponse_type=code&scope=%s&client_id=%s&redirect_uri=%s&state=%s&nonce=%s"
                               "&code_challenge=%s&code_challenge_method=S256",
                               door, strchr(door, '?') ? '&' : '?', encoded(call, options->oidc_scope),
                               encoded(call, options->oidc_client), encoded(call, options->oidc_redirect),
                               pending.state, pending.nonce, challenge_of(call, pending.verifier)));
        call_body(call, SEE_OTHER, NULL);
}

/* ---- and back ---- */

/* client_secret_basic, RFC 6749 section 2.3.1; NULL: a public client. */
static bool client_header(const Call *call, const char **header, Error *err)
{
        CLEANUP(secret_free) Buffer secret = { 0 };
        CLEANUP(secret_free) Buffer out = { 0 };
        const char *pair;

        *header = NULL;
        if (!settings(call)->oidc_secret_file)
                return true;
        if (!secret_read(&secret, settings(call)->oidc_secret_file, err))
                return false;
        pair = arena_format(call->arena, "%s:%s", encoded(call, settings(call)->oidc_client),
                            encoded(call, secret.bytes));
        base64_text(&out, pair, strlen(pair));
        *header = arena_format(call->arena, "Authorization: Basic %s", out.bytes);
        return true;
}

static json_t *claims_fetch(Call *call, const Pending *pending, const char *code, Error *err)
{
        const ServeOptions *options = settings(call);
        CLEANUP(json_drop) json_t *found = discover(call, err);
        const char *tokens = json_string_value(json_object_get(found, "token_endpoint"));
        const char *keys_url = json_string_value(json_object_get(found, "jwks_uri"));
        CLEANUP(json_drop) json_t *told = NULL;
        CLEANUP(json_drop) json_t *keys = NULL;
        const char *headers[] = { NULL, NULL };

        if (!tokens || !keys_url || !client_header(call, &headers[0], err))
                return NULL;
        told = issuer_ask(
                call,
                &(HttpRequest){ .url = tokens,
                                .body = arena_format(call->arena,
                                                     "grant_type=authorization_code&code=%s&redirect_uri=%s"
                                                     "&client_id=%s&code_verifier=%s",
                                                     encoded(call, code), encoded(call, options->oidc_redirect),
                                                     encoded(call, options->oidc_client), pending->verifier),
                                .headers = headers },
                err);
        const char *token = json_string_value(json_object_get(told, "id_token"));
        keys = token ? issuer_ask(call, &(HttpRequest){ .url = keys_url }, err) : NULL;
        if (!keys)
                return NULL;
        return id_token_read(
                token, keys,
                &(IdTokenWanted){ options->oidc_issuer, options->oidc_client, pending->nonce, time_wall() }, err);
}

/* A claim is one text or a list of them. */
static const char *claim_at(const json_t *claim, size_t index)
{
        return json_is_array(claim) ? json_string_value(json_array_get(claim, index))
               : index == 0         ? json_string_value(claim)
                                    : NULL;
}

/* The highest that his groups give. */
static Role role_of(const ServeOptions *options, const json_t *claims)
{
        const json_t *groups = json_object_get(claims, options->oidc_role_claim);
        Role highest = ROLE_NOBODY, role;
        const char *group;

        for (size_t i = 0; (group = claim_at(groups, i)); i++) {
                const char *named = table_get(&options->oidc_roles, group);

                if (named && role_find(named, &role) && role > highest)
                        highest = role;
        }
        return highest;
}

/* "" is no zone: nobody is let in with none. */
static const char *zones_of(const Call *call, const json_t *claims)
{
        const char *name = settings(call)->oidc_zones_claim, *zone, *zones = "";

        if (!name)
                return "*";
        for (size_t i = 0; (zone = claim_at(json_object_get(claims, name), i)); i++)
                if (zones_find(call->serve->config->zones, zone))
                        zones = arena_format(call->arena, "%s%s%s", zones, *zones ? "," : "", zone);
        return zones;
}

static bool name_fits(const char *name)
{
        const size_t size = name ? strlen(name) : 0;

        for (size_t i = 0; i < size; i++)
                if ((unsigned char)name[i] <= ' ' || name[i] == 0x7f)
                        return false;
        return size > 0 && size <= NAME_MOST;
}

static void admit(Call *call, const json_t *claims)
{
        const ServeOptions *options = settings(call);
        const char *name = json_string_value(json_object_get(claims, options->oidc_name_claim));
        const char *zones = zones_of(call, claims);
        const Role role = role_of(options, claims);
        char token[TOKEN_SIZE];

        if (!name_fits(name) || role == ROLE_NOBODY || !*zones) {
                log_warning("who the issuer knows is nobody here", LOG_TEXT("request", call->id));
                call_problem(call, 403, "forbidden", "you are known, but nothing here is for you");
                return;
        }
        people_admit(call->serve->people, name, role, zones, token);
        login_done(call, token, "issuer");
        state_cookie(call, "");
        call_tell(call, "Location", "/");
        call_body(call, SEE_OTHER, NULL);
}

static void back(Call *call)
{
        const char *state = call_argument(call, "state"), *code = call_argument(call, "code");
        const char *cookie = person_cookie(call, "hub_login=");
        CLEANUP(json_drop) json_t *claims = NULL;
        Pending pending;
        Error err = { 0 };

        if (!state || !code || !cookie || !text_same(cookie, state) ||
            !pending_take(call->serve->oidc, state, &pending)) {
                call_problem(call, UNAUTHENTICATED, "unauthenticated", "this login was not begun here, or is over");
                return;
        }
        claims = claims_fetch(call, &pending, code, &err);
        if (claims)
                admit(call, claims);
        else
                is_away(call, &err);
}

static const char *const back_arguments[] = {
        "code", "state", "iss", "session_state", "scope", "error", "error_description", NULL
};

const Route oidc_routes[] = {
        { "GET", "/v1/session/oidc", ROLE_NOBODY, go, .flags = ROUTE_NO_DATABASE },
        { "GET", "/v1/session/oidc/callback", ROLE_NOBODY, back, back_arguments, ROUTE_NO_DATABASE },
        { 0 },
};
