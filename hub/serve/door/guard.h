#pragma once

/*
 * What stands before every answer: by which way a request came, whether a page of somebody else sent it, and how often its sender
 * asks. Forwarded headers are believed of serve.proxies alone. Without TLS we hear loopback and those proxies, nobody else.
 *
 * A request that changes something is not taken from another origin (Origin, Sec-Fetch-Site), and where a cookie says who asks, only
 * with the token that belongs to its session in X-CSRF-Token.
 */

#include "hub/serve/call.h"

const char *guard_peer(const Call *call); /* the address that asks, without port; from the arena */
bool guard_is_secure(const Call *call);   /* TLS all the way, ours or the proxy's */
bool guard_way(Call *call);               /* before anything else is looked at; false: the answer is a problem */
bool guard_person(Call *call);            /* when it is known who asks; the same */
bool guard_changes(const Call *call);     /* may its method change something? */
