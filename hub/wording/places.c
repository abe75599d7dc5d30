#include "hub/wording/places.h"

#include "hub/base/crypto.h"
#include "hub/base/text.h"
#include "hub/wording/feature.h"
#include "hub/wording/firsts.h"
#include "hub/wording/reading.h"

#include <pthread.h>
#include <string.h>

enum { TEXT_MOST = 64, SUFFIX_MOST = 3, BEFORE = 2 };

typedef struct {
        uint32_t points[SUFFIX_MOST];
        size_t size;
        PlaceLevel level;
} Suffix;

/* Longer ones first: the first that fits counts. */
static const Suffix suffixes[] = {
        { { U'幼', U'儿', U'园' }, 3, LEVEL_SPOT },
        { { U'火', U'车', U'站' }, 3, LEVEL_SPOT },
        { { U'街', U'道' }, 2, LEVEL_STREET },
        { { U'小', U'区' }, 2, LEVEL_SPOT },
        { { U'社', U'区' }, 2, LEVEL_SPOT },
        { { U'花', U'园' }, 2, LEVEL_SPOT },
        { { U'公', U'寓' }, 2, LEVEL_SPOT },
        { { U'大', U'厦' }, 2, LEVEL_SPOT },
        { { U'广', U'场' }, 2, LEVEL_SPOT },
        { { U'家', U'园' }, 2, LEVEL_SPOT },
        { { U'公', U'园' }, 2, LEVEL_SPOT },
        { { U'新', U'村' }, 2, LEVEL_SPOT },
        { { U'大', U'道' }, 2, LEVEL_SPOT },
        { { U'学', U'校' }, 2, LEVEL_SPOT },
        { { U'中', U'学' }, 2, LEVEL_SPOT },
        { { U'小', U'学' }, 2, LEVEL_SPOT },
        { { U'大', U'学' }, 2, LEVEL_SPOT },
        { { U'学', U'院' }, 2, LEVEL_SPOT },
        { { U'医', U'院' }, 2, LEVEL_SPOT },
        { { U'市', U'场' }, 2, LEVEL_SPOT },
        { { U'路' }, 1, LEVEL_SPOT },
        { { U'街' }, 1, LEVEL_SPOT },
        { { U'巷' }, 1, LEVEL_SPOT },
        { { U'村' }, 1, LEVEL_SPOT },
        { { U'苑' }, 1, LEVEL_SPOT },
        { { U'园' }, 1, LEVEL_SPOT },
        { { U'城' }, 1, LEVEL_SPOT },
        { { U'湾' }, 1, LEVEL_SPOT },
        { { U'府' }, 1, LEVEL_SPOT },
        { { U'庭' }, 1, LEVEL_SPOT },
        { { U'郡' }, 1, LEVEL_SPOT },
        { { U'桥' }, 1, LEVEL_SPOT },

        { { U'站' }, 1, LEVEL_SPOT },
        { { U'镇' }, 1, LEVEL_STREET },
        { { U'乡' }, 1, LEVEL_STREET },
        { { U'市' }, 1, LEVEL_TOWN },
        { { U'区' }, 1, LEVEL_DISTRICT },
        { { U'县' }, 1, LEVEL_DISTRICT },
};

static uint32_t hash_of(const uint32_t *points, size_t size)
{
        const uint64_t hash = hash64(points, size * sizeof *points);
        const uint32_t folded = (uint32_t)(hash ^ hash >> 32);

        return folded ? folded : 1;
}

static size_t points_read(const char *text, size_t most, uint32_t *points)
{
        const char *end = text + strlen(text);
        size_t size = 0;

        while (text < end && size < most)
                points[size++] = reading_fold(text_next(&text, end));
        return size;
}

static Firsts of_suffixes;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void firsts_make(void)
{
        for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
                firsts_add(&of_suffixes, suffixes[i].points[0]);
}

static const Suffix *suffix_at(const uint32_t *points, size_t size, size_t at)
{
        pthread_once(&once, firsts_make);
        if (!firsts_may(&of_suffixes, points[at]))
                return NULL;
        for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
                const Suffix *suffix = &suffixes[i];

                if (at + suffix->size <= size &&
                    memcmp(points + at, suffix->points, suffix->size * sizeof *points) == 0)
                        return suffix;
        }
        return NULL;
}

/* Where the name before the suffix begins: a whole run of Latin letters and digits, else two characters; `at`: none. */
static size_t name_begin(const uint32_t *points, size_t last, size_t at)
{
        size_t begin = at;

        while (begin > last && reading_is_latin(points[begin - 1]))
                begin--;
        if (begin < at)
                return begin;
        while (begin > last && at - begin < BEFORE && !reading_is_gap(points[begin - 1]) &&
               !reading_is_latin(points[begin - 1]))
                begin--;
        return at - begin == BEFORE ? begin : at;
}

void places_read(PlaceNames *names, const char *text, size_t most)
{
        uint32_t points[TEXT_MOST];
        const size_t size = text ? points_read(text, most < TEXT_MOST ? most : TEXT_MOST, points) : 0;
        size_t last = 0; /* a name never begins before the end of the one before it */

        names->size = 0;
        for (size_t at = 0; at < size && names->size < PLACES_MOST;) {
                const Suffix *suffix = suffix_at(points, size, at);
                const size_t begin = suffix ? name_begin(points, last, at) : at;

                at += suffix ? suffix->size : 1;
                if (!suffix || begin == at - suffix->size)
                        continue;
                names->items[names->size++] = (PlaceName){ hash_of(points + begin, at - begin), suffix->level };
                last = at;
        }
}

/* Of one level: MATCH_ABSENT where a side names none. */
static int level_match(const PlaceNames *one, const PlaceNames *other, PlaceLevel level)
{
        int match = MATCH_ABSENT;

        for (size_t i = 0; i < one->size; i++) {
                for (size_t j = 0; j < other->size; j++) {
                        if (one->items[i].level != level || other->items[j].level != level)
                                continue;
                        if (one->items[i].hash == other->items[j].hash)
                                return MATCH_SAME;
                        match = MATCH_DIFFERENT;
                }
        }
        return match;
}

int places_match(const PlaceNames *one, const PlaceNames *other)
{
        return level_match(one, other, LEVEL_SPOT);
}

int places_area(const PlaceNames *one, const PlaceNames *other)
{
        const int town = level_match(one, other, LEVEL_TOWN), district = level_match(one, other, LEVEL_DISTRICT),
                  street = level_match(one, other, LEVEL_STREET);

        if (district == MATCH_DIFFERENT || street == MATCH_DIFFERENT ||
            (town == MATCH_DIFFERENT && district == MATCH_ABSENT))
                return AREA_DIFFERENT;
        if (district == MATCH_SAME || street == MATCH_SAME)
                return AREA_DISTRICT;
        return town == MATCH_SAME ? AREA_TOWN : AREA_ABSENT;
}
