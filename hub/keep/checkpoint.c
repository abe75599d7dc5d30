#include "hub/keep/checkpoint.h"

#include "hub/base/buffer.h"
#include "hub/base/file.h"
#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/keep/folder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHECKPOINT_BYTES_MOST = 64 * 1024 * 1024 };

bool checkpoint_load(Checkpoint *checkpoint, const char *folder, Error *err)
{
        CLEANUP(mem_drop) char *path = text_format("%s/checkpoint.json", folder);
        CLEANUP(buffer_free) Buffer text = { 0 };
        CLEANUP(json_drop) json_t *document = NULL;

        *checkpoint = (Checkpoint){ 0 };
        if (access(path, F_OK) < 0 && errno == ENOENT)
                return true;
        if (!file_read(&text, path, CHECKPOINT_BYTES_MOST, err))
                return false;
        document = json_read(text.bytes, text.size, err);
        if (!document || !json_text(document, "position")) {
                CLEANUP(mem_drop) char *why = document ? NULL : text_copy(err->text);

                return error_set(err, ERR_FATAL, NULL, "%s: %s; put it away to read from the start", path,
                                 why ? why : "no position in it");
        }
        checkpoint->position = text_copy(json_text(document, "position"));
        checkpoint->seen = json_incref(json_object_get(document, "seen"));
        return true;
}

bool checkpoint_store(const char *folder, const char *position, const json_t *seen, Error *err)
{
        CLEANUP(json_drop) json_t *document = json_object();
        CLEANUP(mem_drop) char *text = NULL;

        json_object_set_new(document, "position", json_string(position));
        if (seen)
                json_object_set_new(document, "seen", json_deep_copy(seen));
        text = json_dumps(document, JSON_COMPACT);
        if (!text || !json_object_get(document, "position"))
                return error_set(err, ERR_FATAL, NULL, "checkpoint: a position that is not UTF-8");
        return folder_store(folder, "checkpoint.json", text, strlen(text), err);
}

void checkpoint_free(Checkpoint *checkpoint)
{
        mem_drop(&checkpoint->position);
        json_drop(&checkpoint->seen);
}
