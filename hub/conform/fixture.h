#pragma once

/*
 * A fixture of an adapter, as adapters/README.md describes it: a folder with options.yaml, input.* (one record each), arguments
 * (what `hub translate` takes beside the record) and what is expected. hub conform reads all but what is expected.
 */

#include "hub/adapter.h"
#include "hub/geo/gazetteer.h"
#include "hub/geo/regions.h"

enum { FIXTURE_HEADERS_MOST = 16, FIXTURE_INPUT_MOST = 16 * 1024 * 1024 };

typedef struct {
        char *name;
        Buffer bytes;
} FixtureInput;

typedef struct {
        char *name, *folder;
        void *options; /* of the adapter */
        Buffer beside; /* every file but the inputs: which coordinate systems are declared stands somewhere in it */
        Buffer arguments;
        Record record; /* all but bytes, size and position where the arguments do not name it */
        RecordHeader headers[FIXTURE_HEADERS_MOST + 1];
        Regions *regions;
        Gazetteer *gazetteer;
        unsigned excused; /* rules (tally.h) that are not asked of it, a bit each: file `conform`, "RULE: why" a line */
        bool is_stream;   /* the input is cut into records by the adapter's frame() */
        FixtureInput *inputs;
        size_t inputs_size;
        const Adapter *adapter;
} Fixture;

/* The folders below `folder` that hold a trap, in name order. ERR_INPUT: there is none. */
bool fixture_names(const char *folder, TextList *names, Error *err);
void fixture_names_free(TextList *names); /* also for CLEANUP */

/* ERR_INPUT: options that the adapter refuses, an argument or a rule that is none, no input. */
bool fixture_load(Fixture *fixture, const Adapter *adapter, const char *folder, const char *name, Error *err);
void fixture_close(Fixture *fixture); /* also for CLEANUP */
