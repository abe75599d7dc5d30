/* Where a stranger to the interface begins: what there is, and which standards it follows. */

#include "hub/serve/call.h"
#include "hub/serve/routes.h"

#define OGC "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"

enum { OK = 200 };

static json_t *link_to(const char *href, const char *rel, const char *type, const char *title)
{
        return json_pack("{s:s, s:s, s:s, s:s}", "href", href, "rel", rel, "type", type, "title", title);
}

static void landing(Call *call)
{
        json_t *links = json_array();

        json_array_append_new(links, link_to("/v1/", "self", "application/json", "this page"));
        json_array_append_new(links, link_to("/v1/openapi.json", "service-desc",
                                             "application/vnd.oai.openapi+json;version=3.1", "the interface"));
        json_array_append_new(links, link_to("/v1/conformance", "conformance", "application/json", "what it follows"));
        json_array_append_new(links, link_to("/v1/collections", "data", "application/json", "incidents and events"));
        call_json(call, OK,
                  json_pack("{s:s, s:s, s:o}", "title", "hub", "description",
                            "incidents of the district, one for each real problem, and the reports that they hold",
                            "links", links));
}

/* Errors are RFC 9457's and not OGC's exceptions, so its class of them is not claimed. */
static void conformance(Call *call)
{
        call_json(call, OK, json_pack("{s:[s, s]}", "conformsTo", OGC "core", OGC "geojson"));
}

/* ---- collections ---- */

static json_t *collection_of(Call *call, const char *id, const char *title, const char *description)
{
        const char *self = arena_format(call->arena, "/v1/collections/%s", id);
        const char *items = arena_format(call->arena, "/v1/collections/%s/items", id);
        json_t *links = json_array();

        json_array_append_new(links, link_to(self, "self", "application/json", title));
        json_array_append_new(links, link_to(items, "items", "application/geo+json", title));
        return json_pack("{s:s, s:s, s:s, s:s, s:[s], s:o}", "id", id, "title", title, "description", description,
                         "itemType", "feature", "crs", "http://www.opengis.net/def/crs/OGC/1.3/CRS84", "links", links);
}

static json_t *incidents_of(Call *call)
{
        return collection_of(call, "incidents", "incidents", "one for each real problem, its newest version");
}

static json_t *events_of(Call *call)
{
        return collection_of(call, "events", "events", "the platforms' reports, each revision as it came");
}

static void collections(Call *call)
{
        call_json(call, OK,
                  json_pack("{s:[o], s:[o, o]}", "links",
                            link_to("/v1/collections", "self", "application/json", "collections"), "collections",
                            incidents_of(call), events_of(call)));
}

static void incidents(Call *call)
{
        call_json(call, OK, incidents_of(call));
}

static void events(Call *call)
{
        call_json(call, OK, events_of(call));
}

const Route landing_routes[] = {
        { "GET", "/v1/", ROLE_NOBODY, landing, .flags = ROUTE_DIRECT },
        { "GET", "/v1", ROLE_NOBODY, landing, .flags = ROUTE_DIRECT },
        { "GET", "/v1/conformance", ROLE_NOBODY, conformance, .flags = ROUTE_DIRECT },
        { "GET", "/v1/collections", ROLE_NOBODY, collections, .flags = ROUTE_DIRECT },
        { "GET", "/v1/collections/incidents", ROLE_NOBODY, incidents, .flags = ROUTE_DIRECT },
        { "GET", "/v1/collections/events", ROLE_NOBODY, events, .flags = ROUTE_DIRECT },
        { 0 },
};
