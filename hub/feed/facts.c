#include "hub/feed/facts.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { VALUES_MOST = 100, VALUE_MOST = 64, BOX = 4 };

const char *const filter_names[FILTER_LISTS + 1] = { "zone", "state", "severity", "category", "platform", NULL };

#define WORDS_STATE                                                                                                    \
        "|received|filed|dispatched|processing|feedback|verifying|closed|void|suspended|rejected|deleted|open|"
#define WORDS_SEVERITY "|info|low|medium|high|critical|"

/* ---- facts ---- */

static const char *member(const json_t *object, const char *name)
{
        const char *text = json_string_value(json_object_get(object, name));

        return text ? text : "";
}

static const char *code_of(const json_t *version)
{
        return member(json_object_get(version, "category"), "code");
}

size_t facts_size(const json_t *version)
{
        const json_t *platforms = json_object_get(version, "platforms");
        size_t size = strlen(member(version, "zone")) + strlen(member(version, "state")) +
                      strlen(member(version, "severity")) + strlen(code_of(version)) + 5;

        for (size_t i = 0; i < json_array_size(platforms); i++)
                size += json_string_length(json_array_get(platforms, i)) + 1;
        return size;
}

static char *text_put_at(const char **field, const char *text, char *room)
{
        const size_t size = strlen(text) + 1;

        *field = memcpy(room, text, size);
        return room + size;
}

static char *platforms_put(const char **field, const json_t *platforms, char *room)
{
        *field = room;
        for (size_t i = 0; i < json_array_size(platforms); i++) {
                const json_t *platform = json_array_get(platforms, i);

                if (i)
                        *room++ = ',';
                memcpy(room, json_string_value(platform) ? json_string_value(platform) : "",
                       json_string_length(platform));
                room += json_string_length(platform);
        }
        *room++ = '\0';
        return room;
}

char *facts_read(Facts *facts, const json_t *version, char *room)
{
        const json_t *position = json_object_get(version, "position");

        facts->is_shut = json_object_get(version, "closed");
        facts->has_position = position;
        facts->lon = json_number_value(json_object_get(position, "lon"));
        facts->lat = json_number_value(json_object_get(position, "lat"));
        room = text_put_at(&facts->zone, member(version, "zone"), room);
        room = text_put_at(&facts->state, member(version, "state"), room);
        room = text_put_at(&facts->severity, member(version, "severity"), room);
        room = text_put_at(&facts->category, code_of(version), room);
        return platforms_put(&facts->platforms, json_object_get(version, "platforms"), room);
}

/* ---- filters ---- */

static bool value_check(FilterList list, const char *value, size_t size, Error *err)
{
        const char *words = list == FILTER_STATE ? WORDS_STATE : list == FILTER_SEVERITY ? WORDS_SEVERITY : NULL;
        char bounded[VALUE_MOST + 3];

        if (!size || size > VALUE_MOST)
                return error_set(err, ERR_INPUT, "bad_value", "a value is empty or too long");
        if (!words)
                return true;
        bounded[0] = '|';
        memcpy(bounded + 1, value, size);
        memcpy(bounded + 1 + size, "|", 2);
        return strstr(words, bounded) || error_set(err, ERR_INPUT, "bad_value", "\"%.*s\" is none", (int)size, value);
}

bool filter_list(Filter *filter, FilterList list, const char *values, Error *err)
{
        size_t count = 0;

        for (const char *at = values;; at++) {
                const size_t size = strcspn(at, ",");

                if (!value_check(list, at, size, err))
                        return false;
                if (++count > VALUES_MOST)
                        return error_set(err, ERR_INPUT, "bad_value", "more than %d values", VALUES_MOST);
                at += size;
                if (!*at)
                        break;
        }
        free(filter->lists[list]);
        filter->lists[list] = text_format(",%s,", values);
        return true;
}

bool filter_box(Filter *filter, const char *numbers, Error *err)
{
        CLEANUP(mem_drop) char *copy = text_copy(numbers);
        double box[BOX];
        char *rest = copy;
        size_t size = 0;

        for (const char *one; (one = strsep(&rest, ",")); size++)
                if (size == BOX || !text_read_number(one, &box[size]))
                        return error_set(err, ERR_INPUT, "bad_value", "four numbers: west,south,east,north");
        if (size < BOX || box[0] > box[2] || box[1] > box[3])
                return error_set(err, ERR_INPUT, "bad_value", "four numbers: west,south,east,north");
        filter->has_box = true;
        filter->west = box[0];
        filter->south = box[1];
        filter->east = box[2];
        filter->north = box[3];
        return true;
}

static bool is_listed(const char *list, const char *value, size_t size)
{
        for (const char *at = list; (at = strchr(at, ',')) && at[1]; at++)
                if (strncmp(at + 1, value, size) == 0 && at[1 + size] == ',')
                        return true;
        return false;
}

static bool list_takes(const char *list, const char *value)
{
        return !list || is_listed(list, value, strlen(value));
}

static bool platforms_take(const char *list, const char *platforms)
{
        for (const char *at = platforms; list && *at; at += at[0] == ',') {
                const size_t size = strcspn(at, ",");

                if (is_listed(list, at, size))
                        return true;
                at += size;
        }
        return !list;
}

static bool state_takes(const char *list, const Facts *facts)
{
        return list_takes(list, facts->state) || list_takes(list, facts->is_shut ? "closed" : "open");
}

static bool box_takes(const Filter *filter, const Facts *facts)
{
        return !filter->has_box || (facts->has_position && facts->lon >= filter->west && facts->lon <= filter->east &&
                                    facts->lat >= filter->south && facts->lat <= filter->north);
}

bool filter_is_empty(const Filter *filter)
{
        for (size_t i = 0; i < FILTER_LISTS; i++)
                if (filter->lists[i])
                        return false;
        return !filter->has_box;
}

bool filter_takes(const Filter *filter, const Facts *facts)
{
        return list_takes(filter->lists[FILTER_ZONE], facts->zone) && state_takes(filter->lists[FILTER_STATE], facts) &&
               list_takes(filter->lists[FILTER_SEVERITY], facts->severity) &&
               list_takes(filter->lists[FILTER_CATEGORY], facts->category) &&
               platforms_take(filter->lists[FILTER_PLATFORM], facts->platforms) && box_takes(filter, facts);
}

void filter_free(Filter *filter)
{
        for (size_t i = 0; i < FILTER_LISTS; i++)
                free(filter->lists[i]);
        *filter = (Filter){ 0 };
}
