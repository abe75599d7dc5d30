#pragma once

/*
 * The members of the canonical event, of a command and of a tick as tables: one row a member, in the order in which
 * they are written. The writer, the reader and schemas/event.schema.json say the same; tests/property/differential.py
 * holds the last two together.
 *
 * Offsets count from the start of the value (Event, Command, Tick), in the shape of a list from the start of its
 * element.
 */

#include "hub/event/event.h"
#include "hub/event/names.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum {
        FIELD_TEXT,      /* const char *; absent: NULL or "" */
        FIELD_TIME,      /* int64_t; absent: TIME_NONE */
        FIELD_NAME,      /* an enumeration; absent: 0 */
        FIELD_CHOICE,    /* const char *, one of names */
        FIELD_PRECISION, /* TimePrecision; there when time.occurred is */
        FIELD_NUMBER,    /* double; absent: NAN */
        FIELD_LENGTH,    /* double over 0; absent: 0 */
        FIELD_DEGREES,   /* double with 7 decimals at most */
        FIELD_INTEGER,   /* int64_t; absent: below least */
        FIELD_BYTES,     /* size_t; absent: 0 */
        FIELD_FLAG,      /* bool; absent: false */
        FIELD_BITS,      /* unsigned, a list of names; absent: 0 */
        FIELD_TEXTS,     /* const char *[most] and a size_t; absent: no items */
        FIELD_PAIR,      /* const char *[2]; absent: the first is NULL */
        FIELD_IDS,       /* as FIELD_TEXTS, but a single one is written without brackets */
        FIELD_OBJECT,    /* of shape; absent: no member is there, or what `when` points to is 0 */
        FIELD_LIST,      /* array of shape's elements and a size_t */
        FIELD_GEOMETRY,  /* const char *: JSON text of a GeoJSON geometry */
        FIELD_JSON,      /* const char *: JSON text of an object */
        FIELD_KIND,      /* no memory: the kind's name, already known */
} FieldType;

/* What a text may be; each stands as a pattern in the schema. */
typedef enum {
        FORM_ANY,
        FORM_NAME,       /* A-Z a-z 0-9 . _ - */
        FORM_HEX64,      /* a SHA-256 in lower-case hex */
        FORM_EVENT_ID,   /* platform:space:source_id:revision, only space empty, no control bytes */
        FORM_SUBJECT,    /* the same without revision */
        FORM_PSEUDONYM,  /* p, key version, colon, lower-case letters and digits */
        FORM_MASKED,     /* one character and a star */
        FORM_COMMAND_ID, /* cmd: and a name */
        FORM_TICK_ID,    /* tick:INSTANCE:RUN:SEQ */
} TextForm;

enum {
        NEED_ALWAYS = 1, /* in every event; inside an object: whenever that is there */
        FIELD_CUT = 2,   /* a text over `most` is cut by the writer instead of refused */
        FIELD_FALSE = 4, /* a flag that is written when false too */
        NEED_REPORT = 8, /* in a report; a list has an item then */
        NEED_REGISTRY = 16,
        NEED_WARNING = 32,
        NEED_HEALTH = 64,
};

typedef struct Shape Shape;

typedef struct {
        const char *name;
        FieldType type;
        unsigned flags;
        size_t offset;
        size_t size_offset; /* lists: of the size_t */
        size_t most; /* code points of a text, items of a list; of FIELD_TEXTS items, whose texts have text_most */
        size_t text_most;
        TextForm form;
        double least, greatest; /* numbers */
        const Names *names;
        const Shape *shape;
        size_t when; /* FIELD_OBJECT: offset of an enumeration that says whether it is there; 0: none */
} Field;

struct Shape {
        const Field *fields;
        size_t size;
        size_t element; /* bytes, in a list */
        const char *(*wrong)(
                const void *element); /* a rule over several members: what is wrong, or NULL; may be NULL */
};

static inline const void *field_at(const void *base, size_t offset)
{
        return (const char *)base + offset;
}

extern const Shape event_shape, command_shape, tick_shape;

#define INTEGER_MOST 9007199254740991 /* what every reader of JSON keeps, 2^53 - 1 */

/* Whether a text is of the form and holds at most so many code points. */
bool form_fits(TextForm form, const char *text, size_t most);

/* A geometry of RFC 7946 in WGS 84: type, nesting and ranges; whether rings close is not looked at. */
bool geometry_fits(const json_t *geometry);

unsigned kind_needs(EventKind kind); /* NEED_ALWAYS and what the kind adds */
bool field_needed(const Field *field, unsigned needs);
const char *field_reason(const Field *field); /* of a wrong value: bad_value, bad_time or bad_position */
