#include "hub/serve/routes.h"

#include <stddef.h>

const Route *const routes[] = {
        landing_routes,
        files_routes,
        NULL,
};
