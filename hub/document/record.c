#include "hub/document/record.h"

#include "hub/base/answer.h"
#include "hub/base/charset.h"
#include "hub/base/inlined.h"
#include "hub/base/text.h"

#include <string.h>

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
        mark(output, repaired ? QUALITY_ENCODING_REPAIRED : 0);
        *text = decoded->bytes ? decoded->bytes : "";
        *size = decoded->size;
        return true;
}

/* Its end is missing, or it never was one. Of XML the parser's own words tell it. */
static bool is_sick(const Record *record, bool cut, const Error *why)
{
        if (!text_same(why->reason, "not_json") && !text_same(why->reason, "not_xml"))
                return false;
        return cut || strstr(why->text, "no element found") || strstr(why->text, "unclosed") ||
               (record->content_type && strcasestr(record->content_type, "html"));
}

json_t *record_fold(json_t *tree)
{
        json_t *folded, *value;
        const char *name;
        size_t i;

        if (!json_is_object(tree) && !json_is_array(tree))
                return json_incref(tree);
        folded = json_is_array(tree) ? json_array() : json_object();
        json_array_foreach(tree, i, value)
                json_array_append_new(folded, record_fold(value));
        json_object_foreach(tree, name, value) {
                CLEANUP(mem_drop) char *small = text_copy(name);

                for (char *at = small; *at; at++)
                        *at = (char)(*at >= 'A' && *at <= 'Z' ? *at + 'a' - 'A' : *at);
                if (!json_object_get(folded, small))
                        json_object_set_new(folded, small, record_fold(value));
        }
        return folded;
}

const json_t *record_member(const json_t *object, const char *name)
{
        const char *other;
        json_t *value;

        /* Jansson's iterators take no const. NOLINTNEXTLINE(performance-no-int-to-ptr) */
        json_object_foreach((json_t *)(uintptr_t)object, other, value)
                if (strcasecmp(other, name) == 0 &&
                    (json_is_object(value) || json_is_array(value) || json_text(value, "")))
                        return value;
        return NULL;
}

const char *record_text(const json_t *object, const char *name)
{
        return json_text(record_member(object, name), "");
}

static json_t *json_take(const char *text, size_t size, const XmlForm *form, JsonMend *mend, Error *err)
{
        CLEANUP(buffer_free) Buffer light = { 0 };
        json_t *tree, *folded;

        if (form && form->inlined)
                inlined_cut(&light, text, size);
        tree = json_read_mended(light.bytes ? light.bytes : text, light.bytes ? light.size : size, mend, err);
        if (!tree || !form || !form->fold)
                return tree;
        folded = record_fold(tree);
        json_decref(tree);
        return folded;
}

json_t *record_read(const Record *record, const XmlForm *form, Output *output, Error *err)
{
        CLEANUP(buffer_free) Buffer decoded = { 0 };
        JsonMend mend = { 0 };
        const char *text, *sick;
        size_t size;
        json_t *tree;

        if (!text_decoded(record, &decoded, &text, &size, output, err))
                return NULL;
        text = text_trim(text, &size);
        sick = answer_sick(text, size, form);
        if (sick) {
                (void)error_set(err, ERR_RETRY, form ? "not_xml" : "not_json", "%s", sick);
                return NULL;
        }
        tree = *text == '<' ? xml_read(text, size, form, err) : json_take(text, size, form, &mend, err);
        mark(output, (mend.text ? QUALITY_ENCODING_REPAIRED : 0) | (mend.value ? QUALITY_PARTIAL : 0));
        if (tree)
                err->kind = ERR_NONE; /* what was mended had been refused before */
        else if (is_sick(record, mend.cut, err))
                err->kind = ERR_RETRY;
        return tree;
}

char record_sign(const Record *record)
{
        static const char blanks[] = { '\0', ' ', '\t', '\r', '\n', '\xef', '\xbb', '\xbf', '\xfe', '\xff' };

        for (size_t i = 0; i < record->size; i++)
                if (!memchr(blanks, record->bytes[i], sizeof(blanks)))
                        return record->bytes[i];
        return '\0';
}

const char *record_key(const Record *record, Arena *arena)
{
        const char *key = record->key ? record->key : "";
        size_t size = strlen(key);

        if (size >= 2 && key[0] == '"' && key[size - 1] == '"')
                key = arena_copy(arena, key + 1, size - 2);
        return key[0] ? key : NULL;
}

void record_collect(const json_t *document, const char *list, json_t *items)
{
        const char *name;
        json_t *value;
        size_t i;

        json_array_foreach(document, i, value)
                record_collect(value, list, items);
        /* Jansson's iterators take no const. NOLINTNEXTLINE(performance-no-int-to-ptr) */
        json_object_foreach((json_t *)(uintptr_t)document, name, value) {
                if (json_is_array(value) && strcmp(name, list) == 0)
                        json_array_extend(items, value);
                else
                        record_collect(value, list, items);
        }
}
