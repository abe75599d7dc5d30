#include "adapters/list.h"
#include "hub/base/text.h"
#include "hub/dialect/fill.h"
#include "hub/document/page.h"
#include "hub/document/record.h"
#include "hub/geo/division.h"
#include "hub/geo/outline.h"

#include <string.h>
#include <strings.h>

/*
 * Platform 6, warnings of weather, flood and typhoon: CAP 1.2 (OASIS, docs.oasis-open.org/emergency/cap/v1.2; 1.1 and 1.0
 * too, and as GB/T 35965.1-2018 profiles it), alone or inside of another document, or QWeather's JSON of either version.
 * In CAP the first message of a chain of references is the warning, each message a revision of it. QWeather names the
 * predecessor alone, so there each message is a warning and ends those that it replaces.
 */

typedef struct {
        CaseOptions of;
        char *lang, *district;
        Outline *boundary;
        TextList names;
} WeatherOptions;

#define AT(member) offsetof(WeatherOptions, member)
#define BLANKS     " \t\r\n"

enum { SHAPES_MOST = 1000, REPLACED_MOST = 32, MARK_MOST = 4 };

static const Option table[] = {
        { "lang", OPTION_TEXT, AT(lang), .value = "zh", .about = "which of several languages of one alert is taken" },
        { "crs", OPTION_CUSTOM, AT(of.crs), .custom = &crs_option, .value = "wgs84",
          .about = "system of the shapes; CAP has WGS 84" },
        { "district", OPTION_TEXT, AT(district),
          .about = "its code (350206): warnings that have only codes of others are ignored" },
        { "district_names", OPTION_LIST, AT(names), .about = "how texts call it, where no code is" },
        { "boundary", OPTION_CUSTOM, AT(boundary), .custom = &outline_option,
          .about = "its shape in WGS 84, for warnings of it that draw none" },
        { .type = OPTION_PART, .offset = AT(of), .part = case_options },
};

static const XmlSpace spaces[] = { { "urn:oasis:names:tc:emergency:cap:1.2", "" },
                                   { "urn:oasis:names:tc:emergency:cap:1.1", "" },
                                   { "http://www.incident.com/cap/1.0", "" },
                                   { 0 } };
static const XmlForm xml = { .spaces = spaces, .lists = "alert info area polygon circle geocode entry item content" };

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

/* CAP's words, a provider's beside them, the colours of Chinese warnings and their four grades. */
static const SeverityWords severities[] = {
        { "Minor|Standard|Blue|White|蓝色|蓝|白色|IV|Ⅳ|IV级|Ⅳ级|一般", SEVERITY_LOW },
        { "Moderate|Yellow|黄色|黄|III|Ⅲ|III级|Ⅲ级|较重|较大", SEVERITY_MEDIUM },
        { "Severe|Major|Orange|橙色|橙|II|Ⅱ|II级|Ⅱ级|严重|重大", SEVERITY_HIGH },
        { "Extreme|Red|Black|红色|红|I|Ⅰ|I级|Ⅰ级|特别严重|特别重大", SEVERITY_CRITICAL },
        { 0 },
};

static const CaseForm form = {
        .kind = KIND_WARNING, .members = members, .words = words, .severities = severities, .state = STATE_RECEIVED
};

/* ---- what both dialects share ---- */

/* Where the platform's word for gravity says nothing: its colour, and at last the title's. */
static EventSeverity severity_guess(const json_t *item, const char *title)
{
        static const char *const paths[] = { "severityColor", "color.code", "level" };
        static const char *const colours[] = { "红色", "橙色", "黄色", "蓝色" };
        EventSeverity severity = SEVERITY_NONE;

        for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]) && !severity; i++)
                severity = severity_words_find(severities, json_text(item, paths[i]));
        for (size_t i = 0; title && i < sizeof(colours) / sizeof(colours[0]) && !severity; i++)
                if (strstr(title, colours[i]))
                        severity = severity_words_find(severities, colours[i]);
        return severity ? severity : SEVERITY_INFO;
}

static bool is_named(const WeatherOptions *options, const char *text)
{
        for (size_t i = 0; text && i < options->names.size; i++)
                if (options->names.items[i][0] && strstr(text, options->names.items[i]))
                        return true;
        return false;
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
        if (!event->place.district && (is_named(options, event->title) || is_named(options, event->description)))
                event->place.district = options->district;
        if (!event->geometry && options->boundary && event->place.district &&
            text_same(event->place.district, options->district))
                event->geometry = outline_text(options->boundary, scratch(output));
}

/* ---- CAP: areas ---- */

static void shapes_take(Crs crs, const json_t *list, bool circles, Outlines *shapes, Event *event)
{
        const json_t *item;
        Error unread;
        size_t i;

        json_array_foreach(list, i, item) {
                const char *text = shapes->size < SHAPES_MOST ? json_text(item, "#text") : NULL;

                if (!text || !outlines_add(shapes, circles ? outline_circle(crs, text, true, &unread)
                                                           : outline_ring(crs, text, true, &unread)))
                        event->quality |= QUALITY_PARTIAL;
        }
}

static void codes_take(const WeatherOptions *options, const json_t *area, Arena *arena, bool *coded, Event *event)
{
        const json_t *geocode;
        size_t i;

        json_array_foreach(json_at(area, "geocode"), i, geocode) {
                const char *code = json_text(geocode, "value");

                if (!division_is(code))
                        continue;
                if (!options->district && strncmp(code + 4, "00", 2) != 0)
                        event->place.district = arena_copy(arena, code, 6);
                else if (options->district && division_covers(code, options->district))
                        event->place.district = options->district;
                *coded = options->district;
        }
}

/* Of every block in the language that was chosen. False: its codes are all of other places. */
static bool areas_fill(const WeatherOptions *options, const json_t *alert, const json_t *chosen, Arena *arena,
                       Event *event)
{
        CLEANUP(outlines_free) Outlines shapes = { 0 };
        CLEANUP(outline_drop) Outline *all = NULL;
        const json_t *info, *area;
        bool coded = false;
        Error unread;
        size_t i, k;

        json_array_foreach(json_at(alert, "info"), i, info) {
                if (!text_same(json_text(info, "language"), json_text(chosen, "language")))
                        continue;
                json_array_foreach(json_at(info, "area"), k, area) {
                        shapes_take(options->of.crs, json_at(area, "polygon"), false, &shapes, event);
                        shapes_take(options->of.crs, json_at(area, "circle"), true, &shapes, event);
                        codes_take(options, area, arena, &coded, event);
                        if (!coded && !event->place.district && is_named(options, json_text(area, "areaDesc")))
                                event->place.district = options->district;
                }
        }
        all = shapes.size ? outlines_together(&shapes, &unread) : NULL;
        event->geometry = all ? outline_text(all, arena) : NULL;
        event->quality |= shapes.size && !event->geometry ? QUALITY_PARTIAL : 0;
        return event->place.district || !coded;
}

/* ---- CAP: messages ---- */

/*
 * "sender,identifier,sent" of each earlier message, in whatever order: the earliest, the first of those that tell no time.
 * A word without comma is the rest of a time: "2023-09-04 11:30:00+08:00", GB/T 35965.1.
 */
static const char *chain_first(const CaseOptions *options, const char *at, Arena *arena)
{
        int64_t earliest = TIME_NONE, ms;
        const char *first = NULL;
        Error unread;

        if (at && !strchr(at, ','))
                return arena_copy(arena, at, strcspn(at, BLANKS));
        for (size_t size; at && *at; at += size) {
                char *identifier, *sent;

                at += strspn(at, BLANKS);
                size = strcspn(at, BLANKS);
                identifier = strchr(arena_copy(arena, at, size), ',');
                if (!identifier)
                        continue;
                sent = strchr(++identifier, ',');
                if (sent)
                        *sent++ = '\0';
                if (!sent || !time_read_in(sent, options->zone_ms, &ms, NULL, &unread))
                        ms = TIME_NONE;
                if (*identifier && (!first || (ms != TIME_NONE && ms < earliest))) {
                        first = identifier;
                        earliest = ms;
                }
        }
        return first;
}

/* In the language that is wanted the gravest, else the gravest; what names no language is English, CAP says. */
static const json_t *info_choose(const WeatherOptions *options, const json_t *alert)
{
        const json_t *info, *chosen = NULL;
        int best = -1;
        size_t i;

        json_array_foreach(json_at(alert, "info"), i, info) {
                const char *lang = json_text(info, "language");
                int rank = (int)severity_words_find(severities, json_text(info, "severity"));

                if (strncasecmp(lang ? lang : "en-US", options->lang, strlen(options->lang)) == 0)
                        rank += SEVERITY_CRITICAL + 1;
                if (rank > best) {
                        best = rank;
                        chosen = info;
                }
        }
        return chosen;
}

static const char *lang_read(const json_t *info)
{
        const char *lang = json_text(info, "language");
        size_t size = lang ? strspn(lang, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_") : 0;

        return size > 0 && size <= 35 && !lang[size] ? lang : NULL;
}

/* Why this is no warning, which never alarms; NULL: it is one. */
static const char *silence(const json_t *alert)
{
        const char *status = json_text(alert, "status"), *type = json_text(alert, "msgType");

        if (status && !text_is_one_of("Actual", status)) /* GB/T 35965.1: who says nothing means it */
                return "not actual";
        return text_is_one_of("Ack|Error", type) ? "answer of a system" : NULL;
}

static bool alert_translate(const void *of, const json_t *alert, Output *output, Error *err)
{
        const WeatherOptions *own = of;
        const CaseOptions *options = &own->of;
        const json_t *info = info_choose(own, alert);
        const char *silent = silence(alert), *first;
        Arena *arena = scratch(output);
        Case found = { 0 };
        Event event;

        first = chain_first(options, json_text(alert, "references"), arena);
        case_read(&form, options, info, arena, &found);
        case_read(&form, options, alert, arena, &found);
        found.paths[CASE_ID] = "identifier";
        found.texts[CASE_ID] = first && found.texts[CASE_STEP] ? first : found.texts[CASE_STEP];
        if (!silent && !case_event(&form, options, &found, arena, &event, err))
                return false;
        if (!silent && !areas_fill(own, alert, info, arena, &event))
                silent = "elsewhere";
        if (silent)
                return ignored(output, silent);
        event.lang = lang_read(info);
        if (text_same(json_text(info, "responseType"), "AllClear"))
                event.status.state = STATE_CLOSED;
        if (!first && event.status.state != STATE_RECEIVED)
                event.quality |= QUALITY_PARTIAL; /* it changes another message, and does not say which */
        warning_fill(own, info, output, &event);
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
        CLEANUP(json_drop) json_t *document = record_read(record, &xml, output, err), *alerts = json_array();
        const size_t mark = record->size < MARK_MOST ? record->size : MARK_MOST;

        if (!document)
                return false;
        if (json_at(document, "identifier") || json_at(document, "sent") || json_at(document, "info")) /* set aside */
                return alert_translate(of, document, output, err);
        record_collect(document, "alert", alerts);
        if (json_array_size(alerts) == 1)
                return alert_translate(of, json_array_get(alerts, 0), output, err);
        if (json_array_size(alerts))
                return page_translate(&alerts_form, NULL, of, alerts, output, err);
        return memchr(record->bytes, '<', mark) ? other_read(document, output, err)
                                                : page_read(of, document, output, err);
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
