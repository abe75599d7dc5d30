#include "adapters/list.h"
#include "hub/base/crypto.h"
#include "hub/base/text.h"
#include "hub/dialect/case.h"
#include "hub/dialect/place.h"
#include "hub/dialect/record.h"

#include <string.h>

/*
 * Platform 9, the district's City Brain: Frigate's events over MQTT, {"type": "new|update|end", "before": {}, "after":
 * {}}. docs.frigate.video, Integrations, MQTT, topic frigate/events.
 *
 * One object in view is one case: its id stays, each message is a revision. Updates in which nothing that we map has
 * changed (thousands in a windy night) are ignored. Cameras send no position: the registry has it, and its field of
 * view.
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
          .about = "label or label/zone to our code (E0501), or to a name or alarm word of the category table "
                   "(HAWKER)" },
        { "crs", OPTION_CUSTOM, AT(crs), .custom = &crs_option,
          .about = "system that the registry is meant to be in; a camera in another one is marked crs_assumed" },
        { "space", OPTION_TEXT, AT(space), .about = "id space, where one platform has several City Brains" },
};

/* What we map of one side of a message; texts of the document, NULL: absent. */
typedef struct {
        const char *camera, *category, *score, *start, *end, *plate;
        const char *mapped;           /* what the category table says of it */
        bool false_positive, unclear; /* unclear: a word that says neither yes nor no */
} Sighting;

/* Frigate's other topics (available, reviews, stats ...) speak of no event. A file's name, in tools, is no topic. */
static bool is_other_topic(const char *channel)
{
        const char *level = channel ? strrchr(channel, '/') : NULL;

        return level && !text_same(level, "/events");
}

static const char *either(const json_t *json, const char *path, const char *other)
{
        const char *text = json_text(json, path);

        return text ? text : json_text(json, other);
}

/* The first zone on its way that the table knows with this label, else the label alone. */
static void category_read(const CitybrainOptions *options, const json_t *state, Arena *arena, Sighting *sighting)
{
        const json_t *zones = json_at(state, "entered_zones");
        const char *label = json_text(state, "label");

        for (size_t i = 0; label && i < json_array_size(zones); i++) {
                const char *zone = json_text(json_array_get(zones, i), "");

                sighting->category = zone ? arena_format(arena, "%s/%s", label, zone) : label;
                sighting->mapped = table_get(&options->categories, sighting->category);
                if (sighting->mapped)
                        return;
        }
        sighting->category = label;
        sighting->mapped = label ? table_get(&options->categories, label) : NULL;
}

static Sighting sighting_read(const CitybrainOptions *options, const json_t *state, Arena *arena)
{
        Sighting sighting = {
                .camera = json_text(state, "camera"),
                .score = either(state, "top_score", "data.top_score"),
                .start = json_text(state, "start_time"),
                .end = json_text(state, "end_time"),
                .plate = either(state, "recognized_license_plate", "recognized_license_plate.0"),
        };

        sighting.unclear = !text_read_flag(json_text(state, "false_positive"), &sighting.false_positive);
        category_read(options, state, arena, &sighting);
        return sighting;
}

static bool sighting_same(const Sighting *one, const Sighting *other)
{
        return text_same(one->camera, other->camera) && text_same(one->category, other->category) &&
               text_same(one->score, other->score) && text_same(one->start, other->start) &&
               text_same(one->end, other->end) && text_same(one->plate, other->plate) &&
               one->false_positive == other->false_positive;
}

/* Where a message tells no time of its own: what we map of it, one a line. */
static const char *sighting_hash(const Sighting *sighting, Arena *arena)
{
        const char *const texts[] = {
                sighting->camera, sighting->category, sighting->score,
                sighting->start,  sighting->plate,    sighting->false_positive ? "true" : "false"
        };
        CLEANUP(buffer_free) Buffer all = { 0 };
        char digest[SHA256_TEXT_SIZE];

        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
                buffer_format(&all, "%s\n", texts[i] ? texts[i] : "");
        return arena_format(arena, "%.16s", sha256_text(all.bytes, all.size, digest));
}

static bool time_take(const char *name, const char *text, int64_t *ms, TimePrecision *precision, Error *err)
{
        return !text || time_read(text, ms, precision, err) || error_add(err, "after.%s", name);
}

/* The literal digits of frame_time make the revision: a float would lose some. */
static bool times_fill(Event *event, const Sighting *sighting, const char *type, const char *frame, Arena *arena,
                       Error *err)
{
        const char *moment = frame ? frame : sighting->end;
        const char *begun = sighting->start ? sighting->start : moment;
        const char *ended = text_same(type, "end") ? sighting->end : NULL;

        event->source.revision = arena_format(arena, "%s-%s", type, moment ? moment : sighting_hash(sighting, arena));
        return time_take("frame_time", moment, &event->time.updated, NULL, err) &&
               time_take("start_time", begun, &event->time.occurred, &event->time.precision, err) &&
               time_take("end_time", ended, &event->time.closed, NULL, err);
}

static void status_fill(Event *event, const Sighting *sighting, const char *type)
{
        event->status.raw = type;
        event->status.state = text_same(type, "end") ? STATE_CLOSED : STATE_RECEIVED;
        event->quality |= sighting->unclear ? QUALITY_PARTIAL : 0;
        if (sighting->false_positive) {
                event->status.state = STATE_VOID;
                event->status.outcome = OUTCOME_FALSE_ALARM;
        }
}

/* Our codes have digits; names and alarm words have none and are found in the shared table. */
static void category_fill(Event *event, const Sighting *sighting)
{
        event->category.raw_code = sighting->category;
        if (sighting->mapped && strpbrk(sighting->mapped, "0123456789")) {
                event->category.code = sighting->mapped;
                event->category.method = METHOD_CODE;
        } else {
                event->category.raw_name = sighting->mapped;
        }
}

static void confidence_fill(Event *event, const char *score)
{
        double value;

        if (!score)
                return;
        if (text_read_number(score, &value) && value >= 0 && value <= 1)
                event->confidence = value;
        else
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
        if (!sighting->category)
                return error_set(err, ERR_INPUT, "missing_field", "after.label: missing");
        if (!times_fill(&event, sighting, type, json_text(after, "frame_time"), scratch(output), err))
                return false;
        status_fill(&event, sighting, type);
        category_fill(&event, sighting);
        place_device(options->devices, options->crs, sighting->camera, OBJECT_CAMERA, &event);
        event_add_object(&event, OBJECT_PLATE, sighting->plate);
        confidence_fill(&event, sighting->score);
        return emit(output, &event, err);
}

static bool type_check(const char *type, Error *err)
{
        if (!type)
                return error_set(err, ERR_INPUT, "missing_field", "type: missing");
        return text_same(type, "new") || text_same(type, "update") || text_same(type, "end") ||
               error_set(err, ERR_INPUT, "unknown_message", "type: neither new, update nor end");
}

static bool message_translate(const CitybrainOptions *options, const json_t *message, Output *output, Error *err)
{
        const json_t *before = json_at(message, "before"), *after = json_at(message, "after");
        const char *type = json_text(message, "type");
        Sighting now;

        if (!type_check(type, err))
                return false;
        if (!json_is_object(after))
                return error_set(err, ERR_INPUT, after ? "bad_value" : "missing_field", "after: no object");
        now = sighting_read(options, after, scratch(output));
        if (text_same(type, "update") && json_is_object(before)) {
                const Sighting then = sighting_read(options, before, scratch(output));

                if (sighting_same(&then, &now)) {
                        ignored(output, "unchanged");
                        return true;
                }
        }
        return sighting_emit(options, &now, type, after, output, err);
}

static bool translate(const void *of, const Record *record, Output *output, Error *err)
{
        CLEANUP(json_drop) json_t *message = NULL;

        if (is_other_topic(record->channel)) {
                ignored(output, "other topic");
                return true;
        }
        if (record->size == 0) { /* how MQTT takes back a retained message */
                ignored(output, "empty");
                return true;
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
