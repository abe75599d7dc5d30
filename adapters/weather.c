#include "adapters/list.h"
#include "hub/base/text.h"
#include "hub/cap/area.h"
#include "hub/cap/cap.h"
#include "hub/dialect/fill.h"
#include "hub/document/page.h"
#include "hub/document/record.h"

#include <string.h>

/*
 * Platform 6, warnings of weather, flood and typhoon: CAP 1.2, alone or inside of another document, or QWeather's JSON of either
 * version. In CAP the first message of a chain of references is the warning, each message a revision of it. QWeather names the
 * predecessor alone, so there each message is a warning and ends those that it replaces.
 */

typedef struct {
        CaseOptions of;
        CapDistrict district;
        char *lang;
} WeatherOptions;

#define AT(member) offsetof(WeatherOptions, member)

static const Option table[] = {
        { "lang", OPTION_TEXT, AT(lang), .value = "zh", .about = "which of several languages of one alert is taken" },
        { "crs", OPTION_CUSTOM, AT(of.crs), .custom = &crs_option, .value = "wgs84",
          .about = "system of the shapes; CAP has WGS 84" },
        { .type = OPTION_PART, .offset = AT(district), .part = cap_district_options },
        { .type = OPTION_PART, .offset = AT(of), .part = case_options },
};

/* CAP's, of the block of information that was chosen, then of the alert; QWeather's of the first version, then of the second. */
static const CaseMember members[] = {
        { "identifier", CASE_STEP },
        { "msgType", CASE_STATUS },
        { "sent", CASE_UPDATED },
        { "headline", CASE_TITLE },
        { "eventCode.value", CASE_CATEGORY_CODE },
        { "eventCode", CASE_CATEGORY_CODE },
        { "event", CASE_CATEGORY },
        { "description", CASE_DESCRIPTION },
        { "effective", CASE_VALID_FROM },
        { "onset", CASE_VALID_FROM },
        { "expires", CASE_VALID_TO },
        { "senderName", CASE_REPORTING },
        { "sender", CASE_REPORTING },
        { "web", CASE_URL },
        { "severity", CASE_SEVERITY },
        { "id", CASE_ID },
        { "status", CASE_STATUS },
        { "pubTime", CASE_UPDATED },
        { "title", CASE_TITLE },
        { "type", CASE_CATEGORY_CODE },
        { "typeName", CASE_CATEGORY },
        { "text", CASE_DESCRIPTION },
        { "startTime", CASE_VALID_FROM },
        { "endTime", CASE_VALID_TO },
        { "messageType.code", CASE_STATUS },
        { "issuedTime", CASE_UPDATED },
        { "eventType.code", CASE_CATEGORY_CODE },
        { "eventType.name", CASE_CATEGORY },
        { "effectiveTime", CASE_VALID_FROM },
        { "onsetTime", CASE_VALID_FROM },
        { "expireTime", CASE_VALID_TO },
        { 0 },
};

static const StatusWords words[] = {
        { "Alert|Actual|active", STATE_RECEIVED }, { "Update", STATE_PROCESSING }, { "Cancel", STATE_CLOSED }, { 0 }
};

static const CaseForm form = {
        .kind = KIND_WARNING, .members = members, .words = words, .severities = cap_severities, .state = STATE_RECEIVED
};

/* Where the platform's word for gravity says nothing: its colour, and at last the title's. */
static EventSeverity severity_guess(const json_t *item, const char *title)
{
        static const char *const paths[] = { "severityColor", "color.code", "level" };
        EventSeverity severity = SEVERITY_NONE;

        for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]) && !severity; i++)
                severity = severity_words_find(cap_severities, json_text(item, paths[i]));
        severity = severity ? severity : cap_colour(title);
        return severity ? severity : SEVERITY_INFO;
}

/* What a table cannot say. Whatever the event is called, it is a warning of the weather, unless the site says otherwise. */
static void warning_fill(const WeatherOptions *options, const json_t *item, Output *output, Event *event)
{
        fill_category("E2110", METHOD_RULE, event);
        if (event->severity == SEVERITY_NONE)
                event->severity = severity_guess(item, event->title);
        if (event->valid.to != TIME_NONE && event->valid.to <= record_of(output)->received_ms &&
            event->status.state != STATE_CLOSED) {
                event->status.state = STATE_CLOSED;
                event->time.closed = event->valid.to;
        }
        cap_district_fill(&options->district, scratch(output), event);
}

/* ---- CAP ---- */

static bool alert_translate(const void *of, const json_t *alert, Output *output, Error *err)
{
        const WeatherOptions *options = of;
        const json_t *info = cap_info(alert, options->lang);
        const char *silent = cap_silence(alert), *first;
        Arena *arena = scratch(output);
        Case found = { 0 };
        Event event;

        if (silent)
                return ignored(output, silent);
        first = cap_first(json_text(alert, "references"), options->of.zone_ms, arena);
        case_read(&form, &options->of, info, arena, &found);
        case_read(&form, &options->of, alert, arena, &found);
        found.paths[CASE_ID] = "identifier";
        found.texts[CASE_ID] = first && found.texts[CASE_STEP] ? first : found.texts[CASE_STEP];
        if (!case_event(&form, &options->of, &found, arena, &event, err))
                return false;
        if (!cap_areas(&options->district, options->of.crs, alert, info, arena, &event))
                return ignored(output, "elsewhere");
        event.lang = cap_lang(info);
        if (text_same(json_text(info, "responseType"), "AllClear"))
                event.status.state = STATE_CLOSED;
        if (!first && event.status.state != STATE_RECEIVED)
                event.quality |= QUALITY_PARTIAL; /* it changes another message, and does not say which */
        warning_fill(options, info, output, &event);
        return emit(output, &event, err);
}

/* ---- QWeather ---- */

static bool replaced_close(Event event, const char *id, Output *output, Error *err)
{
        if (!id || text_same(id, event.source.id))
                return true;
        event.source.id = id;
        event.status.state = STATE_CLOSED;
        event.time.closed = TIME_NONE;
        return emit(output, &event, err);
}

static bool warning_translate(const void *of, const json_t *warning, Output *output, Error *err)
{
        enum { REPLACED_MOST = 32 };
        const WeatherOptions *options = of;
        const json_t *replaced = json_at(warning, "messageType.supersedes"), *one;
        Case found = { 0 };
        Event event;
        size_t i;

        case_read(&form, &options->of, warning, scratch(output), &found);
        if (!case_event(&form, &options->of, &found, scratch(output), &event, err))
                return false;
        warning_fill(options, warning, output, &event);
        if (!emit(output, &event, err) || !replaced_close(event, json_text(warning, "related"), output, err))
                return false;
        json_array_foreach(replaced, i, one)
                if (i < REPLACED_MOST && !replaced_close(event, json_text(one, ""), output, err))
                        return false;
        return true;
}

static const char *number(const void *of, const json_t *item, Arena *arena)
{
        (void)of;
        (void)arena;
        return json_at(item, "identifier") || json_at(item, "id") ? "" : NULL;
}

static const PageForm alerts_form = { .number = number, .translate = alert_translate };
static const PageForm warnings_form = { .number = number, .translate = warning_translate, .lists = "alerts|warning" };

/* A page of QWeather's that tells when it was made succeeded, and is of another product. */
static bool page_read(const WeatherOptions *options, const json_t *page, Output *output, Error *err)
{
        if (!json_at(page, "alerts") && !json_at(page, "warning") && json_text(page, "updateTime"))
                return error_set(err, ERR_INPUT, "unknown_message", "warning: missing: a page of something else");
        return page_translate(&warnings_form, NULL, options, page, output, err);
}

static bool other_read(const json_t *document, Output *output, Error *err)
{
        if (json_at(document, "feed.entry") || json_at(document, "rss.channel.item"))
                return error_set(err, ERR_INPUT, "unsupported", "an index: its alerts themselves are due");
        if (!json_at(document, "feed") && !json_at(document, "rss"))
                return error_set(err, ERR_INPUT, "unknown_message", "alert: missing: no CAP");
        return ignored(output, "no warning");
}

static bool translate(const void *of, const Record *record, Output *output, Error *err)
{
        CLEANUP(json_drop) json_t *document = record_read(record, &cap_xml, output, err), *alerts = json_array();

        if (!document)
                return false;
        if (json_at(document, "identifier") || json_at(document, "sent") || json_at(document, "info")) /* set aside */
                return alert_translate(of, document, output, err);
        record_collect(document, "alert", alerts);
        if (json_array_size(alerts) == 1)
                return alert_translate(of, json_array_get(alerts, 0), output, err);
        if (json_array_size(alerts))
                return page_translate(&alerts_form, NULL, of, alerts, output, err);
        return record_sign(record) == '<' ? other_read(document, output, err) : page_read(of, document, output, err);
}

const Adapter weather = {
        .name = "weather",
        .about = "Weather warnings: CAP 1.2 and GB/T 35965.1, or QWeather's JSON",
        .platform = "p06",
        .options = table,
        .options_size = sizeof(table) / sizeof(table[0]),
        .size = sizeof(WeatherOptions),
        .translate = translate,
        .forms = &form,
        .forms_size = 1,
};
