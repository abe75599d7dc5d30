#include "hub/serve/read/health.h"

#include "hub/base/json.h"
#include "hub/serve/read/figures.h"
#include "hub/serve/read/platforms.h"

#include <stdlib.h>

/* Names and instances stay as the list told them. */
static json_t *moving(const json_t *platforms)
{
        static const char *const names[] = { "platform",         "light", "said",          "last_event",
                                             "last_event_age_s", "lag",   "rejected_today" };
        json_t *out = json_array();

        for (size_t i = 0; i < json_array_size(platforms); i++) {
                json_t *one = json_object();

                for (size_t j = 0; j < sizeof(names) / sizeof(names[0]); j++) {
                        json_t *value = json_object_get(json_array_get(platforms, i), names[j]);

                        if (value)
                                json_object_set(one, names[j], value);
                }
                json_array_append_new(out, one);
        }
        return out;
}

bool health_of(const Config *config, Db *db, bool is_whole, Buffer *out, Error *err)
{
        CLEANUP(json_drop) json_t *platforms = platforms_of(config, db, err), *health = NULL;
        json_t *figures = platforms && is_whole ? figures_of(db, NULL, err) : NULL;
        char *text;

        if (!platforms || (is_whole && !figures))
                return false;
        health = json_pack("{s:o}", "platforms", moving(platforms));
        if (figures)
                json_object_set_new(health, "figures", figures);
        text = json_dumps(health, JSON_COMPACT);
        buffer_text(out, text);
        free(text);
        return true;
}
