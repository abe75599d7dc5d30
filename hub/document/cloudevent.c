#include "hub/document/cloudevent.h"

#include "hub/base/text.h"

#include <string.h>
#include <strings.h>

static bool is_declared(const Record *record)
{
        static const char type[] = "application/cloudevents";

        return record->content_type && strncasecmp(record->content_type, type, sizeof(type) - 1) == 0;
}

static bool attributes_check(const json_t *document, Error *err)
{
        static const char *const required[] = { "specversion", "id", "source", "type" };
        const char *version = json_text(document, "specversion"), *form = json_text(document, "datacontenttype");

        for (size_t i = 0; i < sizeof(required) / sizeof(required[0]); i++)
                if (!json_text(document, required[i]))
                        return error_set(err, ERR_INPUT, "missing_field", "%s: missing in the envelope", required[i]);
        if (!text_same(version, "1.0") && !text_same(version, "0.3"))
                return error_set(err, ERR_INPUT, "unsupported", "specversion: neither 1.0 nor 0.3");
        if (form && !strcasestr(form, "json"))
                return error_set(err, ERR_INPUT, "unsupported", "datacontenttype: no JSON");
        if (json_at(document, "data_base64"))
                return error_set(err, ERR_INPUT, "unsupported", "data_base64: a case is JSON, not bytes");
        return true;
}

const json_t *cloudevent_open(const Record *record, const json_t *document, json_t **owned, const char **time,
                              Error *err)
{
        const json_t *data = json_at(document, "data");

        *time = record_header(record, "ce_time");
        if (!is_declared(record) && !json_text(document, "specversion"))
                return document;
        if (!attributes_check(document, err))
                return NULL;
        if (json_text(document, "time"))
                *time = json_text(document, "time");
        if (!data || json_is_null(data)) {
                (void)error_set(err, ERR_INPUT, "missing_field", "data: missing in the envelope");
                return NULL;
        }
        if (!json_is_string(data))
                return data;
        *owned = json_read(json_string_value(data), json_string_length(data), err);
        if (!*owned)
                (void)error_add(err, "data");
        return *owned;
}
