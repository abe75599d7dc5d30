#pragma once

/* Where something is: a position as the platform wrote it, or that of a device in its registry. */

#include "hub/adapter.h"
#include "hub/geo/crs.h"
#include "hub/geo/devices.h"
#include "hub/geo/outline.h"
#include "hub/geo/registry.h"

/* CRS_NONE: the platform has none. What is no position (0,0; swapped; off its grid) is left out and marked partial; false then. */
bool place_position(Crs crs, double accuracy_m, PositionMethod method, const char *lon, const char *lat, Event *event);

/* That of a row of a registry, where it has one. */
void place_registry(const RegistryPosition *at, double accuracy_m, PositionMethod method, Event *event);

/* What is drawn: its geometry, and where there is no position yet a place inside it. NULL, or too many corners, even drawn more simply: partial. */
void place_outline(const Outline *outline, double accuracy_m, Arena *arena, Event *event);
void place_wkt(Crs crs, const char *text, double accuracy_m, Arena *arena,
               Event *event); /* NULL, or EMPTY: nothing is drawn */

/*
 * The device itself as an object; its place and position where the registry knows it. `meant`: what the instance declares, or
 * CRS_NONE; where the registry says another the event is marked crs_assumed.
 */
void place_device(const Devices *devices, Crs meant, const char *id, ObjectKind kind, Event *event);

/* The same of the first of several names that the registry knows, else of the first that is not NULL; it is returned. */
const char *place_device_of(const Devices *devices, Crs meant, const char *const *names, size_t size, ObjectKind kind,
                            Event *event);

/*
 * What a device sees, so many metres off in a direction (degrees clockwise from north): the device's position moves there, and is a
 * tenth of the way uncertain, 30 m at least. NULL for either: it stays. What is neither (over 20 km, over 360) is marked partial.
 */
void place_aim(const char *bearing, const char *range_m, Event *event);
