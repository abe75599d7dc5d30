#pragma once

/*
 * A recording: a folder (0700) of raw records as a source handed them over, which is a fixture folder, too:
 *
 *     input.000001.json ...   one record each, bytes as received (0600)
 *     meta.ndjson             a line for each, in order: file, channel, position, content_type, key, method, sequence, headers, received,
 *                             size, sha256
 *     options.yaml            options of the adapter; the files that they name lie beside it
 *     recording.json          adapter, instance, platform, zone, recorded; scrubbed once that was done
 *     trap, arguments         for tests/fixtures/run: `hub replay DIR >events.ndjson 2>rejected.ndjson` gives the rest
 */

#include "hub/tool/tool.h"

#include <jansson.h>

enum { RECORDING_RECORD_MOST = 128 * 1024 * 1024 };

enum { RECORDING_HEADERS_MOST = 64 };

typedef RecordHeader RecordingHeaders[RECORDING_HEADERS_MOST + 1];

typedef struct {
        char *folder;
        json_t *about, *rows;     /* recording.json; the lines of meta.ndjson */
        RecordingHeaders headers; /* of the record that was read last */
} Recording;

bool recording_open(Recording *recording, const char *folder, Error *err); /* ERR_INPUT: it is none */
size_t recording_size(const Recording *recording);
/* Texts are borrowed from the recording, bytes from the buffer. */
bool recording_read(Recording *recording, size_t index, Buffer *bytes, Record *record, Error *err);
const Adapter *recording_adapter(const Recording *recording, Error *err);
void *recording_options(const Recording *recording, const Adapter *adapter, Error *err); /* owned: options_free, free */
void recording_close(Recording *recording);                                              /* also for CLEANUP */

/* What a recording says of one file of its folder; rows of another's are not looked at. NULL: it says nothing. */
json_t *recording_row(const char *path, Error *err);                              /* owned */
void recording_fill(const json_t *row, Record *record, RecordingHeaders headers); /* all but the bytes; borrowed */
