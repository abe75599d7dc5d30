#include "hub/keep/changes.h"

#include "hub/base/buffer.h"
#include "hub/base/crypto.h"
#include "hub/base/file.h"
#include "hub/base/log.h"
#include "hub/base/map.h"
#include "hub/base/memory.h"
#include "hub/keep/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Lines that repeat a subject are cleared out past LINES_MOST: a file of 10 MB at most. */
enum { DIGEST = 16, LINES_MOST = 4 * CHANGES_MOST, FILE_MOST = 64 * 1024 * 1024 };

#define NAME "changes"

typedef struct {
        uint8_t subject[DIGEST], state[DIGEST];
        uint64_t check;
} Line;

typedef struct {
        uint64_t token;
        Line line;
} Waiting;

struct Changes {
        Map *states;    /* digest of a subject to that of its state; who spoke last stands last */
        char *folder;   /* NULL: in memory alone */
        int descriptor; /* of the file */
        size_t lines;   /* in it */
        Buffer waiting; /* Waiting[]: said, and not in Kafka for all we know; from waiting_at on */
        size_t waiting_at;
        Buffer ready; /* Line[]: in Kafka, to be written */
        uint64_t token;
};

static const uint8_t forgotten[DIGEST];

static void digest(const char *text, uint8_t out[DIGEST])
{
        uint8_t whole[SHA256_SIZE];

        sha256(text, strlen(text), whole);
        memcpy(out, whole, DIGEST);
}

static uint64_t check_of(const Line *line)
{
        return hash64(line, 2 * (size_t)DIGEST);
}

/* ---- in memory ---- */

static void state_put(Map *states, const uint8_t subject[DIGEST], const uint8_t state[DIGEST])
{
        free(map_take(states, subject, DIGEST)); /* so that it comes to stand last */
        if (memcmp(state, forgotten, DIGEST) != 0)
                map_put(states, subject, DIGEST, mem_copy(state, DIGEST));
}

static bool first_take(const void *key, size_t size, void *value, void *subject)
{
        (void)value;
        memcpy(subject, key, size);
        return false;
}

static void line_wait(Changes *changes, const uint8_t subject[DIGEST], const uint8_t state[DIGEST])
{
        Waiting waiting = { .token = changes->token };

        if (!changes->folder)
                return;
        memcpy(waiting.line.subject, subject, DIGEST);
        memcpy(waiting.line.state, state, DIGEST);
        waiting.line.check = check_of(&waiting.line);
        buffer_add(&changes->waiting, &waiting, sizeof(waiting));
}

/* Told to the file, too: else what it holds and what we know would part. */
static void oldest_forget(Changes *changes)
{
        uint8_t subject[DIGEST];

        map_each(changes->states, first_take, subject);
        state_put(changes->states, subject, forgotten);
        line_wait(changes, subject, forgotten);
}

/* ---- the file ---- */

/* Ends at the first line that is not whole. */
static size_t lines_read(Map *states, const Buffer *bytes)
{
        size_t lines = 0;
        Line line;

        for (; (lines + 1) * sizeof(line) <= bytes->size; lines++) {
                memcpy(&line, bytes->bytes + lines * sizeof(line), sizeof(line));
                if (line.check != check_of(&line))
                        break;
                state_put(states, line.subject, line.state);
        }
        return lines;
}

static bool line_copy(const void *key, size_t size, void *value, void *context)
{
        Line line = { 0 };

        memcpy(line.subject, key, size);
        memcpy(line.state, value, DIGEST);
        line.check = check_of(&line);
        buffer_add(context, &line, sizeof(line));
        return true;
}

static void descriptor_close(Changes *changes)
{
        if (changes->descriptor >= 0)
                close(changes->descriptor);
        changes->descriptor = -1;
}

static bool trouble(const Changes *changes, Error *err)
{
        return error_set(err, ERR_RETRY, NULL, "%s/" NAME ": %s", changes->folder, strerror(errno));
}

static bool file_load(const Changes *changes, Map *states, size_t *lines, Error *err)
{
        CLEANUP(mem_drop) char *path = text_format("%s/" NAME, changes->folder);
        CLEANUP(buffer_free) Buffer bytes = { 0 };

        *lines = 0;
        if (access(path, F_OK) < 0 && errno == ENOENT)
                return true;
        if (!file_read(&bytes, path, FILE_MOST, err))
                return false;
        *lines = lines_read(states, &bytes);
        return true;
}

/* The file anew, without what was overtaken. Of the file itself, not of what we know, which is ahead of Kafka. */
static bool file_clear(Changes *changes, Error *err)
{
        Map *states = map_new();
        CLEANUP(buffer_free) Buffer bytes = { 0 };
        bool stored = file_load(changes, states, &changes->lines, err);

        map_each(states, line_copy, &bytes);
        descriptor_close(changes);
        stored = stored && folder_store(changes->folder, NAME, bytes.size ? bytes.bytes : "", bytes.size, err);
        if (stored)
                changes->lines = bytes.size / sizeof(Line);
        map_free(states, free);
        return stored;
}

static bool file_open(Changes *changes, Error *err)
{
        CLEANUP(mem_drop) char *path = text_format("%s/" NAME, changes->folder);

        if (changes->descriptor >= 0)
                return true;
        if (changes->lines >= LINES_MOST && !file_clear(changes, err))
                return false;
        changes->descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        return changes->descriptor >= 0 || trouble(changes, err);
}

static bool ready_write(const Changes *changes)
{
        const Buffer *ready = &changes->ready;
        const off_t end = (off_t)(changes->lines * sizeof(Line));

        for (size_t done = 0; done < ready->size;) {
                ssize_t wrote = pwrite(changes->descriptor, ready->bytes + done, ready->size - done, end + (off_t)done);

                if (wrote < 0 && errno != EINTR)
                        return false;
                done += wrote > 0 ? (size_t)wrote : 0;
        }
        return ftruncate(changes->descriptor, end + (off_t)ready->size) == 0 && fdatasync(changes->descriptor) == 0;
}

/* ---- open ---- */

Changes *changes_open(const char *folder, Error *err)
{
        Changes *changes = mem_new(sizeof(Changes));

        changes->states = map_new();
        changes->folder = text_copy(folder);
        changes->descriptor = -1;
        if (!folder || file_load(changes, changes->states, &changes->lines, err))
                return changes;
        changes_close(changes);
        return NULL;
}

void changes_close(Changes *changes)
{
        if (!changes)
                return;
        descriptor_close(changes);
        map_free(changes->states, free);
        buffer_free(&changes->waiting);
        buffer_free(&changes->ready);
        free(changes->folder);
        free(changes);
}

/* ---- said ---- */

void changes_begin(Changes *changes, uint64_t token)
{
        changes->token = token;
}

bool changes_same(Changes *changes, const char *subject, const char *state)
{
        uint8_t of[DIGEST], now[DIGEST];
        uint8_t *known;

        digest(subject, of);
        digest(state, now);
        known = map_take(changes->states, of, DIGEST);
        if (!known)
                return false;
        map_put(changes->states, of, DIGEST, known);
        return memcmp(known, now, DIGEST) == 0;
}

bool changes_known(const Changes *changes, const char *subject)
{
        uint8_t of[DIGEST];

        digest(subject, of);
        return map_get(changes->states, of, DIGEST);
}

void changes_note(Changes *changes, const char *subject, const char *state)
{
        uint8_t of[DIGEST], now[DIGEST] = { 0 };

        digest(subject, of);
        if (state)
                digest(state, now);
        else if (!map_get(changes->states, of, DIGEST))
                return;
        state_put(changes->states, of, now);
        line_wait(changes, of, now);
        if (map_size(changes->states) > CHANGES_MOST)
                oldest_forget(changes);
}

size_t changes_size(const Changes *changes)
{
        return map_size(changes->states);
}

/* ---- in Kafka ---- */

void changes_settled(Changes *changes, uint64_t token)
{
        Buffer *waiting = &changes->waiting;
        Waiting first;

        while (changes->waiting_at < waiting->size) {
                memcpy(&first, waiting->bytes + changes->waiting_at, sizeof(first));
                if (first.token > token)
                        break;
                buffer_add(&changes->ready, &first.line, sizeof(first.line));
                changes->waiting_at += sizeof(first);
        }
        if (!changes->waiting_at || changes->waiting_at * 2 < waiting->size)
                return;
        memmove(waiting->bytes, waiting->bytes + changes->waiting_at, waiting->size - changes->waiting_at);
        waiting->size -= changes->waiting_at;
        changes->waiting_at = 0;
}

bool changes_store(Changes *changes, Error *err)
{
        if (!changes->ready.size)
                return true;
        if (changes->lines >= LINES_MOST)
                descriptor_close(changes);
        if (!file_open(changes, err))
                return false;
        if (!ready_write(changes))
                return trouble(changes, err);
        changes->lines += changes->ready.size / sizeof(Line);
        buffer_clear(&changes->ready);
        return true;
}
