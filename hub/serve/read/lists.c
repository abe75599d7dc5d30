/* Lists that a client asks for once: categories, regions, and the description of the interface itself. */

#include "hub/serve/read/lists.h"

#include "hub/base/file.h"
#include "hub/base/json.h"
#include "hub/base/text.h"
#include "hub/base/yaml.h"
#include "hub/event/category.h"
#include "hub/rules/rules.h"
#include "hub/serve/call.h"
#include "hub/serve/read/feature.h"
#include "hub/serve/routes.h"

enum { OK = 200, REGIONS_MOST = 64 * 1024 * 1024, CLASS_SIZE = 3 };

static void told(Call *call, const Buffer *list, const char *content_type)
{
        buffer_clear(&call->body);
        buffer_add(&call->body, list->bytes, list->size);
        call_body(call, OK, content_type);
}

static void categories(Call *call)
{
        told(call, &call->serve->categories, "application/json; charset=utf-8");
}

static void openapi(Call *call)
{
        told(call, &call->serve->openapi, "application/vnd.oai.openapi+json;version=3.1");
}

/* The site's own, read anew each time: a new file needs no restart. */
static void regions(Call *call)
{
        static const char none[] = "{\"type\":\"FeatureCollection\",\"features\":[]}";
        const char *path = call->serve->config->regions_path;
        Error err = { 0 };

        buffer_clear(&call->body);
        if (!path || !*path)
                buffer_text(&call->body, none);
        else if (!file_read(&call->body, path, REGIONS_MOST, &err)) {
                (void)call_trouble(call, &err);
                return;
        }
        call_body(call, OK, "application/geo+json");
}

/* ---- open ---- */

static json_t *category_of(const char *code, const json_t *entry)
{
        json_t *category = json_pack("{s:s}", "code", code);

        json_put_text(category, "name", json_string_value(json_object_get(entry, "name")));
        json_put_text(category, "name_en", json_string_value(json_object_get(entry, "name_en")));
        json_object_set_new(category, "class", json_stringn(code, text_cut(code, CLASS_SIZE)));
        return category;
}

static bool categories_read(Serve *serve, Error *err)
{
        const char *path = serve->config->categories_path;
        CLEANUP(buffer_free) Buffer shipped = { 0 };
        CLEANUP(yaml_drop) Yaml *yaml = NULL;
        CLEANUP(json_decrefp) json_t *entries = NULL, *list = json_array();

        if (!path)
                schemas_path(&shipped, "categories.yaml");
        yaml = yaml_load(path ? path : shipped.bytes, err);
        if (!yaml)
                return false;
        entries =
                json_deep_copy(json_object_get(yaml_root(yaml), "categories")); /* Jansson's iterators know no const */
        for (void *at = json_object_iter(entries); at; at = json_object_iter_next(entries, at))
                json_array_append_new(list, category_of(json_object_iter_key(at), json_object_iter_value(at)));
        json_write_value(&serve->categories, list);
        return true;
}

static bool openapi_read(Serve *serve, Error *err)
{
        CLEANUP(buffer_free) Buffer path = { 0 };
        CLEANUP(yaml_drop) Yaml *yaml = NULL;

        schemas_path(&path, "openapi.yaml");
        yaml = yaml_load_typed(path.bytes, err);
        if (yaml)
                json_write_value(&serve->openapi, yaml_root(yaml));
        return yaml;
}

static bool threshold_read(Serve *serve, Error *err)
{
        Rules *rules = rules_load(serve->config->correlate.rules, err);

        if (rules)
                serve->threshold = rules_set(rules)->merge;
        rules_free(rules);
        return rules;
}

bool lists_open(Serve *serve, Error *err)
{
        return categories_read(serve, err) && openapi_read(serve, err) && threshold_read(serve, err);
}

void lists_close(Serve *serve)
{
        buffer_free(&serve->categories);
        buffer_free(&serve->openapi);
}

const Route lists_routes[] = {
        { "GET", "/v1/categories", ROLE_VIEWER, categories, .flags = ROUTE_NO_DATABASE },
        { "GET", "/v1/regions", ROLE_VIEWER, regions, .flags = ROUTE_NO_DATABASE },
        { "GET", "/v1/openapi.json", ROLE_NOBODY, openapi, .flags = ROUTE_NO_DATABASE },
        { 0 },
};
