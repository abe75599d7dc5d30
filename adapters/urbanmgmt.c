#include "adapters/urbanmgmt.h"

#include "adapters/list.h"
#include "hub/base/answer.h"
#include "hub/base/crypto.h"
#include "hub/base/person.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/dialect/fill.h"
#include "hub/document/page.h"
#include "hub/document/record.h"
#include "hub/document/reply.h"

#include <string.h>
#include <strings.h>

/*
 * Platform 4, digital urban management (数字城管), in the two dialects that eGova's systems speak: the list of cases that is asked
 * for (POST /api/cgdbstat/records/list, {"hasError", "result": []}), and the exchange between city and district, version 22, which
 * pushes an action a document (POST /v22-api/openapi/v1/action, {"uid", "senderCode", "action", "data": {}}). What is read says
 * which one it is.
 *
 * An action is a revision of its case: what it does to the case stands in urbanmgmt_action.c. Its number is the sender's uid and a
 * hash of what is mapped, for senders are known that use one uid for all.
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
        { "caseId", CASE_ID },
        { "id", CASE_ID },
        { "recId", CASE_ID },
        { "eventStateName", CASE_STATUS },
        { "caseStatus", CASE_STATUS },
        { "eventStateId", CASE_STAGE },
        { "disposeOpinion", CASE_STATUS_NOTE },
        { "archiveOpinion", CASE_STATUS_NOTE },
        { "applyReason", CASE_STATUS_NOTE },
        { "replyOpinion", CASE_STATUS_NOTE },
        { "opinion", CASE_STATUS_NOTE },
        { "itemContent", CASE_STATUS_NOTE },
        { "archiveTypeName", CASE_OUTCOME },
        { "occurTime", CASE_OCCURRED },
        { "registerTime", CASE_OCCURRED },
        { "createTime", CASE_OCCURRED },
        { "recCreateTime", CASE_OCCURRED },
        { "archiveTime", CASE_UPDATED },
        { "actionTime", CASE_UPDATED },
        { "replyTime", CASE_UPDATED },
        { "applyTime", CASE_UPDATED },
        { "disposeTime", CASE_UPDATED },
        { "disposeDeadlineTime", CASE_DEADLINE },
        { "thirdDeadlineTime", CASE_DEADLINE },
        { "endTime", CASE_DEADLINE },
        { "archiveTime", CASE_CLOSED },
        { "subTypeName", CASE_CATEGORY },
        { "eventLevelName", CASE_SEVERITY },
        { "title", CASE_TITLE },
        { "eventDesc", CASE_DESCRIPTION },
        { "medias", CASE_MEDIA },
        { "attachments", CASE_MEDIA },
        { "eventSrcName", CASE_CHANNEL },
        { "coordinateX", CASE_LON },
        { "longitude", CASE_LON },
        { "coordinateY", CASE_LAT },
        { "latitude", CASE_LAT },
        { "address", CASE_ADDRESS },
        { "streetName", CASE_SUBDISTRICT },
        { "communityName", CASE_COMMUNITY },
        { "dutyGridName", CASE_GRID },
        { "cellName", CASE_GRID },
        { "disposeUnitName", CASE_RESPONSIBLE },
        { "nextUnitName", CASE_RESPONSIBLE },
        { "handleOrgName", CASE_RESPONSIBLE },
        { "reporterName", CASE_REPORTER },
        { "reportPatrolName", CASE_REPORTER },
        { "contact", CASE_REPORTER_ID },
        { "IdCardNo", CASE_REPORTER_ID },
        { "idCardNo", CASE_REPORTER_ID },
        { 0 },
};

/* What the list adds to the workflow's words; eventStateId where there is no word. 督查: somebody above looks into it. */
static const StatusWords words[] = {
        { "1", STATE_RECEIVED },
        { "3|立案派遣", STATE_DISPATCHED },
        { "4|9|督查", STATE_PROCESSING },
        { "5|核查结案", STATE_VERIFYING },
        { "6", STATE_CLOSED },
        { "7", STATE_VOID },
        { "8", STATE_SUSPENDED },
        { 0 },
};

static const SeverityWords severities[] = { { "紧急|较急|加急", SEVERITY_MEDIUM },
                                            { "特急|特别紧急|重大", SEVERITY_HIGH },
                                            { 0 } };

static const CaseForm form = { .members = members, .words = words, .severities = severities, .state = STATE_RECEIVED };

/* ---- what the table cannot say ---- */

/* Classes of GB/T 30428.2 have two digits, of events and of components alike; eventTypeName says which. */
static const char *class_of(const json_t *item, bool component, Arena *arena)
{
        static const char *const names[2][5] = {
                { "市容环境", "宣传广告", "施工管理", "突发事件", "街面秩序" },
                { "公用设施|公共设施", "道路交通|交通设施", "市容环境", "园林绿化", "其他|其他设施" },
        };
        const char *told = json_text(item, "mainTypeId"), *name = json_text(item, "mainTypeName");
        const size_t size = told ? strspn(told, "0123456789") : 0;

        if ((size == 1 || size == 2) && !told[size])
                return arena_format(arena, "%s%s", size == 1 ? "0" : "", told);
        for (size_t i = 0; i < 5; i++)
                if (text_is_one_of(names[component][i], name))
                        return arena_format(arena, "0%zu", i + 1);
        return NULL;
}

/* A number of the system's own dictionary (4746 of 32, 32 hex digits) is no code; 504 lost its zero as a number. */
static void category_find(const UrbanOptions *of, const json_t *item, Arena *arena, Case *found, CaseForm *own)
{
        const char *type = json_text(item, "eventTypeName"), *sub = json_text(item, "subTypeId");
        const bool component = type && strstr(type, "部件"), named = found->texts[CASE_CATEGORY];
        const char *main = class_of(item, component, arena);
        const size_t size = sub ? strlen(sub) : 0;

        if (main)
                own->fallback = arena_format(arena, component ? "P%s" : "E%s99", main);
        if (found->texts[CASE_CATEGORY_CODE] || !sub)
                return;
        if (size == 3 && main && main[0] == '0' && main[1] == sub[0])
                sub = arena_format(arena, "0%s", sub);
        else if (size <= 2 && main && !named)
                sub = arena_format(arena, "%s%s%s", main, size == 1 ? "0" : "", sub);
        if (table_get(&of->of.categories, sub) || (main ? text_starts(sub, main) : !named || sub[0] == '0'))
                found->texts[CASE_CATEGORY_CODE] = component ? arena_format(arena, "P%s", sub) : sub;
}

static void reporter_find(const json_t *item, Arena *arena, Case *found, CaseForm *own)
{
        const char *name = found->texts[CASE_REPORTER];

        if (text_is_one_of("匿名|不详|未知", name))
                found->texts[CASE_REPORTER] = name = NULL;
        if (!name)
                found->texts[CASE_REPORTER] = person_named(found->texts[CASE_DESCRIPTION], arena);
        if (name && text_same(name, json_text(item, "reportPatrolName")))
                own->reporter = "inspector";
}

/* The numbers that receiver and people know the case by. */
static void links_fill(const json_t *item, Event *event)
{
        static const char *const numbers[][2] = { { "recId", "record" },
                                                  { "taskNum", "task" },
                                                  { "casNum", "number" },
                                                  { "caseNum", "number" },
                                                  { "caseHandleId", "dispatch" } };

        for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
                (void)fill_link(numbers[i][1], json_text(item, numbers[i][0]), event);
}

static const char *media_stage(EventState state)
{
        return state == STATE_FEEDBACK    ? "dispose"
               : state == STATE_VERIFYING ? "verify"
               : state == STATE_CLOSED    ? "close"
                                          : "report";
}

static void event_fill(const UrbanOptions *of, const json_t *item, const Envelope *envelope, Event *event)
{
        const char *space = envelope->sender ? table_get(&of->spaces, envelope->sender) : NULL;

        if (space)
                event->space = space;
        if (text_is_one_of("SUPERVISE|督查|9", event->status.raw))
                event->severity = SEVERITY_HIGH;
        if (json_flag(item, "reHandleFlag"))
                event->status.reopened = true;
        for (size_t i = 0; envelope->action && i < event->media_size; i++)
                event->media[i].stage = media_stage(event->status.state);
        links_fill(item, event);
}

/* Nothing but the order of actions is lost with a time that cannot be. */
static void time_spare(const UrbanOptions *of, UrbanAction *action, Case *found)
{
        const char *updated = found->texts[CASE_UPDATED];
        Error unread;
        int64_t ms;

        if (!updated || time_read_in(updated, of->of.zone_ms, &ms, NULL, &unread))
                return;
        found->texts[CASE_UPDATED] = NULL;
        action->quality |= QUALITY_PARTIAL;
}

/* An action that does not tell when its case began leaves what is known of that. */
static bool case_translate(const UrbanOptions *of, const json_t *item, const Envelope *envelope, Output *output,
                           Error *err)
{
        Arena *arena = scratch(output);
        CaseForm own = form;
        UrbanAction action = { 0 };
        Case found = { 0 };
        Event event;

        case_read(&form, &of->of, item, arena, &found);
        reporter_find(item, arena, &found, &own);
        category_find(of, item, arena, &found, &own);
        if (envelope->action && !urban_action(envelope->action, item, arena, &action, &found, err))
                return false;
        if (!envelope->action && !found.texts[CASE_STATUS] && json_text(item, "actDefName"))
                urban_phase(json_text(item, "actDefName"), &action, &found);
        if (action.words[0].words)
                own.words = action.words;
        if (envelope->uid)
                found.revision = arena_format(arena, "%s-%s", envelope->uid, case_hash(&found, arena));
        if (envelope->action && !found.texts[CASE_OCCURRED])
                time_spare(of, &action, &found);
        if (!case_event(&own, &of->of, &found, arena, &event, err))
                return false;
        if (envelope->action && !found.texts[CASE_OCCURRED])
                event.time.occurred = TIME_NONE;
        event.quality |= action.quality;
        event_fill(of, item, envelope, &event);
        return emit(output, &event, err);
}

/* ---- what is asked for ---- */

static const char *number(const void *options, const json_t *object, Arena *arena)
{
        const UrbanOptions *of = options;
        Case found = { 0 };

        case_read(&form, &of->of, object, arena, &found);
        if (found.texts[CASE_ID])
                return of->of.whole_ids ? "" : found.texts[CASE_ID];
        return found.nodes[CASE_ID] || json_text(object, "noticeData") ? "" : NULL;
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

static const PageForm page_form = { .number = number,
                                    .translate = item_translate,
                                    .lists = "result.resultList|result.itemInstList|result|" };

/* No list of cases: what the platform answers else, or the very question. */
static bool answer_read(const UrbanOptions *of, const json_t *document, Output *output, Error *err)
{
        const json_t *result = json_at(document, "result");
        const char *failed = answer_failure(document, false);

        if (json_is_object(json_at(result, "recInfo")))
                return item_translate(of, json_at(result, "recInfo"), output, err);
        if (json_text(result, "id"))
                return item_translate(of, result, output, err);
        if (json_array_size(json_at(result, "data")))
                return ignored(output, "dictionary");
        if (failed)
                return error_set(err, ERR_RETRY, "bad_value", "%.40s: says that it failed, and no case came", failed);
        if (result)
                return ignored(output, "answer");
        if (json_first(document, "startCreateTime|endCreateTime"))
                return ignored(output, "query");
        return item_translate(of, document, output, err);
}

static bool page_read(const UrbanOptions *of, const json_t *document, Output *output, Error *err)
{
        if (of->page.items[0] || page_items(&page_form, &of->page, document) || !json_is_object(document) ||
            number(of, document, scratch(output)))
                return page_translate(&page_form, &of->page, of, document, output, err);
        return answer_read(of, document, output, err);
}

/* ---- what is pushed ---- */

/* In the platform's own form; its codes: -400002 a wrong member, -400003 not allowed, -400004 no such action. */
static void answer(Output *output, int code, const char *message, const char *uid, const char *id)
{
        json_t *body = json_pack("{s:b,s:i,s:s,s:{},s:s,s:b}", "success", code == 0, "code", code, "message", message,
                                 "result", "uid", uid ? uid : "", "hasError", code != 0);

        if (id) {
                json_object_set_new(json_object_get(body, "result"), "recId",
                                    json_integer((json_int_t)(hash64(id, strlen(id)) & 0x7fffffff)));
                json_object_set_new(json_object_get(body, "result"), "taskNum", json_string(id));
        }
        reply_json(output, 200, "application/json", body);
}

/* uid and Uid, data and Data. */
static json_t *member_of(json_t *object, const char *name)
{
        const char *key;
        json_t *value;

        json_object_foreach(object, key, value)
                if (strcasecmp(key, name) == 0)
                        return value;
        return NULL;
}

static bool envelope_translate(const UrbanOptions *of, const Envelope *envelope, const json_t *data, Output *output,
                               Error *err)
{
        const bool query = text_starts(envelope->action, "GET_");

        if (query || text_same(envelope->action, "NOTICE_SIGNING")) {
                answer(output, query ? -400003 : 0, query ? "不答复查询" : "成功", envelope->uid, NULL);
                return ignored(output, query ? "query" : "receipt");
        }
        if (!json_is_object(data))
                return error_set(err, ERR_INPUT, data ? "bad_value" : "missing_field", "data: no object");
        if (!case_translate(of, data, envelope, output, err))
                return false;
        answer(output, 0, "成功", envelope->uid, json_text(data, "caseId"));
        return true;
}

/* What is refused is kept, and the peer is told in its own words. A step that is asked for alone has its number beside its action. */
static bool translate(const void *of, const Record *record, Output *output, Error *err)
{
        CLEANUP(json_drop) json_t *document = record_read(record, NULL, output, err);
        const Envelope envelope = { json_text(member_of(document, "action"), ""),
                                    json_text(member_of(document, "uid"), ""),
                                    json_text(member_of(document, "senderCode"), "") };
        const bool pushed = envelope.action && !json_at(document, "caseId");

        if (document && (pushed ? envelope_translate(of, &envelope, member_of(document, "data"), output, err)
                                : page_read(of, document, output, err)))
                return true;
        if (pushed || record->method)
                answer(output, text_same(err->reason, "unknown_message") ? -400004 : -400002, err->text, envelope.uid,
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
