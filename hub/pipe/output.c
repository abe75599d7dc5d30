#include "hub/pipe/output_complete.h"

#include "hub/base/crypto.h"
#include "hub/base/pages.h"
#include "hub/base/text.h"
#include "hub/event/believe.h"
#include "hub/event/id.h"
#include "hub/event/json.h"

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
        Buffer value, subject, body;
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
        buffer_free(&output->subject);
        buffer_free(&output->body);
        free(output);
}

/* Blanks around a number, seen or not, would make it another one. */
static void identity_trim(Event *event, Arena *arena)
{
        size_t size = event->source.id ? strlen(event->source.id) : 0;
        const char *id = event->source.id ? text_trim(event->source.id, &size) : NULL;

        event->source.id = id && id[size] ? arena_copy(arena, id, size) : id;
}

/* What stands in a column that has no number for this row: all such cases would be one. */
static bool is_nobody(const Event *event)
{
        return event->kind == KIND_REPORT &&
               (text_is_none(event->source.id) || text_is_one_of("-1|-|--|—|true|false", event->source.id));
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
        return !is_nobody(event) || error_set(err, ERR_INPUT, "bad_id", "source.id: a word for none");
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

static bool event_send(Output *output, const Event *given, Error *err)
{
        Event event = *given;

        arena_reset(output->event_arena);
        identity_trim(&event, output->event_arena);
        if (!identity_check(&event, err))
                return false;
        origin_fill(output, &event);
        event_date(&event);
        output_complete(&output->setup, &event, output->event_arena);
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
        if (changes_same(changes, subject_of(output, event), state))
                return ignored(output, "unchanged");
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
        return ignored(output, "unchanged");
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

bool ignored(Output *output, const char *reason)
{
        output->sink->ignored(output->context, output->record, reason);
        return true;
}

void listen_for(Output *output, const char *key, int64_t ms)
{
        if (output->setup.silences)
                silences_heard(output->setup.silences, key, ms);
}

void mark(Output *output, unsigned quality)
{
        output->quality |= quality;
}

const Record *record_of(const Output *output)
{
        return output->record;
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
