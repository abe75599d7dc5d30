#pragma once

/* Who asks: the person of a request, by its key or by the cookie of its session. */

#include "hub/people/person.h"

typedef struct Call Call;

/* Of this request, from its arena; NULL: nobody that we know. On the server's thread or a worker's: does not wait. */
const Person *person_of(Call *call);
const char *person_token(const Call *call);                     /* of its cookie, from the arena; NULL: none */
const char *person_cookie(const Call *call, const char *start); /* "name="; the same */
