/*
 * A watched folder: one file is one record. It stays where it was dropped until everything in it is delivered, then it goes to
 * done/, or to failed/ when it was rejected as a whole. After a crash between the two it is read whole again: its ids make that
 * harmless. A file of a name that was there before is a new one, whatever is in it. Nothing stays in done/ that was not read to its
 * end: who has a file open for writing is waited for, and what grew behind our back is read again.
 */

#include "hub/source/source.h"

#include "hub/base/backoff.h"
#include "hub/base/log.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/source/file/file_move.h"
#include "hub/source/file/file_options.h"
#include "hub/source/file/inbox.h"
#include "hub/source/file/mapped.h"
#include "hub/source/file/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MOST = 128 * 1024 * 1024 };

/* Handed out and not yet acknowledged. */
typedef struct {
        uint64_t token;
        InboxFile file;
        bool rejected;
} Held;

struct Source {
        const FileOptions *options;
        char *done, *failed;
        bool once, passing; /* passing: a dry run, which moves nothing */
        bool opened;        /* done/ and failed/ are there */
        Error away;         /* ERR_RETRY: why the last look failed */
        Inbox *inbox;
        Watch *watch;
        int64_t look_ms; /* monotonic: not before */
        Backoff backoff;
        uint64_t token;
        Held *held; /* in read order, from held_at on */
        size_t held_at, held_size, held_room;
        Mapped mapped;         /* of the record that was read last */
        Buffer path, position; /* of it, printable */
};

/* ---- open ---- */

static Source *source_open(const SourceSetup *setup, Error *err)
{
        enum { BACKOFF_LEAST_MS = 500, BACKOFF_MOST_MS = 30 * 1000 };
        Source *source = mem_new(sizeof(Source));

        (void)err;
        source->options = setup->options;
        source->done = file_done(source->options);
        source->failed = file_failed(source->options);
        source->once = setup->once;
        source->passing = !setup->folder || setup->trial;
        source->inbox = inbox_new(source->options);
        source->watch = watch_new(source->options);
        source->backoff = (Backoff){ .least_ms = BACKOFF_LEAST_MS, .most_ms = BACKOFF_MOST_MS };
        return source;
}

static bool folder_need(const Source *source, const char *path, Error *err)
{
        if (mkdir(path, 0770) < 0 && errno != EEXIST)
                return error_set(err, ERR_RETRY, NULL, "%s: %s", path, strerror(errno));
        return file_same_system(source->options->folder, path, err);
}

/* The folder may be on a share that is away: only when it is there, the other two are looked for. */
static bool folders_open(Source *source, Error *err)
{
        if (source->opened || source->passing)
                return true;
        if (access(source->options->folder, F_OK) < 0)
                return error_set(err, ERR_RETRY, NULL, "%s: %s", source->options->folder, strerror(errno));
        source->opened = folder_need(source, source->done, err) && folder_need(source, source->failed, err);
        return source->opened;
}

/* ---- read ---- */

/* Names are bytes, often GB18030: what is not UTF-8, and control bytes, stand as %XX. */
static void name_print(Buffer *out, const char *name)
{
        const char *end = name + strlen(name), *start = name;
        uint32_t point;

        while (name < end) {
                bool is_good = text_decode(&name, end, &point) && point >= 0x20 && point != 0x7f;

                for (; start < name; start++) {
                        if (is_good)
                                buffer_byte(out, *start);
                        else
                                buffer_format(out, "%%%02X", (unsigned char)*start);
                }
        }
}

static void held_add(Source *source, const InboxFile *file)
{
        if (source->held_at == source->held_size)
                source->held_at = source->held_size = 0;
        if (source->held_size == source->held_room && source->held_at) {
                source->held_size -= source->held_at;
                memmove(source->held, source->held + source->held_at, source->held_size * sizeof(Held));
                source->held_at = 0;
        } else if (source->held_size == source->held_room) {
                source->held_room = source->held_room ? 2 * source->held_room : 16;
                source->held = mem_resize(source->held, source->held_room * sizeof(Held));
        }
        source->held[source->held_size++] = (Held){ .token = ++source->token, .file = *file };
}

/* The bytes, unless it is plain that they are no record. False: it cannot be read now. */
static bool bytes_open(Source *source, const InboxFile *file, SourceRecord *record, Error *err)
{
        CLEANUP(mem_drop) char *path = text_format("%s/%s", source->options->folder, file->name);
        int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
        struct stat about;
        bool is_open = false;

        if (descriptor < 0 || fstat(descriptor, &about) < 0)
                error_set(err, ERR_RETRY, NULL, "%s", strerror(errno));
        else if (!inbox_same(&about, &file->about))
                error_set(err, ERR_RETRY, NULL, "it changes");
        else if (mapped_is_written(descriptor))
                error_set(err, ERR_RETRY, NULL, "somebody has it open for writing");
        else if (about.st_size == 0)
                is_open = !error_set(&record->refusal, ERR_INPUT, "bad_length", "an empty file");
        else if (about.st_size > FILE_MOST)
                is_open = !error_set(&record->refusal, ERR_INPUT, "too_large", "%lld bytes, more than %d: it is in %s",
                                     (long long)about.st_size, FILE_MOST, source->failed);
        else
                is_open = mapped_open(&source->mapped, descriptor, (size_t)about.st_size, err);
        if (descriptor >= 0)
                close(descriptor);
        return is_open;
}

static bool file_read_next(Source *source, const InboxFile *file, SourceRecord *record)
{
        Error err = { 0 };

        *record = (SourceRecord){ 0 };
        buffer_clear(&source->position);
        buffer_clear(&source->path);
        name_print(&source->position, file->name);
        buffer_format(&source->path, "%s/%s", source->options->folder, source->position.bytes);
        if (!bytes_open(source, file, record, &err)) {
                log_limited(LOG_WARNING, "a file cannot be read yet",
                            (LogKey[]){ LOG_TEXT("name", source->position.bytes), LOG_TEXT("why", err.text), { 0 } });
                return false;
        }
        held_add(source, file);
        record->token = source->token;
        record->record = (Record){
                .bytes = source->mapped.bytes ? source->mapped.bytes : "",
                .size = source->mapped.size,
                .paged = source->mapped.paged,
                .channel = source->path.bytes,
                .position = source->position.bytes,
                .received_ms = time_now(),
        };
        return true;
}

static bool take_read(Source *source, SourceRecord *record)
{
        InboxFile file;

        while (inbox_take(source->inbox, &file)) {
                if (file_read_next(source, &file, record))
                        return true;
                inbox_release(source->inbox, file.name);
                free(file.name);
        }
        return false;
}

static SourceResult look_failed(Source *source, const Error *err)
{
        source->opened = false;
        source->away = *err;
        source->look_ms = time_monotonic() + backoff_next(&source->backoff);
        return err->kind == ERR_FATAL ? SOURCE_BROKEN : SOURCE_AWAY;
}

/* Until the next look. */
static SourceResult look_wait(const Source *source, int wait_ms, Error *err)
{
        int64_t left = source->look_ms - time_monotonic();

        if (source->away.kind) {
                *err = source->away;
                return SOURCE_AWAY;
        }
        if (left > 0)
                poll(NULL, 0, left < wait_ms ? (int)left : wait_ms);
        return SOURCE_IDLE;
}

static SourceResult source_read(Source *source, int wait_ms, SourceRecord *record, Error *err)
{
        mapped_close(&source->mapped);
        if (take_read(source, record))
                return SOURCE_RECORD;
        if (time_monotonic() < source->look_ms)
                return look_wait(source, wait_ms, err);
        watch_look(source->watch);
        if (!folders_open(source, err) || !inbox_look(source->inbox, err))
                return look_failed(source, err);
        backoff_reset(&source->backoff);
        source->away.kind = ERR_NONE;
        source->look_ms = time_monotonic() + source->options->every_ms;
        if (take_read(source, record))
                return SOURCE_RECORD;
        return source->once && !inbox_quieting(source->inbox) ? SOURCE_END : look_wait(source, wait_ms, err);
}

/* ---- acknowledge ---- */

static void source_rejected(Source *source, uint64_t token)
{
        for (size_t i = source->held_size; i-- > source->held_at;)
                if (source->held[i].token == token)
                        source->held[i].rejected = true;
}

static bool held_settle(const Source *source, const Held *held, Error *err)
{
        CLEANUP(mem_drop) char *moved = NULL;

        switch (file_move(source->options, &held->file, held->rejected ? source->failed : source->done, &moved, err)) {
        case MOVE_DONE:
                watch_add(source->watch, &held->file, moved);
                break;
        case MOVE_GONE:
                log_warning("a delivered file was taken away before we moved it", LOG_TEXT("name", held->file.name));
                break;
        case MOVE_CHANGED:
                log_error("a file changed while it was read: it is read again", LOG_TEXT("name", held->file.name));
                break;
        case MOVE_FAILED:
                return false;
        }
        inbox_release(source->inbox, held->file.name);
        return true;
}

static bool source_acknowledge(Source *source, uint64_t token, Error *err)
{
        while (source->held_at < source->held_size && source->held[source->held_at].token <= token) {
                Held *held = &source->held[source->held_at];

                if (!source->passing && !held_settle(source, held, err)) {
                        source->opened = false; /* perhaps done/ was taken away: it is made again */
                        return false;
                }
                free(held->file.name);
                source->held_at++;
        }
        return true;
}

static int64_t source_lag(Source *source)
{
        return (int64_t)inbox_waiting(source->inbox);
}

static void source_close(Source *source)
{
        while (source->held_at < source->held_size)
                free(source->held[source->held_at++].file.name);
        free(source->held);
        mapped_free(&source->mapped);
        inbox_free(source->inbox);
        watch_free(source->watch);
        buffer_free(&source->path);
        buffer_free(&source->position);
        free(source->done);
        free(source->failed);
        free(source);
}

const SourceKind source_file = {
        .kind = "file",
        .about = "files dropped into a folder, each one record, moved to done/ or failed/ when it is delivered",
        .promise = "nothing is lost: a file stays until all of it is delivered; after a kill it is read whole again, "
                   "to the same "
                   "event ids",
        .options = file_options,
        .options_size = FILE_OPTIONS,
        .size = sizeof(FileOptions),
        .check = file_check,
        .open = source_open,
        .read = source_read,
        .acknowledge = source_acknowledge,
        .rejected = source_rejected,
        .lag = source_lag,
        .connect_check = file_connect_check,
        .when_paused = "files wait in the folder, untouched",
        .close = source_close,
};
