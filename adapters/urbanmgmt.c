#include "adapters/urbanmgmt.h"

#include "adapters/list.h"
#include "hub/base/answer.h"
#include "hub/base/crypto.h"
#include "hub/base/person.h"
#include "hub/base/text.h"
#include "hub/dialect/fill.h"
#include "hub/document/media.h"
#include "hub/document/page.h"
#include "hub/document/record.h"
#include "hub/document/reply.h"
#include "hub/gbt30428/code.h"

#include <string.h>

/*
 * Platform 4, digital urban management (数字城管), in the two dialects that eGova's systems speak: the list of cases that is asked
 * for (POST /api/cgdbstat/records/list, {"hasError", "result": []}), and the exchange between city and district, version 22, which
 * pushes an action a document (POST /v22-api/openapi/v1/action, {"uid", "senderCode", "action", "data": {}}).
 *
 * An action is a revision of its case: what it does to the case stands in urbanmgmt_action.c. Its number is the sender's uid and a
 * hash of what is mapped, for senders are known that use one uid for all. Over 300 lines, as each action says in its own way what
 * became of the case.
 */

typedef struct {
        CaseOptions of;
        PageOptions page;
        TextTable spaces;
} UrbanOptions;

typedef struct {
        const char *action, *uid, *sender; /* NULL: not told */
} Envelope;

#define AT(member) offsetof(UrbanOptions, member)

static const Option table[] = {
        { "spaces", OPTION_TABLE, AT(spaces),
          .about = "a sender's senderCode to its id space, where several number their cases alike" },
        { .type = OPTION_PART, .offset = AT(page), .part = page_options },
        { .type = OPTION_PART, .offset = AT(of), .part = case_position_options },
        { .type = OPTION_PART, .offset = AT(of), .part = case_options },
};

static const CaseMember members[] = {
        { "caseId|id|recId", CASE_ID },
        { "eventStateName|caseStatus", CASE_STATUS },
        { "eventStateId", CASE_STAGE },
        { "disposeOpinion|archiveOpinion|applyReason|replyOpinion|opinion|itemContent", CASE_STATUS_NOTE },
        { "archiveTypeName", CASE_OUTCOME },
        { "occurTime|registerTime|createTime|recCreateTime", CASE_OCCURRED },
        { "archiveTime|actionTime|replyTime|applyTime|disposeTime", CASE_UPDATED },
        { "disposeDeadlineTime|thirdDeadlineTime|endTime", CASE_DEADLINE },
        { "archiveTime", CASE_CLOSED },
        { "subTypeName", CASE_CATEGORY },
        { "eventLevelName", CASE_SEVERITY },
        { "title", CASE_TITLE },
        { "eventDesc", CASE_DESCRIPTION },
        { "medias|attachments", CASE_MEDIA },
        { "eventSrcName", CASE_CHANNEL },
        { "coordinateX|longitude", CASE_LON },
        { "coordinateY|latitude", CASE_LAT },
        { "address", CASE_ADDRESS },
        { "streetName", CASE_SUBDISTRICT },
        { "communityName", CASE_COMMUNITY },
        { "dutyGridName|cellName", CASE_GRID },
        { "disposeUnitName|nextUnitName|handleOrgName", CASE_RESPONSIBLE },
        { "reporterName|reportPatrolName", CASE_REPORTER },
        { "contact|IdCardNo|idCardNo", CASE_REPORTER_ID },
        { 0 },
};

/* What the list adds to the workflow's words, eventStateId where there is no word, and how an archive ends. */
static const StatusWords words[] = {
        { "1", STATE_RECEIVED },
        { "3|立案派遣", STATE_DISPATCHED },
        { "4|9|督查", STATE_PROCESSING }, /* 督查: somebody above looks into it */
        { "5|核查结案", STATE_VERIFYING },
        { "6", STATE_CLOSED },
        { "7", STATE_VOID },
        { "8", STATE_SUSPENDED },
        { "正常结案", STATE_CLOSED, OUTCOME_DONE },
        { "不属实|不属实结案|查无此事", STATE_CLOSED, OUTCOME_UNFOUNDED },
        { "重复|重复案件|重复上报", STATE_CLOSED, OUTCOME_DUPLICATE },
        { 0 },
};

static const SeverityWords severities[] = { { "紧急|较急|加急", SEVERITY_MEDIUM },
                                            { "特急|特别紧急|重大", SEVERITY_HIGH },
                                            { 0 } };

static const CaseForm form = { .members = members, .words = words, .severities = severities, .state = STATE_RECEIVED };

/* ---- what the table cannot say ---- */

/* Returns the class's own code, for where no other is found. eventTypeName says whether it is a component. */
static const char *category_find(const UrbanOptions *of, const json_t *item, Arena *arena, Case *found)
{
        const bool component = text_holds_one("部件", json_text(item, "eventTypeName"));
        const bool bare = !found->texts[CASE_CATEGORY];
        const char *class =
                gbt30428_class(json_text(item, "mainTypeId"), json_text(item, "mainTypeName"), component, arena);
        const char *code = gbt30428_code(class, json_text(item, "subTypeId"), bare, arena);

        if (code && !found->texts[CASE_CATEGORY_CODE] &&
            (table_get(&of->of.categories, code) || gbt30428_is_code(class, code, bare)))
                found->texts[CASE_CATEGORY_CODE] = component ? arena_format(arena, "P%s", code) : code;
        return class ? arena_format(arena, component ? "P%s" : "E%s99", class) : NULL;
}

static void reporter_find(Arena *arena, Case *found)
{
        if (!found->texts[CASE_REPORTER] || text_is_one_of("匿名|不详|未知", found->texts[CASE_REPORTER]))
                found->texts[CASE_REPORTER] = person_named(found->texts[CASE_DESCRIPTION], arena);
}

/* The numbers that receiver and people know the case by. */
static const LinkMember numbers[] = { { "recId", "record" },   { "taskNum", "task" },          { "casNum", "number" },
                                      { "caseNum", "number" }, { "caseHandleId", "dispatch" }, { 0 } };

static void event_fill(const UrbanOptions *of, const json_t *item, const Envelope *told, Event *event)
{
        if (told->sender && table_get(&of->spaces, told->sender))
                event->space = table_get(&of->spaces, told->sender);
        if (text_is_one_of("SUPERVISE|督查|9", event->status.raw))
                event->severity = SEVERITY_HIGH;
        if (event->reporter.name && text_same(event->reporter.name, json_text(item, "reportPatrolName")))
                event->reporter.kind = "inspector";
        event->status.reopened |= json_flag(item, "reHandleFlag");
        if (told->action)
                media_stages(event);
        fill_links(numbers, item, event);
}

/* An action that does not tell when its case began leaves what is known of that. */
static bool case_translate(const UrbanOptions *of, const json_t *item, const Envelope *told, Output *output, Error *err)
{
        Arena *arena = scratch(output);
        Case found = { 0 };
        const char *class;
        Event event;

        case_read(&form, &of->of, item, arena, &found);
        reporter_find(arena, &found);
        class = category_find(of, item, arena, &found);
        found.later = told->action;
        if (!urban_state(told->action, item, arena, &found, err))
                return false;
        if (told->uid)
                found.revision = arena_format(arena, "%s-%s", told->uid, case_hash(&found, arena));
        if (!case_event(&form, &of->of, &found, arena, &event, err))
                return false;
        event.category.fallback = class;
        event_fill(of, item, told, &event);
        return emit(output, &event, err);
}

/* ---- what is asked for ---- */

static const char *number(const void *options, const json_t *object, Arena *arena)
{
        const UrbanOptions *of = options;
        const char *id = case_number(&form, &of->of, object, arena);

        return !id && json_text(object, "noticeData") ? "" : id;
}

/* A case; a step of one; or a notice, whose data is JSON in a text and does not name its action: only a report can be told. */
static bool item_translate(const void *options, const json_t *item, Output *output, Error *err)
{
        const char *notice = json_text(item, "noticeData");
        CLEANUP(json_drop) json_t *data = notice ? json_read(notice, strlen(notice), err) : NULL;
        Envelope envelope = { .uid = json_text(item, "noticeId") };

        if (notice && !data)
                return false;
        if (data && !json_text(data, "eventDesc"))
                return error_set(err, ERR_INPUT, "unsupported", "noticeData: of an action that is not named");
        if (data || json_text(item, "taskDefineName"))
                envelope.action = data ? "REPORT" : "ITEM_INST_SYNC";
        return case_translate(options, data ? data : item, &envelope, output, err);
}

static const PageForm page_form = {
        .number = number,
        .translate = item_translate,
        .lists = "result.resultList|result.itemInstList|result.list|result.records|result.recInfo|result|"
};

/* A dictionary, an answer of another kind, the very question. NULL: it may be of cases. */
static const char *nothing_said(const UrbanOptions *of, const json_t *document, Arena *arena)
{
        const json_t *result = json_at(document, "result");
        const bool is_case = json_at(result, "recInfo") || json_text(result, "id"); /* recId: but a receipt */

        if (of->page.items[0] || json_is_array(document) || number(of, document, arena))
                return NULL;
        if (json_array_size(json_at(result, "data")))
                return "dictionary";
        if (!result)
                return json_first(document, "startCreateTime|endCreateTime") ? "query" : NULL;
        return is_case || page_items(&page_form, &of->page, document) || answer_failure(document, false) ? NULL
                                                                                                         : "answer";
}

/* ---- what is pushed ---- */

/* In the platform's own form; its codes: -400002 a wrong member, -400003 not allowed, -400004 no such action. */
static void answer(Output *output, int code, const char *message, const char *uid, const char *id)
{
        json_t *result = id ? json_pack("{s:i,s:s}", "recId", (int)(hash64(id, strlen(id)) & INT32_MAX), "taskNum", id)
                            : json_object();

        reply_json(output, 200, "application/json",
                   json_pack("{s:b,s:i,s:s,s:o,s:s,s:b}", "success", code == 0, "code", code, "message", message,
                             "result", result, "uid", uid ? uid : "", "hasError", code != 0));
}

static bool envelope_translate(const UrbanOptions *of, const Envelope *told, const json_t *data, Output *output,
                               Error *err)
{
        const bool query = text_starts(told->action, "GET_");

        if (query || text_same(told->action, "NOTICE_SIGNING")) {
                answer(output, query ? -400003 : 0, query ? "不答复查询" : "成功", told->uid, NULL);
                return ignored(output, query ? "query" : "receipt");
        }
        if (!json_is_object(data))
                return error_set(err, ERR_INPUT, data ? "bad_value" : "missing_field", "data: no object");
        if (!case_translate(of, data, told, output, err))
                return false;
        answer(output, 0, "成功", told->uid, json_text(data, "caseId"));
        return true;
}

/* What is refused is kept, and the peer is told in its own words. A step that is asked for alone has its number beside its action. */
static bool translate(const void *of, const Record *record, Output *output, Error *err)
{
        const UrbanOptions *options = of;
        CLEANUP(json_drop) json_t *document = record_read(record, NULL, output, err);
        const Envelope told = { record_text(document, "action"), record_text(document, "uid"),
                                record_text(document, "senderCode") }; /* senders write these names as they like */
        const bool pushed = told.action && !json_at(document, "caseId");
        const char *why = document && !pushed ? nothing_said(of, document, scratch(output)) : NULL;

        if (why)
                return ignored(output, why);
        if (document && (pushed ? envelope_translate(of, &told, record_member(document, "data"), output, err)
                                : page_translate(&page_form, &options->page, of, document, output, err)))
                return true;
        if (pushed || record->method)
                answer(output, text_same(err->reason, "unknown_message") ? -400004 : -400002, err->text, told.uid,
                       NULL);
        return false;
}

const Adapter urbanmgmt = {
        .name = "urbanmgmt",
        .about = "Digital urban management: eGova's list of cases, and actions pushed by its exchange V22",
        .platform = "p04",
        .options = table,
        .options_size = sizeof(table) / sizeof(table[0]),
        .size = sizeof(UrbanOptions),
        .translate = translate,
        .forms = &form,
        .forms_size = 1,
};
