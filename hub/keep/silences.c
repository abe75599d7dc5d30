#include "hub/keep/silences.h"

#include "hub/base/buffer.h"
#include "hub/base/file.h"
#include "hub/base/map.h"
#include "hub/base/memory.h"
#include "hub/keep/folder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOOK_MS = 1000, FILE_MOST = 64 * 1024 * 1024 };

#define NAME "heard"

typedef struct {
        int64_t limit_ms, at;  /* at: of the time listened, when it spoke last */
        int64_t silent_ms;     /* until it was back */
        bool is_told, is_back; /* that it is silent; heard again, which is not told yet */
        bool is_old;           /* told before a restart: once more, for nobody knows whether it arrived */
        char key[];
} Heard;

struct Silences {
        Map *heard; /* key to Heard; who spoke last stands last */
        char *folder;
        size_t backs;         /* that are not told yet */
        int64_t listened;     /* ms */
        int64_t looked;       /* of the time listened, when who is due was looked for in vain */
        int64_t now, changed; /* monotonic; 0: never, nothing */
};

/* ---- the file ---- */

static Heard *heard_put(Silences *silences, const char *key, int64_t limit_ms, bool is_told)
{
        const size_t size = strlen(key);
        Heard *one = mem_new(sizeof(Heard) + size + 1);

        one->limit_ms = limit_ms;
        one->is_told = one->is_old = is_told;
        memcpy(one->key, key, size + 1);
        map_put_text(silences->heard, one->key, one);
        return one;
}

/* "7200000 silent KEY" or "7200000 heard KEY". What is none of ours is passed over. */
static void line_read(Silences *silences, char *line)
{
        char *word, *rest = NULL;
        const int64_t limit_ms = strtoll(line, &word, 10);
        const bool is_told = strncmp(word, " silent ", 8) == 0;

        if (is_told || strncmp(word, " heard ", 7) == 0)
                rest = word + (is_told ? 8 : 7);
        if (rest && *rest && limit_ms > 0)
                (void)heard_put(silences, rest, limit_ms, is_told);
}

static bool file_load(Silences *silences, Error *err)
{
        CLEANUP(mem_drop) char *path = text_format("%s/" NAME, silences->folder);
        CLEANUP(buffer_free) Buffer text = { 0 };
        char *line, *rest;

        if (access(path, F_OK) < 0 && errno == ENOENT)
                return true;
        if (!file_read(&text, path, FILE_MOST, err))
                return false;
        for (rest = text.bytes; (line = strsep(&rest, "\n"));)
                line_read(silences, line);
        return true;
}

static bool line_write(const void *key, size_t size, void *value, void *out)
{
        const Heard *one = value;

        (void)key;
        (void)size;
        buffer_format(out, "%lld %s %s\n", (long long)one->limit_ms, one->is_told ? "silent" : "heard", one->key);
        return true;
}

bool silences_store(Silences *silences, int64_t now, bool at_once, Error *err)
{
        CLEANUP(buffer_free) Buffer all = { 0 };

        if (!silences->folder || !silences->changed || (!at_once && now - silences->changed < SILENCES_STORE_MS))
                return true;
        map_each(silences->heard, line_write, &all);
        if (!folder_store(silences->folder, NAME, all.size ? all.bytes : "", all.size, err))
                return false;
        silences->changed = 0;
        return true;
}

/* ---- open ---- */

Silences *silences_open(const char *folder, Error *err)
{
        Silences *silences = mem_new(sizeof(Silences));

        silences->heard = map_new();
        silences->folder = text_copy(folder);
        if (!folder || file_load(silences, err))
                return silences;
        silences_close(silences);
        return NULL;
}

void silences_close(Silences *silences)
{
        if (!silences)
                return;
        map_free(silences->heard, free);
        free(silences->folder);
        free(silences);
}

/* ---- listening ---- */

void silences_listen(Silences *silences, int64_t now, bool listening)
{
        const int64_t step = now - silences->now;

        if (listening && silences->now && step <= SILENCES_STEP_MS)
                silences->listened += step;
        silences->now = now;
}

static bool first_show(const void *key, size_t size, void *value, void *first)
{
        (void)key;
        (void)size;
        *(Heard **)first = value;
        return false;
}

static void change_note(Silences *silences)
{
        if (!silences->changed)
                silences->changed = silences->now ? silences->now : 1;
}

static void heard_forget(Silences *silences, Heard *one)
{
        if (!one)
                return;
        silences->backs -= one->is_back;
        change_note(silences);
        free(one);
}

static void oldest_forget(Silences *silences)
{
        Heard *oldest = NULL;

        map_each(silences->heard, first_show, &oldest);
        heard_forget(silences, map_take(silences->heard, oldest->key, strlen(oldest->key)));
}

void silences_heard(Silences *silences, const char *key, int64_t ms)
{
        Heard *one = map_take(silences->heard, key, strlen(key)); /* so that it comes to stand last */

        if (ms <= 0 || strchr(key, '\n')) {
                heard_forget(silences, one);
                return;
        }
        if (!one || one->limit_ms != ms || (one->is_told && !one->is_back))
                change_note(silences);
        if (!one)
                one = heard_put(silences, key, ms, false);
        else
                map_put_text(silences->heard, one->key, one);
        if (one->is_told && !one->is_back) {
                one->silent_ms = silences->listened - one->at;
                one->is_back = true;
                silences->backs++;
        }
        one->limit_ms = ms;
        one->at = silences->listened;
        if (map_size(silences->heard) > SILENCES_MOST)
                oldest_forget(silences);
}

/* ---- what is to be told ---- */

typedef struct {
        const Silences *silences;
        Heard *found;
} Search;

static bool is_due(const Silences *silences, const Heard *one)
{
        return (!one->is_told || one->is_old) && silences->listened - one->at >= one->limit_ms;
}

static bool due_find(const void *key, size_t size, void *value, void *context)
{
        Search *search = context;
        Heard *one = value;

        (void)key;
        (void)size;
        if (one->is_back || is_due(search->silences, one))
                search->found = one;
        return !search->found;
}

bool silences_next(Silences *silences, SilenceTold *told)
{
        Search search = { .silences = silences };

        if (!silences->backs && silences->listened - silences->looked < LOOK_MS)
                return false;
        map_each(silences->heard, due_find, &search);
        if (!search.found) {
                silences->looked = silences->listened;
                return false;
        }
        *told = (SilenceTold){ .key = search.found->key, .is_back = search.found->is_back };
        told->silent_ms = told->is_back ? search.found->silent_ms : silences->listened - search.found->at;
        silences->backs -= told->is_back;
        search.found->is_told = !told->is_back;
        search.found->is_back = search.found->is_old = false;
        change_note(silences);
        return true;
}
