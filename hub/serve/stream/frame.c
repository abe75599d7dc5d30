#include "hub/serve/stream/frame.h"

#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/serve/read/feature.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION_ROOM = 64 };

#define LEFT "\"left\":true,"

static json_t *version_read(const char *bytes, size_t size, Error *err)
{
        CLEANUP(json_drop) json_t *json = json_read_typed(bytes, size, err);

        if (!json || json_is_object(json))
                return json_incref(json);
        (void)error_set(err, ERR_FATAL, NULL, "no JSON object");
        return NULL;
}

/* Whose payload is a JSON object. */
static void text_render(Buffer *out, const FeedRow *row, size_t *left_at, int64_t now)
{
        Error err = { 0 };
        CLEANUP(json_drop) json_t *feature = feature_of(row->payload, row->payload_size, row->feed, now, &err);

        buffer_format(out, "id: %lld\nevent: incident\ndata: {", (long long)row->feed);
        *left_at = out->size;
        out->size--; /* its own brace stands there again */
        json_write_value(out, feature);
        buffer_text(out, "\n\n");
}

static Frame *frame_fill(const FeedRow *row, json_t *version, const json_t *before, int64_t now)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        const size_t name = strlen(row->incident) + VERSION_ROOM, facts = facts_size(version) + facts_size(before);
        Frame *frame;
        size_t left_at;
        char *room;

        text_render(&text, row, &left_at, now);
        frame = mem_new(sizeof(Frame) + facts + name + text.size);
        room = (char *)(frame + 1);
        room = facts_read(&frame->now, version, room);
        room = facts_read(&frame->before, before, room);
        snprintf(room, name, "%s:%lld:%lld", row->incident, (long long)row->epoch, (long long)row->version);
        frame->version = room;
        frame->text = memcpy(room + name, text.bytes, text.size);
        frame->size = text.size;
        frame->left_at = left_at;
        frame->weight = sizeof(Frame) + facts + name + text.size;
        return frame;
}

Frame *frame_new(const FeedRow *row, int64_t now, Error *err)
{
        CLEANUP(json_drop) json_t *version = version_read(row->payload, row->payload_size, err);
        CLEANUP(json_drop) json_t *before = NULL;
        Frame *frame;

        if (!version)
                return error_add(err, "%s:%lld:%lld", row->incident, (long long)row->epoch, (long long)row->version),
                       NULL;
        before = row->before ? version_read(row->before, row->before_size, &(Error){ 0 }) : NULL;
        frame = frame_fill(row, version, before, now);
        frame->references = 1;
        frame->feed = row->feed;
        frame->had = before ? FRAME_KNOWN : row->version == 1 ? FRAME_NEW : FRAME_UNKNOWN;
        return frame;
}

Frame *frame_keep(Frame *frame)
{
        frame->references++;
        return frame;
}

void frame_let_go(Frame *frame)
{
        if (frame && --frame->references == 0)
                free(frame);
}

FrameSight frame_sight(const Frame *frame, const Filter *filter)
{
        if (filter_takes(filter, &frame->now))
                return FRAME_SHOWN;
        if (frame->had == FRAME_NEW)
                return FRAME_HIDDEN;
        return frame->had == FRAME_UNKNOWN || filter_takes(filter, &frame->before) ? FRAME_LEFT : FRAME_HIDDEN;
}

size_t frame_size(const Frame *frame, bool is_left)
{
        return frame->size + (is_left ? strlen(LEFT) : 0);
}

typedef struct {
        const char *bytes;
        size_t size;
} Piece;

size_t frame_copy(const Frame *frame, bool is_left, size_t offset, char *out, size_t room)
{
        const Piece pieces[] = { { frame->text, frame->left_at },
                                 { LEFT, is_left ? strlen(LEFT) : 0 },
                                 { frame->text + frame->left_at, frame->size - frame->left_at } };
        size_t copied = 0;

        for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]) && copied < room; i++) {
                const size_t skip = offset < pieces[i].size ? offset : pieces[i].size;
                const size_t size = pieces[i].size - skip < room - copied ? pieces[i].size - skip : room - copied;

                if (size)
                        memcpy(out + copied, pieces[i].bytes + skip, size);
                copied += size;
                offset -= skip;
        }
        return copied;
}
