/* What an adapter's event says, the correlator reads: every member, whatever stands in it. */

#include "hub/event/json.h"
#include "tests/property/random.h"

#include <math.h>
#include <string.h>

typedef struct {
        Chance *chance;
        Arena *arena;
} Maker;

static const char sha256_any[] = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

static const char *maybe_text(Maker *maker, size_t most)
{
        return chance_one_in(maker->chance, 2) ? chance_text(maker->chance, maker->arena, most) : NULL;
}

static int64_t maybe_time(Maker *maker)
{
        if (chance_one_in(maker->chance, 2))
                return TIME_NONE;
        return (int64_t)(chance_bits(maker->chance) % UINT64_C(253402300800000));
}

static double any_number(Chance *chance)
{
        return ((double)(chance_bits(chance) >> 11) - 4503599627370496.0) / (double)(1 + chance_below(chance, 1000000));
}

/* A number that has seven decimals, as it comes back from text. */
static double any_degrees(Chance *chance, int most)
{
        char text[32];

        snprintf(text, sizeof(text), "%d.%07u", (int)chance_below(chance, (size_t)most * 2 - 1) - most + 1,
                 (unsigned)chance_below(chance, 10000000));
        return strtod(text, NULL);
}

static void head_make(Maker *maker, Event *event)
{
        event->platform = "p12";
        event->instance = "grid";
        event->zone = "350206";
        event->id = "p12::A1:1";
        event->subject = "p12::A1";
        event->source.id = chance_text(maker->chance, maker->arena, 60);
        event->source.revision = chance_text(maker->chance, maker->arena, 20);
        event->source.sequence = maybe_text(maker, 20);
        event->source.channel = maybe_text(maker, 20);
        event->source.url = maybe_text(maker, 60);
        event->time.occurred = (int64_t)(chance_bits(maker->chance) % UINT64_C(253402300800000));
        event->time.precision = (TimePrecision)chance_below(maker->chance, 4);
        event->time.reported = maybe_time(maker);
        event->time.updated = maybe_time(maker);
        event->time.deadline = maybe_time(maker);
        event->time.closed = maybe_time(maker);
        event->time.received = 1701736990123;
        event->status.state = (EventState)(1 + chance_below(maker->chance, STATE_DELETED));
        event->status.raw = maybe_text(maker, 20);
        event->status.outcome = (EventOutcome)chance_below(maker->chance, OUTCOME_FALSE_ALARM + 1);
        event->status.reopened = chance_one_in(maker->chance, 2);
        event->raw.sha256 = sha256_any;
        event->raw.bytes = chance_below(maker->chance, 100000);
        event->raw.position = maybe_text(maker, 20);
}

static void body_make(Maker *maker, Event *event)
{
        event->category.code = "E0504";
        event->category.name = maybe_text(maker, 20);
        event->category.raw_code = maybe_text(maker, 20);
        event->category.raw_name = maybe_text(maker, 20);
        event->category.method = (CategoryMethod)(1 + chance_below(maker->chance, METHOD_DEFAULT));
        event->category.also_size = chance_below(maker->chance, EVENT_ALSO_MOST + 1);
        for (size_t i = 0; i < event->category.also_size; i++)
                event->category.also[i] = "E2102";
        event->severity = (EventSeverity)(1 + chance_below(maker->chance, SEVERITY_CRITICAL));
        event->title = chance_text(maker->chance, maker->arena, 80);
        event->description = maybe_text(maker, 300);
        event->position.method = (PositionMethod)chance_below(maker->chance, POSITION_GAZETTEER + 1);
        event->position.lon = any_degrees(maker->chance, 180);
        event->position.lat = any_degrees(maker->chance, 90);
        event->position.accuracy_m = chance_one_in(maker->chance, 2) ? 0 : 1e-3 + fabs(any_number(maker->chance)) / 1e9;
        event->position.crs = chance_one_in(maker->chance, 2) ? "gcj02" : NULL;
        event->position.raw[0] = maybe_text(maker, 20);
        event->position.raw[1] = event->position.raw[0];
        event->place.address = maybe_text(maker, 60);
        event->place.grid = maybe_text(maker, 60);
        event->org.responsible = maybe_text(maker, 60);
        event->confidence = chance_one_in(maker->chance, 2)
                                    ? (double)NAN
                                    : (double)(chance_bits(maker->chance) >> 11) / 9007199254740992.0;
        event->valid.to = maybe_time(maker);
        event->quality = (unsigned)chance_below(maker->chance, 1024);
}

static void lists_make(Maker *maker, Event *event)
{
        const bool is_of_objects = event->kind == KIND_REGISTRY || event->kind == KIND_HEALTH;

        for (size_t i = chance_below(maker->chance, 4) + is_of_objects; i > 0; i--)
                event_add_object(event, (ObjectKind)(OBJECT_BIKE + chance_below(maker->chance, 7)),
                                 chance_text(maker->chance, maker->arena, 30));
        for (size_t i = chance_below(maker->chance, 4); i > 0; i--)
                event_add_link(event, "repeat", chance_text(maker->chance, maker->arena, 30));
        for (size_t i = chance_below(maker->chance, 4); i > 0; i--)
                event_add_media(event, chance_text(maker->chance, maker->arena, 30), maybe_text(maker, 9),
                                maybe_text(maker, 9));
        event->measurements_size = chance_below(maker->chance, 5);
        for (size_t i = 0; i < event->measurements_size; i++) {
                event->measurements[i].factor = chance_text(maker->chance, maker->arena, 9);
                event->measurements[i].unit = maybe_text(maker, 9);
                event->measurements[i].value =
                        chance_one_in(maker->chance, 4) ? (double)NAN : any_number(maker->chance) / 10;
        }
        event->reporter.ids_size = chance_below(maker->chance, 3);
        event->reporter.ids[0] = "p3:m2cqz2m4aaaaaaaaaaaaaaaaaa";
        event->reporter.ids[1] = "p2:aaaaaaaaaaaaaaaaaaaaaaaaaa";
}

static bool same_number(double one, double other)
{
        return (isnan(one) && isnan(other)) || !(one < other || one > other);
}

static bool heads_same(const Event *one, const Event *other)
{
        return one->kind == other->kind && text_same(one->id, other->id) && text_same(one->subject, other->subject) &&
               text_same(one->source.id, other->source.id) && text_same(one->source.revision, other->source.revision) &&
               text_same(one->source.sequence, other->source.sequence) &&
               text_same(one->source.channel, other->source.channel) && text_same(one->source.url, other->source.url) &&
               memcmp(&one->time, &other->time, sizeof(int64_t) * 6) == 0 &&
               one->time.precision == other->time.precision && one->status.state == other->status.state &&
               text_same(one->status.raw, other->status.raw) && one->status.outcome == other->status.outcome &&
               one->status.reopened == other->status.reopened && one->raw.bytes == other->raw.bytes &&
               text_same(one->raw.position, other->raw.position);
}

static bool positions_same(const Event *one, const Event *other)
{
        if (one->position.method != other->position.method || one->position.method == POSITION_NONE)
                return one->position.method == other->position.method;
        return same_number(one->position.lon, other->position.lon) &&
               same_number(one->position.lat, other->position.lat) &&
               same_number(one->position.accuracy_m, other->position.accuracy_m) &&
               text_same(one->position.crs, other->position.crs) &&
               text_same(one->position.raw[0], other->position.raw[0]) &&
               text_same(one->position.raw[1], other->position.raw[1]);
}

static bool bodies_same(const Event *one, const Event *other)
{
        return text_same(one->category.code, other->category.code) &&
               text_same(one->category.name, other->category.name) &&
               text_same(one->category.raw_code, other->category.raw_code) &&
               text_same(one->category.raw_name, other->category.raw_name) &&
               one->category.method == other->category.method && one->category.also_size == other->category.also_size &&
               one->severity == other->severity && text_same(one->title, other->title) &&
               text_same(one->description, other->description) && positions_same(one, other) &&
               text_same(one->place.address, other->place.address) && text_same(one->place.grid, other->place.grid) &&
               text_same(one->org.responsible, other->org.responsible) &&
               same_number(one->confidence, other->confidence) && one->valid.to == other->valid.to &&
               one->quality == other->quality;
}

static bool lists_same(const Event *one, const Event *other)
{
        if (one->objects_size != other->objects_size || one->links_size != other->links_size ||
            one->media_size != other->media_size || one->measurements_size != other->measurements_size ||
            one->reporter.ids_size != other->reporter.ids_size)
                return false;
        for (size_t i = 0; i < one->objects_size; i++)
                if (one->objects[i].kind != other->objects[i].kind ||
                    !text_same(one->objects[i].id, other->objects[i].id))
                        return false;
        for (size_t i = 0; i < one->links_size; i++)
                if (!text_same(one->links[i].subject, other->links[i].subject))
                        return false;
        for (size_t i = 0; i < one->media_size; i++)
                if (!text_same(one->media[i].url, other->media[i].url) ||
                    !text_same(one->media[i].stage, other->media[i].stage))
                        return false;
        for (size_t i = 0; i < one->measurements_size; i++)
                if (!same_number(one->measurements[i].value, other->measurements[i].value) ||
                    !text_same(one->measurements[i].factor, other->measurements[i].factor))
                        return false;
        return true;
}

static void event_holds(Maker *maker, EventReader *reader)
{
        CLEANUP(buffer_free) Buffer first = { 0 };
        CLEANUP(buffer_free) Buffer second = { 0 };
        EventValue value;
        Error err = { 0 };
        Event event;

        event_init(&event, (EventKind)(KIND_REPORT + chance_below(maker->chance, 4)));
        head_make(maker, &event);
        body_make(maker, &event);
        lists_make(maker, &event);
        must(event_write(&first, &event, &err), "it is written", err.text);
        must(event_read(reader, first.bytes, first.size, &value, &err), err.text, first.bytes);
        must(heads_same(&event, &value.event) && bodies_same(&event, &value.event) && lists_same(&event, &value.event),
             "every member is the same", first.bytes);
        must(event_write(&second, &value.event, &err) && text_same(first.bytes, second.bytes),
             "written again, the same bytes", first.bytes);
}

int main(void)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        CLEANUP(event_reader_drop) EventReader *reader = event_reader_new();
        Chance chance = chance_start("roundtrip");
        Maker maker = { &chance, arena };

        for (int64_t i = 0; i < chance.cases; i++) {
                event_holds(&maker, reader);
                arena_reset(arena);
        }
        return EXIT_SUCCESS;
}
