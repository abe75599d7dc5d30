/*
 * The hub with one adapter, a dialect over TCP of the tests' own: meters. A frame is ## and four digits, so many bytes, CR LF. They say
 * ID or ID;A, which asks for the answer "ack ID", in a frame as well.
 */

#include "hub/adapter.h"
#include "hub/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { HEAD = 6, TAIL = 2, DIGITS = 4 };

static const char head[] = "##";

static size_t length_read(const char *digits)
{
        size_t length = 0;

        for (size_t i = 0; i < DIGITS; i++)
                length = length * 10 + (size_t)(digits[i] - '0');
        return length;
}

static FrameResult frame(const char *bytes, size_t size, size_t *used)
{
        const size_t known = size < strlen(head) ? size : strlen(head);

        *used = 1;
        if (memcmp(bytes, head, known) != 0)
                return FRAME_JUNK;
        if (size < HEAD)
                return FRAME_MORE;
        if (strspn(bytes + strlen(head), "0123456789") < DIGITS)
                return FRAME_JUNK;
        *used = HEAD + length_read(bytes + strlen(head)) + TAIL;
        return size < *used ? FRAME_MORE : FRAME_WHOLE;
}

static bool translate(const void *options, const Record *record, Output *output, Error *err)
{
        const size_t size = record->size - HEAD - TAIL, id_size = strcspn(record->bytes + HEAD, ";\r");
        const char *id = arena_copy(scratch(output), record->bytes + HEAD, id_size);
        const char *said = arena_format(scratch(output), "##%04zuack %s\r\n", strlen("ack ") + id_size, id);
        const Reply answer = { .body = said, .size = strlen(said) };
        Event event;

        (void)options;
        event_init(&event, KIND_REPORT);
        event.source.id = id;
        event.source.revision = "1";
        event.time.occurred = INT64_C(1701736930000);
        event.status.state = STATE_RECEIVED;
        if (size > id_size)
                reply(output, &answer);
        return emit(output, &event, err);
}

static const Adapter meters = { .name = "meters",
                                .about = "the tests' meters",
                                .platform = "p07",
                                .size = 1,
                                .translate = translate,
                                .frame = frame };

const Adapter *const adapters[] = { &meters, NULL };

const Adapter *adapter_find(const char *name)
{
        return text_same(meters.name, name) ? &meters : NULL;
}
