#pragma once

/* Who asks. What a person may do rises with the role: each may what those before it may. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum { ROLE_NOBODY, ROLE_VIEWER, ROLE_DISPATCHER, ROLE_SUPERVISOR, ROLE_ADMINISTRATOR } Role;

typedef struct {
        const char *name; /* as commands tell it: "user:lin", "key:robot", "oidc:chen" */
        Role role;
        bool sees_all;            /* every zone */
        const char *const *zones; /* else these, ending with NULL */
        const char *by;           /* how we know: "session", "link", "key", "anybody" */
        const char *csrf;         /* what X-CSRF-Token must hold where a cookie says who asks; NULL: no cookie does */
        int64_t expires_in;       /* ms; 0: it does not */
} Person;

bool person_sees(const Person *person, const char *zone);
const char *role_name(Role role);             /* "viewer"; "nobody" */
bool role_find(const char *name, Role *role); /* of those that somebody may have */
