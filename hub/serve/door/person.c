#include "hub/serve/door/person.h"

#include "hub/base/text.h"
#include "hub/people/people.h"
#include "hub/serve/call.h"

#include <string.h>
#include <strings.h>

static const char bearer[] = "Bearer ";

const char *person_cookie(const Call *call, const char *start)
{
        const char *cookies = call_header(call, "Cookie");

        while (cookies && *cookies) {
                const size_t size = strcspn(cookies, ";");

                if (text_starts(cookies, start))
                        return arena_copy(call->arena, cookies + strlen(start), size - strlen(start));
                cookies += size;
                cookies += strspn(cookies, "; ");
        }
        return NULL;
}

const char *person_token(const Call *call)
{
        return person_cookie(call, "hub_session=");
}

const char *person_key(const Call *call)
{
        const char *authorization = call_header(call, "Authorization");
        const bool is_key = authorization && strncasecmp(authorization, bearer, strlen(bearer)) == 0;

        return is_key ? authorization + strlen(bearer) : NULL;
}

/* A wall's cookie is a machine's key: it lasts as long as the key does, and may no more than look. */
static const Person *person_cookied(People *people, const char *token, Arena *arena)
{
        const Person *person;

        if (!people_key_form(token))
                return people_session(people, token, arena);
        person = people_key(people, token, arena);
        return person && person->role == ROLE_VIEWER ? person : NULL;
}

/* Who shows a key is judged by it, whatever cookie comes along. */
const Person *person_shown(People *people, const char *key, const char *token, Arena *arena)
{
        const Person *person;

        if (key)
                return people_key(people, key, arena);
        person = token ? person_cookied(people, token, arena) : NULL;
        return person ? person : people_anybody(people);
}

const Person *person_of(Call *call)
{
        return person_shown(call->serve->people, person_key(call), person_token(call), call->arena);
}
