#include "hub/base/options_value.h"

#include "hub/base/file.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SHOWN_SIZE = 4 * OPTION_SHOWN_POINTS + 3 };

bool option_error(const OptionPlace *place, const json_t *node, const char *format, ...)
{
        char text[sizeof(place->err->text)];
        va_list arguments;

        va_start(arguments, format);
        vsnprintf(text, sizeof(text), format, arguments);
        va_end(arguments);
        if (!place->yaml)
                return error_set(place->err, ERR_FATAL, NULL, "%s", text);
        if (!yaml_line(place->yaml, node))
                node = place->parent;
        return yaml_error(place->yaml, node, place->err, "%s", text);
}

/* The value in quotes, for errors; what is secret is not shown. */
static char *value_show(const Option *option, const char *text, char out[SHOWN_SIZE])
{
        if (option->flags & OPTION_SECRET)
                snprintf(out, SHOWN_SIZE, "the value");
        else
                snprintf(out, SHOWN_SIZE, "\"%.*s\"", (int)text_cut(text, OPTION_SHOWN_POINTS), text);
        return out;
}

static bool value_error(const OptionPlace *place, const Option *option, const json_t *value, const char *is_not)
{
        char shown[SHOWN_SIZE];

        value_show(option, json_string_value(value), shown);
        return option_error(place, value, "%s: %s %s", option->name, shown, is_not);
}

static bool text_option(const OptionPlace *place, const Option *option, const json_t *value, void *field)
{
        char **text = field;

        (void)place;
        (void)option;
        *text = text_copy(json_string_value(value));
        return true;
}

static bool path_option(const OptionPlace *place, const Option *option, const json_t *value, void *field)
{
        char **text = field;

        if (!json_string_value(value)[0])
                return option_error(place, value, "%s: an empty path", option->name);
        *text = file_beside(place->folder, json_string_value(value));
        return true;
}

static bool is_bounded(const Option *option)
{
        return option->least != 0 || option->most != 0;
}

static bool integer_option(const OptionPlace *place, const Option *option, const json_t *value, void *field)
{
        int64_t *integer = field;
        char why[80];

        if (!text_read_integer(json_string_value(value), integer))
                return value_error(place, option, value, "is no whole number");
        if (!is_bounded(option) || (*integer >= option->least && *integer <= option->most))
                return true;
        snprintf(why, sizeof(why), "is not between %lld and %lld", (long long)option->least, (long long)option->most);
        return value_error(place, option, value, why);
}

static bool number_option(const OptionPlace *place, const Option *option, const json_t *value, void *field)
{
        double *number = field;
        char why[80];

        if (!text_read_number(json_string_value(value), number))
                return value_error(place, option, value, "is no number");
        if (!is_bounded(option) || (*number >= (double)option->least && *number <= (double)option->most))
                return true;
        snprintf(why, sizeof(why), "is not between %lld and %lld", (long long)option->least, (long long)option->most);
        return value_error(place, option, value, why);
}

static bool flag_option(const OptionPlace *place, const Option *option, const json_t *value, void *field)
{
        bool *flag = field;

        *flag = text_same(json_string_value(value), "true");
        return *flag || text_same(json_string_value(value), "false") ||
               value_error(place, option, value, "is neither true nor false");
}

static bool duration_option(const OptionPlace *place, const Option *option, const json_t *value, void *field)
{
        int64_t *ms = field;
        Error unread;
        char why[80];

        if (!time_read_duration(json_string_value(value), ms, &unread))
                return value_error(place, option, value, "is no duration such as 500ms, 30s, 10min, 4h or 14d");
        if (!is_bounded(option) || (*ms >= option->least && *ms <= option->most))
                return true;
        snprintf(why, sizeof(why), "is not between %lld ms and %lld ms", (long long)option->least,
                 (long long)option->most);
        return value_error(place, option, value, why);
}

static bool choice_error(const OptionPlace *place, const Option *option, const json_t *value, size_t size)
{
        CLEANUP(buffer_free) Buffer why = { 0 };
        const char *nearest = text_nearest(json_string_value(value), option->choices, size);

        buffer_text(&why, "is none of ");
        for (size_t i = 0; i < size; i++)
                buffer_format(&why, "%s%s", i ? ", " : "", option->choices[i]);
        if (nearest)
                buffer_format(&why, "; did you mean \"%s\"?", nearest);
        return value_error(place, option, value, why.bytes);
}

static bool choice_option(const OptionPlace *place, const Option *option, const json_t *value, void *field)
{
        int *choice = field;
        size_t size = 0;

        for (; option->choices[size]; size++) {
                if (text_same(option->choices[size], json_string_value(value))) {
                        *choice = (int)size;
                        return true;
                }
        }
        return choice_error(place, option, value, size);
}

static bool list_option(const OptionPlace *place, const Option *option, const json_t *value, void *field)
{
        TextList *list = field;
        const json_t *item;
        size_t i;

        list->items = mem_new((json_array_size(value) + 1) * sizeof(char *));
        if (json_is_string(value)) {
                list->items[list->size++] = text_copy(json_string_value(value));
                return true;
        }
        if (!json_is_array(value))
                return option_error(place, value, "%s: must be a list", option->name);
        json_array_foreach(value, i, item) {
                if (!json_is_string(item))
                        return option_error(place, item, "%s: an item of the list must be one value", option->name);
                list->items[list->size++] = text_copy(json_string_value(item));
        }
        return true;
}

/* A reader that fails has freed what it took; what it left in the field is not ours to free. */
static bool custom_one(const OptionPlace *place, const Option *option, const json_t *value, void *field)
{
        Error why;

        if (option->custom->read(json_string_value(value), place->folder, field, &why))
                return true;
        return option_error(place, value, "%s: %s", option->name, why.text);
}

/* Of a list what was read before its bad item is in the field, and freed. */
static bool custom_list(const OptionPlace *place, const Option *option, const json_t *value, void *field)
{
        const json_t *item;
        bool read = true;
        size_t i;

        json_array_foreach(value, i, item) {
                read = json_is_string(item)
                               ? custom_one(place, option, item, field)
                               : option_error(place, item, "%s: an item of the list must be one value", option->name);
                if (!read)
                        break;
        }
        if (!read && i > 0)
                option->custom->free(field);
        return read;
}

static bool custom_option(const OptionPlace *place, const Option *option, const json_t *value, void *field)
{
        bool read;

        if (!json_is_string(value) && !json_is_array(value))
                return option_error(place, value, "%s: must be a list", option->name);
        read = json_is_string(value) ? custom_one(place, option, value, field)
                                     : custom_list(place, option, value, field);
        if (!read)
                memset(field, 0, option->custom->size);
        return read;
}

static bool table_option(const OptionPlace *place, const Option *option, const json_t *value, void *field)
{
        TextTable *table = field;
        const char *key;
        json_t *item;

        if (!json_is_object(value))
                return option_error(place, value, "%s: must be a mapping", option->name);
        table->keys = mem_new((json_object_size(value) + 1) * sizeof(char *));
        table->values = mem_new((json_object_size(value) + 1) * sizeof(char *));
        /* Jansson's iterators take no const. NOLINTNEXTLINE(performance-no-int-to-ptr) */
        json_object_foreach((json_t *)(uintptr_t)value, key, item) {
                if (!json_is_string(item))
                        return option_error(place, item, "%s: \"%s\" must have one value", option->name, key);
                table->keys[table->size] = text_copy(key);
                table->values[table->size++] = text_copy(json_string_value(item));
        }
        return true;
}

bool option_read(const OptionPlace *place, const Option *option, const json_t *value, void *into)
{
        static bool (*const readers[])(const OptionPlace *, const Option *, const json_t *, void *) = {
                [OPTION_TEXT] = text_option,         [OPTION_PATH] = path_option, [OPTION_INTEGER] = integer_option,
                [OPTION_NUMBER] = number_option,     [OPTION_FLAG] = flag_option, [OPTION_CHOICE] = choice_option,
                [OPTION_DURATION] = duration_option, [OPTION_LIST] = list_option, [OPTION_TABLE] = table_option,
                [OPTION_CUSTOM] = custom_option,
        };
        bool is_scalar = !option_is_list(option) && option->type != OPTION_TABLE;

        if (is_scalar && !json_is_string(value))
                return option_error(place, value, "%s: must be one value, no list and no mapping", option->name);
        return readers[option->type](place, option, value, (char *)into + option->offset);
}
