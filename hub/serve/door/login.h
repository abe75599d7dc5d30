#pragma once

/* What every way of logging in ends with. */

#include "hub/serve/call.h"

void login_cookie(Call *call, const char *token);                /* "": none any more */
void login_done(Call *call, const char *token, const char *way); /* the cookie, and a line in the log */
