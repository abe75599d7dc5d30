#include "hub/event/fields.h"

#include "hub/event/json.h"

#define AT(member)       .offset = offsetof(Event, member)
#define SIZE_AT(member)  .size_offset = offsetof(Event, member)
#define IN(type, member) .offset = offsetof(type, member)
#define SHAPE(fields, element)                                                                                         \
        {                                                                                                              \
                (fields), sizeof(fields) / sizeof((fields)[0]), (element), NULL                                        \
        }
#define COUNT .least = 0, .greatest = INTEGER_MOST

static const Field source_fields[] = {
        { "id", FIELD_TEXT, NEED_ALWAYS, AT(source.id), .most = 1024 },
        { "revision", FIELD_TEXT, NEED_ALWAYS, AT(source.revision), .most = 128 },
        { "sequence", FIELD_TEXT, FIELD_CUT, AT(source.sequence), .most = 256 },
        { "channel", FIELD_TEXT, FIELD_CUT, AT(source.channel), .most = 256 },
        { "url", FIELD_TEXT, 0, AT(source.url), .most = 2048 },
        { "episodic", FIELD_FLAG, 0, AT(source.episodic) },
};

static const Field time_fields[] = {
        { "occurred", FIELD_TIME, NEED_REPORT, AT(time.occurred) },
        { "precision", FIELD_PRECISION, 0, AT(time.precision), .names = &precision_names },
        { "reported", FIELD_TIME, 0, AT(time.reported) },
        { "updated", FIELD_TIME, 0, AT(time.updated) },
        { "received", FIELD_TIME, NEED_ALWAYS, AT(time.received) },
        { "deadline", FIELD_TIME, 0, AT(time.deadline) },
        { "closed", FIELD_TIME, 0, AT(time.closed) },
};

static const Field status_fields[] = {
        { "state", FIELD_NAME, NEED_ALWAYS, AT(status.state), .names = &state_names },
        { "raw", FIELD_TEXT, FIELD_CUT, AT(status.raw), .most = 256 },
        { "outcome", FIELD_NAME, 0, AT(status.outcome), .names = &outcome_names },
        { "reopened", FIELD_FLAG, 0, AT(status.reopened) },
};

static const Field category_fields[] = {
        { "code", FIELD_TEXT, NEED_ALWAYS, AT(category.code), .most = 32, .form = FORM_NAME },
        { "name", FIELD_TEXT, FIELD_CUT, AT(category.name), .most = 128 },
        { "raw_code", FIELD_TEXT, FIELD_CUT, AT(category.raw_code), .most = 128 },
        { "raw_name", FIELD_TEXT, FIELD_CUT, AT(category.raw_name), .most = 256 },
        { "method", FIELD_NAME, NEED_ALWAYS, AT(category.method), .names = &method_names },
        { "also", FIELD_TEXTS, 0, AT(category.also), SIZE_AT(category.also_size), EVENT_ALSO_MOST, 32, FORM_NAME },
};

static const Field position_fields[] = {
        { "lon", FIELD_DEGREES, NEED_ALWAYS, AT(position.lon), .least = -180, .greatest = 180 },
        { "lat", FIELD_DEGREES, NEED_ALWAYS, AT(position.lat), .least = -90, .greatest = 90 },
        { "accuracy_m", FIELD_LENGTH, 0, AT(position.accuracy_m), .greatest = 1e8 },
        { "method", FIELD_NAME, NEED_ALWAYS, AT(position.method), .names = &position_names },
        { "crs", FIELD_TEXT, 0, AT(position.crs), .most = 32, .form = FORM_NAME },
        { "raw", FIELD_PAIR, 0, AT(position.raw), .text_most = 64 },
};

static const Field place_fields[] = {
        { "address", FIELD_TEXT, FIELD_CUT, AT(place.address), .most = 512 },
        { "district", FIELD_TEXT, FIELD_CUT, AT(place.district), .most = 128 },
        { "subdistrict", FIELD_TEXT, FIELD_CUT, AT(place.subdistrict), .most = 128 },
        { "community", FIELD_TEXT, FIELD_CUT, AT(place.community), .most = 128 },
        { "grid", FIELD_TEXT, FIELD_CUT, AT(place.grid), .most = 128 },
};

static const Field object_fields[] = {
        { "kind", FIELD_NAME, NEED_ALWAYS, IN(EventObject, kind), .names = &object_names },
        { "id", FIELD_TEXT, NEED_ALWAYS, IN(EventObject, id), .most = 256 },
};

static const Field reporter_fields[] = {
        { "kind", FIELD_TEXT, FIELD_CUT, AT(reporter.kind), .most = 64 },
        { "id", FIELD_IDS, 0, AT(reporter.ids), SIZE_AT(reporter.ids_size), EVENT_REPORTER_IDS_MOST, 80,
          FORM_PSEUDONYM },
        { "name", FIELD_TEXT, 0, AT(reporter.name), .most = 2, .form = FORM_MASKED },
};

static const Field org_fields[] = {
        { "reporting", FIELD_TEXT, FIELD_CUT, AT(org.reporting), .most = 256 },
        { "responsible", FIELD_TEXT, FIELD_CUT, AT(org.responsible), .most = 256 },
};

static const Field measurement_fields[] = {
        { "factor", FIELD_TEXT, NEED_ALWAYS, IN(EventMeasurement, factor), .most = 64 },
        { "name", FIELD_TEXT, FIELD_CUT, IN(EventMeasurement, name), .most = 128 },
        { "value", FIELD_NUMBER, 0, IN(EventMeasurement, value), .least = -1e15, .greatest = 1e15 },
        { "unit", FIELD_TEXT, FIELD_CUT, IN(EventMeasurement, unit), .most = 32 },
        { "flag", FIELD_TEXT, FIELD_CUT, IN(EventMeasurement, flag), .most = 32 },
        { "period", FIELD_TEXT, FIELD_CUT, IN(EventMeasurement, period), .most = 32 },
        { "limit", FIELD_NUMBER, 0, IN(EventMeasurement, limit), .least = -1e15, .greatest = 1e15 },
};

static const Field media_fields[] = {
        { "url", FIELD_TEXT, NEED_ALWAYS, IN(EventMedia, url), .most = 2048 },
        { "kind", FIELD_TEXT, FIELD_CUT, IN(EventMedia, kind), .most = 64 },
        { "sha256", FIELD_TEXT, 0, IN(EventMedia, sha256), .most = 64, .form = FORM_HEX64 },
        { "stage", FIELD_TEXT, FIELD_CUT, IN(EventMedia, stage), .most = 64 },
};

static const Field link_fields[] = {
        { "rel", FIELD_TEXT, NEED_ALWAYS, IN(EventLink, rel), .most = 64, .form = FORM_NAME },
        { "subject", FIELD_TEXT, NEED_ALWAYS, IN(EventLink, subject), .most = 512 },
};

static const Field valid_fields[] = {
        { "from", FIELD_TIME, 0, AT(valid.from) },
        { "to", FIELD_TIME, 0, AT(valid.to) },
};

static const Field raw_fields[] = {
        { "sha256", FIELD_TEXT, NEED_ALWAYS, AT(raw.sha256), .most = 64, .form = FORM_HEX64 },
        { "bytes", FIELD_BYTES, 0, AT(raw.bytes), COUNT },
        { "position", FIELD_TEXT, FIELD_CUT, AT(raw.position), .most = 512 },
};

static const char *object_wrong(const void *element)
{
        const EventObject *object = element;

        if (object->kind == OBJECT_PLATE && !form_fits(FORM_PSEUDONYM, object->id, 80))
                return "a plate's id is no pseudonym";
        return NULL;
}

static const Shape source_shape = SHAPE(source_fields, 0);
static const Shape time_shape = SHAPE(time_fields, 0);
static const Shape status_shape = SHAPE(status_fields, 0);
static const Shape category_shape = SHAPE(category_fields, 0);
static const Shape position_shape = SHAPE(position_fields, 0);
static const Shape place_shape = SHAPE(place_fields, 0);
static const Shape object_shape = { object_fields, sizeof(object_fields) / sizeof(object_fields[0]),
                                    sizeof(EventObject), object_wrong };
static const Shape reporter_shape = SHAPE(reporter_fields, 0);
static const Shape org_shape = SHAPE(org_fields, 0);
static const Shape measurement_shape = SHAPE(measurement_fields, sizeof(EventMeasurement));
static const Shape media_shape = SHAPE(media_fields, sizeof(EventMedia));
static const Shape link_shape = SHAPE(link_fields, sizeof(EventLink));
static const Shape valid_shape = SHAPE(valid_fields, 0);
static const Shape raw_shape = SHAPE(raw_fields, 0);

static const Field event_fields[] = {
        { "id", FIELD_TEXT, NEED_ALWAYS, AT(id), .most = 640, .form = FORM_EVENT_ID },
        { "subject", FIELD_TEXT, NEED_ALWAYS, AT(subject), .most = 512, .form = FORM_SUBJECT },
        { "kind", FIELD_NAME, NEED_ALWAYS, AT(kind), .names = &kind_names },
        { "platform", FIELD_TEXT, NEED_ALWAYS, AT(platform), .most = 64, .form = FORM_NAME },
        { "instance", FIELD_TEXT, NEED_ALWAYS, AT(instance), .most = 64, .form = FORM_NAME },
        { "zone", FIELD_TEXT, NEED_ALWAYS, AT(zone), .most = 64, .form = FORM_NAME },
        { "source", FIELD_OBJECT, NEED_ALWAYS, .shape = &source_shape },
        { "time", FIELD_OBJECT, NEED_ALWAYS, .shape = &time_shape },
        { "status", FIELD_OBJECT, NEED_REPORT, .shape = &status_shape },
        { "category", FIELD_OBJECT, NEED_REPORT, .shape = &category_shape },
        { "severity", FIELD_NAME, NEED_REPORT | NEED_WARNING, AT(severity), .names = &severity_names },
        { "title", FIELD_TEXT, NEED_REPORT | FIELD_CUT, AT(title), .most = 512 },
        { "description", FIELD_TEXT, FIELD_CUT, AT(description), .most = EVENT_DESCRIPTION_MOST },
        { "lang", FIELD_TEXT, 0, AT(lang), .most = 35, .form = FORM_NAME },
        { "position", FIELD_OBJECT, 0, .shape = &position_shape, .when = offsetof(Event, position.method) },
        { "geometry", FIELD_GEOMETRY, 0, AT(geometry) },
        { "place", FIELD_OBJECT, 0, .shape = &place_shape },
        { "objects", FIELD_LIST, NEED_REGISTRY | NEED_HEALTH, AT(objects), SIZE_AT(objects_size), EVENT_OBJECTS_MOST,
          .shape = &object_shape },
        { "reporter", FIELD_OBJECT, 0, .shape = &reporter_shape },
        { "org", FIELD_OBJECT, 0, .shape = &org_shape },
        { "measurements", FIELD_LIST, 0, AT(measurements), SIZE_AT(measurements_size), EVENT_MEASUREMENTS_MOST,
          .shape = &measurement_shape },
        { "confidence", FIELD_NUMBER, 0, AT(confidence), .least = 0, .greatest = 1 },
        { "media", FIELD_LIST, 0, AT(media), SIZE_AT(media_size), EVENT_MEDIA_MOST, .shape = &media_shape },
        { "links", FIELD_LIST, 0, AT(links), SIZE_AT(links_size), EVENT_LINKS_MOST, .shape = &link_shape },
        { "valid", FIELD_OBJECT, 0, .shape = &valid_shape },
        { "quality", FIELD_BITS, 0, AT(quality), .most = 16, .names = &quality_names },
        { "raw", FIELD_OBJECT, NEED_ALWAYS, .shape = &raw_shape },
};

static const Field expected_fields[] = {
        { "incident", FIELD_TEXT, 0, IN(Command, expected_incident), .most = 64 },
        { "version", FIELD_INTEGER, 0, IN(Command, expected_version), .least = 1, .greatest = INTEGER_MOST },
        { "rules", FIELD_TEXT, 0, IN(Command, expected_rules), .most = 128 },
};

static const Shape expected_shape = SHAPE(expected_fields, 0);

static const Field command_fields[] = {
        { "id", FIELD_TEXT, NEED_ALWAYS, IN(Command, id), .most = 128, .form = FORM_COMMAND_ID },
        { "kind", FIELD_KIND, NEED_ALWAYS, .names = &kind_names, .most = KIND_COMMAND },
        { "zone", FIELD_TEXT, NEED_ALWAYS, IN(Command, zone), .most = 64, .form = FORM_NAME },
        { "verb", FIELD_CHOICE, NEED_ALWAYS, IN(Command, verb), .names = &verb_names },
        { "events", FIELD_TEXTS, 0, IN(Command, events), .size_offset = offsetof(Command, events_size), .most = 64,
          .text_most = 640, .form = FORM_EVENT_ID },
        { "expected", FIELD_OBJECT, 0, .shape = &expected_shape },
        { "by", FIELD_TEXT, NEED_ALWAYS, IN(Command, by), .most = 128 },
        { "at", FIELD_TIME, NEED_ALWAYS, IN(Command, at) },
        { "note", FIELD_TEXT, FIELD_CUT, IN(Command, note), .most = 2048 },
        { "args", FIELD_JSON, 0, IN(Command, args) },
};

static const Field tick_source_fields[] = {
        { "state", FIELD_TEXT, FIELD_CUT, IN(Tick, source_state), .most = 64 },
        { "lag", FIELD_INTEGER, 0, IN(Tick, lag), COUNT },
};

static const Shape tick_source_shape = SHAPE(tick_source_fields, 0);

static const Field tick_fields[] = {
        { "kind", FIELD_KIND, NEED_ALWAYS, .names = &kind_names, .most = KIND_TICK },
        { "id", FIELD_TEXT, NEED_ALWAYS, IN(Tick, id), .most = 256, .form = FORM_TICK_ID },
        { "instance", FIELD_TEXT, NEED_ALWAYS, IN(Tick, instance), .most = 64, .form = FORM_NAME },
        { "zone", FIELD_TEXT, NEED_ALWAYS, IN(Tick, zone), .most = 64, .form = FORM_NAME },
        { "run", FIELD_TEXT, NEED_ALWAYS, IN(Tick, run), .most = 64, .form = FORM_NAME },
        { "at", FIELD_TIME, NEED_ALWAYS, IN(Tick, at) },
        { "acked", FIELD_INTEGER, NEED_ALWAYS, IN(Tick, acked), COUNT },
        { "final", FIELD_FLAG, NEED_ALWAYS | FIELD_FALSE, IN(Tick, final) },
        { "hour", FIELD_TIME, NEED_ALWAYS, IN(Tick, hour) },
        { "records", FIELD_INTEGER, NEED_ALWAYS, IN(Tick, records), COUNT },
        { "items", FIELD_INTEGER, NEED_ALWAYS, IN(Tick, items), COUNT },
        { "published", FIELD_INTEGER, NEED_ALWAYS, IN(Tick, published), COUNT },
        { "rejected", FIELD_INTEGER, NEED_ALWAYS, IN(Tick, rejected), COUNT },
        { "ignored", FIELD_INTEGER, NEED_ALWAYS, IN(Tick, ignored), COUNT },
        { "repeated", FIELD_INTEGER, 0, IN(Tick, repeated), COUNT },
        { "source", FIELD_OBJECT, 0, .shape = &tick_source_shape },
};

const Shape event_shape = SHAPE(event_fields, 0);
const Shape command_shape = SHAPE(command_fields, 0);
const Shape tick_shape = SHAPE(tick_fields, 0);

unsigned kind_needs(EventKind kind)
{
        static const unsigned needs[] = { [KIND_REPORT] = NEED_REPORT,
                                          [KIND_REGISTRY] = NEED_REGISTRY,
                                          [KIND_WARNING] = NEED_WARNING,
                                          [KIND_HEALTH] = NEED_HEALTH,
                                          [KIND_COMMAND] = 0,
                                          [KIND_TICK] = 0 };

        return NEED_ALWAYS | needs[kind];
}

bool field_needed(const Field *field, unsigned needs)
{
        return (field->flags & needs) != 0;
}

const char *field_reason(const Field *field)
{
        if (field->type == FIELD_TIME)
                return "bad_time";
        if (field->type == FIELD_DEGREES || field->type == FIELD_LENGTH || field->type == FIELD_PAIR ||
            field->type == FIELD_GEOMETRY)
                return "bad_position";
        return "bad_value";
}
