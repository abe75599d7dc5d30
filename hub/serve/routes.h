#pragma once

/* The tables of routes, one a file. */

#include "hub/serve/route.h"

extern const Route landing_routes[];
extern const Route items_routes[];
extern const Route events_routes[];
extern const Route incident_routes[];
extern const Route platforms_routes[];
extern const Route figures_routes[];
extern const Route lists_routes[];
extern const Route find_routes[];
extern const Route files_routes[];
extern const Route commands_routes[];
extern const Route login_routes[];
extern const Route members_routes[];
extern const Route stream_routes[];
extern const Route oidc_routes[];
