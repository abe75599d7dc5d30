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

const Route landing_routes[] = {
        { "GET", "/v1/", ROLE_NOBODY, landing, .flags = ROUTE_DIRECT },
        { "GET", "/v1", ROLE_NOBODY, landing, .flags = ROUTE_DIRECT },
        { "GET", "/v1/conformance", ROLE_NOBODY, conformance, .flags = ROUTE_DIRECT },
        { 0 },
};
