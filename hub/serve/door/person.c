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

/* Who shows a key is judged by it, whatever cookie comes along. */
const Person *person_of(Call *call)
{
        People *people = call->serve->people;
        const char *authorization = call_header(call, "Authorization"), *token;
        const Person *person;

        if (authorization && strncasecmp(authorization, bearer, strlen(bearer)) == 0)
                return people_key(people, authorization + strlen(bearer), call->arena);
        token = person_token(call);
        person = token ? people_session(people, token, call->arena) : NULL;
        return person ? person : people_anybody(people);
}
