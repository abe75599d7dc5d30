#include "hub/base/options.h"

#include "hub/base/memory.h"

#include <stdlib.h>
#include <string.h>

static void texts_free(char **texts, size_t size)
{
        for (size_t i = 0; i < size; i++)
                free(texts[i]);
        free(texts);
}

static void list_free(TextList *list)
{
        texts_free(list->items, list->size);
        *list = (TextList){ 0 };
}

static void table_free(TextTable *table)
{
        texts_free(table->keys, table->size);
        texts_free(table->values, table->size);
        *table = (TextTable){ 0 };
}

/* A field that was never read is still zero: nothing to free. */
static void custom_free(const OptionKind *kind, void *field)
{
        const char *bytes = field;
        bool is_set = false;

        for (size_t i = 0; i < kind->size && !is_set; i++)
                is_set = bytes[i];
        if (is_set && kind->free)
                kind->free(field);
        memset(field, 0, kind->size);
}

void options_free(const Option *options, size_t size, void *of)
{
        for (size_t i = 0; i < size; i++) {
                void *field = (char *)of + options[i].offset;

                switch (options[i].type) {
                case OPTION_TEXT:
                case OPTION_PATH:
                        mem_drop(field);
                        break;
                case OPTION_LIST:
                        list_free(field);
                        break;
                case OPTION_TABLE:
                        table_free(field);
                        break;
                case OPTION_CUSTOM:
                        custom_free(options[i].custom, field);
                        break;
                case OPTION_INTEGER:
                case OPTION_NUMBER:
                case OPTION_FLAG:
                case OPTION_DURATION:
                case OPTION_CHOICE:
                        break;
                }
        }
}

static void form_write(const Option *option, Buffer *out)
{
        static const char *const forms[] = {
                [OPTION_TEXT] = "text",     [OPTION_PATH] = "file", [OPTION_INTEGER] = "integer",
                [OPTION_NUMBER] = "number", [OPTION_FLAG] = "flag", [OPTION_DURATION] = "duration",
                [OPTION_CHOICE] = "",       [OPTION_LIST] = "list", [OPTION_TABLE] = "table"
        };

        if (option->type == OPTION_CUSTOM)
                buffer_text(out, option->custom->form);
        else
                buffer_text(out, forms[option->type]);
        for (size_t i = 0; option->type == OPTION_CHOICE && option->choices[i]; i++)
                buffer_format(out, "%s%s", i ? "|" : "", option->choices[i]);
        if (option->type == OPTION_INTEGER && (option->least || option->most))
                buffer_format(out, " %lld..%lld", (long long)option->least, (long long)option->most);
        if (option->flags & OPTION_REQUIRED)
                buffer_text(out, ", required");
        else if (option->value)
                buffer_format(out, ", default %s", option->value);
}

void options_help(const Option *options, size_t size, Buffer *out)
{
        size_t width = 0;

        for (size_t i = 0; i < size; i++)
                width = strlen(options[i].name) > width ? strlen(options[i].name) : width;
        for (size_t i = 0; i < size; i++) {
                buffer_format(out, "  %-*s  ", (int)width, options[i].name);
                if (options[i].about)
                        buffer_format(out, "%s ", options[i].about);
                buffer_byte(out, '(');
                form_write(&options[i], out);
                buffer_text(out, ")\n");
        }
}

const char *table_get(const TextTable *table, const char *key)
{
        for (size_t i = 0; i < table->size; i++)
                if (strcmp(table->keys[i], key) == 0)
                        return table->values[i];
        return NULL;
}
