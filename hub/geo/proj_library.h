#pragma once

/*
 * PROJ (proj.org) and its geodesics, opened when they are first needed: with them come SQLite, TIFF and a second curl, some 4 MiB
 * that a process without grids and areas, as most adapters are, would hold for nothing.
 */

#include <geodesic.h>
#include <proj.h>

#define PROJ_FUNCTIONS(X)                                                                                              \
        X(proj_context_create)                                                                                         \
        X(proj_context_destroy)                                                                                        \
        X(proj_context_set_enable_network)                                                                             \
        X(proj_coord)                                                                                                  \
        X(proj_create)                                                                                                 \
        X(proj_create_crs_to_crs)                                                                                      \
        X(proj_destroy)                                                                                                \
        X(proj_get_source_crs)                                                                                         \
        X(proj_get_type)                                                                                               \
        X(proj_log_level)                                                                                              \
        X(proj_normalize_for_visualization)                                                                            \
        X(proj_trans)                                                                                                  \
        X(geod_init)                                                                                                   \
        X(geod_direct)                                                                                                 \
        X(geod_polygon_init)                                                                                           \
        X(geod_polygon_addpoint)                                                                                       \
        X(geod_polygon_compute)

typedef struct {
#define PROJ_MEMBER(name) __typeof__(name) *(name);
        PROJ_FUNCTIONS(PROJ_MEMBER)
#undef PROJ_MEMBER
} Proj;

const Proj *
proj_library(void); /* it stays for good; where it is not installed the process ends, as if it were linked */
