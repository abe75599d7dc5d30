#include "hub/pipe/output.h"

#include "hub/base/crypto.h"
#include "hub/base/pages.h"
#include "hub/base/text.h"
#include "hub/event/believe.h"
#include "hub/event/id.h"
#include "hub/event/json.h"
#include "hub/geo/distance.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct Output {
        OutputSetup setup;
        const OutputSink *sink;
        void *context;
        const Record *record;
        Sha256 *digest;
        char sha256[SHA256_TEXT_SIZE];
        unsigned quality;    /* of every event of the record */
        Arena *record_arena; /* until the next record */
        Arena *item_arena;   /* until the next item */
        Arena *event_arena;  /* until the next event */
        bool has_items, refused, replied;
        Reply reply;          /* its body is `body` */
        Changes *own_changes; /* NULL: they are the setup's */
        Buffer value, plain, subject, body;
};

Output *output_new(const OutputSetup *setup, const OutputSink *sink, void *context)
{
        Output *output = mem_new(sizeof(Output));

        output->setup = *setup;
        output->sink = sink;
        output->context = context;
        output->digest = sha256_new();
        output->record_arena = arena_new();
        output->item_arena = arena_new();
        if (!setup->changes)
                output->setup.changes = output->own_changes = changes_open(NULL, NULL);
        output->event_arena = arena_new();
        return output;
}

static void record_digest(Sha256 *digest, const Record *record, char out[SHA256_TEXT_SIZE])
{
        for (size_t at = 0, size; at < record->size; at += size) {
                size = record->size - at < PAGES_STEP ? record->size - at : PAGES_STEP;
                sha256_add(digest, record->bytes + at, size);
                pages_pass(record->bytes, record->paged, at, at + size);
        }
        sha256_end(digest, out);
}

void output_begin(Output *output, const Record *record)
{
        output->record = record;
        output->has_items = output->refused = output->replied = false;
        output->quality = 0;
        arena_reset(output->record_arena);
        arena_reset(output->item_arena);
        record_digest(output->digest, record, output->sha256);
}

void output_reject(Output *output, const Error *why)
{
        output->refused = true;
        reject(output, output->record->bytes, output->record->size, why);
}

Reply output_reply(const Output *output)
{
        enum { TAKEN = 200, REFUSED = 400 };
        Reply told = output->replied ? output->reply : (Reply){ 0 };

        if (!told.status)
                told.status = output->refused ? REFUSED : TAKEN;
        told.content_type = told.content_type ? told.content_type : "text/plain; charset=utf-8";
        told.body = told.body ? told.body : "";
        return told;
}

void output_free(Output *output)
{
        if (!output)
                return;
        sha256_free(output->digest);
        arena_free(output->record_arena);
        arena_free(output->item_arena);
        arena_free(output->event_arena);
        changes_close(output->own_changes);
        buffer_free(&output->value);
        buffer_free(&output->plain);
        buffer_free(&output->subject);
        buffer_free(&output->body);
        free(output);
}

/* What makes its identity; all else that a kind must have stands in the table of the fields. */
static bool identity_check(const Event *event, Error *err)
{
        const char *missing = NULL;

        if (!event->source.id || !event->source.id[0])
                missing = "source.id";
        else if (!event->source.revision || !event->source.revision[0])
                missing = "source.revision";
        if (missing)
                return error_set(err, ERR_INPUT, "missing_field", "%s is missing", missing);
        return true;
}

static void origin_fill(const Output *output, Event *event)
{
        event->platform = output->setup.platform;
        event->instance = output->setup.instance;
        event->zone = output->setup.zone;
        event->space = event->space ? event->space : "";
        event->quality |= output->quality;
        event->raw.sha256 = output->sha256;
        event->raw.position = output->record->position;
        event->raw.bytes = output->record->size;
        event->time.received = output->record->received_ms;
}

static bool is_markup(const char *text, bool is_line)
{
        for (; *text; text++)
                if (*text == '<' || *text == '&' || (is_line && (unsigned char)*text < 0x20))
                        return true;
        return false;
}

/*
 * Masking comes after, so that a number in a tag is found, and the writer's exact cut comes last, so that no half of a
 * number escapes masking. What is far beyond that cut is dropped here already.
 */
static const char *text_ready(Output *output, const char *text, bool is_line)
{
        const size_t points_most = 2 * (size_t)EVENT_DESCRIPTION_MOST;
        size_t size;

        if (!text || !text[0])
                return NULL;
        size = text_cut(text, points_most);
        if (is_markup(text, is_line)) {
                buffer_clear(&output->plain);
                text_plain(&output->plain, text, size);
                text = output->plain.bytes;
                size = output->plain.size;
        }
        return size ? arena_copy(output->event_arena, text, size) : NULL;
}

static bool is_categorised(const Event *event)
{
        return event->kind == KIND_REPORT || event->category.code || event->category.raw_code ||
               event->category.raw_name;
}

static void category_fill(const Output *output, Event *event)
{
        const Category *category;

        if (event->category.code) {
                category = categories_code(output->setup.categories, event->category.code);
                if (event->category.method == METHOD_NONE)
                        event->category.method = METHOD_CODE;
        } else {
                category = categories_find(output->setup.categories, event->category.raw_code, event->category.raw_name,
                                           event->title, event->description, &event->category.method);
                if (event->category.method == METHOD_DEFAULT && event->category.fallback &&
                    categories_code(output->setup.categories, event->category.fallback))
                        category = categories_code(output->setup.categories, event->category.fallback);
                event->category.code = category->code;
        }
        if (category && !event->category.name)
                event->category.name = category->name;
        if (event->severity == SEVERITY_NONE && category)
                event->severity = category->severity;
}

/* 350206003 lies in 350206, and that in 350200; a district that is told by its name contradicts nothing. */
static bool is_another(const char *told, const char *found)
{
        size_t size = told ? strlen(told) : 0;

        if (size == 0 || strspn(told, "0123456789") != size)
                return false;
        while (size > 2 && memcmp(told + size - 2, "00", 2) == 0)
                size -= 2;
        return strncmp(told, found, size) != 0;
}

/* Nor is it a place when the platform puts the case into another district than the one where it lies. */
static bool is_elsewhere(const Output *output, const Event *event, const GazetteerPlace *place)
{
        const RegionPlace found = output->setup.regions ? regions_find(output->setup.regions, place->lon, place->lat)
                                                        : (RegionPlace){ 0 };
        const char *lies = found.district ? found.district : found.subdistrict;

        return lies && is_another(event->place.district, lies);
}

/* Of a report that has only words; the accuracy that an adapter gives without a position is the best that its words allow. */
static void words_place(const Output *output, Event *event)
{
        const char *const texts[] = { event->place.address, event->title, event->description };
        const GazetteerPlace *place;

        if (!output->setup.gazetteer || event->kind != KIND_REPORT || event->position.method != POSITION_NONE)
                return;
        place = gazetteer_find(output->setup.gazetteer, texts, sizeof texts / sizeof *texts);
        if (!place || is_elsewhere(output, event, place))
                return;
        event->position.method = POSITION_GAZETTEER;
        event->position.lon = place->lon;
        event->position.lat = place->lat;
        if (!(event->position.accuracy_m > place->accuracy_m))
                event->position.accuracy_m = place->accuracy_m;
        event->position.crs = event->position.raw[0] = event->position.raw[1] = NULL;
}

/* What the platform says of the place stands: it knows its own cases. */
static void place_fill(const Output *output, Event *event)
{
        const RegionPlace found = regions_find(output->setup.regions, event->position.lon, event->position.lat);

        if (!event->place.district)
                event->place.district = found.district;
        if (!event->place.subdistrict)
                event->place.subdistrict = found.subdistrict;
        if (!event->place.community)
                event->place.community = found.community;
        if (!event->place.grid)
                event->place.grid = found.grid;
        if (!found.district && !found.subdistrict)
                event->quality |= QUALITY_OUT_OF_DISTRICT;
}

/* Without a boundary there is a sanity box, Huli's own, so it judges only what is said to be in Huli. */
static void place_check(const Output *output, Event *event)
{
        if (event->position.method == POSITION_NONE)
                return;
        if (output->setup.regions)
                place_fill(output, event);
        else if (text_starts(output->setup.zone, "350206") && !geo_in_huli(event->position.lon, event->position.lat))
                event->quality |= QUALITY_OUT_OF_DISTRICT;
}

static void report_fill(Event *event)
{
        if (event->severity == SEVERITY_NONE)
                event->severity = SEVERITY_INFO;
        if (!event->title)
                event->title = event->category.name ? event->category.name : event->category.code;
}

static bool event_send(Output *output, const Event *given, Error *err)
{
        Event event = *given;

        arena_reset(output->event_arena);
        if (!identity_check(&event, err))
                return false;
        origin_fill(output, &event);
        event_date(&event);
        event.title = text_ready(output, event.title, true);
        event.description = text_ready(output, event.description, false);
        if (is_categorised(&event))
                category_fill(output, &event);
        words_place(output, &event);
        if (event.kind == KIND_REPORT)
                report_fill(&event);
        place_check(output, &event);
        privacy_apply(output->setup.privacy, &event, output->event_arena);
        event_identify(&event, output->event_arena);
        buffer_clear(&output->value);
        return event_write(&output->value, &event, err) &&
               output->sink->event(output->context, &event, output->value.bytes, output->value.size, err);
}

/* Without its platform, which is the instance's. */
static const char *subject_of(Output *output, const Event *event)
{
        const char *space = event->space ? event->space : "";

        buffer_clear(&output->subject);
        buffer_format(&output->subject, "%zu:%s:%s", strlen(space), space, event->source.id);
        return output->subject.bytes;
}

/* What comes between two states parts them, whatever it says. */
bool emit(Output *output, const Event *event, Error *err)
{
        if (!event_send(output, event, err))
                return false;
        if (changes_size(output->setup.changes))
                changes_note(output->setup.changes, subject_of(output, event), NULL);
        return true;
}

bool emit_change(Output *output, const Event *event, const char *state, Error *err)
{
        Changes *changes = output->setup.changes;

        if (!identity_check(event, err))
                return false;
        if (changes_same(changes, subject_of(output, event), state)) {
                ignored(output, "unchanged");
                return true;
        }
        if (!event_send(output, event, err))
                return false;
        changes_note(changes, subject_of(output, event), state);
        return true;
}

bool emit_end(Output *output, const Event *event, const char *state, Error *err)
{
        if (!identity_check(event, err))
                return false;
        if (changes_known(output->setup.changes, subject_of(output, event)))
                return emit_change(output, event, state, err);
        ignored(output, "unchanged");
        return true;
}

void reply(Output *output, const Reply *reply)
{
        buffer_clear(&output->body);
        buffer_add(&output->body, reply->body ? reply->body : "", reply->body ? reply->size : 0);
        output->reply = (Reply){ .status = reply->status, .body = output->body.bytes, .size = output->body.size };
        if (reply->content_type)
                output->reply.content_type =
                        arena_copy(output->record_arena, reply->content_type, strlen(reply->content_type));
        output->replied = true;
}

void reject(Output *output, const char *item, size_t size, const Error *why)
{
        output->sink->rejected(output->context, output->record, item, size, why);
}

void ignored(Output *output, const char *reason)
{
        output->sink->ignored(output->context, output->record, reason);
}

void mark(Output *output, unsigned quality)
{
        output->quality |= quality;
}

Arena *scratch(Output *output)
{
        return output->has_items ? output->item_arena : output->record_arena;
}

void item_begin(Output *output)
{
        output->has_items = true;
        arena_reset(output->item_arena);
}

const char *record_header(const Record *record, const char *name)
{
        for (const RecordHeader *header = record->headers; header && header->name; header++)
                if (strcasecmp(header->name, name) == 0)
                        return header->value;
        return NULL;
}
