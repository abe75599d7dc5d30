#include "hub/base/charset.h"
#include "hub/base/json.h"
#include "hub/base/text.h"
#include "hub/conform/change.h"

#include <ctype.h>
#include <string.h>

enum { TEXT_MOST = 64 * 1024, TOUCHING_LEAST = 3 };

/* The media type without its charset: the text is UTF-8 now. */
static const char *content_type_plain(const char *content_type, Arena *arena)
{
        return content_type ? arena_copy(arena, content_type, strcspn(content_type, ";")) : NULL;
}

/* Not a trial of its own: the input was tried as it is, and after a crash this is asked for again. */
static void whole_take(Text *text)
{
        const Attempt attempt = text_attempt(text, "in UTF-8", text->document.bytes, text->document.size);
        const Record record = bench_record(text->bench, &attempt, attempt.bytes);

        trial_run(&text->bench->setup, &record, text->arena, &text->whole);
}

bool text_open(Text *text, Bench *bench)
{
        const Fixture *fixture = bench->setup.fixture;
        const Buffer *bytes = &bench->input->bytes;
        CLEANUP(buffer_free) Buffer decoded = { 0 };
        size_t repaired = 0;
        Error err = { 0 };

        *text = (Text){ .bench = bench, .arena = arena_new() };
        text->content_type = content_type_plain(fixture->record.content_type, text->arena);
        if (!bytes->size || bytes->size > TEXT_MOST ||
            !charset_decode(&decoded, fixture->record.content_type, bytes->bytes, bytes->size, &repaired, &err) ||
            repaired)
                return false;
        document_read(&text->document, arena_copy(text->arena, decoded.bytes, decoded.size), decoded.size, text->arena);
        if (!text->document.leaves_size)
                return false;
        whole_take(text);
        return true;
}

void text_close(Text *text)
{
        document_close(&text->document);
        arena_free(text->arena);
}

Attempt text_attempt(const Text *text, const char *what, const char *bytes, size_t size)
{
        Attempt attempt = bench_attempt(text->bench, what, bytes, size);

        attempt.content_type = text->content_type;
        return attempt;
}

static bool is_word(char byte)
{
        return isalnum((unsigned char)byte) || (byte & 0x80);
}

bool text_stands_in(const char *text, size_t size, const char *where)
{
        const char *found = size ? memmem(where, strlen(where), text, size) : NULL;

        if (!found || size >= TOUCHING_LEAST)
                return found;
        return (found == where || !is_word(found[-1])) && !is_word(found[size]);
}

bool text_touches(const Text *text, const Leaf *leaf)
{
        const char *value = text->document.bytes + leaf->inside.at;
        const size_t size = leaf->inside.end - leaf->inside.at;

        for (size_t i = 0; i < text->whole.events_size; i++) {
                const char *id = text->whole.events[i].source_id;

                if (text_stands_in(value, size, id) || memmem(value, size, id, strlen(id)))
                        return true;
        }
        return false;
}

const char *text_literal(const Text *text, const char *value, Arena *arena)
{
        CLEANUP(buffer_free) Buffer out = { 0 };

        if (text->document.kind != DOCUMENT_JSON)
                return value;
        json_write_text(&out, value, strlen(value));
        return arena_copy(arena, out.bytes, out.size);
}

bool text_is_id_known(const Text *text)
{
        for (size_t i = 0; i < text->document.leaves_size; i++)
                if (text_touches(text, &text->document.leaves[i]))
                        return true;
        return false;
}
