#include "hub/serve/read/feature.h"

#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"

#include <string.h>

enum { YELLOW_OF_TEN = 8, TEN = 10 };

void json_put_text(json_t *object, const char *key, const char *text)
{
        if (text)
                json_object_set_new(object, key, json_string(text));
}

static int64_t time_of(const json_t *version, const char *key)
{
        const char *text = json_string_value(json_object_get(version, key));
        int64_t ms;

        return text && time_read_canonical(text, strlen(text), &ms) ? ms : TIME_NONE;
}

static const char *light_of(int64_t from, int64_t deadline, int64_t now)
{
        if (deadline == TIME_NONE)
                return "none";
        if (now > deadline)
                return "red";
        return from != TIME_NONE && (now - from) / TEN >= (deadline - from) / TEN * YELLOW_OF_TEN / TEN ? "yellow"
                                                                                                        : "green";
}

json_t *feature_limit(const json_t *version, int64_t now)
{
        const int64_t deadline = time_of(version, "deadline"), closed = time_of(version, "closed");
        json_t *limit = json_object();

        json_put_text(limit, "from", json_string_value(json_object_get(version, "opened")));
        json_put_text(limit, "deadline", json_string_value(json_object_get(version, "deadline")));
        json_put_text(limit, "light",
                      light_of(time_of(version, "opened"), deadline, closed == TIME_NONE ? now : closed));
        return limit;
}

json_t *feature_version(const char *payload, size_t size, int64_t feed, Error *err)
{
        json_t *version = json_read_typed(payload, size, err);

        if (!json_is_object(version)) {
                json_decref(version);
                (void)error_set(err, ERR_FATAL, NULL, "an incident's version is no JSON object");
                return NULL;
        }
        if (feed)
                json_object_set_new(version, "feed", json_integer(feed));
        return version;
}

static json_t *geometry_of(const json_t *position)
{
        const json_t *lon = json_object_get(position, "lon"), *lat = json_object_get(position, "lat");

        if (!json_is_number(lon) || !json_is_number(lat))
                return json_null();
        return json_pack("{s:s, s:[f, f]}", "type", "Point", "coordinates", json_number_value(lon),
                         json_number_value(lat));
}

json_t *feature_of(const char *payload, size_t size, int64_t feed, int64_t now, Error *err)
{
        json_t *version = feature_version(payload, size, feed, err), *feature;

        if (!version)
                return NULL;
        feature = json_pack("{s:s, s:O?, s:o}", "type", "Feature", "id", json_object_get(version, "incident"),
                            "geometry", geometry_of(json_object_get(version, "position")));
        json_object_del(version, "position");
        json_object_set_new(version, "limit", feature_limit(version, now));
        json_object_set_new(feature, "properties", version);
        return feature;
}
