#pragma once

/*
 * The issuer of OpenID Connect that the site names: where it lets people log in, and what it says of who comes back with a code.
 * Everything is asked for anew, of the configured issuer and of nobody who answers in its place; each answer has ten seconds.
 * Errors: ERR_INPUT when its word is not to be believed, ERR_RETRY when it is away, ERR_FATAL when it is another one. ERR_NONE with
 * nothing answered: it leaves out what it must tell.
 */

#include "hub/serve/call.h"

#include <jansson.h>

/* The address of its door, in the call's arena; NULL: err. */
const char *issuer_door(const Call *call, Error *err);

/* A code for an ID token, whose signature, issuer, client, nonce and times are looked at (hub/people/id_token.h): its claims, owned; NULL: err. */
json_t *issuer_claims(const Call *call, const char *code, const char *verifier, const char *nonce, Error *err);

/* As a value in a query or a form (RFC 3986), in the call's arena. */
const char *issuer_encoded(const Call *call, const char *text);
