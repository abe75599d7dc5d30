#include "hub/geo/estates.h"

#include "hub/base/beside.h"
#include "hub/base/file.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/geo/distance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WHOLE_LEAST_M = 200, CM = 100 };

typedef struct {
        Estate estate;    /* first: by_estate gives it away as an Estate */
        double buildings; /* that have a position, while its own row gives none */
        bool has_row;
} Whole;

struct Estates {
        Csv table; /* the names are its cells */
        Estate *items;
        Whole *wholes;
        size_t wholes_size;
        Map *by_building, *by_estate; /* borrow from items and wholes */
        Map *systems;
};

/* ---- names ---- */

static size_t ending_size(const char *text, size_t size)
{
        static const char *const endings[] = { "号楼", "栋", "幢", "座", "楼", "号", "#" };

        for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
                const size_t length = strlen(endings[i]);

                if (size > length && memcmp(text + size - length, endings[i], length) == 0)
                        return length;
        }
        return 0;
}

void estates_building(Buffer *out, const char *building)
{
        enum { WIDE_FIRST = 0xff01, WIDE_LAST = 0xff5e, WIDE = 0xfee0 };
        const size_t before = out->size;
        const char *end;

        if (text_starts(building, "第"))
                building += strlen("第");
        for (end = building + strlen(building); building < end;) {
                uint32_t point = text_next(&building, end);

                if (text_is_blank(point))
                        continue;
                if (point >= WIDE_FIRST && point <= WIDE_LAST)
                        point -= WIDE;
                text_put(out, point >= 'A' && point <= 'Z' ? point + ('a' - 'A') : point);
        }
        if (out->size == before)
                return;
        out->size -= ending_size(out->bytes + before, out->size - before);
        out->bytes[out->size] = '\0';
}

/* The estate alone where building is NULL. */
static void key_make(Buffer *out, const char *estate, const char *building)
{
        text_normalise(out, estate, strlen(estate));
        if (!building)
                return;
        buffer_byte(out, '\n');
        estates_building(out, building);
}

/* ---- loading ---- */

static Whole *whole_of(Estates *estates, const Estate *of)
{
        CLEANUP(buffer_free) Buffer key = { 0 };
        Whole *whole;

        key_make(&key, of->estate, NULL);
        whole = map_get(estates->by_estate, key.bytes, key.size);
        if (!whole) {
                whole = &estates->wholes[estates->wholes_size++];
                whole->estate = (Estate){ .estate = of->estate, .building = "", .radius_m = WHOLE_LEAST_M };
                map_put(estates->by_estate, key.bytes, key.size, whole);
        }
        return whole;
}

static bool estate_load(Estates *estates, Estate *estate, size_t row, Error *err)
{
        CLEANUP(buffer_free) Buffer key = { 0 };
        const Csv *table = &estates->table;

        estate->estate = registry_cell(table, row, "estate");
        estate->building = registry_cell(table, row, "building");
        key_make(&key, estate->estate, estate->building);
        if (key.bytes[0] == '\n')
                return csv_error(table, row, err, "estate is empty");
        if (map_get(estates->by_building, key.bytes, key.size))
                return csv_error(table, row, err, "estate \"%s\", building \"%s\" is there twice", estate->estate,
                                 estate->building);
        map_put(estates->by_building, key.bytes, key.size, estate);
        return registry_position(table, row, estates->systems, &estate->at, err);
}

static void mean_add(Estates *estates, const Estate *of)
{
        Whole *whole = whole_of(estates, of);
        RegistryPosition *at = &whole->estate.at;

        if (!of->at.positioned || whole->has_row)
                return;
        if (!of->building[0]) {
                *at = of->at;
                whole->has_row = true;
                return;
        }
        whole->buildings++;
        at->lon += (of->at.lon - at->lon) / whole->buildings;
        at->lat += (of->at.lat - at->lat) / whole->buildings;
        at->crs = at->positioned ? at->crs : of->at.crs;
        at->positioned = true;
}

static void reach_add(Estates *estates, const Estate *of)
{
        Estate *whole = &whole_of(estates, of)->estate;
        int64_t cm;

        if (!of->at.positioned)
                return;
        cm = geo_distance_cm(geo_point(whole->at.lon, whole->at.lat), geo_point(of->at.lon, of->at.lat));
        whole->radius_m = fmax(whole->radius_m, (double)cm / CM);
}

static bool estates_read(Estates *estates, Error *err)
{
        const size_t rows = estates->table.rows;

        estates->items = mem_new((rows + 1) * sizeof(Estate));
        estates->wholes = mem_new((rows + 1) * sizeof(Whole));
        for (size_t row = 0; row < rows; row++)
                if (!estate_load(estates, &estates->items[row], row, err))
                        return false;
        for (size_t row = 0; row < rows; row++)
                mean_add(estates, &estates->items[row]);
        for (size_t row = 0; row < rows; row++)
                reach_add(estates, &estates->items[row]);
        return true;
}

static void estates_drop(Estates **estates)
{
        estates_free(*estates);
        *estates = NULL;
}

Estates *estates_load(const char *path, Error *err)
{
        static const char *const required[] = { "estate", "building", "lon", "lat", "crs" };
        CLEANUP(estates_drop) Estates *estates = mem_new(sizeof(*estates));
        Estates *loaded;

        estates->by_building = map_new();
        estates->by_estate = map_new();
        estates->systems = map_new();
        if (!csv_load(&estates->table, path, required, sizeof(required) / sizeof(required[0]), err) ||
            !estates_read(estates, err))
                return NULL;
        loaded = estates;
        estates = NULL;
        return loaded;
}

const Estate *estates_find(const Estates *estates, const char *estate, const char *building)
{
        CLEANUP(buffer_free) Buffer key = { 0 };
        const Estate *found = NULL;
        const size_t at = building ? strlen(building) : 0;

        if (!estate)
                return NULL;
        key_make(&key, estate, at ? building : NULL);
        if (at)
                found = map_get(estates->by_building, key.bytes, key.size);
        if (found)
                return found;
        buffer_clear(&key);
        key_make(&key, estate, NULL);
        return map_get(estates->by_estate, key.bytes ? key.bytes : "", key.size);
}

/* "12" alone is read by nobody as a building: 12号楼. */
static const char *building_name(const char *building, Arena *arena)
{
        const size_t size = building ? strlen(building) : 0;

        return size && strchr("0123456789", building[size - 1]) ? arena_format(arena, "%s号楼", building) : building;
}

/* As the registry writes it; one that it lacks only where it is short: "12-1203" would tell the room. */
static const char *building_of(const Estate *known, const char *building, Arena *arena)
{
        enum { SHORT = 3 };
        CLEANUP(buffer_free) Buffer plain = { 0 };

        if (known && known->building[0])
                return building_name(known->building, arena);
        estates_building(&plain, building ? building : "");
        return plain.size && text_points(plain.bytes) <= SHORT ? building_name(building, arena) : "";
}

const char *estates_address(const Estate *known, const char *estate, const char *building, Arena *arena)
{
        return text_beside(known ? known->estate : estate, building_of(known, building, arena), arena);
}

void estates_free(Estates *estates)
{
        if (!estates)
                return;
        map_free(estates->by_building, NULL);
        map_free(estates->by_estate, NULL);
        registry_systems_free(estates->systems);
        csv_close(&estates->table);
        free(estates->items);
        free(estates->wholes);
        free(estates);
}

static bool option_read(const char *text, const char *folder, void *field, Error *err)
{
        CLEANUP(mem_drop) char *path = file_beside(folder, text);

        *(Estates **)field = estates_load(path, err);
        return *(Estates **)field != NULL;
}

static void option_free(void *field)
{
        estates_free(*(Estates **)field);
}

const OptionKind estates_option = {
        .form = "CSV file of estates",
        .size = sizeof(Estates *),
        .read = option_read,
        .free = option_free,
};
