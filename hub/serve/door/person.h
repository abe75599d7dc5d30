#pragma once

/* Who asks: the person of a request, by its key or by the cookie of its session. */

#include "hub/base/memory.h"
#include "hub/people/person.h"

typedef struct Call Call;
typedef struct People People;

/* Of this request, from its arena; NULL: nobody that we know. On the server's thread or a worker's: does not wait. */
const Person *person_of(Call *call);
/* The same of what a request showed, each NULL where it did not. */
const Person *person_shown(People *people, const char *key, const char *token, Arena *arena);
const char *person_key(const Call *call);                       /* behind "Bearer "; borrowed; NULL: none */
const char *person_token(const Call *call);                     /* of its cookie, from the arena; NULL: none */
const char *person_cookie(const Call *call, const char *start); /* "name="; the same */
