#include "adapters/list.h"
#include "hub/base/text.h"
#include "hub/dialect/fill.h"
#include "hub/document/items.h"
#include "hub/document/page.h"
#include "hub/document/record.h"
#include "hub/document/table.h"
#include "hub/geo/division.h"

#include <string.h>
#include <wchar.h>

/*
 * Platform 15, administrative penalties and permits for outdoor advertising, in the columns of 双公示 (CF_ and XK_): rows of a
 * database, JSON over HTTP, the XML of an exchange service, or a published list in CSV.
 *
 * A penalty is a report; a permit is a registry row with a validity, and where a permit for an advertisement has ended when
 * its row comes, a report follows it: the banner must be gone. Rows carry people's ID numbers, which are not mapped.
 * Over 300 lines, as rows come in three carriers, and lists mix notes into them.
 */

typedef struct {
        CaseOptions of;
        PageOptions page;
        TextTable columns;
        char *district;
        int64_t follow_ms;
} EnforcementOptions;

#define AT(member) offsetof(EnforcementOptions, member)

enum { ROWS_UNKNOWN, ROWS_PENALTY, ROWS_PERMIT };

/* By what their headers hold; what stands first wins, so that a code of a name is no name. `other` is never looked at. */
static const TableColumn columns[] = {
        { "other", "cflb2|类别2|cfyj|依据|shxym|xdrzdm|xdrgsdj|xdrswdj|xdrsfz|xkfr|cffr|代码|法定代表人|身份证" },
        { "wsh", "wsh|文号|文书号" },
        { "xmmc", "xmmc|项目名称" },
        { "cfmc", "cfmc|处罚名称|案件名称" },
        { "splb", "splb|审批类别|许可类别" },
        { "cflb1", "cflb|处罚类别" },
        { "nr", "xknr|许可内容" },
        { "sy", "cfsy|事由|违法事实" },
        { "jg", "cfjg|处罚结果" },
        { "xdr", "xdr|相对人" },
        { "jdrq", "jdrq|决定日期|生效期" },
        { "jzq", "jzq|截止期|截止日期|有效期至" },
        { "xzjg", "xzjg|机关" },
        { "zt", "xkzt|cfzt|当前状态" },
        { "dfbm", "dfbm|地方编码" },
        { "sjc", "sjc|时间戳" },
        { "bz", "bz|备注" },
        { 0 },
};

static const TableForm list = { .columns = columns, .key = "wsh", .least = 3 };

static bool columns_check(const char *name, const void *of, Error *err)
{
        return table_columns_check(&list, name, of, err);
}

static const Option table[] = {
        { "district", OPTION_TEXT, AT(district), .value = "350206",
          .about = "rows of another DFBM are marked out_of_district; empty: none" },
        { "follow_up", OPTION_DURATION, AT(follow_ms), .value = "30d", .least = 0, .most = INT64_C(3660) * 86400000,
          .about = "a permit that ended at most so long before its row comes is followed by a report; 0s: none is" },
        { "columns", OPTION_TABLE, AT(columns), .check = columns_check,
          .about = "a list's header to its column: wsh, jdrq, sy ..." },
        { "crs", OPTION_CUSTOM, AT(of.crs), .custom = &crs_option,
          .about = "system of the positions in lon and lat; none: they are not read" },
        { "accuracy_m", OPTION_NUMBER, AT(of.accuracy_m), .value = "30", .least = 1, .most = 100000,
          .about = "how far off a position may be" },
        { .type = OPTION_PART, .offset = AT(page), .part = page_options },
        { .type = OPTION_PART, .offset = AT(of), .part = case_options },
};

static const CaseMember members[] = {
        { "wsh", CASE_ID },
        { "zt", CASE_STATUS },
        { "ajzt", CASE_STAGE },
        { "larq|jdrq", CASE_OCCURRED },
        { "sjc", CASE_UPDATED },
        { "jarq", CASE_CLOSED },
        { "jdrq", CASE_VALID_FROM },
        { "jzq", CASE_VALID_TO },
        { "xmmc|cfmc", CASE_CATEGORY },
        { "xmmc|cfmc", CASE_TITLE },
        { "nr|sy", CASE_DESCRIPTION },
        { "splb|cflb1", CASE_CHANNEL },
        { "xdr|xdr_mc", CASE_REPORTER },
        { "xzjg", CASE_RESPONSIBLE },
        { "bz", CASE_STATUS_NOTE },
        { "address", CASE_ADDRESS },
        { "lon", CASE_LON },
        { "lat", CASE_LAT },
        { 0 },
};

/* 0, normal, is what the form says: a permit in force, a decision, the last that is heard of a case. 3, "see the remark", is
 * the site's to say. */
static const StatusWords words[] = { { "1|撤销|已撤销|撤回|注销|撤案|销案", STATE_VOID, OUTCOME_WITHDRAWN },
                                     { "2|异议", STATE_VERIFYING },
                                     { "立案", STATE_FILED },
                                     { "调查|告知|听证|审批", STATE_PROCESSING },
                                     { "送达|已送达", STATE_FEEDBACK },
                                     { 0 } };

static const CaseForm forms[] = { { .members = members, .words = words, .state = STATE_CLOSED, .reporter = "party" },
                                  { .kind = KIND_REGISTRY,
                                    .members = members,
                                    .words = words,
                                    .state = STATE_FILED,
                                    .whole_days = true,
                                    .position = POSITION_REGISTRY,
                                    .reporter = "applicant" } };

static const XmlForm xml_form = { .fold = true, .lists = "fields row rows record item data" };

typedef struct {
        const EnforcementOptions *options;
        Table *rows; /* of a list, else NULL */
} Reader;

/* ---- document numbers ---- */

/* 厦湖城许〔2023〕118号 however its brackets, widths and blanks are written. */
static const char *number_plain(const char *text, Arena *arena)
{
        CLEANUP(buffer_free) Buffer plain = { 0 };

        for (const char *end = text + strlen(text); text < end;) {
                const uint32_t point = text_half(text_next(&text, end));

                if (!text_is_blank(point))
                        text_put(&plain, wcschr(L"([{【〔﹝〖〈《", (wchar_t)point)   ? 0x3014
                                         : wcschr(L")]}】〕﹞〗〉》", (wchar_t)point) ? 0x3015
                                                                                      : point);
        }
        return arena_copy(arena, plain.bytes ? plain.bytes : "", plain.size);
}

/* A year in brackets behind the organ's own signs: nobody else has that number. */
static bool has_year(const char *number)
{
        const char *year = strstr(number, "〔");

        return year && year > number && strspn(year + strlen("〔"), "0123456789") == 4;
}

/* A bare number is its organ's, and permits and penalties count on their own. A column that the site names is taken as it is. */
static const char *id_make(const Case *found, bool permit, Arena *arena)
{
        const char *number = number_plain(found->texts[CASE_ID], arena), *organ = found->texts[CASE_RESPONSIBLE];

        if (!text_same(found->paths[CASE_ID], "wsh"))
                return found->texts[CASE_ID];
        if (has_year(number))
                return number;
        return arena_format(arena, "%s/%s%s%s", permit ? "XK" : "CF", organ ? organ : "", organ ? "/" : "", number);
}

/* ---- rows ---- */

/* Its cells by their names without what tells permits from penalties: a cell that says something, where a view has both. */
static json_t *row_open(const json_t *item, int *kind)
{
        CLEANUP(json_drop) json_t *row = json_copy((json_t *)(uintptr_t)item);
        json_t *cells = json_object(), *value;
        const char *name;
        bool told = false;

        json_object_foreach(row, name, value) {
                const size_t prefix = text_starts(name, "xk_") || text_starts(name, "cf_") ? 3 : 0;
                const bool says = json_text(row, name);

                if (prefix && (*kind == ROWS_UNKNOWN || (says && !told))) {
                        *kind = name[0] == 'x' ? ROWS_PERMIT : ROWS_PENALTY;
                        told = says;
                }
                if (!json_text(cells, name + prefix))
                        json_object_set(cells, name + prefix, value);
        }
        return cells;
}

/* Explanations of the form and counts, among the rows: they have no number, or words in its place. */
static bool is_note(const Case *found, Arena *arena)
{
        const char *number = found->texts[CASE_ID] ? number_plain(found->texts[CASE_ID], arena) : NULL;

        if (!number)
                return !found->texts[CASE_OCCURRED] && !found->texts[CASE_TITLE];
        return !has_year(number) && (!strpbrk(number, "0123456789") || text_holds_one("说明|合计|统计", number) ||
                                     text_starts(number, "注"));
}

/* 350206, and what encloses it: 350200 is the city's. */
static void district_fill(const EnforcementOptions *options, const json_t *row, Event *event)
{
        const char *code = json_first(row, "dfbm|areacode");

        if (!division_is(code) || strlen(code) != strlen("350206"))
                return;
        event->place.district = code;
        if (options->district[0] && !division_covers(code, options->district))
                event->quality |= QUALITY_OUT_OF_DISTRICT;
}

/* A case's own step says more than "normal"; a decision that was taken back says more than the step. */
static void penalty_choose(const json_t *row, Arena *arena, Case *found)
{
        const char *said = found->texts[CASE_DESCRIPTION], *result = json_text(row, "jg");

        found->texts[CASE_VALID_FROM] = found->texts[CASE_VALID_TO] = NULL;
        if (result)
                found->texts[CASE_DESCRIPTION] = said ? arena_format(arena, "%s\n%s", said, result) : result;
        if (!found->texts[CASE_STAGE] && !found->texts[CASE_CLOSED])
                found->texts[CASE_CLOSED] = json_text(row, "jdrq");
}

static void normal_choose(const EnforcementOptions *options, Case *found)
{
        const char *status = found->texts[CASE_STATUS];

        if (text_is_one_of("0|正常", status) && !table_get(&options->of.states, status))
                found->texts[CASE_STATUS] = NULL;
}

/* 2099-12-31 and later mean that there is no end. */
static void end_choose(const CaseOptions *options, Case *found)
{
        const char *to = found->texts[CASE_VALID_TO];
        const int64_t never = time_days(2099, 1, 1) * 86400000 - options->zone_ms;

        if (text_is_one_of("长期|长期有效|永久|无期限|无", to) || time_or_none(to, options->zone_ms) >= never)
                found->texts[CASE_VALID_TO] = NULL;
}

/* ---- permits ---- */

/* By no rule of problems: a permit for a banner is no illegal banner. */
static void permit_fill(Event *event)
{
        const bool advert = text_holds_one("广告", event->title) || text_holds_one("广告", event->description);

        event_add_object(event, OBJECT_CASE, event->source.id);
        fill_category(advert ? "E2117" : "E2199", advert ? METHOD_RULE : METHOD_DEFAULT, event);
}

/* What the permit's end leaves to be looked at; its number and day name it, however often the row comes. */
static bool follow_emit(const EnforcementOptions *options, const Event *permit, const char *until, Output *output,
                        Error *err)
{
        const bool ends = permit->valid.to != TIME_NONE && text_same(permit->category.code, "E2117");
        const int64_t ago = ends ? record_of(output)->received_ms - permit->valid.to : -1;
        Arena *arena = scratch(output);
        Event event;

        if (ago < 0 || ago > options->follow_ms)
                return true;
        event_init(&event, KIND_REPORT);
        event.space = permit->space;
        event.source.id = arena_format(arena, "%s/expiry", permit->source.id);
        event.source.revision = until;
        event.time.occurred = permit->valid.to;
        event.time.precision = PRECISION_DAY;
        event.status.state = STATE_RECEIVED;
        event.category.code = "E0202";
        event.category.method = METHOD_RULE;
        event.title = arena_format(arena, "许可到期：%s", permit->title ? permit->title : "户外广告");
        event.description = permit->description;
        event.position = permit->position;
        event.place = permit->place;
        event.org.responsible = permit->org.responsible;
        event.quality = permit->quality;
        event_add_case_link(&event, "permit", permit->source.id);
        return emit(output, &event, err);
}

static bool row_emit(const Reader *reader, const json_t *row, bool permit, Case *found, Output *output, Error *err)
{
        const EnforcementOptions *options = reader->options;
        Arena *arena = scratch(output);
        Event event;

        if (!case_id_check("WSH", found->texts[CASE_ID], reader->rows && !options->of.whole_ids, err))
                return false;
        found->texts[CASE_ID] = id_make(found, permit, arena);
        normal_choose(options, found);
        end_choose(&options->of, found);
        if (!permit)
                penalty_choose(row, arena, found);
        if (!case_event(&forms[permit], &options->of, found, arena, &event, err))
                return false;
        district_fill(options, row, &event);
        if (permit)
                permit_fill(&event);
        event.quality |= reader->rows ? table_quality(reader->rows) : 0;
        return emit(output, &event, err) &&
               (!permit || follow_emit(options, &event, found->texts[CASE_VALID_TO], output, err));
}

static bool row_translate(const void *of, const json_t *item, Output *output, Error *err)
{
        const Reader *reader = of;
        int kind = ROWS_UNKNOWN;
        CLEANUP(json_drop) json_t *row = row_open(item, &kind);
        Case found = { 0 };

        if (reader->rows)
                kind = table_has(reader->rows, "xmmc") || table_has(reader->rows, "jzq") ? ROWS_PERMIT : ROWS_PENALTY;
        if (kind == ROWS_UNKNOWN)
                return error_set(err, ERR_INPUT, "missing_field", "XK_WSH, CF_WSH: missing");
        case_read(&forms[kind == ROWS_PERMIT], &reader->options->of, row, scratch(output), &found);
        if (is_note(&found, scratch(output)))
                return ignored(output, "a note among the rows");
        return (!reader->rows || table_check(reader->rows, err)) &&
               row_emit(reader, row, kind == ROWS_PERMIT, &found, output, err);
}

/* ---- records ---- */

/* A column of the site's own is taken as it is, and so are the ids that we make of bare numbers; those alone are their organ's. */
static const char *key_id(const EnforcementOptions *options, const char *key, Arena *arena)
{
        const char *number = number_plain(key, arena), *last = strrchr(key, '/');

        for (size_t i = 0; i < options->of.members.size; i++)
                if (text_same(options->of.members.values[i], "id"))
                        return key;
        if (has_year(number))
                return number;
        return last && (text_starts(key, "XK/") || text_starts(key, "CF/"))
                       ? arena_format(arena, "%.*s%s", (int)(last + 1 - key), key, number_plain(last + 1, arena))
                       : NULL;
}

static bool tombstone_translate(const EnforcementOptions *options, const Record *record, Output *output, Error *err)
{
        Arena *arena = scratch(output);
        const char *key = record_key(record, arena), *id = key ? key_id(options, key, arena) : NULL;
        const bool permit = id && (strstr(id, "许") || text_starts(id, "XK/"));
        Event event;

        if (key && !id)
                return error_set(err, ERR_INPUT, "bad_id", "key: a number without year and organ is nobody's alone");
        if (!fill_deleted(&options->of, record, permit ? KIND_REGISTRY : KIND_REPORT, id, arena, &event, err))
                return false;
        if (permit)
                permit_fill(&event);
        return emit(output, &event, err);
}

static const char *number(const void *of, const json_t *object, Arena *arena)
{
        int kind = ROWS_UNKNOWN;
        CLEANUP(json_drop) json_t *row = row_open(object, &kind);

        (void)of;
        (void)arena;
        return kind == ROWS_UNKNOWN || !json_object_size(row) ? NULL : "";
}

static const PageForm page_form = { .number = number, .translate = row_translate };

static bool is_row(const json_t *object)
{
        return json_object_get(object, "xk_wsh") || json_object_get(object, "cf_wsh") || json_object_get(object, "sjc");
}

/* The rows of an exchange message; within an envelope it is a text, as SOAP's service(String xml) takes it. */
static bool xml_translate(const EnforcementOptions *options, json_t *tree, Output *output, Error *err)
{
        static const ItemsForm form = { .is_item = is_row, .inner = &xml_form };
        CLEANUP(json_drop) json_t *rows = items_find(&form, tree);

        return json_array_size(rows) ? page_translate(&page_form, NULL, &(Reader){ options, NULL }, rows, output, err)
                                     : error_set(err, ERR_INPUT, "unknown_message", "no row of permits or penalties");
}

static bool list_translate(const EnforcementOptions *options, const Record *record, Output *output, Error *err)
{
        CLEANUP(table_drop) Table *rows = table_open(&list, &options->columns, record, err);

        return rows && table_translate(rows, row_translate, &(Reader){ options, rows }, output, err);
}

static bool translate(const void *of, const Record *record, Output *output, Error *err)
{
        const EnforcementOptions *options = of;
        CLEANUP(json_drop) json_t *page = NULL;
        const char sign = record_sign(record); /* a list has lines */

        if (record->size == 0)
                return tombstone_translate(options, record, output, err);
        if (sign && !strchr("<{[", sign) && memchr(record->bytes, '\n', record->size))
                return list_translate(options, record, output, err);
        page = record_read(record, &xml_form, output, err);
        if (!page)
                return false;
        return sign == '<' ? xml_translate(options, page, output, err)
                           : page_translate(&page_form, &options->page, &(Reader){ options, NULL }, page, output, err);
}

const Adapter enforcement = {
        .name = "enforcement",
        .about = "Penalties and permits for outdoor advertising: the columns of 双公示 in JSON, XML or CSV",
        .platform = "p15",
        .options = table,
        .options_size = sizeof(table) / sizeof(table[0]),
        .size = sizeof(EnforcementOptions),
        .translate = translate,
};
