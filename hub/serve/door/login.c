/* Who am I, logging in and out: sessions by password and by a link that works once, walls by a key. */

#include "hub/serve/door/login.h"
#include "hub/base/json.h"
#include "hub/base/log.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/people/people.h"
#include "hub/serve/body.h"
#include "hub/serve/door/guard.h"
#include "hub/serve/routes.h"

#include <inttypes.h>
#include <string.h>

enum {
        OK = 200,
        NO_CONTENT = 204,
        SEE_OTHER = 303,
        UNAUTHENTICATED = 401,
        FORBIDDEN = 403,
        TOO_MANY = 429,
        SECOND_MS = 1000,
        WALL_S = 400 * 24 * 60 * 60 /* browsers keep a cookie no longer */
};

json_t *login_zones(const Call *call, const Person *person)
{
        const Zones *zones = call->serve->config->zones;
        json_t *list = json_array();

        for (size_t i = 0; zones && i < zones_size(zones); i++)
                if (person_sees(person, zones_at(zones, i)->id))
                        json_array_append_new(list, json_string(zones_at(zones, i)->id));
        return list;
}

static json_t *zone_names(const Call *call)
{
        const Zones *zones = call->serve->config->zones;
        json_t *names = json_object();

        for (size_t i = 0; zones && i < zones_size(zones); i++)
                if (person_sees(call->person, zones_at(zones, i)->id))
                        json_object_set_new(names, zones_at(zones, i)->id, json_string(zones_at(zones, i)->name));
        return names;
}

static void me(Call *call)
{
        const Person *person = call->person;
        const char *colon = strchr(person->name, ':');
        json_t *told = json_pack("{s:s, s:s, s:s, s:o, s:o, s:b, s:s}", "name", colon ? colon + 1 : person->name, "id",
                                 person->name, "role", role_name(person->role), "zones", login_zones(call, person),
                                 "zone_names", zone_names(call), "all_zones", person->sees_all, "by", person->by);
        char text[TIME_TEXT_SIZE];

        if (person->csrf)
                json_object_set_new(told, "csrf", json_string(person->csrf));
        if (person->expires_in)
                json_object_set_new(told, "expires", json_string(time_text(time_wall() + person->expires_in, text)));
        call_json(call, OK, told);
}

/* Of whoever holds it all may be asked: no script reads it, no other site sends it. */
static void cookie_tell(Call *call, const char *token, int64_t lasts)
{
        call_tell(call, "Set-Cookie",
                  arena_format(call->arena, "hub_session=%s; Path=/; Max-Age=%" PRId64 "; HttpOnly; SameSite=Strict%s",
                               token, lasts, guard_is_secure(call) ? "; Secure" : ""));
}

void login_cookie(Call *call, const char *token)
{
        cookie_tell(call, token, *token ? call->serve->config->serve.session_most / SECOND_MS : 0);
}

static bool refused(Call *call, int64_t wait, const char *why)
{
        log_warning("a login failed", LOG_TEXT("peer", guard_peer(call)), LOG_TEXT("request", call->id),
                    LOG_TEXT("why", wait ? "too many tries" : why));
        if (!wait)
                return call_problem(call, UNAUTHENTICATED, "unauthenticated", "%s", why);
        call_tell(call, "Retry-After", arena_format(call->arena, "%" PRId64, (wait + SECOND_MS - 1) / SECOND_MS));
        return call_problem(call, TOO_MANY, "too-many", "too many logins that failed; wait");
}

void login_done(Call *call, const char *token, const char *way)
{
        const Person *person = people_session(call->serve->people, token, call->arena);

        log_info("logged in", LOG_TEXT("person", person ? person->name : "?"), LOG_TEXT("by", way),
                 LOG_TEXT("peer", guard_peer(call)), LOG_TEXT("request", call->id));
        login_cookie(call, token);
}

static void login(Call *call)
{
        CLEANUP(json_drop) json_t *body = body_read(call);
        const char *user = json_string_value(json_object_get(body, "user"));
        const char *password = json_string_value(json_object_get(body, "password"));
        char token[TOKEN_SIZE];
        int64_t wait;

        if (!body)
                return;
        if (!user || !password || json_object_size(body) != 2) {
                body_wrong(call, "", "user and password, and nothing else");
                return;
        }
        if (!people_login(call->serve->people, user, password, guard_peer(call), token, &wait)) {
                refused(call, wait, "user or password is wrong");
                return;
        }
        login_done(call, token, "password");
        call_body(call, NO_CONTENT, NULL);
}

static void leave(Call *call)
{
        const char *token = person_token(call);

        if (token && call->person->csrf) {
                people_leave(call->serve->people, token);
                log_info("logged out", LOG_TEXT("person", call->person->name), LOG_TEXT("request", call->id));
        }
        login_cookie(call, "");
        call_body(call, NO_CONTENT, NULL);
}

/*
 * A wall, which runs for weeks and over restarts: its cookie is a viewer's key, of which no more is known than the file says. What may
 * do more than look is too good for an address.
 */
static void wall_enter(Call *call, const char *key)
{
        const Person *person = people_key(call->serve->people, key, call->arena);

        if (!person) {
                refused(call, 0, "there is no such key");
                return;
        }
        if (person->role != ROLE_VIEWER) {
                call_problem(call, FORBIDDEN, "forbidden", "only a viewer's key comes in by an address");
                return;
        }
        log_info("logged in", LOG_TEXT("person", person->name), LOG_TEXT("by", "wall"),
                 LOG_TEXT("peer", guard_peer(call)), LOG_TEXT("request", call->id));
        cookie_tell(call, key, WALL_S);
        call_tell(call, "Location", "/?wall");
        call_body(call, SEE_OTHER, NULL);
}

/* A look with HEAD, as previews of messages do it, does not use the key up. */
static void link_follow(Call *call)
{
        const char *key = call_argument(call, "key");
        char token[TOKEN_SIZE];
        int64_t wait;

        if (!key) {
                call_wrong(call, "key", "is missing");
                return;
        }
        if (text_same(call->request->method, "HEAD")) {
                call_body(call, NO_CONTENT, NULL);
                return;
        }
        if (people_key_form(key)) {
                wall_enter(call, key);
                return;
        }
        if (!people_link(call->serve->people, key, guard_peer(call), token, &wait)) {
                refused(call, wait, "the link was used, or is too old");
                return;
        }
        login_done(call, token, "link");
        call_tell(call, "Location", "/");
        call_body(call, SEE_OTHER, NULL);
}

static const char *const link_arguments[] = { "key", NULL };

const Route login_routes[] = {
        { "GET", "/v1/me", ROLE_VIEWER, me, .flags = ROUTE_DIRECT },
        { "POST", "/v1/session", ROLE_NOBODY, login, .flags = ROUTE_NO_DATABASE },
        { "DELETE", "/v1/session", ROLE_VIEWER, leave, .flags = ROUTE_DIRECT },
        { "GET", "/v1/session/link", ROLE_NOBODY, link_follow, link_arguments, ROUTE_NO_DATABASE },
        { 0 },
};
