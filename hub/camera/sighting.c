#include "hub/camera/sighting.h"

#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/dialect/fill.h"

#define AT(member) offsetof(SightingOptions, member)

const Option sighting_options[] = {
        { "devices", OPTION_CUSTOM, AT(devices), .custom = &devices_option,
          .about = "registry of the cameras: position, reach, place; without it no event has a position" },
        { "categories", OPTION_TABLE, AT(categories),
          .about =
                  "rule or event type to our code (E0101), to a name of the shared table, or to none: no hazard here" },
        { "crs", OPTION_CUSTOM, AT(crs), .custom = &crs_option,
          .about = "system that the registry is meant to be in; a camera in another one is marked crs_assumed" },
        { "space", OPTION_TEXT, AT(space), .about = "id space, where there are several such services" },
        { 0 },
};

Sighting sighting_begin(const SightingForm *form, const SightingOptions *options, Output *output)
{
        Sighting sighting = { .options = options, .output = output, .arena = scratch(output), .form = form };

        event_init(&sighting.event, KIND_REPORT);
        return sighting;
}

void sighting_place(Sighting *sighting, const char *const *names, size_t size)
{
        const SightingOptions *options = sighting->options;

        (void)place_device_of(options->devices, options->crs, names, size, OBJECT_CAMERA, &sighting->event);
}

static bool times_fill(const Sighting *sighting, Event *event, Error *err)
{
        if (!sighting->time)
                return error_set(err, ERR_INPUT, "missing_field", "%s: missing", sighting->form->time);
        if (!time_read(sighting->time, &event->time.updated, &event->time.precision, err))
                return error_add(err, "%s", sighting->form->time);
        if (event->time.occurred == TIME_NONE)
                event->time.occurred = event->time.updated;
        event->time.closed = event->status.state == STATE_CLOSED ? event->time.updated : TIME_NONE;
        return true;
}

/* What is old news must not hold back what is new. */
static bool state_emit(const Sighting *sighting, const Event *event, Error *err)
{
        const bool closed = event->status.state == STATE_CLOSED;
        const char *state = sighting->moment ? sighting->time : closed ? "closed" : "open";

        if (sighting->resent)
                return emit(sighting->output, event, err);
        if (closed && sighting->vague)
                return emit_end(sighting->output, event, "closed", err);
        return emit_change(sighting->output, event, state, err);
}

bool sighting_emit(Sighting *sighting, Error *err)
{
        const TextTable *codes = &sighting->options->categories;
        const char *mapped = sighting->rule ? table_get(codes, sighting->rule) : NULL;
        Event *event = &sighting->event;

        fill_mapped(sighting->rule, mapped, sighting->name, event);
        event->category.fallback = sighting->form->fallback;
        if (text_is_one_of("none", mapped))
                return ignored(sighting->output, "no hazard here");
        if (!case_id_check(sighting->form->id, sighting->id, false, err) || !times_fill(sighting, event, err))
                return false;
        event->space = sighting->options->space;
        event->source.id = sighting->id;
        event->source.revision = arena_format(sighting->arena, "%s-%s", sighting->word, sighting->time);
        event->source.channel = "camera";
        event->source.episodic = true;
        event->status.raw = sighting->word;
        event->quality |= sighting->resent ? QUALITY_LATE : 0;
        return state_emit(sighting, event, err);
}
