/* The rows of registries: taken from the log, kept, written and read. */

#include "hub/zone/context_private.h"

#include "hub/base/json.h"
#include "hub/base/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ACCURACY_UNKNOWN_CM = 5000, ACCURACY_MOST_CM = 10000000, MINUTES = 24 * 60 };

static void objects_free(ContextRow *row)
{
        for (size_t i = 0; i < row->objects_size; i++)
                free(row->objects[i].id);
        free(row->objects);
        row->objects = NULL;
        row->objects_size = 0;
}

static void row_free(void *value)
{
        ContextRow *row = value;

        if (!row)
                return;
        objects_free(row);
        free(row->subject);
        free(row->category);
        free(row);
}

Context *context_new(void)
{
        Context *context = mem_new(sizeof *context);

        context->rows = map_new();
        return context;
}

void context_free(Context *context)
{
        if (!context)
                return;
        map_free(context->rows, row_free);
        free(context);
}

size_t context_size(const Context *context)
{
        return map_size(context->rows);
}

const ContextRow *context_find(const Context *context, const char *subject)
{
        return map_get_text(context->rows, subject);
}

/* ---- a revision ---- */

static bool pair_read(const char **text, const char *end, int32_t most, int32_t *number)
{
        const char *at = *text;

        for (*number = 0; at < end && at < *text + 2 && *at >= '0' && *at <= '9'; at++)
                *number = *number * 10 + (*at - '0');
        if (at == *text || *number > most)
                return false;
        *text = at;
        return true;
}

static bool is_colon(const char **text, const char *end)
{
        return *text < end && *(*text)++ == ':';
}

/* 17:00, 17:00:00, 24:00 */
static bool minute_read(const char *text, size_t size, int32_t *minute)
{
        const char *end = text + size;
        int32_t hours, minutes, seconds;

        if (!pair_read(&text, end, 24, &hours) || !is_colon(&text, end) || !pair_read(&text, end, 59, &minutes))
                return false;
        if (text < end && (!is_colon(&text, end) || !pair_read(&text, end, 59, &seconds)))
                return false;
        *minute = hours * 60 + minutes;
        return text == end && *minute <= MINUTES;
}

static void hours_take(ContextRow *row, const char *description)
{
        const char *dash = description ? strchr(description, '-') : NULL;
        int32_t opens, closes;

        if (!dash || !minute_read(description, (size_t)(dash - description), &opens) ||
            !minute_read(dash + 1, strlen(dash + 1), &closes))
                return;
        row->opens = opens;
        row->closes = closes;
}

static void state_take(ContextRow *row, EventState state, int64_t zone_time)
{
        const bool ended =
                state == STATE_CLOSED || state == STATE_VOID || state == STATE_REJECTED || state == STATE_DELETED;

        row->granted = !ended && state != STATE_RECEIVED && state != STATE_SUSPENDED;
        row->ended = ended ? zone_time : TIME_NONE;
}

static void position_take(ContextRow *row, const Event *event)
{
        const double cm = event->position.accuracy_m * 100.0;

        if (event->position.method == POSITION_NONE)
                return;
        row->point = geo_point(event->position.lon, event->position.lat);
        row->accuracy_cm = !(cm > 0) ? ACCURACY_UNKNOWN_CM : cm < ACCURACY_MOST_CM ? llround(cm) : ACCURACY_MOST_CM;
}

static void objects_take(ContextRow *row, const Event *event)
{
        if (event->objects_size == 0)
                return;
        objects_free(row);
        row->objects = mem_new(event->objects_size * sizeof *row->objects);
        for (size_t i = 0; i < event->objects_size; i++)
                row->objects[row->objects_size++] =
                        (MemberObject){ event->objects[i].kind, text_copy(event->objects[i].id) };
}

static void time_take(int64_t *known, int64_t told)
{
        if (told != TIME_NONE)
                *known = told;
}

static ContextRow *row_new(Context *context, const char *subject)
{
        ContextRow *row = mem_new(sizeof *row);

        *row = (ContextRow){ .subject = text_copy(subject),
                             .point = { GEO_NONE, GEO_NONE },
                             .from = TIME_NONE,
                             .until = TIME_NONE,
                             .updated = TIME_NONE,
                             .ended = TIME_NONE,
                             .opens = -1,
                             .closes = -1 };
        map_put_text(context->rows, row->subject, row);
        return row;
}

const ContextRow *context_take(Context *context, const Event *event, int64_t zone_time)
{
        ContextRow *row = map_get_text(context->rows, event->subject);

        if (row && event->time.updated != TIME_NONE && event->time.updated < row->updated)
                return NULL;
        if (!row)
                row = row_new(context, event->subject);
        free(row->category);
        row->category = text_copy(event->category.code);
        state_take(row, event->status.state, zone_time);
        position_take(row, event);
        objects_take(row, event);
        hours_take(row, event->description);
        time_take(&row->from, event->valid.from);
        time_take(&row->until, event->valid.to);
        time_take(&row->updated, event->time.updated);
        return row;
}

/* ---- what says nothing any more ---- */

typedef struct {
        Context *context;
        int64_t zone_time;
        void (*gone)(const char *subject, void *of);
        void *of;
} Forgetting;

static bool row_forget(const void *key, size_t size, void *value, void *of)
{
        const Forgetting *forgetting = of;
        ContextRow *row = value;
        const int64_t last = row->ended != TIME_NONE ? row->ended : row->until;

        if (last == TIME_NONE || last + CONTEXT_LAPSED_MS >= forgetting->zone_time)
                return true;
        forgetting->gone(row->subject, forgetting->of);
        map_take(forgetting->context->rows, key, size);
        row_free(row);
        return true;
}

void context_forget(Context *context, int64_t zone_time, void (*gone)(const char *subject, void *of), void *of)
{
        map_each(context->rows, row_forget, &(Forgetting){ context, zone_time, gone, of });
}

/* ---- stored ---- */

static void text_member(Buffer *out, const char *key, const char *text)
{
        if (!text)
                return;
        buffer_format(out, "%s\"%s\":", out->size > 1 ? "," : "", key);
        json_write_text(out, text, strlen(text));
}

static void number_member(Buffer *out, const char *key, int64_t number)
{
        if (number != TIME_NONE)
                buffer_format(out, ",\"%s\":%" PRId64, key, number);
}

void context_row_write(Buffer *out, const ContextRow *row)
{
        buffer_clear(out);
        buffer_byte(out, '{');
        text_member(out, "subject", row->subject);
        text_member(out, "category", row->category);
        if (geo_known(row->point))
                buffer_format(out, ",\"lon\":%d,\"lat\":%d,\"accuracy_cm\":%" PRId64, row->point.lon, row->point.lat,
                              row->accuracy_cm);
        number_member(out, "from", row->from);
        number_member(out, "until", row->until);
        number_member(out, "updated", row->updated);
        number_member(out, "ended", row->ended);
        if (row->opens >= 0)
                buffer_format(out, ",\"opens\":%d,\"closes\":%d", row->opens, row->closes);
        buffer_format(out, ",\"granted\":%s,\"objects\":[", row->granted ? "true" : "false");
        for (size_t i = 0; i < row->objects_size; i++) {
                buffer_format(out, "%s\"%s\",", i ? "," : "", object_name(row->objects[i].kind));
                json_write_text(out, row->objects[i].id, strlen(row->objects[i].id));
        }
        buffer_text(out, "]}");
}

static int64_t number_of(const json_t *json, const char *key, int64_t otherwise)
{
        const json_t *value = json_object_get(json, key);

        return value ? json_integer_value(value) : otherwise;
}

static void objects_read(ContextRow *row, const json_t *array)
{
        row->objects = mem_new((json_array_size(array) / 2 + 1) * sizeof *row->objects);
        for (size_t i = 0; i + 1 < json_array_size(array); i += 2)
                row->objects[row->objects_size++] =
                        (MemberObject){ object_find(json_string_value(json_array_get(array, i))),
                                        text_copy(json_string_value(json_array_get(array, i + 1))) };
}

bool context_row_read(Context *context, const char *text, size_t size, Error *err)
{
        CLEANUP(json_drop) json_t *json = json_read_typed(text, size, err);
        const char *subject = json ? json_string_value(json_object_get(json, "subject")) : NULL;

        if (!subject)
                return json ? error_set(err, ERR_FATAL, NULL, "row of a registry: no subject")
                            : error_add(err, "row of a registry");
        row_free(map_take(context->rows, subject, strlen(subject)));
        ContextRow *row = row_new(context, subject);
        row->category = text_copy(json_string_value(json_object_get(json, "category")));
        row->point = (GeoPoint){ (int32_t)number_of(json, "lon", GEO_NONE), (int32_t)number_of(json, "lat", GEO_NONE) };
        row->accuracy_cm = number_of(json, "accuracy_cm", 0);
        row->from = number_of(json, "from", TIME_NONE);
        row->until = number_of(json, "until", TIME_NONE);
        row->updated = number_of(json, "updated", TIME_NONE);
        row->ended = number_of(json, "ended", TIME_NONE);
        row->opens = (int32_t)number_of(json, "opens", -1);
        row->closes = (int32_t)number_of(json, "closes", -1);
        row->granted = json_is_true(json_object_get(json, "granted"));
        objects_read(row, json_object_get(json, "objects"));
        return true;
}
