#include "hub/geo/devices.h"

#include "hub/base/file.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/geo/registry.h"

#include <stdlib.h>

struct Devices {
        Csv table; /* the devices' texts are its cells */
        Device *items;
        Map *by_id;   /* borrows from items */
        Map *systems; /* Crs by the text of its cell: a grid is made once */
};

static bool radius_load(Device *device, const Csv *table, size_t row, Error *err)
{
        const char *text = registry_cell(table, row, "radius_m");

        if (registry_is_absent(text))
                return true;
        if (!text_read_number(text, &device->radius_m) || device->radius_m < 0)
                return csv_error(table, row, err, "radius_m: \"%s\" is no length in metres", text);
        return true;
}

static bool device_load(Devices *devices, Device *device, size_t row, Error *err)
{
        const Csv *table = &devices->table;

        *device = (Device){
                .id = registry_cell(table, row, "device_id"),
                .name = registry_cell(table, row, "name"),
                .kind = registry_cell(table, row, "kind"),
                .place = registry_cell(table, row, "place"),
                .category = registry_cell(table, row, "category"),
        };
        if (!device->id[0])
                return csv_error(table, row, err, "device_id is empty");
        return registry_position(&devices->table, row, devices->systems, &device->at, err) &&
               radius_load(device, table, row, err);
}

static bool devices_read(Devices *devices, Error *err)
{
        const Csv *table = &devices->table;

        devices->items = mem_new((table->rows + 1) * sizeof(Device));
        for (size_t row = 0; row < table->rows; row++) {
                Device *device = &devices->items[row];

                if (!device_load(devices, device, row, err))
                        return false;
                if (map_get_text(devices->by_id, device->id))
                        return csv_error(table, row, err, "device_id \"%s\" is there twice", device->id);
                map_put_text(devices->by_id, device->id, device);
        }
        return true;
}

static void devices_drop(Devices **devices)
{
        devices_free(*devices);
        *devices = NULL;
}

Devices *devices_load(const char *path, Error *err)
{
        static const char *const required[] = { "device_id", "lon", "lat", "crs" };
        CLEANUP(devices_drop) Devices *devices = mem_new(sizeof(*devices));
        Devices *loaded;

        devices->by_id = map_new();
        devices->systems = map_new();
        if (!csv_load(&devices->table, path, required, sizeof(required) / sizeof(required[0]), err) ||
            !devices_read(devices, err))
                return NULL;
        loaded = devices;
        devices = NULL;
        return loaded;
}

const Device *devices_find(const Devices *devices, const char *id)
{
        return devices && id ? map_get_text(devices->by_id, id) : NULL;
}

size_t devices_size(const Devices *devices)
{
        return devices->table.rows;
}

void devices_free(Devices *devices)
{
        if (!devices)
                return;
        map_free(devices->by_id, NULL);
        registry_systems_free(devices->systems);
        csv_close(&devices->table);
        free(devices->items);
        free(devices);
}

static bool option_read(const char *text, const char *folder, void *field, Error *err)
{
        CLEANUP(mem_drop) char *path = file_beside(folder, text);

        *(Devices **)field = devices_load(path, err);
        return *(Devices **)field != NULL;
}

static void option_free(void *field)
{
        devices_free(*(Devices **)field);
}

const OptionKind devices_option = {
        .form = "CSV file of devices",
        .size = sizeof(Devices *),
        .read = option_read,
        .free = option_free,
};
