#include "adapters/list.h"
#include "hub/dialect/case.h"
#include "hub/document/page.h"
#include "hub/document/record.h"

#include <string.h>

/*
 * Platform 1, hotline 12345 and the citizens' channels: pages of cases over HTTP. Two dialects: a vendor's JSON, whose
 * note1 to note11 mean what each customer made of them, and Open311 GeoReport v2 (wiki.open311.org/GeoReport_v2), GET
 * requests.json.
 *
 * A case is shown in its present state; each change of its update time is a revision. Pages overlap: ids make that
 * harmless.
 */

typedef struct {
        CaseOptions of;
        PageOptions page;
        TextTable notes;
        int profile;
} HotlineOptions;

#define AT(member) offsetof(HotlineOptions, member)

enum { PROFILE_VENDOR, PROFILE_OPEN311 };

static const char *const profiles[] = { "vendor", "open311", NULL };

static const Option table[] = {
        { "profile", OPTION_CHOICE, AT(profile), .choices = profiles, .value = "vendor", .about = "dialect" },
        { "notes", OPTION_TABLE, AT(notes), .check = case_members_check,
          .about = "what note1 to note11 mean: title, description, address, category, lon ..." },
        { .type = OPTION_PART, .offset = AT(page), .part = page_options },
        { .type = OPTION_PART, .offset = AT(of), .part = case_position_options },
        { .type = OPTION_PART, .offset = AT(of), .part = case_options },
};

static const CaseMember vendor_members[] = {
        { "record_number", CASE_ID },       { "id", CASE_STEP },
        { "pss_caption_end", CASE_STATUS }, { "ps_caption", CASE_STAGE },
        { "date", CASE_UPDATED },           { "requested_datetime", CASE_OCCURRED },
        { "di_title", CASE_RESPONSIBLE },   { 0 },
};

static const CaseMember open311_members[] = {
        { "service_request_id", CASE_ID },
        { "status", CASE_STATUS },
        { "status_notes", CASE_STATUS_NOTE },
        { "service_code", CASE_CATEGORY_CODE },
        { "service_name", CASE_CATEGORY },
        { "description", CASE_DESCRIPTION },
        { "agency_responsible", CASE_RESPONSIBLE },
        { "requested_datetime", CASE_OCCURRED },
        { "updated_datetime", CASE_UPDATED },
        { "expected_datetime", CASE_DEADLINE },
        { "address", CASE_ADDRESS },
        { "lat", CASE_LAT },
        { "long", CASE_LON },
        { "media_url", CASE_MEDIA },
        { 0 },
};

static const StatusWords open311_words[] = { { "open", STATE_RECEIVED }, { "closed", STATE_CLOSED }, { 0 } };

static const CaseForm forms[] = { { .members = vendor_members, .words = open311_words },
                                  { .members = open311_members, .words = open311_words } };

static void item_read(const HotlineOptions *of, const json_t *item, Arena *arena, Case *found)
{
        *found = (Case){ 0 };
        case_take(&of->notes, item, arena, found);
        case_read(&forms[of->profile], &of->of, item, arena, found);
}

static const char *number(const void *options, const json_t *object, Arena *arena)
{
        const HotlineOptions *of = options;
        Case found;

        item_read(of, object, arena, &found);
        if (of->of.whole_ids || !found.texts[CASE_ID])
                return found.texts[CASE_ID] || found.nodes[CASE_ID] ? "" : NULL;
        return found.texts[CASE_ID];
}

/* GeoReport's other answers: to a new request, whose number may not be known yet, and the list of what can be requested. */
static const char *nothing_said(const json_t *item, const Case *found)
{
        const bool bare = !found->texts[CASE_STATUS] && !found->texts[CASE_OCCURRED];

        if (!found->texts[CASE_ID] && !found->nodes[CASE_ID])
                return json_text(item, "token") ? "token only" : json_text(item, "metadata") ? "a service" : NULL;
        return bare && (json_text(item, "token") || json_text(item, "service_notice")) ? "number only" : NULL;
}

static bool item_translate(const void *options, const json_t *item, Output *output, Error *err)
{
        const HotlineOptions *of = options;
        const char *nothing;
        Event event;
        Case found;

        item_read(of, item, scratch(output), &found);
        nothing = nothing_said(item, &found);
        if (nothing)
                return ignored(output, nothing);
        return case_event(&forms[of->profile], &of->of, &found, scratch(output), &event, err) &&
               emit(output, &event, err);
}

static const PageForm form = { .number = number,
                               .translate = item_translate,
                               .lists = "service_requests.request|service_requests|" };
static const PageForm xml_form = { .number = number,
                                   .translate = item_translate,
                                   .lists = "service_requests.request|errors.error" };

/* XML is the form that a server of the standard must have; an element that was set aside comes alone, as JSON. */
static bool xml_translate(const HotlineOptions *options, const Record *record, Output *output, Error *err)
{
        static const XmlForm xml = { .lists = "request service attribute error" };
        CLEANUP(json_drop) json_t *document = record_read(record, &xml, output, err);

        if (!document)
                return false;
        if (json_at(document, "services") || json_at(document, "service_definition"))
                return ignored(output, "a list of services");
        if (!page_items(&xml_form, NULL, document) && json_at(document, "service_requests"))
                return true; /* of none */
        return json_at(document, "errors") || json_at(document, "service_requests")
                       ? page_translate(&xml_form, NULL, options, document, output, err)
                       : error_set(err, ERR_INPUT, "unknown_message", "no service_requests of GeoReport v2");
}

static bool translate(const void *of, const Record *record, Output *output, Error *err)
{
        const HotlineOptions *options = of;

        return record_sign(record) == '<' && options->profile == PROFILE_OPEN311
                       ? xml_translate(options, record, output, err)
                       : record_translate(&form, &options->page, of, record, output, err);
}

const Adapter hotline = {
        .name = "hotline",
        .about = "Hotline 12345 and citizens' channels: a vendor's JSON, or Open311 GeoReport v2",
        .platform = "p01",
        .options = table,
        .options_size = sizeof(table) / sizeof(table[0]),
        .size = sizeof(HotlineOptions),
        .translate = translate,
        .forms = forms,
        .forms_size = sizeof(forms) / sizeof(forms[0]),
};
