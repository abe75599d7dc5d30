/* An incident's own facts as the JSON of dw.incident.correlator; its members are rows of their own. */

#include "hub/incident/incident.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void text_put_member(Buffer *out, const char *key, const char *text)
{
        if (!text)
                return;
        buffer_format(out, ",\"%s\":", key);
        json_write_text(out, text, strlen(text));
}

const char *registry_word_name(RegistryWord word)
{
        static const char *const names[] = { "silent", "in_force", "lapsed", "off_hours" };

        return names[word];
}

static RegistryWord word_find(const char *name)
{
        for (RegistryWord word = REGISTRY_IN_FORCE; name && word <= REGISTRY_OFF_HOURS; word++)
                if (text_same(registry_word_name(word), name))
                        return word;
        return REGISTRY_SILENT;
}

void incident_context_write(Buffer *out, const Incident *incident)
{
        const bool warned = incident->warned && incident->founding && incident->founding->rule->raise_warned;

        if (incident->registry != REGISTRY_SILENT) {
                buffer_format(out, "[{\"feature\":\"registry\",\"value\":\"%s\",\"subject\":",
                              registry_word_name(incident->registry));
                json_write_text(out, incident->registry_subject, strlen(incident->registry_subject));
                buffer_byte(out, '}');
        }
        if (warned)
                buffer_format(out, "%s{\"feature\":\"warning\",\"value\":\"in_force\"}",
                              incident->registry == REGISTRY_SILENT ? "[" : ",");
        if (warned || incident->registry != REGISTRY_SILENT)
                buffer_byte(out, ']');
}

/* What the columns of its row hold, too. */
static void columns_write(Buffer *out, const Incident *incident)
{
        buffer_format(out, "{\"id\":\"%s\",\"number\":\"%s\",\"version\":%d,\"opened\":%" PRId64, incident->id,
                      incident->number, incident->version, incident->opened);
        text_put_member(out, "merged_into", *incident->merged_into ? incident->merged_into : NULL);
        text_put_member(out, "recurrence_of", *incident->recurrence_of ? incident->recurrence_of : NULL);
        text_put_member(out, "assigned", incident->assigned);
        text_put_member(out, "assigned_by", incident->assigned_by);
        if (incident->assigned_at != TIME_NONE)
                buffer_format(out, ",\"assigned_at\":%" PRId64, incident->assigned_at);
        text_put_member(out, "category", incident->category);
        text_put_member(out, "category_name", incident->category_name);
        text_put_member(out, "title", incident->title);
        text_put_member(out, "founding", incident->founding_event);
        buffer_byte(out, ',');
}

static void suggested_write(Buffer *out, const Incident *incident)
{
        for (size_t i = 0; i < incident->suggested_size; i++)
                buffer_format(out, "%s\"%s\",%d", i ? "," : ",\"suggested\":[", incident->suggested[i].incident,
                              incident->suggested[i].score);
        buffer_text(out, incident->suggested_size ? "]" : "");
}

static void rest_write(Buffer *out, const Incident *incident)
{
        buffer_format(out, "\"shown\":\"%016" PRIx64 "\",\"touched\":%" PRId64, incident->shown, incident->touched);
        if (incident->shown_state != STATE_NONE)
                buffer_format(out, ",\"shown_state\":\"%s\"", state_name(incident->shown_state));
        if (incident->closed_by_operator != TIME_NONE)
                buffer_format(out, ",\"closed_by_operator\":%" PRId64, incident->closed_by_operator);
        if (incident->reopened_by_operator != TIME_NONE)
                buffer_format(out, ",\"reopened_by_operator\":%" PRId64, incident->reopened_by_operator);
        if (incident->told != STATE_NONE)
                buffer_format(out, ",\"told\":\"%s\"", state_name(incident->told));
        if (incident->warned)
                buffer_text(out, ",\"warned\":true");
        if (incident->registry != REGISTRY_SILENT)
                text_put_member(out, "registry", registry_word_name(incident->registry));
        text_put_member(out, "registry_subject", incident->registry_subject);
        text_put_member(out, "told_by", incident->told_by);
        suggested_write(out, incident);
        buffer_byte(out, '}');
}

void incident_write(Buffer *out, const Incident *incident)
{
        columns_write(out, incident);
        rest_write(out, incident);
}

void incident_write_beside(Buffer *out, const Incident *incident)
{
        buffer_byte(out, '{');
        rest_write(out, incident);
}

static void text_take(char *into, size_t size, const json_t *json, const char *key)
{
        const char *text = json_string_value(json_object_get(json, key));

        snprintf(into, size, "%s", text ? text : "");
}

static int64_t time_take(const json_t *json, const char *key)
{
        const json_t *value = json_object_get(json, key);

        return value ? json_integer_value(value) : TIME_NONE;
}

static void suggested_take(Incident *incident, const json_t *array)
{
        for (size_t i = 0; i + 1 < json_array_size(array) && incident->suggested_size < INCIDENT_SUGGESTED_MOST;
             i += 2) {
                Suggestion *one = &incident->suggested[incident->suggested_size++];
                const char *id = json_string_value(json_array_get(array, i));

                snprintf(one->incident, sizeof one->incident, "%s", id ? id : "");
                one->score = (int32_t)json_integer_value(json_array_get(array, i + 1));
        }
}

Incident *incident_read(const char *text, size_t size, Error *err)
{
        CLEANUP(json_drop) json_t *json = json_read_typed(text, size, err);
        char shown[17];

        if (!json) {
                error_add(err, "row of an incident");
                return NULL;
        }
        Incident *incident = mem_new(sizeof *incident);
        text_take(incident->id, sizeof incident->id, json, "id");
        text_take(incident->number, sizeof incident->number, json, "number");
        text_take(incident->merged_into, sizeof incident->merged_into, json, "merged_into");
        text_take(incident->recurrence_of, sizeof incident->recurrence_of, json, "recurrence_of");
        incident->warned = json_is_true(json_object_get(json, "warned"));
        incident->registry = word_find(json_string_value(json_object_get(json, "registry")));
        incident->registry_subject = text_copy(json_string_value(json_object_get(json, "registry_subject")));
        incident->assigned = text_copy(json_string_value(json_object_get(json, "assigned")));
        incident->assigned_by = text_copy(json_string_value(json_object_get(json, "assigned_by")));
        incident->assigned_at = time_take(json, "assigned_at");
        text_take(shown, sizeof shown, json, "shown");
        incident->shown = strtoull(shown, NULL, 16);
        incident->version = (int32_t)json_integer_value(json_object_get(json, "version"));
        incident->shown_state = state_find(json_string_value(json_object_get(json, "shown_state")));
        incident->opened = time_take(json, "opened");
        incident->touched = time_take(json, "touched");
        incident->closed_by_operator = time_take(json, "closed_by_operator");
        incident->reopened_by_operator = time_take(json, "reopened_by_operator");
        incident->told = state_find(json_string_value(json_object_get(json, "told")));
        incident->told_by = text_copy(json_string_value(json_object_get(json, "told_by")));
        incident->category = text_copy(json_string_value(json_object_get(json, "category")));
        incident->category_name = text_copy(json_string_value(json_object_get(json, "category_name")));
        incident->title = text_copy(json_string_value(json_object_get(json, "title")));
        incident->founding_event = text_copy(json_string_value(json_object_get(json, "founding")));
        suggested_take(incident, json_object_get(json, "suggested"));
        return incident;
}
