#pragma once

/*
 * Passwords as they are kept: scrypt (RFC 7914) with its parameters beside it, "scrypt:N:r:p:SALT:KEY", salt and key in hex. New
 * ones are made with N = 2^15, r = 8, p = 3 (OWASP, Password Storage), which takes 32 MiB and a tenth of a second or two; what a
 * file asks for is bounded, so that none stops us.
 */

#include "hub/base/buffer.h"
#include "hub/base/error.h"

enum { PASSWORD_LEAST = 8, PASSWORD_MOST = 256 }; /* code points; bytes */

bool password_fit(const char *password, Error *err); /* ERR_INPUT: too short, too long, no UTF-8 */
void password_keep(Buffer *out, const char *password);
bool password_form(const char *kept); /* is it such a text? */

/* Compared in constant time. kept NULL or "-": false, and it takes as long as with a new one. */
bool password_is(const char *kept, const char *password);
