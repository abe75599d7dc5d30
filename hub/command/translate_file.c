#include "hub/command/translate.h"

#include "hub/base/file.h"
#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/recording/recording.h"
#include "hub/source/frame/frames.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RECORD_MOST = 128 * 1024 * 1024 };

static bool stdin_read(Buffer *out, Error *err)
{
        enum { STEP = 64 * 1024 };
        size_t got;

        do {
                buffer_room(out, STEP);
                got = fread(out->bytes + out->size, 1, STEP, stdin);
                out->size += got;
        } while (got && out->size <= RECORD_MOST);
        buffer_add(out, "", 0);
        if (ferror(stdin) || out->size > RECORD_MOST)
                return error_set(err, ERR_RETRY, NULL, "-: unreadable, or larger than %d bytes", RECORD_MOST);
        return true;
}

/* A regular file is mapped, as its source has it; what is none, or empty, is read. */
static bool name_read(const char *name, Buffer *out, Mapped *mapped, Error *err)
{
        int descriptor = open(name, O_RDONLY | O_CLOEXEC);
        struct stat about;
        bool read, maps = descriptor >= 0 && fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode) &&
                          about.st_size > 0 && about.st_size <= RECORD_MOST;

        read = maps ? mapped_open(mapped, descriptor, (size_t)about.st_size, err)
                    : file_read(out, name, RECORD_MOST, err);
        if (descriptor >= 0)
                close(descriptor);
        return read;
}

static Record file_record(const Translation *translation, const char *name, const Buffer *bytes, const Mapped *mapped)
{
        const char *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name;

        return (Record){
                .bytes = mapped->bytes  ? mapped->bytes
                         : bytes->bytes ? bytes->bytes
                                        : "",
                .size = mapped->bytes ? mapped->size : bytes->size,
                .paged = mapped->paged,
                .channel = translation->channel ? translation->channel : base,
                .content_type = translation->content_type,
                .position = translation->position ? translation->position : base,
                .received_ms = translation->received_ms,
                .key = translation->key,
                .headers = translation->headers_size ? translation->headers : NULL,
                .method = translation->method,
                .sequence = translation->sequence,
        };
}

/* A FILE that is called so is no message, but what the runner says of a key: "KEY 7200" (seconds), "KEY 7200 back". */
static bool silence_is(const char *name)
{
        static const char suffix[] = ".silence";
        const size_t size = strlen(name), tail = sizeof(suffix) - 1;

        return size > tail && strcmp(name + size - tail, suffix) == 0;
}

/* The text is taken apart, and the record's. */
static bool silence_read(const char *name, char *text, Record *record, Error *err)
{
        char *rest = text, *more;

        record->key = strsep(&rest, " ");
        record->silent_ms = rest ? strtoll(rest, &more, 10) * 1000 : 0;
        if (record->silent_ms <= 0)
                return error_set(err, ERR_RETRY, NULL, "%s: neither KEY SECONDS nor KEY SECONDS back", name);
        record->silence = text_starts(more, " back") ? SILENCE_ENDED : SILENCE_BEGUN;
        record->bytes = "";
        record->size = 0;
        return true;
}

/* refusal: why it never comes to the adapter; of no kind: it does. */
static void record_translate(const Translation *translation, const Record *record, Error refusal, Printing *to)
{
        output_begin(to->output, record);
        if (refusal.kind || !translation->adapter->translate(translation->options, record, to->output, &refusal))
                output_reject(to->output, &refusal);
        if (translation->replies) {
                const Reply told = output_reply(to->output);

                print_reply(&to->print, record, &told);
        }
}

static void frames_translate(const Translation *translation, const Record *stream, Printing *to)
{
        CLEANUP(frames_free) Frames frames = { .frame = translation->adapter->frame, .most = RECORD_MOST };
        Frame frame;

        for (frames_add(&frames, stream->bytes, stream->size); frames_next(&frames, true, &frame);) {
                CLEANUP(mem_drop) char *position = text_format("%s:%lld", stream->position, (long long)frame.offset);
                Record record = *stream;
                Error refusal = { 0 };

                record.bytes = frame.bytes;
                record.size = frame.size;
                record.position = position;
                if (frame.is_junk)
                        frames_refuse(&refusal);
                record_translate(translation, &record, refusal, to);
        }
}

bool translate_file(const Translation *translation, const char *name, Printing *to, Error *err)
{
        const bool is_stdin = strcmp(name, "-") == 0;
        CLEANUP(buffer_free) Buffer bytes = { 0 };
        CLEANUP(json_drop) json_t *recorded = NULL;
        CLEANUP(mem_drop) char *text = NULL;
        RecordingHeaders headers;
        Record record;
        bool read;

        mapped_close(&to->mapped);
        read = is_stdin ? stdin_read(&bytes, err) : name_read(name, &bytes, &to->mapped, err);
        if (!read) {
                err->kind = ERR_RETRY; /* a file that is not there is no configuration */
                return false;
        }
        if (translation->recorded && !is_stdin && !(recorded = recording_row(name, err)))
                return false;
        record = file_record(translation, name, &bytes, &to->mapped);
        if (silence_is(name)) {
                text = text_copy(record.bytes);
                if (!silence_read(name, text, &record, err))
                        return false;
        }
        if (recorded)
                recording_fill(recorded, &record, headers);
        if (translation->frames)
                frames_translate(translation, &record, to);
        else
                record_translate(translation, &record, (Error){ 0 }, to);
        return true;
}
