#pragma once

/*
 * The canonical event as bytes: the writer emits JSON straight from the Event (no tree), members in the order of
 * messages.md section 2; the reader accepts exactly what schemas/event.schema.json accepts (a differential test holds
 * the two together). Readers ignore unknown members; duplicate members, unknown kinds and values over 64 KiB are
 * refused.
 */

#include "hub/base/memory.h"
#include "hub/event/event.h"

/*
 * Appends the event's JSON: nothing that the reader would refuse. Free texts over their limit are cut at a character,
 * broken UTF-8 becomes U+FFFD; all else that is wrong is ERR_INPUT (missing_field, bad_value, bad_time, bad_position,
 * too_large over 64 KiB) with the member's name, and `out` is as it was. So an event that never saw privacy_apply() is
 * refused, not published.
 */
bool event_write(Buffer *out, const Event *event, Error *err);

typedef struct EventReader EventReader; /* holds the memory of what it read last */

EventReader *event_reader_new(void);
void event_reader_free(EventReader *reader);
void event_reader_drop(EventReader **reader); /* for CLEANUP */

/* A command (messages.md section 3) and a tick (section 4), in their own forms. */
typedef struct {
        const char *id, *zone, *verb, *by, *note;
        const char *events[64];
        size_t events_size;
        const char *expected_incident, *expected_rules;
        int64_t expected_version; /* 0: absent */
        int64_t at;
        const char *args;         /* JSON text of an object, or NULL */
        const char *args_command; /* args.command, for undo */
        const char *args_org;     /* args.org, for assign and dispatch: the organisation that is to act; may be NULL */
} Command;

typedef struct {
        const char *id, *instance, *zone, *run;
        int64_t at, hour, acked, records, items, published, rejected, ignored, repeated, lag;
        bool final;
        const char *source_state;
} Tick;

/* What a value of hub.events.v1 holds: exactly one is set, by kind. All texts borrowed until the next read with this
 * reader. */
typedef struct {
        EventKind kind;
        const char *id, *zone;
        Event event;
        Command command;
        Tick tick;
} EventValue;

/* ERR_INPUT with reason not_json, duplicate_key, missing_field, bad_value, bad_time, bad_position, too_large, too_deep,
 * unknown_message. */
bool event_read(EventReader *reader, const char *bytes, size_t size, EventValue *value, Error *err);

/* The same; false where the reader would refuse. A tick's negative lag is unknown and left out. */
bool tick_write(Buffer *out, const Tick *tick);
bool command_write(Buffer *out, const Command *command);
