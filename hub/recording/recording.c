#include "hub/recording/recording.h"

#include "hub/base/file.h"
#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"

#include <stdlib.h>
#include <string.h>

enum { META_MOST = 256 * 1024 * 1024 };

static bool part_read(const char *folder, const char *name, Buffer *out, Error *err)
{
        CLEANUP(mem_drop) char *path = file_beside(folder, name);

        if (file_read(out, path, META_MOST, err))
                return true;
        err->kind = ERR_INPUT;
        return error_add(err, "%s is no recording", folder);
}

static bool rows_read(Recording *recording, Error *err)
{
        CLEANUP(buffer_free) Buffer meta = { 0 };

        if (!part_read(recording->folder, "meta.ndjson", &meta, err))
                return false;
        for (const char *line = meta.bytes; line && *line; line += strcspn(line, "\n"), line += *line == '\n') {
                json_t *row = json_read_typed(line, strcspn(line, "\n"), err);

                if (!row || !json_text(row, "file") || strchr(json_text(row, "file"), '/')) {
                        json_decref(row);
                        return error_set(err, ERR_INPUT, NULL, "%s/meta.ndjson line %zu: names no file",
                                         recording->folder, json_array_size(recording->rows) + 1);
                }
                json_array_append_new(recording->rows, row);
        }
        return true;
}

bool recording_open(Recording *recording, const char *folder, Error *err)
{
        CLEANUP(buffer_free) Buffer about = { 0 };

        *recording = (Recording){ .folder = text_copy(folder), .rows = json_array() };
        if (!part_read(folder, "recording.json", &about, err))
                return false;
        recording->about = json_read_typed(about.bytes, about.size, err);
        if (!recording->about)
                return error_add(err, "%s/recording.json", folder);
        return rows_read(recording, err);
}

void recording_close(Recording *recording)
{
        free(recording->folder);
        json_decref(recording->about);
        json_decref(recording->rows);
        *recording = (Recording){ 0 };
}

size_t recording_size(const Recording *recording)
{
        return json_array_size(recording->rows);
}

void recording_fill(const json_t *row, Record *record, RecordingHeaders headers)
{
        const char *received = json_text(row, "received");
        const json_t *pair;
        size_t index;

        record->channel = json_text(row, "channel");
        record->position = json_text(row, "position");
        record->content_type = json_text(row, "content_type");
        record->key = json_text(row, "key");
        record->method = json_text(row, "method");
        record->sequence = json_text(row, "sequence");
        json_array_foreach(json_object_get(row, "headers"), index, pair) {
                if (index == RECORDING_HEADERS_MOST)
                        break;
                headers[index] = (RecordHeader){ json_text(pair, "name"), json_text(pair, "value") };
                headers[index + 1] = (RecordHeader){ 0 };
                record->headers = headers;
        }
        if (!received || !time_read_canonical(received, strlen(received), &record->received_ms))
                record->received_ms = 0;
}

bool recording_read(Recording *recording, size_t index, Buffer *bytes, Record *record, Error *err)
{
        const json_t *row = json_array_get(recording->rows, index);
        CLEANUP(mem_drop) char *path = file_beside(recording->folder, json_text(row, "file"));

        buffer_clear(bytes);
        buffer_add(bytes, "", 0);
        if (!file_read(bytes, path, RECORDING_RECORD_MOST, err))
                return false;
        *record = (Record){ .bytes = bytes->bytes, .size = bytes->size };
        recording_fill(row, record, recording->headers);
        return true;
}

const Adapter *recording_adapter(const Recording *recording, Error *err)
{
        const char *name = json_text(recording->about, "adapter");
        const Adapter *adapter = name ? adapter_find(name) : NULL;

        if (!adapter)
                (void)error_set(err, ERR_INPUT, NULL, "%s: recorded for the adapter \"%s\", which this hub lacks",
                                recording->folder, name ? name : "");
        return adapter;
}

void *recording_options(const Recording *recording, const Adapter *adapter, Error *err)
{
        CLEANUP(mem_drop) char *path = file_beside(recording->folder, "options.yaml");
        CLEANUP(yaml_drop) Yaml *yaml = yaml_load(path, err);
        void *options = yaml ? mem_new(adapter->size) : NULL;

        if (yaml && options_read(adapter->options, adapter->options_size, yaml, yaml_root(yaml), options, err)) {
                if (!adapter->check || adapter->check(options, err))
                        return options;
                options_free(adapter->options, adapter->options_size, options);
        }
        free(options);
        return NULL;
}

json_t *recording_row(const char *path, Error *err)
{
        CLEANUP(mem_drop) char *folder = file_folder(path);
        const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
        CLEANUP(recording_close) Recording recording = { .folder = text_copy(folder), .rows = json_array() };
        const json_t *row;
        size_t index;

        if (!rows_read(&recording, err))
                return NULL;
        json_array_foreach(recording.rows, index, row)
                if (text_same(json_text(row, "file"), name))
                        return json_deep_copy(row);
        (void)error_set(err, ERR_INPUT, NULL, "%s/meta.ndjson does not know %s", folder, name);
        return NULL;
}
