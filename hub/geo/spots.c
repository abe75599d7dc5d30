#include "hub/geo/spots.h"

#include "hub/base/charset.h"
#include "hub/base/file.h"
#include "hub/base/json.h"
#include "hub/base/text.h"
#include "hub/geo/outline_private.h"

#include <errno.h>
#include <glob.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MOST = 64 * 1024 * 1024, NODE_SIZE = 10 };

static const double half = 0.5 + 1e-6; /* the sums err: what shares the very half must not look like more */

typedef struct {
        const char *number, *round;
        GEOSGeometry *shape;
        double area; /* in square degrees, as outline_overlap() has it */
} Earlier;

struct Spots {
        TextList paths;
        bool is_read;
        GEOSContextHandle_t geos;
        GEOSSTRtree *tree; /* of items' boxes */
        Arena *texts;
        Earlier *items;
        size_t size, room;
        size_t wrong;
        char *first_wrong;
};

void spots_free(Spots *spots)
{
        if (!spots)
                return;
        for (size_t i = 0; i < spots->size; i++)
                GEOSGeom_destroy_r(spots->geos, spots->items[i].shape);
        if (spots->tree)
                GEOSSTRtree_destroy_r(spots->geos, spots->tree);
        if (spots->geos)
                GEOS_finish_r(spots->geos);
        for (size_t i = 0; i < spots->paths.size; i++)
                free(spots->paths.items[i]);
        free(spots->paths.items);
        arena_drop(&spots->texts);
        free(spots->items);
        free(spots->first_wrong);
        free(spots);
}

/* ---- loading ---- */

static void wrong_add(Spots *spots, const char *path, Error *why)
{
        (void)error_add(why, "%s", path);
        if (spots->wrong++ == 0)
                spots->first_wrong = text_copy(why->text);
}

static const char *kept(Spots *spots, const char *text)
{
        return arena_copy(spots->texts, text, strlen(text));
}

/* A context for each outline would be some KiB a spot: its shape alone is kept. */
static void spot_add(Spots *spots, const Spot *spot)
{
        Earlier earlier = { 0 };

        if (GEOSArea_r(spots->geos, spot->outline->shape, &earlier.area) != 1 || earlier.area <= 0)
                return;
        if (spots->size == spots->room) {
                spots->room = spots->room ? spots->room * 2 : 1024;
                spots->items = mem_resize(spots->items, spots->room * sizeof(Earlier));
        }
        earlier.number = kept(spots, spot->number);
        earlier.round = kept(spots, spot->round);
        earlier.shape = GEOSGeom_clone_r(spots->geos, spot->outline->shape);
        spots->items[spots->size++] = earlier;
}

static bool feature_read(Spots *spots, const json_t *feature, SpotRead *read, const void *of, Error *err)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        Spot spot = { 0 };
        const bool is_spot = read(of, feature, arena, &spot, err);

        if (is_spot && spot.outline)
                spot_add(spots, &spot);
        outline_free(spot.outline);
        return is_spot;
}

static json_t *document_read(const char *path, Error *err)
{
        CLEANUP(buffer_free) Buffer bytes = { 0 }, text = { 0 };
        JsonMend mend = { 0 };
        size_t repaired;

        if (!file_read(&bytes, path, FILE_MOST, err) ||
            !charset_decode(&text, NULL, bytes.bytes ? bytes.bytes : "", bytes.size, &repaired, err))
                return NULL;
        return json_read_mended(text.bytes ? text.bytes : "", text.size, &mend, err);
}

static void document_take(Spots *spots, const char *path, SpotRead *read, const void *of)
{
        Error why = { 0 };
        CLEANUP(json_drop) json_t *document = document_read(path, &why);
        const json_t *features = json_at(document, "features"), *feature;
        size_t i;

        if (!document || (!json_is_array(features) && !feature_read(spots, document, read, of, &why)))
                wrong_add(spots, path, &why);
        json_array_foreach(features, i, feature) {
                why = (Error){ 0 };
                if (feature_read(spots, feature, read, of, &why))
                        continue;
                (void)error_add(&why, "feature %zu", i + 1);
                wrong_add(spots, path, &why);
        }
}

/* A folder that is not there yet has no file. */
static int folder_is_wrong(const char *path, int error)
{
        (void)path;
        return error != ENOENT && error != ENOTDIR;
}

static bool files_take(Spots *spots, const char *pattern, SpotRead *read, const void *of, Error *err)
{
        glob_t found = { 0 };
        const int failed = glob(pattern, 0, folder_is_wrong, &found);

        for (size_t i = 0; !failed && i < found.gl_pathc; i++)
                document_take(spots, found.gl_pathv[i], read, of);
        globfree(&found);
        return !failed || (failed == GLOB_NOMATCH && strpbrk(pattern, "*?[")) ||
               error_set(err, failed == GLOB_NOMATCH ? ERR_FATAL : file_glob_trouble(pattern), NULL, "%s: %s", pattern,
                         failed == GLOB_NOMATCH ? "no such file" : "its folder cannot be read");
}

bool spots_read(Spots *spots, SpotRead *read, const void *of, Error *err)
{
        if (spots->is_read)
                return true;
        spots->geos = GEOS_init_r();
        spots->tree = GEOSSTRtree_create_r(spots->geos, NODE_SIZE);
        spots->texts = arena_new();
        spots->is_read = true;
        for (size_t i = 0; i < spots->paths.size; i++)
                if (!files_take(spots, spots->paths.items[i], read, of, err))
                        return false;
        for (size_t i = 0; i < spots->size; i++)
                GEOSSTRtree_insert_r(spots->geos, spots->tree, spots->items[i].shape, &spots->items[i]);
        return true;
}

void spots_note(const Spots *spots, Buffer *out)
{
        if (spots->wrong)
                buffer_format(out, "earlier rounds: %zu passed over; the first: %s", spots->wrong, spots->first_wrong);
}

/* ---- what lies under a spot ---- */

typedef struct {
        const Spot *spot;
        double area;
        const char **numbers;
        double common[SPOTS_UNDER_MOST]; /* of each number */
        size_t size;
} Search;

static double common_area(const Search *search, const Earlier *earlier)
{
        const Outline *outline = search->spot->outline;
        GEOSGeometry *common = GEOSIntersection_r(outline->geos, outline->shape, earlier->shape);
        double area = 0;

        if (!common)
                return 0;
        if (GEOSArea_r(outline->geos, common, &area) != 1)
                area = 0;
        GEOSGeom_destroy_r(outline->geos, common);
        return area;
}

static void drop_at(Search *search, size_t at)
{
        search->size--;
        for (; at < search->size; at++) {
                search->numbers[at] = search->numbers[at + 1];
                search->common[at] = search->common[at + 1];
        }
}

/* A spot that several rounds told of under one number is one: its largest share counts. */
static bool number_is_new(Search *search, const char *number, double common)
{
        for (size_t i = 0; i < search->size; i++) {
                if (strcmp(search->numbers[i], number) != 0)
                        continue;
                if (search->common[i] >= common)
                        return false;
                drop_at(search, i);
        }
        return true;
}

static void number_add(Search *search, const char *number, double common)
{
        size_t at = 0;

        while (at < search->size && (search->common[at] > common ||
                                     (search->common[at] == common && strcmp(search->numbers[at], number) < 0)))
                at++;
        if (at == SPOTS_UNDER_MOST)
                return;
        if (search->size < SPOTS_UNDER_MOST)
                search->size++;
        for (size_t i = search->size - 1; i > at; i--) {
                search->numbers[i] = search->numbers[i - 1];
                search->common[i] = search->common[i - 1];
        }
        search->numbers[at] = number;
        search->common[at] = common;
}

static void box_meets(void *item, void *of)
{
        const Earlier *earlier = item;
        Search *search = of;
        double common;

        if (strcmp(earlier->number, search->spot->number) == 0 || strcmp(earlier->round, search->spot->round) == 0)
                return;
        common = common_area(search, earlier);
        if (common > fmin(search->area, earlier->area) * half && number_is_new(search, earlier->number, common))
                number_add(search, earlier->number, common);
}

size_t spots_under(const Spots *spots, const Spot *spot, const char *numbers[SPOTS_UNDER_MOST])
{
        Search search = { .spot = spot, .numbers = numbers };

        if (!spots || spots->size == 0 || !spot->outline || !spot->number || !spot->round ||
            GEOSArea_r(spot->outline->geos, spot->outline->shape, &search.area) != 1 || search.area <= 0)
                return 0;
        GEOSSTRtree_query_r(spots->geos, spots->tree, spot->outline->shape, box_meets, &search);
        return search.size;
}

/* ---- the option ---- */

static bool option_read(const char *text, const char *folder, void *field, Error *err)
{
        Spots **spots = field;
        TextList *paths;

        if (!text[0])
                return error_set(err, ERR_FATAL, NULL, "an empty path");
        if (!*spots)
                *spots = mem_new(sizeof(Spots));
        paths = &(*spots)->paths;
        paths->items = mem_resize(paths->items, (paths->size + 1) * sizeof(char *));
        paths->items[paths->size++] = file_beside(folder, text);
        return true;
}

static void option_free(void *field)
{
        spots_free(*(Spots **)field);
}

const OptionKind spots_option = {
        .form = "list of GeoJSON files, patterns too",
        .size = sizeof(Spots *),
        .read = option_read,
        .free = option_free,
        .many = true,
};
