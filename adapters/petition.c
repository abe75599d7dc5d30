#include "adapters/petition.h"
#include "adapters/list.h"
#include "hub/base/map.h"
#include "hub/base/text.h"
#include "hub/dialect/fill.h"
#include "hub/document/items.h"
#include "hub/document/page.h"
#include "hub/document/soap.h"

#include <string.h>

/*
 * Platform 2, petitions (信访), pushed in the forms that were seen of such systems: a JSON array; JSON with XML in `body`; SOAP, whose
 * operation service(String xml) has the XML as text. The members have pinyin's initials for names, in the letters of either case.
 *
 * A secret petition (issecret) leaves no trace: it is ignored, and answered as one that was taken. What cannot be read, and may
 * be one, is not kept either: its sender is told that it failed, and has it still. What says so is petition_secret.c's. Over 300
 * lines, as a push is answered petition by petition, in the form in which it came.
 */

static const Option table[] = { { .type = OPTION_PART, .part = case_options } };

/* Case of letters is kept, for an operation's name. */
static const XmlSpace spaces[] = { { SOAP11, "soap11" }, { SOAP12, "soap12" }, { 0 } };
static const XmlForm xml = { .spaces = spaces,
                             .lists = "fields FIELDS Fields xfj XFJ Xfj issecret ISSECRET IsSecret isSecret Issecret",
                             .declarations = true };

/* storeid is the only number that stays: three authorities number a petition anew. */
static const CaseMember members[] = {
        { "storeid", CASE_ID },        { "xfjbh", CASE_ID },         { "sxfjbh", CASE_ID },
        { "ldzt", CASE_STATUS },       { "clqk", CASE_OUTCOME },     { "djsj", CASE_OCCURRED },
        { "djsj", CASE_REPORTED },     { "sjc", CASE_UPDATED },      { "lastmodifytime", CASE_UPDATED },
        { "xbsj", CASE_DEADLINE },     { "yxj", CASE_SEVERITY },     { "nrfl", CASE_CATEGORY_CODE },
        { "xfmd", CASE_CONTACT_KIND }, { "bt", CASE_TITLE },         { "fynr", CASE_DESCRIPTION },
        { "xfxs", CASE_CHANNEL },      { "wtsd", CASE_ADDRESS },     { "xm", CASE_REPORTER },
        { "lxdh", CASE_REPORTER_ID },  { "zjhm", CASE_REPORTER_ID }, { 0 }
};

static const StatusWords words[] = {
        { "登记|已登记|待登记|待办", STATE_RECEIVED },
        { "转送|已转送|交办|已交办|转办|已转办|待签收", STATE_DISPATCHED },
        { "在办|正在办理", STATE_PROCESSING },
        { "答复|已答复|已回复", STATE_FEEDBACK },
        { "复查|复查中|复核|复核中|督查", STATE_VERIFYING },
        { "终结|已终结|审核认定办结|已评价", STATE_CLOSED, OUTCOME_DONE },
        { "不属实|查无实据|查无此事", STATE_CLOSED, OUTCOME_UNFOUNDED },
        { "并案|已并案|并案办理", STATE_CLOSED, OUTCOME_DUPLICATE },
        { "撤回|已撤回|撤诉", STATE_CLOSED, OUTCOME_WITHDRAWN },
        { "不受理|不再受理|退回", STATE_REJECTED },
        { 0 },
};
static const SeverityWords urgency[] = { { "特急", SEVERITY_HIGH }, { "紧急|加急|急", SEVERITY_MEDIUM }, { 0 } };
static const CaseForm form = {
        .members = members, .words = words, .severities = urgency, .state = STATE_RECEIVED, .fallback = "E2112"
};

typedef struct {
        const CaseOptions *of;
        Output *output;
        Map *said;            /* revisions of this push */
        size_t secrets;       /* how often its document says that something is secret */
        Buffer stored, known; /* numbers for the answer: of those that are taken, of those that came twice */
        json_t *failed;       /* array of failId, failReason */
} Push;

/* ---- the answer ---- */

static void number_add(Buffer *numbers, const char *number)
{
        if (number)
                buffer_format(numbers, "%s%s", numbers->size ? "," : "", number);
}

static void failure_add(Push *push, const char *number, const Error *why)
{
        CLEANUP(mem_drop) char *reason = text_format("%s: %s", why->reason ? why->reason : "bad_value", why->text);

        json_array_append_new(push->failed, json_pack("{ssss}", "failId", number ? number : "", "failReason", reason));
}

static char *answer_text(const Push *push, bool is_xml)
{
        CLEANUP(json_drop)
        json_t *root =
                json_pack("{s{sssssO}}", "result", "successStr", push->stored.size ? push->stored.bytes : "",
                          "conflictStr", push->known.size ? push->known.bytes : "", "failSituationList", push->failed);
        Buffer out = { 0 };

        if (!is_xml)
                return json_dumps(json_object_get(root, "result"), JSON_COMPACT);
        buffer_text(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        xml_write_tree(&out, root);
        return out.bytes;
}

/* In the form in which was asked; of what cannot be read only its first sign and its label tell what it was to be. */
static void answer_send(const Push *push, const Record *record, json_t *tree, const Error *fault)
{
        enum { FINE = 200, BAD = 400 };
        const char *label = record->content_type ? record->content_type : "";
        const bool is_xml = record_sign(record) == '<' || (!tree && strcasestr(label, "xml"));
        CLEANUP(mem_drop) char *text = answer_text(push, is_xml);
        Soap soap;

        if (soap_read(tree, &soap) && !fault)
                soap_result(&soap, text, push->output);
        else if (is_xml && fault && (!tree || soap.envelope))
                soap_fault(tree ? soap.version : soap_version(record), fault, push->output);
        else
                reply(push->output, &(Reply){ fault ? BAD : FINE,
                                              is_xml ? "text/xml; charset=utf-8" : "application/json; charset=utf-8",
                                              text, strlen(text) });
}

/* ---- the petition ---- */

/* Of four digits it would be taken for a code of GB/T 30428, and words are no code. */
static void class_take(const CaseOptions *of, Case *found)
{
        enum { STANDARD = 4 };
        const char *code = found->texts[CASE_CATEGORY_CODE];
        const size_t digits = code ? strspn(code, "0123456789") : 0;

        if (!code || table_get(&of->categories, code) || (digits != STANDARD && !code[digits]))
                return;
        found->texts[CASE_CATEGORY] = code;
        found->texts[CASE_CATEGORY_CODE] = NULL;
}

/* The home of who writes (czdz) is no place of a problem, and words are vague. */
static void place_fill(const json_t *item, Arena *arena, Event *event)
{
        enum { VAGUE_M = 500 };

        event->position.accuracy_m = VAGUE_M;
        (void)fill_division(json_text(item, "xzqh"), arena, event);
}

static void link_add(const char *rel, const char *number, Event *event)
{
        if (fill_link(rel, number, event))
                event_add_object(event, OBJECT_CASE, number);
}

/* A repeated petition (重件) has a number of its own beside those that the first one had. */
static void links_fill(const json_t *item, Event *event)
{
        const char *again = json_text(item, "qgccxfbz");
        bool is_repeat;
        const char *rel = again && ((text_read_flag(again, &is_repeat) && is_repeat) || text_starts(again, "重"))
                                  ? "repeat"
                                  : "case";

        link_add(rel, json_text(item, "xfjbh"), event);
        link_add(rel, json_text(item, "sxfjbh"), event);
        link_add("joint", json_text(item, "lhxfjid"), event);
}

static bool petition_emit(Push *push, const json_t *item, Error *err)
{
        Arena *arena = scratch(push->output);
        Case found = { 0 };
        const char *revision;
        Event event;

        case_read(&form, push->of, item, arena, &found);
        class_take(push->of, &found);
        if (!case_event(&form, push->of, &found, arena, &event, err))
                return false;
        place_fill(item, arena, &event);
        links_fill(item, &event);
        revision = arena_format(arena, "%s:%s", event.source.revision, event.source.id);
        if (map_get_text(push->said, revision)) {
                number_add(&push->known, event.source.id);
                return ignored(push->output, "twice in one push");
        }
        if (!emit(push->output, &event, err))
                return false;
        map_put_text(push->said, revision, push);
        number_add(&push->stored, event.source.id);
        return true;
}

/* ---- the push ---- */

/* Several of `xfj` alone are a list of petitions. */
static bool is_petition(const json_t *object)
{
        static const char *const holds[] = { "storeid", "xfjbh", "sxfjbh", "xfr", "blfss", "djsj", "bt", "fynr" };
        const json_t *parts = record_member(object, "xfj");

        for (size_t i = 0; i < sizeof(holds) / sizeof(holds[0]); i++)
                if (record_member(object, holds[i]))
                        return true;
        return parts && json_array_size(parts) <= 1;
}

/* What stands in its parts, one of each, stands beside the other members. */
static bool parts_take(json_t *item, Error *err)
{
        static const char *const parts[] = { "xfj", "xfr", "blfss" };
        const char *name;
        json_t *value;

        for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
                json_t *part = json_object_get(item, parts[i]);

                if (json_array_size(part) > 1)
                        return error_set(err, ERR_INPUT, "bad_value", "%s: more than one", parts[i]);
                json_object_foreach(json_is_array(part) ? json_array_get(part, 0) : part, name, value)
                        if (!json_text(item, name))
                                json_object_set(item, name, value);
        }
        return true;
}

static bool no_petition(const json_t *node, Error *err)
{
        if (!json_is_object(node))
                return error_set(err, ERR_INPUT, "bad_value", "no petition: it is no object");
        return error_set(err, ERR_INPUT, "unknown_message", "no petition in it");
}

static const char *number_of(const json_t *item)
{
        const char *number = json_text(item, "storeid"), *other = json_text(item, "xfjbh");

        return number ? number : other ? other : json_text(item, "sxfjbh");
}

static bool element_take(Push *push, json_t *element, bool is_hidden, Error *err)
{
        CLEANUP(json_drop) json_t *item = record_fold(element);
        Error why = { 0 };
        bool is_fine = is_petition(item) ? parts_take(item, &why) : no_petition(item, &why);

        item_begin(push->output);
        if (is_hidden || petition_secrets(element)) {
                number_add(&push->stored, number_of(item));
                return ignored(push->output, "secret");
        }
        if (is_fine && petition_emit(push, item, &why))
                return true;
        if (why.kind == ERR_INPUT)
                failure_add(push, number_of(item), &why);
        return item_reject(push->output, element, &why, err);
}

/* Petitions, wherever they stand, and what stands in an array without one. */
static bool message_take(Push *push, json_t *message, Error *err)
{
        static const ItemsForm anywhere = { .is_item = is_petition, .passed = "issecret", .strays = true };
        CLEANUP(json_drop) json_t *elements = items_find(&anywhere, message);
        json_t *element;
        bool hidden;
        size_t i;

        if (!json_array_size(elements) && !json_is_array(message))
                return no_petition(message, err);
        if (!json_array_size(elements))
                ignored(push->output, "no petitions");
        /* What the document says more often than its petitions do is said of all of them. */
        hidden = push->secrets > petition_secrets(elements);
        json_array_foreach(elements, i, element)
                if (!element_take(push, element, hidden, err))
                        return false;
        return true;
}

/* Markup stands as text in a SOAP operation, and in `body` of a JSON envelope. */
static bool document_take(Push *push, json_t *document, Error *err)
{
        CLEANUP(json_drop) json_t *folded = json_is_object(document) ? record_fold(document) : NULL, *message = NULL;
        Soap soap;
        const char *markup = soap_markup(soap_read(document, &soap) ? soap.body : json_object_get(folded, "body"));

        push->secrets = petition_secrets(document);
        if (!markup)
                return message_take(push, document, err);
        message = xml_read(markup, strlen(markup), &xml, err);
        return message && message_take(push, message, err);
}

static bool translate(const void *of, const Record *record, Output *output, Error *err)
{
        CLEANUP(map_drop) Map *said = map_new();
        CLEANUP(json_drop) json_t *document = soap_document(record, &xml, output, err), *failed = json_array();
        Push push = { .of = of, .output = output, .said = said, .failed = failed };
        bool fine = document && document_take(&push, document, err), is_fault;

        if (!fine)
                failure_add(&push, NULL, err);
        is_fault = !fine && (!document || text_same(err->reason, "unknown_message")); /* not a petition's trouble */
        answer_send(&push, record, document, is_fault ? err : NULL);
        buffer_free(&push.stored);
        buffer_free(&push.known);
        if (fine || err->kind == ERR_FATAL || !petition_may_be_secret(record))
                return fine;
        ignored(output, "unreadable, and perhaps secret");
        *err = (Error){ 0 };
        return true;
}

const Adapter petition = {
        .name = "petition",
        .about = "Petitions: pushed by SOAP with XML as text, or as JSON",
        .platform = "p02",
        .options = table,
        .options_size = sizeof(table) / sizeof(table[0]),
        .size = sizeof(CaseOptions),
        .translate = translate,
        .forms = &form,
        .forms_size = 1,
};
