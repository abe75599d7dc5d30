#pragma once

/* hub translate: what its set-up gathers, and how a file of it becomes records. */

#include "hub/pipe/print.h"
#include "hub/source/file/mapped.h"
#include "hub/tool/tool.h"

enum { SETTINGS_MOST = 256, HEADERS_MOST = 64 };

typedef struct {
        const char *config, *instance, *channel, *content_type, *key, *method, *sequence, *position, *received,
                *regions_path, *gazetteer_path;
        const char *settings[SETTINGS_MOST];
        size_t settings_size;
        RecordHeader headers[HEADERS_MOST + 1]; /* as Kafka's; ends with a NULL name */
        size_t headers_size;
        bool recorded, frames, replies;
        const Adapter *adapter;
        Config loaded; /* with --config */
        void *set;     /* the options by --set, else NULL */
        const void *options;
        Categories *categories; /* without --config */
        Privacy *privacy;
        Regions *regions;     /* with --regions */
        Gazetteer *gazetteer; /* with --gazetteer */
        int64_t received_ms;
        OutputSetup output;
} Translation;

typedef struct {
        Print print;
        Output *output;
        Mapped mapped; /* the FILE that is translated */
} Printing;

/* One FILE, or stdin by "-". False: it cannot be read. */
bool translate_file(const Translation *translation, const char *name, Printing *to, Error *err);
