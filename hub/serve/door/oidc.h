#pragma once

/* Logins that are under way at an issuer of OpenID Connect: bounded, for ten minutes each, in memory. From any thread. */

typedef struct Oidc Oidc;

Oidc *oidc_new(void);
void oidc_free(Oidc *oidc); /* also NULL */
