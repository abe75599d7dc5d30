#include "hub/dialect/record.h"

#include "hub/base/charset.h"
#include "hub/base/text.h"

#include <string.h>
#include <strings.h>

static bool is_html(const char *text, size_t size)
{
        static const char *const starts[] = { "<!doctype html", "<html", "<head", "<body", "<script", "<form" };

        for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
                if (size >= strlen(starts[i]) && strncasecmp(text, starts[i], strlen(starts[i])) == 0)
                        return true;
        return false;
}

/* What a session's end, a proxy or a server in trouble sends in place of a document. */
static bool document_check(const char *text, size_t size, bool xml, Error *err)
{
        const char *why = NULL;

        if (size == 0)
                why = "an empty body";
        else if (*text == '<' && (!xml || is_html(text, size)))
                why = "markup where a document is due: has the session ended?";
        else if (*text != '<' && !strchr("{[\"-0123456789tfn", *text))
                why = "words where a document is due";
        return !why || error_set(err, ERR_RETRY, xml ? "not_xml" : "not_json", "%s", why);
}

/* Its end is missing, or it never was one. The parsers' own words tell the first. */
static bool is_sick(const Record *record, const Error *why)
{
        static const char *const cut[] = { "near end of", "premature end", "no element found", "unclosed" };

        if (!text_same(why->reason, "not_json") && !text_same(why->reason, "not_xml"))
                return false;
        for (size_t i = 0; i < sizeof(cut) / sizeof(cut[0]); i++)
                if (strstr(why->text, cut[i]))
                        return true;
        return record->content_type && strcasestr(record->content_type, "html");
}

static bool text_decoded(const Record *record, Buffer *decoded, const char **text, size_t *size, Output *output,
                         Error *err)
{
        size_t repaired = 0;

        *text = record->bytes;
        *size = record->size;
        if (text_is_utf8(record->bytes, record->size))
                return true;
        if (!charset_decode(decoded, record->content_type, record->bytes, record->size, &repaired, err))
                return false;
        if (repaired)
                mark(output, QUALITY_ENCODING_REPAIRED);
        *text = decoded->bytes ? decoded->bytes : "";
        *size = decoded->size;
        return true;
}

/* One bad character or value costs no page. */
static json_t *json_of(const char *text, size_t size, Output *output, Error *err)
{
        JsonMend found;
        json_t *tree = json_read_mended(text, size, &found, err);

        mark(output, (found.text ? QUALITY_ENCODING_REPAIRED : 0) | (found.value ? QUALITY_PARTIAL : 0));
        if (found.cut)
                err->kind = ERR_RETRY;
        return tree;
}

json_t *record_read(const Record *record, const XmlForm *form, Output *output, Error *err)
{
        CLEANUP(buffer_free) Buffer decoded = { 0 };
        const char *text;
        size_t size;
        json_t *tree;

        if (!text_decoded(record, &decoded, &text, &size, output, err))
                return NULL;
        text = text_trim(text, &size);
        if (!document_check(text, size, form, err))
                return NULL;
        tree = *text == '<' ? xml_read(text, size, form, err) : json_of(text, size, output, err);
        if (!tree && is_sick(record, err))
                err->kind = ERR_RETRY;
        return tree;
}

const char *record_key(const Record *record, Arena *arena)
{
        const char *key = record->key ? record->key : "";
        size_t size = strlen(key);

        if (size >= 2 && key[0] == '"' && key[size - 1] == '"')
                key = arena_copy(arena, key + 1, size - 2);
        return key[0] ? key : NULL;
}
