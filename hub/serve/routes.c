#include "hub/serve/routes.h"

#include <stddef.h>

const Route
        *const routes[] = {
                landing_routes, items_routes, events_routes, incident_routes, platforms_routes,
                figures_routes, lists_routes, find_routes,   login_routes,    commands_routes,
                stream_routes,  files_routes, /* the last: it takes what is left */
                NULL,
        };
