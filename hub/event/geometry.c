#include "hub/event/fields.h"

enum { POSITION_LEAST = 2, POSITION_MOST = 3 };

/* How deep the positions lie, and how many items the innermost array of positions has at least. */
typedef struct {
        int depth;
        size_t least;
} Nesting;

static const Nesting nestings[] = { { 0, 0 }, { 1, 0 }, { 1, 2 }, { 2, 2 }, { 2, 4 }, { 3, 4 } };

static bool in_range(const json_t *number, double most)
{
        double value = json_number_value(number);

        return json_is_number(number) && value >= -most && value <= most;
}

static bool position_fits(const json_t *position)
{
        size_t size = json_array_size(position);

        if (size < POSITION_LEAST || size > POSITION_MOST)
                return false;
        return in_range(json_array_get(position, 0), 180) && in_range(json_array_get(position, 1), 90) &&
               (size == POSITION_LEAST || in_range(json_array_get(position, 2), 1e6));
}

/* As deep as a multipolygon at most: the type says how deep. */
static bool positions_fit(const json_t *array, Nesting nesting)
{
        if (nesting.depth == 0)
                return position_fits(array);
        if (!json_is_array(array) || (nesting.depth == 1 && json_array_size(array) < nesting.least))
                return false;
        nesting.depth--;
        for (size_t i = 0; i < json_array_size(array); i++)
                if (!positions_fit(json_array_get(array, i), nesting))
                        return false;
        return true;
}

bool geometry_fits(const json_t *geometry)
{
        size_t type = names_find(&geometry_names, json_string_value(json_object_get(geometry, "type")));

        if (!json_is_object(geometry) || type == geometry_names.size)
                return false;
        return positions_fit(json_object_get(geometry, "coordinates"), nestings[type]);
}
