#include "hub/event/id.h"

#include "hub/base/crypto.h"
#include "hub/base/text.h"

#include <string.h>

enum { SUBJECT_MOST = 128, REVISION_MOST = 128 };

/* Blanks too: readers in shells, in Python and in spreadsheets part words at them. */
static bool is_encoded(uint32_t point)
{
        return point < 0x20 || point == 0x7f || point == '%' || point == ':' || text_is_blank(point);
}

/*
 * Percent-encodes what an id must not hold. Bytes of a text that is no UTF-8 are encoded too, so that two broken source
 * ids never become one when the writer repairs them.
 */
static void part_add(Buffer *out, const char *text)
{
        static const char digits[] = "0123456789ABCDEF";
        const char *end = text + strlen(text), *from = text;
        bool broken = !text_is_utf8(text, (size_t)(end - text));

        while (text < end) {
                const char *at = text;
                uint32_t point = text_next(&text, end);

                if (!is_encoded(point) && !(broken && point >= 0x80))
                        continue;
                buffer_add(out, from, (size_t)(at - from));
                for (; at < text; at++)
                        buffer_add(out, (char[]){ '%', digits[(uint8_t)*at >> 4], digits[(uint8_t)*at & 15] }, 3);
                from = text;
        }
        buffer_add(out, from, (size_t)(end - from));
}

static void subject_write(Buffer *out, const Event *event, const char *source_id)
{
        part_add(out, event->platform ? event->platform : "");
        buffer_byte(out, ':');
        part_add(out, event->space ? event->space : "");
        buffer_byte(out, ':');
        part_add(out, source_id);
}

static void subject_fit(Buffer *out, const Event *event, const char *source_id)
{
        char digest[SHA256_TEXT_SIZE];

        subject_write(out, event, source_id);
        if (out->size <= SUBJECT_MOST)
                return;
        buffer_clear(out);
        subject_write(out, event, sha256_text(source_id, strlen(source_id), digest));
}

const char *event_subject(const Event *event, const char *source_id, Arena *arena)
{
        CLEANUP(buffer_free) Buffer out = { 0 };

        subject_fit(&out, event, source_id);
        return arena_copy(arena, out.bytes, out.size);
}

static const char *revision_fit(const char *revision, Arena *arena)
{
        size_t size = strlen(revision);

        return size > REVISION_MOST ? sha256_text(revision, size, arena_take(arena, SHA256_TEXT_SIZE)) : revision;
}

void event_identify(Event *event, Arena *arena)
{
        CLEANUP(buffer_free) Buffer out = { 0 };

        subject_fit(&out, event, event->source.id ? event->source.id : "");
        event->subject = arena_copy(arena, out.bytes, out.size);
        event->source.revision = revision_fit(event->source.revision ? event->source.revision : "", arena);
        buffer_byte(&out, ':');
        part_add(&out, event->source.revision);
        event->id = arena_copy(arena, out.bytes, out.size);
        for (size_t i = 0; i < event->links_size; i++)
                if (event->links[i].source_id && !event->links[i].subject)
                        event->links[i].subject = event_subject(event, event->links[i].source_id, arena);
}
