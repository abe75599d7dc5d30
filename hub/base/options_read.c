#include "hub/base/options_value.h"

#include "hub/base/file.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <string.h>

/* "a,b" of a list and "a=b,c=d" of a table; NULL when it is not UTF-8, or an item of a table lacks its "=". */
static json_t *setting_node(const Option *option, const char *text)
{
        CLEANUP(json_decrefp) json_t *node = option_is_list(option) ? json_array() : json_object();

        if (!text_is_utf8(text, strlen(text)))
                return NULL;
        if (!option_is_list(option) && option->type != OPTION_TABLE)
                return json_string(text);
        while (*text) {
                size_t size = strcspn(text, ",");
                const char *equals = memchr(text, '=', size);

                if (option_is_list(option))
                        json_array_append_new(node, json_stringn(text, size));
                else if (!equals)
                        return NULL;
                else
                        json_object_setn_new(node, text, (size_t)(equals - text),
                                             json_stringn(equals + 1, size - (size_t)(equals + 1 - text)));
                text += size;
                text += *text == ',';
        }
        return json_incref(node);
}

static bool default_read(const OptionPlace *place, const Option *option, void *into)
{
        CLEANUP(json_decrefp) json_t *value = option->value ? setting_node(option, option->value) : NULL;
        const char *name = place->yaml ? yaml_name(place->yaml, place->parent) : NULL;

        if (option->flags & OPTION_REQUIRED)
                return option_error(place, place->parent, "%s%s%s is required", name ? name : "", name ? ": " : "",
                                    option->name);
        return !value || option_read(place, option, value, into);
}

static bool option_find(const Option *options, size_t size, const char *name, Option *option)
{
        for (size_t i = 0; option_at(options, size, i, option); i++)
                if (strcmp(option->name, name) == 0)
                        return true;
        return false;
}

static size_t options_count(const Option *options, size_t size)
{
        size_t count = 0;
        Option unused;

        while (option_at(options, size, count, &unused))
                count++;
        return count;
}

static bool unknown_error(const OptionPlace *place, const Option *options, size_t size, const char *key,
                          const json_t *value)
{
        const char *parent = place->yaml ? yaml_name(place->yaml, place->parent) : NULL, *nearest;
        size_t count = options_count(options, size);
        CLEANUP(mem_drop) const char **names = mem_new((count + 1) * sizeof(char *));
        Option option;

        for (size_t i = 0; option_at(options, size, i, &option); i++)
                names[i] = option.name;
        nearest = text_nearest(key, names, count);
        return option_error(place, value, "%s%sunknown key \"%.*s\"%s%s%s", parent ? parent : "", parent ? ": " : "",
                            (int)text_cut(key, OPTION_SHOWN_POINTS), key, nearest ? "; did you mean \"" : "",
                            nearest ? nearest : "", nearest ? "\"?" : "");
}

static bool keys_check(const OptionPlace *place, const Option *options, size_t size, const json_t *node)
{
        const char *key;
        json_t *value;
        Option unused;

        /* Jansson's iterators take no const. NOLINTNEXTLINE(performance-no-int-to-ptr) */
        json_object_foreach((json_t *)(uintptr_t)node, key, value)
                if (!option_find(options, size, key, &unused))
                        return unknown_error(place, options, size, key, value);
        return true;
}

static bool is_given(const Option *option, const json_t *value)
{
        bool is_empty = json_is_string(value) && json_string_length(value) == 0;

        return value && !json_is_null(value) && !(is_empty && option->flags & OPTION_REQUIRED);
}

static bool field_check(const OptionPlace *place, const Option *option, const json_t *value, const void *into)
{
        Error why = { 0 };

        return !option->check || option->check(option->name, (const char *)into + option->offset, &why) ||
               option_error(place, value, "%s", why.text);
}

static bool mapping_read(const OptionPlace *place, const Option *options, size_t size, const json_t *node, void *into)
{
        Option option;

        if (!keys_check(place, options, size, node))
                return false;
        for (size_t i = 0; option_at(options, size, i, &option); i++) {
                const json_t *value = json_object_get(node, option.name);
                bool read = is_given(&option, value) ? option_read(place, &option, value, into)
                                                     : default_read(place, &option, into);

                if (!read || !field_check(place, &option, value, into)) {
                        options_free(options, size, into);
                        return false;
                }
        }
        return true;
}

bool options_read(const Option *options, size_t size, const Yaml *yaml, const json_t *node, void *into, Error *err)
{
        CLEANUP(mem_drop) char *folder = yaml ? file_folder(yaml_path(yaml)) : NULL;
        OptionPlace place = { .yaml = yaml, .parent = node, .folder = folder, .err = err };
        const char *name = yaml ? yaml_name(yaml, node) : NULL;

        if (node && !json_is_object(node) && !json_is_null(node))
                return option_error(&place, node, "%s%smust be a mapping", name ? name : "", name ? ": " : "");
        return mapping_read(&place, options, size, node, into);
}

static bool setting_add(const OptionPlace *place, const Option *options, size_t size, const char *setting,
                        json_t *settings)
{
        const char *equals = strchr(setting, '=');
        CLEANUP(mem_drop) char *name = equals ? mem_copy(setting, (size_t)(equals - setting)) : NULL;
        json_t *value;
        Option option;

        if (!name)
                return option_error(place, NULL, "\"%s\" is not name=value", setting);
        if (!option_find(options, size, name, &option))
                return unknown_error(place, options, size, name, NULL);
        value = setting_node(&option, equals + 1);
        if (!value)
                return option_error(place, NULL, "%s: is not UTF-8, or no table such as a=b,c=d", name);
        json_object_set_new(settings, name, value);
        return true;
}

bool options_set(const Option *options, size_t size, const char *const *settings, size_t settings_size,
                 const char *folder, void *into, Error *err)
{
        CLEANUP(json_decrefp) json_t *node = json_object();
        OptionPlace place = { .folder = folder, .err = err };

        for (size_t i = 0; i < settings_size; i++)
                if (!setting_add(&place, options, size, settings[i], node))
                        return false;
        return mapping_read(&place, options, size, node, into);
}
