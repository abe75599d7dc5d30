#pragma once

/*
 * What is asked for, and who answers it. Each file of hub/serve has a table of its own, which ends with a NULL method;
 * routes.c joins them, and the first that fits is taken. A part of a path in braces stands for any one part that is not
 * empty, "*" at its end for all of the rest. GET answers HEAD, too.
 */

#include "hub/serve/door/person.h"

typedef struct Call Call;

enum {
        ROUTE_DIRECT = 1,      /* on the server's thread, at once: no database, and it must not wait */
        ROUTE_NO_DATABASE = 2, /* a worker's, also while PostgreSQL is away: call->db may be NULL */
        ROUTE_PARTS_MOST = 8
};

typedef struct {
        const char *method, *path; /* "/v1/incidents/{id}" */
        Role least;                /* above ROLE_NOBODY: call->person is there */
        void (*answer)(Call *call);
        const char *const *arguments; /* that its query may have, ending with NULL; NULL: none. Others are told 400 */
        unsigned flags;
} Route;

typedef struct {
        const char *names[ROUTE_PARTS_MOST]; /* "{id}", "*": as they stand in the route's path */
        const char *begins[ROUTE_PARTS_MOST];
        size_t sizes[ROUTE_PARTS_MOST], size;
} RouteParts;

typedef struct {
        const Route *route;   /* NULL: none */
        RouteParts parts;     /* borrowed from the path */
        bool is_known;        /* the path is one of ours, for another method */
        const char *allow[4]; /* its methods, ending with NULL */
} RouteFound;

/* The tables end with NULL. */
RouteFound route_find(const Route *const *tables, const char *method, const char *path);

extern const Route *const routes[]; /* all of hub/serve */
