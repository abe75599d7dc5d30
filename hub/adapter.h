#pragma once

/*
 * All that an adapter's author reads. An adapter is a dialect: a pure function from one record to canonical events, with no
 * socket, clock, thread, acknowledgement or reconnect. The runner owns all of those.
 *
 *     static bool translate(const void *options, const Record *record, Output *output, Error *err)
 *     {
 *             Event event;
 *             event_init(&event, KIND_REPORT);
 *             event.source.id = ...; event.source.revision = ...; event.time.occurred = ...;
 *             return emit(output, &event, err);
 *     }
 *
 * translate() returns false with ERR_INPUT when the record is nonsense (it is sealed, kept and counted; what was emitted
 * before stays emitted), with ERR_RETRY when this is no record at all but the sign of a sick peer (a login page with HTTP 200;
 * http_poll only), and true otherwise. A whole record that says nothing new is ignored(). Texts of the event may point into
 * the record or into the output's scratch; emit() copies what it keeps.
 *
 * Who pushes is answered once all of its record is in Kafka: a 2xx is a promise. Without reply() that is 200, or 400 when
 * the record was refused as a whole. An item that was set aside is kept by us, so it is answered as taken: else the peer
 * sends it for ever.
 */

#include "hub/base/memory.h"
#include "hub/base/options.h"
#include "hub/event/event.h"

typedef struct {
        const char *name, *value;
} RecordHeader;

typedef enum { SILENCE_NONE, SILENCE_BEGUN, SILENCE_ENDED } Silence;

typedef struct {
        const char *bytes; /* always followed by a NUL; borrowed: gone when translate() returns */
        size_t size;
        size_t paged;        /* so many of the first bytes are pages of a file, which need not stay: hub/base/pages.h */
        const char *channel; /* MQTT or Kafka topic, URL, path, peer */
        const char *content_type; /* as the transport said it, or NULL */
        const char *position;     /* printable; only its source understands it */
        int64_t received_ms;
        const char *key; /* Kafka's key of the message, or NULL; with a key and no bytes it is a tombstone: deleted */
        const RecordHeader *headers; /* Kafka's, as ce_type, or the request's; ends with a NULL name; NULL: none */
        const char *method;          /* of an HTTP request that a peer sent us, or NULL */
        const char *sequence; /* its place in the order of its channel, as Kafka's "partition/offset"; NULL: none */
        Silence silence;   /* else this is no message, but the runner's own word on `key`, which listen_for() named */
        int64_t silent_ms; /* for how long nothing of it came while we listened */
} Record;

typedef struct Output Output;

typedef struct {
        unsigned status;          /* of HTTP; 0: as if none were said. Over TCP the body is all that is sent */
        const char *content_type; /* NULL: plain text */
        const char *body;         /* NULL: none */
        size_t size;
} Reply;

typedef enum {
        FRAME_MORE,  /* what is there begins a frame that has not ended: ask again with more */
        FRAME_WHOLE, /* the first *used bytes are one record */
        FRAME_JUNK,  /* the first *used bytes are part of none; runs of them are refused together, as bad_length */
} FrameResult;

typedef struct {
        const char *name, *about,
                *platform; /* config key and fixture folder; one line; p01.. unless the instance says otherwise */
        const Option *options;
        size_t options_size;
        size_t size;                                    /* of the options struct */
        bool (*check)(const void *options, Error *err); /* optional: what the table cannot say; ERR_FATAL */
        bool (*translate)(const void *options, const Record *record, Output *output, Error *err);
        /* optional, pure: cuts a byte stream, whose first byte is bytes[0]; *used is 1..size unless it asks for more */
        FrameResult (*frame)(const char *bytes, size_t size, size_t *used);
        const struct CaseForm
                *forms; /* optional: its tables of hub/dialect/case.h; hub conform wants each member of them shown */
        size_t forms_size;
        void (*note)(const void *options, Buffer *out); /* optional: what `hub check` tells of them beside errors */
} Adapter;

/* One event: identified, mapped to a category, masked, validated, written. Refuses (ERR_INPUT) only what the adapter can mend. */
bool emit(Output *output, const Event *event, Error *err);

/*
 * For states that repeat and for pairs: emits unless this instance's last event of that subject (source.id within its
 * space) had the same state text; then it is ignored("unchanged"). Known across restarts and kills; the 65,536 subjects
 * that spoke last are kept: of others a repeat, at worst.
 */
bool emit_change(Output *output, const Event *event, const char *state, Error *err);

/* The end of what emit_change() said of a subject: the same, but of one of which nothing was said it is ignored("unchanged"). */
bool emit_end(Output *output, const Event *event, const char *state, Error *err);

/* One bad item of a batch, in a form that translate() accepts alone; the others go on. `why` is ERR_INPUT with a reason. */
void reject(Output *output, const char *item, size_t size, const Error *why);

/*
 * This record is a sign of life of `key` (one line of text, a device's number). When nothing of it has come for ms while the instance
 * listened, translate() is called with a record without bytes, SILENCE_BEGUN and that key, once; and with SILENCE_ENDED when it is
 * heard again. Time in which the hub was down or paused, or its source or Kafka away, does not count. ms 0: not listened for.
 */
void listen_for(Output *output, const char *key, int64_t ms);

/* Valid, and nothing to say: "unchanged", "heartbeat". A static text; each reason is counted. Always true, as translate() is then. */
bool ignored(Output *output, const char *reason);

/* What the pushing peer of this record is told; copied, the last one counts. Other sources have nobody to tell. */
void reply(Output *output, const Reply *reply);

const Record *record_of(const Output *output); /* the one that is translated */

/* The first header of that name, letters of either case; NULL when there is none. */
const char *record_header(const Record *record, const char *name);

/* What is true of the whole record (its encoding was repaired): onto every event of it from here on. */
void mark(Output *output, unsigned quality);

/* Memory until translate() returns; after item_begin(), until the next one: a record of millions of items needs no more
 * than its largest. What was taken before the first item_begin() stays. */
Arena *scratch(Output *output);
void item_begin(Output *output);

/* The table of adapters: adapters/list.c. Ends with NULL. */
extern const Adapter *const adapters[];
const Adapter *adapter_find(const char *name);
