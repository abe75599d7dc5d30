/* Looking into the index, within bounds. */

#include "hub/decide/score.h"
#include "hub/index/index_private.h"

#include <stdlib.h>

enum {
        LOOKED_MOST = 8192,     /* members that one look at a grid passes */
        COMPARED_TIMES = 2,     /* so many times the incidents that are compared, it meets */
        COMMON_LEAST = 64,      /* incidents that share a name: it names nothing */
        NAMED_MOST = 128,       /* incidents that names together lead to */
        ASKED_MOST = 128,       /* names that are asked */
        PARALLEL_UNITS = 100000 /* a hundredth of a degree */
};

typedef struct {
        Index *index;
        const Member *newcomer;
        IncidentList *out;
        int64_t east_cm, north_cm; /* of so many units of longitude, of latitude, at the newcomer; rounded down */
        bool bounded;
} Question;

static void meet(const Question *question, Incident *incident)
{
        if (incident->asked == question->index->question)
                return;
        incident->asked = question->index->question;
        incident_list_add(question->out, incident);
}

/* ---- places ---- */

/* One look at a grid: the squares that touch the window, ring by ring around the newcomer's. */
typedef struct {
        Grid grid;
        Square middle, least, most;
        size_t looked, met_most;
} Look;

/* No farther than the two can be to be compared, or to belong to one scene. Errs on the side of meeting. */
static bool may_reach(const Question *question, const Member *member)
{
        const Member *newcomer = question->newcomer;
        const int64_t both = newcomer->rule->radius_cm + newcomer->accuracy_cm + member->accuracy_cm;
        const int64_t reach = (both > SCENE_CM ? both : SCENE_CM) * PARALLEL_UNITS;

        return llabs((int64_t)member->point.lat - newcomer->point.lat) * question->north_cm <= reach &&
               llabs((int64_t)member->point.lon - newcomer->point.lon) * question->east_cm <= reach;
}

/* False: the bound is hit. */
static bool square_look(const Question *question, Look *look, Square square)
{
        const uint64_t key = square_key(&look->grid, square);
        const Cell *cell = map_get(question->index->cells, &key, sizeof key);

        for (const Stand *stand = cell ? cell->first : NULL; stand; stand = stand->after) {
                if (look->looked++ == LOOKED_MOST || question->out->size >= look->met_most)
                        return false;
                if (may_reach(question, stand->member))
                        meet(question, stand->member->incident);
        }
        return true;
}

static bool ring_look(const Question *question, Look *look, int64_t ring)
{
        for (int64_t dy = -ring; dy <= ring; dy++) {
                const int64_t step = llabs(dy) == ring ? 1 : 2 * ring;

                for (int64_t dx = -ring; dx <= ring; dx += step) {
                        const Square square = { look->middle.x + dx, look->middle.y + dy };

                        if (square.x < look->least.x || square.x > look->most.x || square.y < look->least.y ||
                            square.y > look->most.y)
                                continue;
                        if (!square_look(question, look, square))
                                return false;
                }
        }
        return true;
}

static GeoPoint moved(GeoPoint point, int64_t lon, int64_t lat)
{
        return (GeoPoint){ (int32_t)(point.lon + lon), (int32_t)(point.lat + lat) };
}

/* The squares within reach_cm. */
static void grid_ask(Question *question, const Grid *grid, int64_t reach_cm, size_t met_most)
{
        const GeoPoint point = question->newcomer->point;
        const int64_t most = (grid->rings + 1) * grid->units;
        const int64_t lat = reach_cm * PARALLEL_UNITS / question->north_cm + 1,
                      lon = reach_cm * PARALLEL_UNITS / question->east_cm + 1;
        const int64_t high = lat < most ? lat : most, wide = lon < 2 * most ? lon : 2 * most;
        Look look = { .grid = *grid,
                      .middle = square_of(grid, point),
                      .least = square_of(grid, moved(point, -wide, -high)),
                      .most = square_of(grid, moved(point, wide, high)),
                      .met_most = met_most };

        for (int64_t ring = 0; ring <= grid->rings; ring++) {
                if (ring_look(question, &look, ring))
                        continue;
                question->bounded = true;
                return;
        }
}

static void scale_take(Question *question)
{
        const GeoPoint point = question->newcomer->point;
        const GeoPoint east = moved(point, point.lon > 0 ? -PARALLEL_UNITS : PARALLEL_UNITS, 0),
                       north = moved(point, 0, point.lat > 0 ? -PARALLEL_UNITS : PARALLEL_UNITS);

        question->east_cm = geo_distance_cm(point, east) * 99 / 100 + 1;
        question->north_cm = geo_distance_cm(point, north) * 99 / 100 + 1;
}

/* Good positions and wide ones have a bound each, so that neither leaves the other out. */
static void places_ask(Question *question)
{
        const RuleSet *rules = question->index->rules;
        const Member *newcomer = question->newcomer;
        const size_t share = COMPARED_TIMES * (size_t)rules->candidates;
        Grid grid = grid_at(rules, 0);

        scale_take(question);
        for (size_t met_most = share;; grid = grid_at(rules, grid.level + 1)) {
                const int64_t accuracy_cm = grid.last ? 2 * rules->coarse_cm : grid.accuracy_cm;
                const int64_t reach_cm = newcomer->rule->radius_cm + geo_length_cm(newcomer->accuracy_cm, accuracy_cm);

                if (grid.level == 1)
                        met_most = question->out->size + share;
                grid_ask(question, &grid, reach_cm > SCENE_CM ? reach_cm : SCENE_CM, met_most);
                if (grid.last)
                        return;
        }
}

/* ---- names ---- */

static int rarer_first(const void *one, const void *other)
{
        const Cell *a = *(const Cell *const *)one, *b = *(const Cell *const *)other;

        if (a->size != b->size)
                return a->size < b->size ? -1 : 1;
        return (a->key > b->key) - (a->key < b->key);
}

static void names_ask(Question *question, const IndexKeys *keys)
{
        const Cell *cells[ASKED_MOST];
        size_t size = 0, met = 0;

        for (size_t i = 0; i < keys->size && size < ASKED_MOST; i++) {
                cells[size] = map_get(question->index->cells, &keys->items[i].key, sizeof keys->items[i].key);
                size += cells[size] && cells[size]->size < COMMON_LEAST;
        }
        qsort(cells, size, sizeof *cells, rarer_first);
        for (size_t i = 0; i < size; i++) {
                met += cells[i]->size;
                if (met > NAMED_MOST) {
                        question->bounded = true;
                        return;
                }
                for (const Stand *stand = cells[i]->first; stand; stand = stand->after)
                        meet(question, stand->member->incident);
        }
}

bool index_ask(Index *index, const Member *newcomer, IncidentList *out)
{
        Question question = { .index = index, .newcomer = newcomer, .out = out };

        index->question++;
        index->keys.size = out->size = 0;
        index_keys_things(newcomer, &index->keys);
        if (geo_known(newcomer->point))
                places_ask(&question);
        /* a grid holds no incident without a position; where very many stand, those that name the same are met all the same */
        index_keys_names(newcomer, KEY_UNPLACED, &index->keys);
        if (!geo_known(newcomer->point) || question.bounded)
                index_keys_names(newcomer, 0, &index->keys);
        names_ask(&question, &index->keys);
        return question.bounded;
}
