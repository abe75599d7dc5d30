#include "hub/base/json.h"

#include "hub/base/json_blocks.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <stdlib.h>
#include <string.h>

/* An index of up to nine digits; anything else is past every end. */
static size_t index_read(const char *text, size_t size)
{
        size_t index = 0;

        if (size == 0 || size > 9)
                return SIZE_MAX;
        for (size_t i = 0; i < size; i++) {
                if (text[i] < '0' || text[i] > '9')
                        return SIZE_MAX;
                index = index * 10 + (size_t)(text[i] - '0');
        }
        return index;
}

static const json_t *path_walk(const json_t *json, const char *path, const char *end)
{
        while (json && path < end) {
                const char *dot = memchr(path, '.', (size_t)(end - path));
                const size_t size = (size_t)((dot ? dot : end) - path);

                if (json_is_array(json))
                        json = json_array_get(json, index_read(path, size));
                else
                        json = json_object_getn(json, path, size);
                path += size + (dot != NULL);
        }
        return json;
}

const json_t *json_at(const json_t *json, const char *path)
{
        return path_walk(json, path, path + strlen(path));
}

/* Empty, a dash, blanks of any kind. */
static bool is_nothing(const char *text)
{
        size_t size;

        if ((unsigned char)text[0] > '-' && (unsigned char)text[0] < 0x80)
                return false;
        size = strlen(text);
        text = text_trim(text, &size);
        return size == 0 || (size == 1 && text[0] == '-');
}

const char *json_text(const json_t *json, const char *path)
{
        const json_t *node = json_at(json, path);
        const char *text = json_string_value(node);

        if (json_is_boolean(node))
                return json_is_true(node) ? "true" : "false";
        return text && !is_nothing(text) ? text : NULL;
}

const json_t *json_next(const json_t *json, const char **paths, size_t *size)
{
        const char *path = *paths, *end = strchrnul(path, '|');

        *size = (size_t)(end - path);
        *paths = end + (*end == '|');
        return path_walk(json, path, end);
}

const char *json_first(const json_t *json, const char *paths)
{
        const char *text = NULL;
        size_t size;

        while (!text && *paths)
                text = json_text(json_next(json, &paths, &size), "");
        return text;
}

const json_t *json_find(const json_t *json, const char *paths, char **path)
{
        while (*paths) {
                const char *from = paths;
                size_t size;
                const json_t *node = json_next(json, &paths, &size);

                if (!json_is_array(node) && !json_is_object(node) && !json_text(node, ""))
                        continue;
                if (path)
                        *path = mem_copy(from, size);
                return node;
        }
        return NULL;
}

bool json_flag(const json_t *json, const char *path)
{
        const json_t *node = json_at(json, path);
        const char *text = json_text(node, "");
        double number;

        if (json_is_number(node))
                return json_number_value(node) != 0;
        if (!text)
                return false;
        return text_same(text, "true") || (text_read_number(text, &number) && number != 0);
}

bool json_number(const json_t *json, const char *path, double *value, Error *err)
{
        const json_t *node = json_at(json, path);
        const char *text = json_text(node, "");

        if (json_is_number(node)) {
                *value = json_number_value(node);
                return true;
        }
        if (!node || json_is_null(node) || (json_is_string(node) && !text))
                return error_set(err, ERR_INPUT, "missing_field", "%s: missing", path);
        if (!json_is_string(node) || !text_read_number(text, value))
                return error_set(err, ERR_INPUT, "bad_value", "%s: is no number", path);
        return true;
}

void json_drop(json_t **json)
{
        json_decref(*json);
        *json = NULL;
}

void json_write_text(Buffer *out, const char *text, size_t size)
{
        static const char digits[] = "0123456789abcdef";
        const char *from = text, *end = text + size;

        buffer_room(out, size + 2);
        buffer_byte(out, '"');
        for (; text < end; text++) {
                uint8_t byte = (uint8_t)*text;

                if (byte >= 0x20 && byte != '"' && byte != '\\')
                        continue;
                buffer_add(out, from, (size_t)(text - from));
                from = text + 1;
                if (byte < 0x20)
                        buffer_add(out, (char[]){ '\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15] }, 6);
                else
                        buffer_add(out, (char[]){ '\\', (char)byte }, 2);
        }
        buffer_add(out, from, (size_t)(end - from));
        buffer_byte(out, '"');
}

void json_guard(void)
{
        json_set_alloc_funcs(json_block_take, json_block_drop);
}

static int chunk_add(const char *bytes, size_t size, void *out)
{
        buffer_add(out, bytes, size);
        return 0;
}

void json_write_value(Buffer *out, const json_t *json)
{
        if (json && json_dump_callback(json, chunk_add, out, JSON_COMPACT | JSON_REAL_PRECISION(15)) != 0)
                abort();
}
