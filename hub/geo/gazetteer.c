#include "hub/geo/gazetteer.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/geo/distance.h"
#include "hub/geo/registry.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_MOST = 64, NAME_LEAST = 2, FOUND_MOST = 64, RADIUS_MOST_M = 50000 };

typedef enum { RANK_AREA, RANK_ROAD, RANK_PLACE, RANK_CROSSING, RANK_HOUSE } Rank;

typedef struct {
        GazetteerPlace place; /* first: gazetteer_find gives it away */
        Rank rank;
        double radius_m;
} Place;

typedef struct {
        char *text; /* normalised, owned */
        size_t size;
        const Place *place;
} Name;

struct Gazetteer {
        Csv table; /* the places' names are its cells */
        Map *systems;
        Place *places;
        Name *names; /* sorted by their bytes, a longer one behind its beginning */
        size_t names_size, names_room;
};

/* ---- loading ---- */

static bool rank_read(const char *kind, Rank *rank)
{
        static const struct {
                const char *kind;
                Rank rank;
        } ranks[] = { { "house", RANK_HOUSE },    { "crossing", RANK_CROSSING }, { "estate", RANK_PLACE },
                      { "landmark", RANK_PLACE }, { "road", RANK_ROAD },         { "area", RANK_AREA } };

        for (size_t i = 0; i < sizeof ranks / sizeof *ranks; i++)
                if (text_same(ranks[i].kind, kind)) {
                        *rank = ranks[i].rank;
                        return true;
                }
        return false;
}

static size_t points_of(const char *text)
{
        size_t points = 0;

        for (const char *end = text + strlen(text); text < end; points++)
                (void)text_next(&text, end);
        return points;
}

static bool name_add(Gazetteer *gazetteer, const Place *place, const char *text, size_t size)
{
        Buffer normal = { 0 };

        text_normalise(&normal, text, size);
        if (!normal.bytes || points_of(normal.bytes) < NAME_LEAST) {
                buffer_free(&normal);
                return false;
        }
        if (gazetteer->names_size == gazetteer->names_room) {
                gazetteer->names_room = gazetteer->names_room * 2 + NAMES_MOST;
                gazetteer->names = mem_resize(gazetteer->names, gazetteer->names_room * sizeof *gazetteer->names);
        }
        gazetteer->names[gazetteer->names_size++] = (Name){ normal.bytes, normal.size, place };
        return true;
}

static bool names_load(Gazetteer *gazetteer, const Place *place, size_t row, Error *err)
{
        for (const char *text = place->place.name, *end; text; text = *end ? end + 1 : NULL) {
                end = strchrnul(text, '|');
                if (!name_add(gazetteer, place, text, (size_t)(end - text)))
                        return csv_error(&gazetteer->table, row, err, "name: \"%.*s\" is too short to be found",
                                         (int)(end - text), text);
        }
        return true;
}

static bool place_load(Gazetteer *gazetteer, size_t row, Error *err)
{
        const Csv *table = &gazetteer->table;
        Place *place = &gazetteer->places[row];
        const char *kind = registry_cell(table, row, "kind"), *radius = registry_cell(table, row, "radius_m");
        RegistryPosition at;

        place->place.name = registry_cell(table, row, "name");
        if (!rank_read(kind, &place->rank))
                return csv_error(table, row, err,
                                 "kind \"%s\": neither house, crossing, estate, landmark, road nor area", kind);
        if (!text_read_number(radius, &place->radius_m) || place->radius_m <= 0 || place->radius_m > RADIUS_MOST_M)
                return csv_error(table, row, err, "radius_m \"%s\": no metres from 1 to %d", radius, RADIUS_MOST_M);
        if (!registry_position(table, row, gazetteer->systems, &at, err))
                return false;
        if (!at.positioned)
                return csv_error(table, row, err, "lon and lat are empty: a place without a position is of no use");
        place->place.lon = at.lon;
        place->place.lat = at.lat;
        place->place.accuracy_m =
                place->rank >= RANK_CROSSING ? place->radius_m : fmax(place->radius_m, GAZETTEER_LEAST_M);
        return names_load(gazetteer, place, row, err);
}

static int by_text(const void *one, const void *other)
{
        return strcmp(((const Name *)one)->text, ((const Name *)other)->text);
}

static bool places_load(Gazetteer *gazetteer, Error *err)
{
        gazetteer->places = mem_new((gazetteer->table.rows + 1) * sizeof *gazetteer->places);
        for (size_t row = 0; row < gazetteer->table.rows; row++)
                if (!place_load(gazetteer, row, err))
                        return false;
        if (gazetteer->names_size > 0)
                qsort(gazetteer->names, gazetteer->names_size, sizeof *gazetteer->names, by_text);
        return true;
}

static void gazetteer_drop(Gazetteer **gazetteer)
{
        gazetteer_free(*gazetteer);
}

Gazetteer *gazetteer_load(const char *path, Error *err)
{
        static const char *const required[] = { "name", "kind", "lon", "lat", "crs", "radius_m" };
        CLEANUP(gazetteer_drop) Gazetteer *gazetteer = mem_new(sizeof *gazetteer);
        Gazetteer *loaded;

        gazetteer->systems = map_new();
        if (!csv_load(&gazetteer->table, path, required, sizeof required / sizeof *required, err) ||
            !places_load(gazetteer, err))
                return NULL;
        loaded = gazetteer;
        gazetteer = NULL;
        return loaded;
}

void gazetteer_free(Gazetteer *gazetteer)
{
        if (!gazetteer)
                return;
        for (size_t i = 0; i < gazetteer->names_size; i++)
                free(gazetteer->names[i].text);
        free(gazetteer->names);
        free(gazetteer->places);
        registry_systems_free(gazetteer->systems);
        csv_close(&gazetteer->table);
        free(gazetteer);
}

/* ---- finding ---- */

static bool is_digit(char byte)
{
        return byte >= '0' && byte <= '9';
}

/* The code point before `at` makes another road of the name behind it. */
static bool is_sided(const char *text, const char *at)
{
        static const char *const sides[] = { "东", "西", "南", "北", "中", "新", "老" };

        for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
                const size_t size = strlen(sides[i]);

                if ((size_t)(at - text) >= size && memcmp(at - size, sides[i], size) == 0)
                        return true;
        }
        return false;
}

static bool is_whole(const char *text, const char *at, const Name *name)
{
        const char *end = at + name->size;

        if ((at > text && is_digit(*at) && is_digit(at[-1])) || (is_digit(end[-1]) && is_digit(*end)))
                return false;
        return name->place->rank != RANK_ROAD || !is_sided(text, at);
}

/* The first name that is not before what stands at `at`, by their first byte. */
static size_t first_at(const Gazetteer *gazetteer, const char *at)
{
        size_t low = 0, high = gazetteer->names_size;

        while (low < high) {
                const size_t middle = low + (high - low) / 2;

                if ((unsigned char)gazetteer->names[middle].text[0] < (unsigned char)*at ||
                    (gazetteer->names[middle].text[0] == *at && memcmp(gazetteer->names[middle].text, at, 2) < 0))
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

/* The longest name that stands at `at`; NULL: none. */
static const Name *name_at(const Gazetteer *gazetteer, const char *text, const char *at, size_t left)
{
        const Name *longest = NULL;

        for (size_t i = left >= 2 ? first_at(gazetteer, at) : gazetteer->names_size;
             i < gazetteer->names_size && memcmp(gazetteer->names[i].text, at, 2) == 0; i++) {
                const Name *name = &gazetteer->names[i];

                if (name->size <= left && (!longest || name->size > longest->size) &&
                    memcmp(name->text, at, name->size) == 0 && is_whole(text, at, name))
                        longest = name;
        }
        return longest;
}

typedef struct {
        const Place *places[FOUND_MOST];
        size_t size;
} Found;

static void found_add(Found *found, const Place *place)
{
        for (size_t i = 0; i < found->size; i++)
                if (found->places[i] == place)
                        return;
        if (found->size < FOUND_MOST)
                found->places[found->size++] = place;
}

/* All rows of that name: two of them are two places. */
static void name_take(const Gazetteer *gazetteer, const Name *name, Found *found)
{
        const Name *first = name, *end = gazetteer->names + gazetteer->names_size;

        while (first > gazetteer->names && text_same(first[-1].text, name->text))
                first--;
        for (; first < end && text_same(first->text, name->text); first++)
                found_add(found, first->place);
}

static void text_search(const Gazetteer *gazetteer, const char *text, Found *found)
{
        CLEANUP(buffer_free) Buffer normal = { 0 };

        if (!text || !text[0])
                return;
        text_normalise(&normal, text, strlen(text));
        for (size_t at = 0; at < normal.size;) {
                const Name *name = name_at(gazetteer, normal.bytes, normal.bytes + at, normal.size - at);

                if (name)
                        name_take(gazetteer, name, found);
                at += name ? name->size : 1;
        }
}

static bool may_be_one(const Place *fine, const Place *other)
{
        const double cm = 100;
        const int64_t apart = geo_distance_cm(geo_point(fine->place.lon, fine->place.lat),
                                              geo_point(other->place.lon, other->place.lat));

        return (double)apart <= (fine->radius_m + other->radius_m) * cm;
}

/* Of one at least. */
static const Place *finest(const Found *found)
{
        const Place *fine = found->places[0];
        bool several = false;

        for (size_t i = 1; i < found->size; i++) {
                const Place *one = found->places[i];

                if (one->rank < fine->rank)
                        continue;
                several = one->rank == fine->rank;
                fine = one;
        }
        for (size_t i = 0; i < found->size && !several; i++)
                several = !may_be_one(fine, found->places[i]);
        return several ? NULL : fine;
}

const GazetteerPlace *gazetteer_find(const Gazetteer *gazetteer, const char *const *texts, size_t size)
{
        for (size_t i = 0; i < size; i++) {
                Found found = { 0 };

                text_search(gazetteer, texts[i], &found);
                if (found.size > 0) {
                        const Place *place = finest(&found);

                        return place ? &place->place : NULL;
                }
        }
        return NULL;
}
