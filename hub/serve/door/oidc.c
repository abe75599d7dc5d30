/* Logging in by OpenID Connect: authorization code with PKCE (RFC 7636), state and nonce; claims become role and zones. */

#include "hub/serve/door/oidc.h"

#include "hub/base/crypto.h"
#include "hub/base/json.h"
#include "hub/base/log.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/people/people.h"
#include "hub/serve/door/guard.h"
#include "hub/serve/door/login.h"
#include "hub/serve/door/oidc_issuer.h"
#include "hub/serve/routes.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
        SEE_OTHER = 303,
        UNAUTHENTICATED = 401,
        NOT_FOUND = 404,
        UNAVAILABLE = 503,
        PENDING_MOST = 1000,
        PENDING_MS = 10 * 60 * 1000,
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

static const ServeOptions *settings(const Call *call)
{
        return &call->serve->config->serve;
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
        const char *door;
        Pending pending;
        Error err = { 0 };

        if (!options->oidc_issuer) {
                call_problem(call, NOT_FOUND, "not-found", "there is no issuer here");
                return;
        }
        door = issuer_door(call, &err);
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
                               door, strchr(door, '?') ? '&' : '?', issuer_encoded(call, options->oidc_scope),
                               issuer_encoded(call, options->oidc_client), issuer_encoded(call, options->oidc_redirect),
                               pending.state, pending.nonce, challenge_of(call, pending.verifier)));
        call_body(call, SEE_OTHER, NULL);
}

/* ---- and back ---- */

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
        claims = issuer_claims(call, code, pending.verifier, pending.nonce, &err);
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
