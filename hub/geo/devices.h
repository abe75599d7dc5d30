#pragma once

/*
 * Device registries (messages.md section 7): CSV with device_id,name,kind,lon,lat,crs,radius_m,place,category.
 * Positions are turned to WGS 84 on loading. A row without position is a device whose place is not known.
 */

#include "hub/base/options.h"
#include "hub/geo/registry.h"

typedef struct {
        const char *id, *name, *kind, *place, *category; /* "" when empty; borrowed from the registry */
        RegistryPosition at;
        double radius_m; /* field of view or reach */
} Device;

typedef struct Devices Devices;

Devices *devices_load(const char *path, Error *err); /* ERR_FATAL with file and line */
const Device *devices_find(const Devices *devices, const char *id);
size_t devices_size(const Devices *devices);
void devices_free(Devices *devices);

extern const OptionKind devices_option; /* an OPTION_CUSTOM field of type Devices * */
