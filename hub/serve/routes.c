#include "hub/serve/routes.h"

#include <stddef.h>

/* One a line: several hands add to it. */
/* clang-format off */
const Route *const routes[] = {
        landing_routes,
        items_routes,
        events_routes,
        incident_routes,
        platforms_routes,
        figures_routes,
        lists_routes,
        find_routes,
        login_routes,
        members_routes,
        oidc_routes,
        commands_routes,
        stream_routes,
        files_routes, /* the last: it takes what is left */
        NULL,
};
/* clang-format on */
