#include "hub/base/yaml_private.h"

#include "hub/base/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool line_error_list(const Yaml *yaml, int line, Error *err, const char *format, va_list arguments)
        __attribute__((format(printf, 4, 0)));

static bool line_error_list(const Yaml *yaml, int line, Error *err, const char *format, va_list arguments)
{
        char text[sizeof(err->text)];

        vsnprintf(text, sizeof(text), format, arguments);
        if (line > 0)
                return error_set(err, ERR_FATAL, NULL, "%s:%d: %s", yaml->path, line, text);
        return error_set(err, ERR_FATAL, NULL, "%s: %s", yaml->path, text);
}

bool yaml_line_error(const Yaml *yaml, int line, Error *err, const char *format, ...)
{
        va_list arguments;

        va_start(arguments, format);
        (void)line_error_list(yaml, line, err, format, arguments);
        va_end(arguments);
        return false;
}

void yaml_place(Yaml *yaml, const json_t *node, const char *name, int line)
{
        const size_t size = strlen(name) + 1;
        const uintptr_t address = (uintptr_t)node;
        Place *place;

        if (json_is_null(node) || json_is_boolean(node)) /* one object for all of them: it stands nowhere */
                return;
        place = mem_new(sizeof(Place) + size);
        place->line = line;
        memcpy(place->name, name, size);
        map_put(yaml->places, &address, sizeof(address), place);
}

static const Place *place_of(const Yaml *yaml, const json_t *node)
{
        uintptr_t address = (uintptr_t)node;

        return map_get(yaml->places, &address, sizeof(address));
}

const json_t *yaml_root(const Yaml *yaml)
{
        return yaml->root;
}

const char *yaml_path(const Yaml *yaml)
{
        return yaml->path;
}

const char *yaml_name(const Yaml *yaml, const json_t *node)
{
        const Place *place = place_of(yaml, node);

        return place && place->name[0] ? place->name : NULL;
}

int yaml_line(const Yaml *yaml, const json_t *node)
{
        const Place *place = place_of(yaml, node);

        return place ? place->line : 0;
}

bool yaml_error(const Yaml *yaml, const json_t *node, Error *err, const char *format, ...)
{
        va_list arguments;

        va_start(arguments, format);
        (void)line_error_list(yaml, yaml_line(yaml, node), err, format, arguments);
        va_end(arguments);
        return false;
}

void yaml_close(Yaml *yaml)
{
        if (!yaml)
                return;
        json_decref(yaml->root);
        map_free(yaml->places, free);
        free(yaml->path);
        free(yaml);
}

void yaml_drop(Yaml **yaml)
{
        yaml_close(*yaml);
        *yaml = NULL;
}
