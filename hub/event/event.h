#pragma once

/*
 * The canonical event (messages.md section 2): one report, registry row, warning or health message of a platform, in
 * one form. An Event holds borrowed texts: of the record and the output's scratch when an adapter fills it, of the
 * reader's arena when it was read. Absent: NULL, 0, TIME_NONE, *_NONE. event_init() gives an event with everything
 * absent.
 *
 * Members marked (personal) are handed over in clear text by the adapter; emit() masks and pseudonymises them.
 * Members marked (set by emit) are filled by the adapter process, not by the adapter.
 */

#include "hub/base/buffer.h"
#include "hub/base/error.h"
#include "hub/base/time.h"

#include <stdbool.h>

enum {
        EVENT_VALUE_MOST = 64 * 1024,  /* bytes of a value on Kafka */
        EVENT_DESCRIPTION_MOST = 8192, /* code points */
        EVENT_ALSO_MOST = 8,
        EVENT_OBJECTS_MOST = 16,
        EVENT_REPORTER_IDS_MOST = 2,
        EVENT_MEASUREMENTS_MOST = 64,
        EVENT_MEDIA_MOST = 32,
        EVENT_LINKS_MOST = 32,
};

typedef enum { KIND_NONE, KIND_REPORT, KIND_REGISTRY, KIND_WARNING, KIND_HEALTH, KIND_COMMAND, KIND_TICK } EventKind;

typedef enum {
        STATE_NONE,
        STATE_RECEIVED,
        STATE_FILED,
        STATE_DISPATCHED,
        STATE_PROCESSING,
        STATE_FEEDBACK,
        STATE_VERIFYING,
        STATE_CLOSED,
        STATE_VOID,
        STATE_SUSPENDED,
        STATE_REJECTED,
        STATE_DELETED,
} EventState;

typedef enum {
        OUTCOME_NONE,
        OUTCOME_DONE,
        OUTCOME_UNFOUNDED,
        OUTCOME_DUPLICATE,
        OUTCOME_REFERRED,
        OUTCOME_WITHDRAWN,
        OUTCOME_FALSE_ALARM,
} EventOutcome;

typedef enum {
        SEVERITY_NONE,
        SEVERITY_INFO,
        SEVERITY_LOW,
        SEVERITY_MEDIUM,
        SEVERITY_HIGH,
        SEVERITY_CRITICAL
} EventSeverity;

typedef enum { METHOD_NONE, METHOD_CODE, METHOD_NAME, METHOD_ALIAS, METHOD_RULE, METHOD_DEFAULT } CategoryMethod;

typedef enum {
        POSITION_NONE,
        POSITION_GPS,
        POSITION_GEOCODED,
        POSITION_REGISTRY,
        POSITION_AREA,
        POSITION_GAZETTEER,
} PositionMethod;

typedef enum {
        OBJECT_NONE,
        OBJECT_PLATE,
        OBJECT_BIKE,
        OBJECT_DEVICE,
        OBJECT_CAMERA,
        OBJECT_STALL,
        OBJECT_CASE,
        OBJECT_BUILDING,
        OBJECT_ASSET,
} ObjectKind;

/* Bits of Event.quality, written as a list of names. */
enum {
        QUALITY_CRS_ASSUMED = 1,
        QUALITY_CRC_BAD = 2,
        QUALITY_CLOCK_FUTURE = 4,
        QUALITY_CLOCK_MISSING = 8,
        QUALITY_OUT_OF_DISTRICT = 16,
        QUALITY_ENCODING_REPAIRED = 32,
        QUALITY_MASKED = 64,
        QUALITY_LATE = 128,
        QUALITY_PARTIAL = 256,
        QUALITY_TEST_KEY = 512,
};

typedef struct {
        ObjectKind kind;
        const char *id; /* a plate is (personal) */
} EventObject;

typedef struct {
        const char *factor, *name, *unit, *flag, *period;
        double value, limit; /* NAN: absent */
} EventMeasurement;

typedef struct {
        const char *url, *kind, *sha256, *stage;
} EventMedia;

typedef struct {
        const char *rel, *subject;
        const char *source_id; /* for emit, never written: of a case of this platform and space, in place of subject */
} EventLink;

typedef struct {
        EventKind kind;
        const char *id, *subject;               /* set by emit: platform:space:source_id[:revision] */
        const char *platform, *instance, *zone; /* set by emit */
        const char *space;                      /* "" unless the platform has several id spaces */
        struct {
                const char *id, *revision; /* the adapter's duty */
                const char *sequence, *channel, *url;
                bool episodic; /* a closing of this subject is final: what comes after is another problem, no reopening */
        } source;
        struct {
                int64_t occurred, reported, updated, deadline, closed;
                int64_t received;        /* set by emit */
                TimePrecision precision; /* of occurred */
        } time;
        struct {
                EventState state;
                const char *raw;
                EventOutcome outcome;
                bool reopened;
        } status;
        struct {
                const char *code, *name; /* set by emit from raw_code, raw_name and the texts, unless code is given */
                const char *raw_code, *raw_name;
                const char
                        *fallback; /* for emit, never written: code where nothing is found, in place of the table's */
                CategoryMethod method;
                const char *also[EVENT_ALSO_MOST];
                size_t also_size;
        } category;
        EventSeverity severity;
        const char *title, *description; /* (personal) patterns are masked */
        const char *lang;
        struct {
                PositionMethod method; /* POSITION_NONE: no position */
                double lon, lat;       /* WGS 84 */
                double accuracy_m;
                const char *crs;    /* of raw: crs_name() */
                const char *raw[2]; /* as the platform wrote them: lon, lat */
        } position;
        const char *geometry; /* GeoJSON geometry as JSON text, WGS 84 */
        struct {
                const char *address, *district, *subdistrict, *community, *grid; /* address: (personal) patterns */
        } place;
        EventObject objects[EVENT_OBJECTS_MOST];
        size_t objects_size;
        struct {
                const char *kind;
                const char *id; /* (personal) phone, account, ID number: becomes a pseudonym */
                const char *ids[EVENT_REPORTER_IDS_MOST]; /* set by emit, or read: pseudonyms */
                size_t ids_size;
                const char *name; /* (personal) masked to its first character */
        } reporter;
        struct {
                const char *reporting, *responsible;
        } org;
        EventMeasurement measurements[EVENT_MEASUREMENTS_MOST];
        size_t measurements_size;
        double confidence; /* 0..1; NAN: absent */
        EventMedia media[EVENT_MEDIA_MOST];
        size_t media_size;
        EventLink links[EVENT_LINKS_MOST];
        size_t links_size;
        struct {
                int64_t from, to;
        } valid;
        unsigned quality;
        struct { /* set by emit */
                const char *sha256, *position;
                size_t bytes;
        } raw;
} Event;

void event_init(Event *event, EventKind kind);

void event_add_category(Event *event, const char *code,
                        CategoryMethod method); /* the first is the event's, others stand beside it */
void event_add_object(Event *event, ObjectKind kind, const char *id); /* ignores NULL and what is over the limit */
void event_add_link(Event *event, const char *rel, const char *subject);
void event_add_case_link(Event *event, const char *rel, const char *source_id); /* another case of this platform */
void event_add_media(Event *event, const char *url, const char *kind, const char *stage);

/* Names as they stand in the JSON; *_find gives *_NONE for an unknown one. */
const char *kind_name(EventKind kind);
const char *state_name(EventState state);
const char *outcome_name(EventOutcome outcome);
const char *severity_name(EventSeverity severity);
const char *method_name(CategoryMethod method);
const char *position_method_name(PositionMethod method);
const char *object_name(ObjectKind kind);
EventKind kind_find(const char *name);
EventState state_find(const char *name);
EventOutcome outcome_find(const char *name);
EventSeverity severity_find(const char *name);
CategoryMethod method_find(const char *name);
PositionMethod position_method_find(const char *name);
ObjectKind object_find(const char *name);
