#include "hub/serve/door/guard.h"

#include "hub/base/crypto.h"
#include "hub/base/text.h"
#include "hub/people/people.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

enum { SECOND_MS = 1000, FORBIDDEN = 403, TOO_MANY = 429 };

/* ---- the way ---- */

/* "192.0.2.7" of "192.0.2.7:4711", "::1" of "[::1]:4711". */
static const char *without_port(const Call *call, const char *peer)
{
        const bool is_six = peer[0] == '[';
        const char *end = is_six ? strchr(peer, ']') : strrchr(peer, ':');

        return arena_copy(call->arena, peer + is_six, end ? (size_t)(end - peer) - is_six : strlen(peer));
}

static bool is_loopback(const char *address)
{
        return text_starts(address, "127.") || text_same(address, "::1");
}

static bool is_proxy(const Call *call, const char *address)
{
        const TextList *proxies = &call->serve->config->serve.proxies;

        for (size_t i = 0; i < proxies->size; i++)
                if (text_same(proxies->items[i], address))
                        return true;
        return false;
}

/* The last of its name: a proxy adds its own behind what the client had said. */
static const char *header_last(const Call *call, const char *name)
{
        const char *value = NULL;

        for (const ExchangeHeader *at = call->request->headers; at->name; at++)
                if (strcasecmp(at->name, name) == 0)
                        value = at->value;
        return value;
}

const char *guard_peer(const Call *call)
{
        const char *peer = without_port(call, call->request->peer);
        const char *told = is_proxy(call, peer) ? header_last(call, "X-Forwarded-For") : NULL;
        const char *comma = told ? strrchr(told, ',') : NULL;
        unsigned char address[sizeof(struct in6_addr)];

        if (!told)
                return peer;
        told = comma ? comma + 1 : told;
        told += strspn(told, " ");
        return inet_pton(AF_INET, told, address) == 1 || inet_pton(AF_INET6, told, address) == 1 ? told : peer;
}

bool guard_is_secure(const Call *call)
{
        const char *peer = without_port(call, call->request->peer);

        if (call->serve->config->serve.certificate)
                return true;
        return is_proxy(call, peer) && text_same(header_last(call, "X-Forwarded-Proto"), "https");
}

bool guard_way(Call *call)
{
        const char *peer = without_port(call, call->request->peer);

        if (call->serve->config->serve.certificate || is_loopback(peer) || is_proxy(call, peer))
                return true;
        return call_problem(call, FORBIDDEN, "forbidden", "only by way of the proxy");
}

/* ---- who sends it ---- */

bool guard_changes(const Call *call)
{
        return !text_same(call->request->method, "GET") && !text_same(call->request->method, "HEAD");
}

/* Of our own address, or of no page at all. */
static bool is_own_origin(const Call *call)
{
        const char *origin = call_header(call, "Origin"), *host = call_header(call, "Host");
        const char *site = call_header(call, "Sec-Fetch-Site");

        if (site && !text_same(site, "same-origin") && !text_same(site, "none"))
                return false;
        return !origin || text_same(origin, arena_format(call->arena, "%s://%s",
                                                         guard_is_secure(call) ? "https" : "http", host ? host : ""));
}

static bool is_token(const char *wanted, const char *given)
{
        return given && strlen(given) == strlen(wanted) && bytes_equal(given, wanted, strlen(wanted));
}

static bool rate_check(Call *call)
{
        const int64_t wait = people_rate(call->serve->people, call->person ? call->person->name : guard_peer(call));

        if (!wait)
                return true;
        call_tell(call, "Retry-After", arena_format(call->arena, "%" PRId64, (wait + SECOND_MS - 1) / SECOND_MS));
        return call_problem(call, TOO_MANY, "too-many", "more requests than one may ask in a second");
}

bool guard_person(Call *call)
{
        if (guard_changes(call)) {
                if (!is_own_origin(call))
                        return call_problem(call, FORBIDDEN, "cross-site", "a page of another origin sent it");
                if (call->person && call->person->csrf &&
                    !is_token(call->person->csrf, call_header(call, "X-CSRF-Token")))
                        return call_problem(call, FORBIDDEN, "cross-site",
                                            "X-CSRF-Token is not the one of this session; GET /v1/me tells it");
        }
        return rate_check(call);
}
