#include "hub/event/id.h"

#include "hub/base/crypto.h"
#include "hub/base/text.h"

#include <string.h>

enum { ID_MOST = 128 };

/*
 * Percent-encodes what an id must not hold. Bytes of a text that is no UTF-8 are encoded too, so that two broken source
 * ids never become one when the writer repairs them.
 */
static void part_add(Buffer *out, const char *text)
{
        bool broken = !text_is_utf8(text, strlen(text));

        for (; *text; text++) {
                unsigned char byte = (unsigned char)*text;

                if (byte < 0x20 || byte == 0x7f || byte == '%' || byte == ':' || (broken && byte >= 0x80))
                        buffer_format(out, "%%%02X", byte);
                else
                        buffer_byte(out, *text);
        }
}

static void subject_write(Buffer *out, const char *platform, const char *space, const char *source_id)
{
        part_add(out, platform);
        buffer_byte(out, ':');
        part_add(out, space ? space : "");
        buffer_byte(out, ':');
        part_add(out, source_id);
}

static size_t revision_write(Buffer *out, const char *revision)
{
        size_t subject_size = out->size;

        buffer_byte(out, ':');
        part_add(out, revision);
        return subject_size;
}

void event_identify(Event *event, Arena *arena)
{
        const char *source_id = event->source.id ? event->source.id : "";
        const char *revision = event->source.revision ? event->source.revision : "";
        const char *platform = event->platform ? event->platform : "";
        CLEANUP(buffer_free) Buffer out = { 0 };
        char digest[SHA256_TEXT_SIZE];
        size_t subject_size;

        subject_write(&out, platform, event->space, source_id);
        subject_size = revision_write(&out, revision);
        if (out.size > ID_MOST) {
                buffer_clear(&out);
                subject_write(&out, platform, event->space, sha256_text(source_id, strlen(source_id), digest));
                subject_size = revision_write(&out, revision);
        }
        event->id = arena_copy(arena, out.bytes, out.size);
        event->subject = arena_copy(arena, out.bytes, subject_size);
}
