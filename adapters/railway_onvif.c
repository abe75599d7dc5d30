#include "adapters/railway.h"
#include "hub/base/text.h"
#include "hub/dialect/case.h"

#include <stdlib.h>
#include <string.h>

/* PREFIX/onvif-ej/RuleEngine/LineDetector/Crossed/&1/2/MyRule: values of Source, the video source first, the rule last. */
typedef struct {
        const char *prefix, *values, *video, *rule; /* NULL: not there */
} Topic;

static Topic topic_read(const char *channel, Arena *arena)
{
        static const char mark[] = "/onvif-ej/";
        const char *event = channel ? strstr(channel, mark) : NULL, *last;
        Topic topic = { 0 };

        if (!event || event == channel)
                return topic;
        topic.prefix = arena_copy(arena, channel, (size_t)(event - channel));
        event += strlen(mark);
        topic.values = strstr(event, "/&");
        if (!topic.values)
                return topic;
        topic.values += 2;
        topic.video = arena_copy(arena, topic.values, strcspn(topic.values, "/"));
        last = strrchr(topic.values, '/');
        if (last && text_starts(event, "RuleEngine/"))
                topic.rule = last + 1;
        return topic;
}

static int rank_of(const char *name)
{
        return text_starts(name, "VideoSource") ? 0 : text_is_one_of("Rule|RuleName", name) ? 2 : 1;
}

static int by_rank(const void *one, const void *other)
{
        const char *a = *(const char *const *)one, *b = *(const char *const *)other;

        return rank_of(a) != rank_of(b) ? rank_of(a) - rank_of(b) : strcmp(a, b);
}

/* As the topic has them; a message without one may list the same values in any order. */
static const char *source_values(const Topic *topic, const json_t *source, Arena *arena)
{
        const char **names = arena_take(arena, (json_object_size(source) + 1) * sizeof *names), *name;
        const char *values = topic->values;
        const json_t *value;
        size_t size = 0;

        if (values)
                return values;
        /* Jansson's iterators take no const. NOLINTNEXTLINE(performance-no-int-to-ptr) */
        json_object_foreach((json_t *)(uintptr_t)source, name, value)
                if (json_text(value, ""))
                        names[size++] = name;
        qsort(names, size, sizeof *names, by_rank);
        for (size_t i = 0; i < size; i++) {
                const char *text = json_text(json_object_get(source, names[i]), "");

                values = values ? arena_format(arena, "%s/%s", values, text) : text;
        }
        return values;
}

/* False: a state that says neither yes nor no. What has none is over as it is told. */
static bool state_read(const json_t *message, Sighting *sighting)
{
        const char *state =
                json_first(json_at(message, "Data"), "State|IsMotion|IsInside|IsActive|Active|LogicalState");
        bool on = !state || text_is_one_of("active", state);

        sighting->moment = !state;
        sighting->word = state ? state : "event";
        if (!on && !text_is_one_of("inactive", state) && !text_read_flag(state, &on))
                return false;
        sighting->event.status.state = on ? STATE_RECEIVED : STATE_CLOSED;
        return true;
}

/* Of a property that was deleted nothing is left but its topic; when, only we can say. */
static void deletion_read(Sighting *sighting)
{
        sighting->word = "deleted";
        sighting->time =
                time_text(record_of(sighting->output)->received_ms, arena_take(sighting->arena, TIME_TEXT_SIZE));
        sighting->event.status.state = STATE_CLOSED;
        sighting->event.quality |= QUALITY_CLOCK_MISSING;
}

/* A camera that turned says where it looks, or its tower with all of its reach is the place. */
static bool names_fill(const json_t *message, const Topic *topic, Sighting *sighting, Error *err)
{
        const json_t *source = json_at(message, "Source"), *data = json_at(message, "Data");
        const char *video = json_first(source, "VideoSource|VideoSourceToken|VideoSourceConfigurationToken");
        const char *object = json_first(data, "ObjectId|ObjectID"), *names[3] = { NULL, video, topic->prefix };
        Arena *arena = sighting->arena;

        if (object && !case_id_check("Data.ObjectId", object, false, err))
                return false;
        names[1] = video ? video : topic->video;
        if (topic->prefix && names[1])
                names[0] = arena_format(arena, "%s/%s", topic->prefix, names[1]);
        sighting_place(sighting, names, 3);
        place_aim(json_first(data, "Bearing|Azimuth|AzimuthAngle"), json_first(data, "Range|Distance"),
                  &sighting->event);
        sighting->vague = !object;
        sighting->id = source_values(topic, source, arena);
        if (topic->prefix)
                sighting->id = arena_format(arena, "%s/%s", topic->prefix, sighting->id);
        if (object)
                sighting->id = arena_format(arena, "%s/%s", sighting->id, object);
        return true;
}

bool onvif_translate(const SightingOptions *options, const json_t *message, Output *output, Error *err)
{
        static const SightingForm form = { "Source", "UtcTime", RAILWAY_HAZARD };
        const Topic topic = topic_read(record_of(output)->channel, scratch(output));
        const char *told = json_first(message, "Source.Rule|Source.RuleName");
        Sighting sighting = sighting_begin(&form, options, output);

        sighting.rule = sighting.name = told ? told : topic.rule;
        sighting.time = json_text(message, "UtcTime");
        if (!sighting.rule || json_text(message, "Data.Count"))
                return ignored(output, !message ? "empty" : sighting.rule ? "counter" : "no rule");
        if (!message)
                deletion_read(&sighting);
        else if (!state_read(message, &sighting))
                return error_set(err, ERR_INPUT, "bad_value", "Data: a state that is neither true nor false");
        return names_fill(message, &topic, &sighting, err) && sighting_emit(&sighting, err);
}
