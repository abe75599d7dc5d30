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

static bool option_next(const Option *row, size_t offset, size_t *index, Option *option)
{
        if (row->type != OPTION_PART) {
                *option = *row;
                option->offset += offset;
                return (*index)-- == 0;
        }
        for (const Option *inner = row->part; inner->name || inner->part; inner++)
                if (option_next(inner, offset + row->offset, index, option))
                        return true;
        return false;
}

bool option_at(const Option *options, size_t size, size_t index, Option *option)
{
        for (size_t i = 0; i < size; i++)
                if (option_next(&options[i], 0, &index, option))
                        return true;
        return false;
}

void options_free(const Option *options, size_t size, void *of)
{
        Option option;

        for (size_t i = 0; option_at(options, size, i, &option); i++) {
                void *field = (char *)of + option.offset;

                switch (option.type) {
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
                        custom_free(option.custom, field);
                        break;
                case OPTION_INTEGER:
                case OPTION_NUMBER:
                case OPTION_FLAG:
                case OPTION_DURATION:
                case OPTION_CHOICE:
                case OPTION_PART:
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
        Option option;

        for (size_t i = 0; option_at(options, size, i, &option); i++)
                width = strlen(option.name) > width ? strlen(option.name) : width;
        for (size_t i = 0; option_at(options, size, i, &option); i++) {
                buffer_format(out, "  %-*s  ", (int)width, option.name);
                if (option.about)
                        buffer_format(out, "%s ", option.about);
                buffer_byte(out, '(');
                form_write(&option, out);
                buffer_text(out, ")\n");
        }
}

void options_page(const Option *options, size_t size, Buffer *out)
{
        Option option;

        buffer_text(out, "| option | form | what it says |\n|---|---|---|\n");
        for (size_t i = 0; option_at(options, size, i, &option); i++) {
                CLEANUP(buffer_free) Buffer form = { 0 };

                form_write(&option, &form);
                buffer_format(out, "| `%s` | ", option.name);
                for (const char *at = form.bytes; *at; at++) /* a choice's bar would be the table's */
                        buffer_format(out, "%s%c", *at == '|' ? "\\" : "", *at);
                buffer_format(out, " | %s |\n", option.about ? option.about : "");
        }
}

const char *table_get(const TextTable *table, const char *key)
{
        for (size_t i = 0; i < table->size; i++)
                if (strcmp(table->keys[i], key) == 0)
                        return table->values[i];
        return NULL;
}
