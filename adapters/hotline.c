#include "adapters/hotline.h"
#include "adapters/list.h"
#include "adapters/words.h"

#include "hub/base/charset.h"
#include "hub/base/text.h"
#include "hub/base/time.h"

#include <stdlib.h>
#include <string.h>

/*
 * Platform 1, hotline 12345 and the citizens' channels: pages of cases over HTTP. Two dialects: a vendor's JSON, whose
 * note1 to note11 mean what each customer made of them, and Open311 GeoReport v2 (wiki.open311.org/GeoReport_v2), GET
 * requests.json.
 *
 * A case is shown in its present state; each change of its update time is a revision. Pages overlap: ids make that
 * harmless.
 */

#define AT(member) offsetof(HotlineOptions, member)

static bool zone_read(const char *text, const char *folder, void *field, Error *err)
{
        static const int64_t begin_2000 = INT64_C(946684800000);
        CLEANUP(mem_drop) char *moment = text_format("2000-01-01T00:00:00%s", text);
        int64_t *zone_ms = field, ms;
        Error unread;

        (void)folder;
        if (!text[0] || !strchr("+-Z", text[0]) || !time_read(moment, &ms, NULL, &unread))
                return error_set(err, ERR_FATAL, NULL, "\"%s\" is no zone such as +08:00", text);
        *zone_ms = begin_2000 - ms;
        return true;
}

static const OptionKind zone_option = { .form = "zone such as +08:00", .size = sizeof(int64_t), .read = zone_read };

static const char *const profiles[] = { "vendor", "open311", NULL };

static const Option table[] = {
        { "profile", OPTION_CHOICE, AT(profile), .choices = profiles, .value = "vendor", .about = "dialect" },
        { "crs", OPTION_CUSTOM, AT(crs), .custom = &crs_option, .flags = OPTION_REQUIRED,
          .about = "system of the positions" },
        { "accuracy_m", OPTION_NUMBER, AT(accuracy_m), .value = "30", .least = 1, .most = 100000,
          .about = "how far off a position may be" },
        { "items", OPTION_TEXT, AT(items), .value = "",
          .about = "path of the array in a page; empty: the page is the array" },
        { "notes", OPTION_TABLE, AT(notes),
          .about = "what note1 to note11 mean: title, description, address, category, lon ..." },
        { "members", OPTION_TABLE, AT(members), .about = "what other members mean, as notes" },
        { "time_zone", OPTION_CUSTOM, AT(zone_ms), .custom = &zone_option, .value = "+08:00",
          .about = "of times that name none" },
        { "categories", OPTION_TABLE, AT(categories), .about = "the platform's code or name to our code" },
        { "states", OPTION_TABLE, AT(states), .about = "a status word to our state, state:outcome or state:reopened" },
        { "space", OPTION_TEXT, AT(space), .about = "id space, where one platform numbers cases in several ways" },
};

static bool check(const void *of, Error *err)
{
        const HotlineOptions *options = of;

        return codes_check(&options->categories, err) && roles_check(options, err) &&
               states_check(&options->states, err);
}

/* A page of markup where JSON is due: the login page of a session that ended, or a proxy's. Open311 in XML is no such
 * page. */
static bool markup_refuse(const Record *record, const char *body, Error *err)
{
        static const char *const documents[] = { "<service_request", "<services", "<service_definition", "<errors" };

        for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++)
                if (strstr(body, documents[i]))
                        return error_set(err, ERR_INPUT, "unsupported", "Open311 in XML: ask for requests.json");
        return error_set(err, ERR_RETRY, "not_json", "%s with markup where JSON is due: has the session ended?",
                         record->content_type ? record->content_type : "a page");
}

/* RFC 8259 knows UTF-8 only; who sends something else says so in the content type, or sends GB18030. */
static bool body_decode(const Record *record, Buffer *text, bool *repaired, Error *err)
{
        size_t count = 0;

        if (text_is_utf8(record->bytes, record->size))
                buffer_add(text, record->bytes, record->size);
        else if (!charset_decode(text, record->content_type, record->bytes, record->size, &count, err))
                return false;
        *repaired = count > 0;
        return true;
}

static bool item_translate(const HotlineOptions *of, const json_t *item, bool repaired, Output *output, Error *err)
{
        Event event;
        Case found;

        if (!json_is_object(item))
                return error_set(err, ERR_INPUT, "bad_value", "no case: it is no object");
        roles_read(of, item, scratch(output), &found);
        if (!found.texts[ROLE_ID] && json_text(item, "token")) {
                ignored(output, "token only"); /* GeoReport: the number of a new request is not known yet */
                return true;
        }
        if (!case_event(of, &found, scratch(output), &event, err))
                return false;
        if (repaired)
                event.quality |= QUALITY_ENCODING_REPAIRED;
        return emit(output, &event, err);
}

static void item_reject(Output *output, size_t index, const json_t *item, Error *why)
{
        CLEANUP(mem_drop) char *text = json_dumps(item, JSON_COMPACT | JSON_ENCODE_ANY);

        (void)error_add(why, "item %zu", index);
        reject(output, text ? text : "", text ? strlen(text) : 0, why);
}

static bool items_translate(const HotlineOptions *of, const json_t *items, bool repaired, Output *output, Error *err)
{
        const json_t *item;
        size_t i;

        json_array_foreach(items, i, item) {
                Error why = { 0 };

                if (item_translate(of, item, repaired, output, &why))
                        continue;
                if (why.kind != ERR_INPUT) {
                        *err = why;
                        return false;
                }
                item_reject(output, i, item, &why);
        }
        return true;
}

static bool alone_translate(const HotlineOptions *of, const json_t *page, bool repaired, Output *output, Error *err)
{
        Case found;

        roles_read(of, page, scratch(output), &found);
        if (!found.texts[ROLE_ID])
                return error_set(err, ERR_RETRY, "missing_field", "%s: missing: this is no page of cases", of->items);
        return item_translate(of, page, repaired, output, err);
}

/* A page, or one case alone, as reject() hands it over; {"code": 401, "msg": "please log in"} is neither. */
static bool page_translate(const HotlineOptions *of, const json_t *page, bool repaired, Output *output, Error *err)
{
        const bool wrapped = json_is_object(page) && of->items[0];
        const json_t *items = wrapped ? json_at(page, of->items) : page;

        if (json_is_array(items))
                return items_translate(of, items, repaired, output, err);
        if (!wrapped)
                return item_translate(of, page, repaired, output, err);
        if (!items)
                return alone_translate(of, page, repaired, output, err);
        return json_is_null(items) || error_set(err, ERR_INPUT, "bad_value", "%s: no array", of->items);
}

static bool translate(const void *of, const Record *record, Output *output, Error *err)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        CLEANUP(json_drop) json_t *page = NULL;
        const char *body;
        bool repaired;

        if (!body_decode(record, &text, &repaired, err))
                return false;
        body = text.size ? text.bytes : "";
        body += strspn(body, " \t\r\n\xef\xbb\xbf");
        if (!*body)
                return error_set(err, ERR_RETRY, "not_json", "an empty body");
        if (*body == '<')
                return markup_refuse(record, body, err);
        page = json_read(text.bytes, text.size, err);
        if (!page && record->content_type && strcasestr(record->content_type, "html"))
                err->kind = ERR_RETRY;
        return page && page_translate(of, page, repaired, output, err);
}

const Adapter hotline = {
        .name = "hotline",
        .about = "Hotline 12345 and citizens' channels: a vendor's JSON, or Open311 GeoReport v2",
        .platform = "p01",
        .options = table,
        .options_size = sizeof(table) / sizeof(table[0]),
        .size = sizeof(HotlineOptions),
        .check = check,
        .translate = translate,
};
