/* An option table as JSON Schema 2020-12, for editors. What a file may hold is told, not what the table makes of it. */

#include "hub/base/options_value.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"

/* Every scalar may be ${NAME} or ${NAME:-default}, also within a text. */
#define VARIABLE "\\$\\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\\}"

static json_t *scalar(void)
{
        return json_pack("{s:[s,s,s]}", "type", "string", "number", "boolean");
}

static json_t *text_of(const char *pattern)
{
        return json_pack("{s:s,s:s}", "type", "string", "pattern", pattern);
}

/* The value itself, or a variable in its place. */
static json_t *or_variable(json_t *value)
{
        return json_pack("{s:[o,o]}", "anyOf", value, text_of(VARIABLE));
}

static json_t *number(const Option *option, const char *type)
{
        json_t *schema = json_pack("{s:s}", "type", type);

        if (option->least || option->most) {
                json_object_set_new(schema, "minimum", json_integer(option->least));
                json_object_set_new(schema, "maximum", json_integer(option->most));
        }
        return or_variable(schema);
}

static json_t *choice(const Option *option)
{
        json_t *names = json_array();

        for (size_t i = 0; option->choices[i]; i++)
                json_array_append_new(names, json_string(option->choices[i]));
        return or_variable(json_pack("{s:o}", "enum", names));
}

static json_t *list(void)
{
        return json_pack("{s:[o,{s:s,s:o}]}", "anyOf", scalar(), "type", "array", "items", scalar());
}

static json_t *form(const Option *option)
{
        if (option_is_list(option))
                return list();
        switch (option->type) {
        case OPTION_INTEGER:
                return number(option, "integer");
        case OPTION_NUMBER:
                return number(option, "number");
        case OPTION_FLAG:
                return or_variable(json_pack("{s:s}", "type", "boolean"));
        case OPTION_DURATION:
                return text_of("^[0-9]{1,15}(ms|s|min|h|d)$|" VARIABLE);
        case OPTION_CHOICE:
                return choice(option);
        case OPTION_TABLE:
                return json_pack("{s:s,s:o}", "type", "object", "additionalProperties", scalar());
        case OPTION_TEXT:
        case OPTION_PATH:
        case OPTION_LIST:
        case OPTION_CUSTOM:
        case OPTION_PART:
                break;
        }
        return scalar();
}

static json_t *described(const Option *option)
{
        json_t *schema = form(option);

        if (option->about)
                json_object_set_new(schema, "description", json_string(option->about));
        if (option->value && option->value[0])
                json_object_set_new(schema, "default", json_string(option->value));
        return schema;
}

json_t *options_schema(const Option *options, size_t size)
{
        json_t *properties = json_object(), *required = json_array();
        Option option;

        for (size_t i = 0; option_at(options, size, i, &option); i++) {
                json_object_set_new(properties, option.name, described(&option));
                if (option.flags & OPTION_REQUIRED)
                        json_array_append_new(required, json_string(option.name));
        }
        return json_pack("{s:s,s:o,s:o,s:b}", "type", "object", "properties", properties, "required", required,
                         "additionalProperties", 0);
}
