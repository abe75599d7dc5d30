#pragma once

/*
 * What stands behind emit(), reject() and ignored() of hub/adapter.h: it completes each event (instance, times,
 * category, title, quality, raw), makes it fit for the bus (plain text, privacy), gives it its identity, writes it, and
 * hands the bytes to a sink. `hub run` sinks into Kafka, `hub translate` into a terminal; the rules are the same.
 *
 * emit() refuses with ERR_INPUT what the adapter can mend: missing_field for source.id, source.revision and what its kind
 * must have (hub/event/fields.c: a report's state, a warning's severity, the object of a registry row or of health);
 * bad_value, bad_time, bad_position and too_large for what the canonical form cannot hold.
 */

#include "hub/adapter.h"
#include "hub/event/category.h"
#include "hub/geo/gazetteer.h"
#include "hub/geo/regions.h"
#include "hub/keep/changes.h"
#include "hub/keep/silences.h"
#include "hub/privacy/privacy.h"

typedef struct {
        const char *instance, *platform, *zone;
        const Categories *categories;
        const Privacy *privacy;
        const Regions *regions;     /* NULL: no place is looked up, and the sanity box is the district */
        const Gazetteer *gazetteer; /* NULL: words give no position */
        Changes *changes;           /* what was said before, borrowed; NULL: what this Output said, in memory */
        Silences *silences;         /* whom listen_for() is told of, borrowed; NULL: nobody listens */
} OutputSetup;

typedef struct {
        /* False (ERR_RETRY): it could not be taken, the process is to end; the record will be read again. */
        bool (*event)(void *context, const Event *event, const char *bytes, size_t size, Error *err);
        void (*rejected)(void *context, const Record *record, const char *item, size_t size, const Error *why);
        void (*ignored)(void *context, const Record *record, const char *reason);
} OutputSink;

Output *output_new(const OutputSetup *setup, const OutputSink *sink,
                   void *context); /* setup is copied, its texts are borrowed */
void output_begin(Output *output,
                  const Record *record); /* the record that is translated from here on; frees the last one's memory */
void output_reject(Output *output, const Error *why); /* the record itself, or what is left of it */
Reply output_reply(const Output *output); /* what the record's peer is told, complete; borrowed until output_begin() */
void output_free(Output *output);
