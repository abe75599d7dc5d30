#include "hub/pipe/pause.h"

#include "hub/base/file.h"
#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"
#include "hub/keep/folder.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { LOOK_MS = 500, TEXT_MOST = 4096 };

#define NAME "paused"

static char *path_of(const char *folder)
{
        return text_format("%s/" NAME, folder);
}

bool pause_now(Pause *pause)
{
        CLEANUP(mem_drop) char *path = NULL;

        if (time_monotonic() < pause->look_at)
                return pause->paused;
        path = path_of(pause->folder);
        pause->paused = access(path, F_OK) == 0;
        pause->look_at = time_monotonic() + LOOK_MS;
        return pause->paused;
}

bool pause_begin(const char *folder, const char *by, const char *note, Error *err)
{
        CLEANUP(mem_drop) char *path = path_of(folder);
        CLEANUP(buffer_free) Buffer text = { 0 };
        char since[TIME_TEXT_SIZE];

        if (access(path, F_OK) == 0)
                return true;
        buffer_format(&text, "{\"since\":\"%s\",\"by\":", time_text(time_now(), since));
        json_write_text(&text, by, strlen(by));
        if (note) {
                buffer_text(&text, ",\"note\":");
                json_write_text(&text, note, strlen(note));
        }
        buffer_text(&text, "}\n");
        return folder_make(folder, err) && folder_store(folder, NAME, text.bytes, text.size, err);
}

bool pause_end(const char *folder, bool *was_paused, Error *err)
{
        CLEANUP(mem_drop) char *path = path_of(folder);

        *was_paused = unlink(path) == 0;
        return *was_paused || errno == ENOENT || error_set(err, ERR_RETRY, NULL, "%s: %s", path, strerror(errno));
}

bool pause_read(const char *folder, Buffer *text)
{
        CLEANUP(mem_drop) char *path = path_of(folder);
        Error err = { 0 };

        if (!file_read(text, path, TEXT_MOST, &err))
                return false;
        while (text->size && text->bytes[text->size - 1] == '\n')
                text->bytes[--text->size] = '\0';
        return true;
}
