#include "adapters/list.h"
#include "hub/base/crypto.h"
#include "hub/base/text.h"
#include "hub/dialect/fill.h"
#include "hub/dialect/place.h"
#include "hub/document/record.h"

#include <string.h>

/*
 * Platform 9, the district's City Brain: Frigate's events over MQTT, {"type": "new|update|end", "before": {}, "after":
 * {}}. docs.frigate.video, Integrations, MQTT, topic frigate/events. One object in view is one case: its id stays, each
 * message is a revision. Updates in which nothing that we map has changed (thousands in a windy night) are ignored.
 * Cameras send no position: the registry has it, and its field of view.
 */

typedef struct {
        Devices *devices;
        TextTable categories;
        Crs crs;
        char *space;
} CitybrainOptions;

#define AT(member) offsetof(CitybrainOptions, member)

static const Option table[] = {
        { "devices", OPTION_CUSTOM, AT(devices), .custom = &devices_option, .flags = OPTION_REQUIRED,
          .about = "registry of the cameras: position, field of view, place" },
        { "categories", OPTION_TABLE, AT(categories),
          .about = "label or label/zone to our code (E0501), or to a name or alarm word of the shared table" },
        { "crs", OPTION_CUSTOM, AT(crs), .custom = &crs_option,
          .about = "system that the registry is meant to be in; a camera in another one is marked crs_assumed" },
        { "space", OPTION_TEXT, AT(space), .about = "id space, where one platform has several City Brains" },
};

/* What we map of one side of a message; texts of the document, NULL: absent. END is not hashed: it is a time. */
enum { CAMERA, CATEGORY, SCORE, START, PLATE, FALSE_POSITIVE, END, TEXTS };

typedef struct {
        const char *texts[TEXTS];
        const char *mapped; /* what the category table says of it */
        bool unclear;       /* false_positive says neither yes nor no */
} Sighting;

/* Frigate's other topics (available, reviews, stats ...) speak of no event. A file's name, in tools, is no topic. */
static bool is_other_topic(const char *channel)
{
        const char *level = channel ? strrchr(channel, '/') : NULL;

        return level && !text_same(level, "/events");
}

/* Of several the first that is there: releases of Frigate differ. */
static const char *const paths[TEXTS][2] = {
        [CAMERA] = { "camera" },    [SCORE] = { "top_score", "data.top_score" },
        [START] = { "start_time" }, [PLATE] = { "recognized_license_plate", "recognized_license_plate.0" },
        [END] = { "end_time" },
};

/* The first zone on its way that the table knows with this label, else the label alone. */
static void category_read(const CitybrainOptions *options, const json_t *state, Arena *arena, Sighting *sighting)
{
        const json_t *zones = json_at(state, "entered_zones");
        const char *label = json_text(state, "label");

        for (size_t i = 0; label && i < json_array_size(zones); i++) {
                const char *zone = json_text(json_array_get(zones, i), "");

                sighting->texts[CATEGORY] = zone ? arena_format(arena, "%s/%s", label, zone) : label;
                sighting->mapped = table_get(&options->categories, sighting->texts[CATEGORY]);
                if (sighting->mapped)
                        return;
        }
        sighting->texts[CATEGORY] = label;
        sighting->mapped = label ? table_get(&options->categories, label) : NULL;
}

static Sighting sighting_read(const CitybrainOptions *options, const json_t *state, Arena *arena)
{
        Sighting sighting = { 0 };
        bool false_positive;

        for (int i = 0; i < 2 * TEXTS; i++)
                if (!sighting.texts[i / 2] && paths[i / 2][i % 2])
                        sighting.texts[i / 2] = json_text(state, paths[i / 2][i % 2]);
        sighting.unclear = !text_read_flag(json_text(state, "false_positive"), &false_positive);
        sighting.texts[FALSE_POSITIVE] = false_positive ? "true" : "false";
        category_read(options, state, arena, &sighting);
        return sighting;
}

static bool sighting_same(const Sighting *one, const Sighting *other)
{
        for (int i = 0; i < TEXTS; i++)
                if (!text_same(one->texts[i], other->texts[i]))
                        return false;
        return true;
}

/* Where a message tells no time of its own: what we map of it, one a line. */
static const char *sighting_hash(const Sighting *sighting, Arena *arena)
{
        CLEANUP(buffer_free) Buffer all = { 0 };

        for (int i = 0; i < END; i++)
                buffer_format(&all, "%s\n", sighting->texts[i] ? sighting->texts[i] : "");
        return sha256_digits(all.bytes, all.size, 16, arena);
}

/* Good to know, but no sighting is turned away for it. */
static void time_try(Event *event, const char *text, int64_t *ms)
{
        Error unread;

        if (text && !time_read(text, ms, NULL, &unread))
                event->quality |= QUALITY_PARTIAL;
}

/* The literal digits of frame_time make the revision: a float would lose some. */
static bool times_fill(Event *event, const Sighting *sighting, const char *type, const char *frame, Arena *arena,
                       Error *err)
{
        const char *start = sighting->texts[START], *end = sighting->texts[END];
        const char *moment = frame ? frame : end, *begun = start ? start : moment;

        event->source.revision = arena_format(arena, "%s-%s", type, moment ? moment : sighting_hash(sighting, arena));
        time_try(event, moment, &event->time.updated);
        time_try(event, text_same(type, "end") ? end : NULL, &event->time.closed);
        return !begun || time_read(begun, &event->time.occurred, &event->time.precision, err) ||
               error_add(err, "after.%s", start ? "start_time" : "frame_time");
}

static void status_fill(Event *event, const Sighting *sighting, const char *type)
{
        const bool false_alarm = text_same(sighting->texts[FALSE_POSITIVE], "true");

        event->status.raw = type;
        event->status.state = false_alarm ? STATE_VOID : text_same(type, "end") ? STATE_CLOSED : STATE_RECEIVED;
        event->status.outcome = false_alarm ? OUTCOME_FALSE_ALARM : OUTCOME_NONE;
        event->quality |= sighting->unclear ? QUALITY_PARTIAL : 0;
}

static void confidence_fill(Event *event, const char *score)
{
        double value;

        if (score && text_read_number(score, &value) && value >= 0 && value <= 1)
                event->confidence = value;
        else if (score)
                event->quality |= QUALITY_PARTIAL;
}

static bool sighting_emit(const CitybrainOptions *options, const Sighting *sighting, const char *type,
                          const json_t *after, Output *output, Error *err)
{
        Event event;

        event_init(&event, KIND_REPORT);
        event.space = options->space;
        event.source.id = json_text(after, "id");
        event.source.channel = "camera";
        if (!case_id_check("after.id", event.source.id, false, err))
                return false;
        if (!sighting->texts[CATEGORY])
                return error_set(err, ERR_INPUT, "missing_field", "after.label: missing");
        if (!times_fill(&event, sighting, type, json_text(after, "frame_time"), scratch(output), err))
                return false;
        status_fill(&event, sighting, type);
        fill_mapped(sighting->texts[CATEGORY], sighting->mapped, NULL, &event);
        place_device(options->devices, options->crs, sighting->texts[CAMERA], OBJECT_CAMERA, &event);
        event_add_object(&event, OBJECT_PLATE, sighting->texts[PLATE]);
        confidence_fill(&event, sighting->texts[SCORE]);
        return emit(output, &event, err);
}

static bool message_translate(const CitybrainOptions *options, const json_t *message, Output *output, Error *err)
{
        const json_t *before = json_at(message, "before"), *after = json_at(message, "after");
        const char *type = json_text(message, "type");
        Sighting now, then;

        if (!text_same(type, "new") && !text_same(type, "update") && !text_same(type, "end"))
                return error_set(err, ERR_INPUT, type ? "unknown_message" : "missing_field",
                                 "type: neither new, update nor end");
        if (!json_is_object(after))
                return error_set(err, ERR_INPUT, after ? "bad_value" : "missing_field", "after: no object");
        now = sighting_read(options, after, scratch(output));
        then = sighting_read(options, before, scratch(output));
        if (text_same(type, "update") && json_is_object(before) && sighting_same(&then, &now))
                return ignored(output, "unchanged");
        return sighting_emit(options, &now, type, after, output, err);
}

static bool translate(const void *of, const Record *record, Output *output, Error *err)
{
        CLEANUP(json_drop) json_t *message = NULL;

        if (is_other_topic(record->channel) || record->size == 0) { /* empty: how MQTT takes back a retained message */
                return ignored(output, is_other_topic(record->channel) ? "other topic" : "empty");
        }
        message = record_read(record, NULL, output, err);
        return message && message_translate(of, message, output, err);
}

const Adapter citybrain = {
        .name = "citybrain",
        .about = "City Brain video AI: Frigate's events over MQTT",
        .platform = "p09",
        .options = table,
        .options_size = sizeof(table) / sizeof(table[0]),
        .size = sizeof(CitybrainOptions),
        .translate = translate,
};
