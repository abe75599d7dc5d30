#pragma once

/* Who asks. What a person may do rises with the role: each may what those before it may. */

#include <stdbool.h>
#include <stddef.h>

typedef struct Call Call;

typedef enum { ROLE_NOBODY, ROLE_VIEWER, ROLE_DISPATCHER, ROLE_SUPERVISOR, ROLE_ADMINISTRATOR } Role;

typedef struct {
        const char *name; /* as commands tell it: "user:lin" */
        Role role;
        bool sees_all;            /* every zone */
        const char *const *zones; /* else these, ending with NULL */
} Person;

/* Of this request, from its arena; NULL: nobody that we know. On the server's thread or a worker's: must not wait. */
const Person *person_of(Call *call);

bool person_sees(const Person *person, const char *zone);
const char *role_name(Role role); /* "viewer"; "nobody" */
