#include "hub/help/help.h"

#include "hub/config/config.h"

#include <string.h>

/* if KEY is NAME then SCHEMA: what an adapter's options and a source's members are depends on their name. */
static void rule_add(json_t *rules, const char *key, const char *name, json_t *then)
{
        json_array_append_new(rules, json_pack("{s:{s:{s:{s:s}},s:[s]},s:o}", "if", "properties", key, "const", name,
                                               "required", key, "then", then));
}

static json_t *source_schema(void)
{
        json_t *kinds = json_array(), *rules = json_array();

        for (size_t i = 0; sources[i]; i++) {
                json_t *schema = options_schema(sources[i]->options, sources[i]->options_size);

                json_array_append_new(kinds, json_string(sources[i]->kind));
                json_object_set_new(json_object_get(schema, "properties"), "kind", json_object());
                rule_add(rules, "kind", sources[i]->kind, schema);
        }
        return json_pack("{s:s,s:{s:{s:o}},s:[s],s:o}", "type", "object", "properties", "kind", "enum", kinds,
                         "required", "kind", "allOf", rules);
}

static json_t *member_schema(const ConfigMember *member)
{
        json_t *schema = NULL;

        if (strcmp(member->name, "source") == 0)
                schema = source_schema();
        else if (strcmp(member->name, "options") == 0)
                schema = json_pack("{s:s}", "type", "object");
        else
                schema = json_pack("{s:[s,s]}", "type", "string", "number");
        json_object_set_new(schema, "description", json_string(member->about));
        return schema;
}

static json_t *instance_schema(void)
{
        json_t *properties = json_object(), *names = json_array(), *rules = json_array();

        for (const ConfigMember *member = config_members; member->name; member++)
                json_object_set_new(properties, member->name, member_schema(member));
        for (size_t i = 0; adapters[i]; i++) {
                json_t *options = options_schema(adapters[i]->options, adapters[i]->options_size);
                json_t *then = json_pack("{s:{s:o}}", "properties", "options", options);

                if (json_array_size(json_object_get(options, "required")))
                        json_object_set_new(then, "required", json_pack("[s]", "options"));
                json_array_append_new(names, json_string(adapters[i]->name));
                rule_add(rules, "adapter", adapters[i]->name, then);
        }
        json_object_set_new(json_object_get(properties, "adapter"), "enum", names);
        return json_pack("{s:s,s:o,s:[s],s:b,s:o}", "type", "object", "properties", properties, "required", "adapter",
                         "additionalProperties", 0, "allOf", rules);
}

json_t *help_schema(void)
{
        json_t *properties = json_object();
        const Option *options;
        const char *name;
        size_t size;

        for (size_t i = 0; config_section(i, &name, &options, &size); i++) {
                json_t *schema = options_schema(options, size);

                json_object_del(schema, "required"); /* the environment may have it */
                if (name)
                        json_object_set_new(properties, name, schema);
                else
                        json_object_update(properties, json_object_get(schema, "properties"));
                if (!name)
                        json_decref(schema);
        }
        json_object_set_new(properties, "instances",
                            json_pack("{s:s,s:o}", "type", "object", "additionalProperties", instance_schema()));
        return json_pack("{s:s,s:s,s:s,s:o,s:b}", "$schema", "https://json-schema.org/draft/2020-12/schema", "title",
                         "hub.yaml", "type", "object", "properties", properties, "additionalProperties", 0);
}
