#pragma once

/* What every way of logging in ends with. */

#include "hub/serve/call.h"

/* Those of the site that he sees; owned. */
json_t *login_zones(const Call *call, const Person *person);

void login_cookie(Call *call, const char *token);                /* "": none any more */
void login_done(Call *call, const char *token, const char *way); /* the cookie, and a line in the log */
