#include "adapters/urbanmgmt.h"

#include "hub/base/json.h"
#include "hub/base/text.h"

#include <string.h>

/* What is asked for comes to be when a member says so; until then, and where it is refused, the case is in the other state. */
static const struct Action {
        const char *names;
        EventState state;
        const char *verdict, *yes; /* NULL: it has come to be */
        EventState otherwise;
} actions[] = {
        { "REPORT", STATE_RECEIVED },
        { "SIGN|ITEM_INST_SYNC|SUPERVISE|PRESS|URGE|NOTIFY|UPLOAD_MEDIA", STATE_PROCESSING },
        { "UPLOAD_CASE_INFO|UPDATE_CASE_INFO", STATE_DISPATCHED }, /* one in the document's text, one in its example */
        { "DISPOSE_FEEDBACK", STATE_FEEDBACK },
        { "CHECK_FEEDBACK", STATE_VERIFYING, "disposeState", "1", STATE_PROCESSING },
        { "ARCHIVE|FINISH|EVALUATE", STATE_CLOSED },
        { "CANCEL", STATE_VOID },
        { "ROLLBACK", STATE_FILED },
        { "APPLY_ARCHIVE|APPLY_FINISH", STATE_CLOSED, "applyTypeId", "0", STATE_VERIFYING },
        { "APPLY_CANCEL", STATE_VOID, "applyTypeId", "0", STATE_PROCESSING },
        { "APPLY_ROLLBACK", STATE_FILED, "applyTypeId", "0", STATE_PROCESSING },
        { "APPLY_POSTPONE", STATE_PROCESSING, "applyTypeId", "0", STATE_PROCESSING },
        { "REPLY_ARCHIVE|REPLY_FINISH", STATE_CLOSED, "replyResult", "1", STATE_PROCESSING },
        { "REPLY_CANCEL", STATE_VOID, "replyResult", "1", STATE_PROCESSING },
        { "REPLY_ROLLBACK", STATE_FILED, "replyResult", "1", STATE_PROCESSING },
        { "REPLY_POSTPONE", STATE_PROCESSING, "replyResult", "1", STATE_PROCESSING },
};

/* "APPLY_ ROLLBACK" is how the document has it. */
static const char *name_mend(const char *name, Arena *arena)
{
        char *mended = arena_copy(arena, name, strlen(name)), *end = mended;

        for (; *name; name++)
                if (*name != ' ')
                        *end++ = (char)(*name >= 'a' && *name <= 'z' ? *name - 'a' + 'A' : *name);
        *end = '\0';
        return mended;
}

static void state_set(UrbanAction *action, Case *found, const char *word, EventState state)
{
        static const StatusWords outcomes[] = { { "正常结案", STATE_CLOSED, OUTCOME_DONE },
                                                { "不属实|不属实结案|查无此事", STATE_CLOSED, OUTCOME_UNFOUNDED },
                                                { "重复|重复案件|重复上报", STATE_CLOSED, OUTCOME_DUPLICATE } };

        found->texts[CASE_STAGE] = word;
        action->words[0] = (StatusWords){ word, state };
        memcpy(action->words + 1, outcomes, sizeof(outcomes));
}

/* What is done there stands last: 街道分中心派遣, 市信息中心（受理）. In phase 结案 the case is not closed yet. */
void urban_phase(const char *phase, UrbanAction *action, Case *found)
{
        static const StatusWords phases[] = {
                { "结案", STATE_VERIFYING },
                { "核查", STATE_VERIFYING },
                { "回访", STATE_VERIFYING },
                { "处置", STATE_PROCESSING },
                { "处理", STATE_PROCESSING },
                { "派遣", STATE_DISPATCHED },
                { "派单", STATE_DISPATCHED },
                { "分拨", STATE_FILED },
                { "立案", STATE_FILED },
                { "受理", STATE_RECEIVED },
                { 0 },
        };
        EventState state = STATE_PROCESSING;
        const char *last = phase;

        for (const StatusWords *known = phases; known->words; known++) {
                for (const char *at = strstr(last, known->words); at; at = strstr(last, known->words)) {
                        last = at + 1;
                        state = known->state;
                }
        }
        state_set(action, found, phase, state);
}

/* A step that ends the case says so itself; else the case is in the phase that it was sent to. */
static void step_read(const json_t *data, UrbanAction *action, Case *found)
{
        static const StatusWords ends[] = { { "办结|结案|finish", STATE_CLOSED },
                                            { "作废|cancel", STATE_VOID },
                                            { "挂账|suspend", STATE_SUSPENDED },
                                            { 0 } };
        const char *name = json_first(data, "actionName|action"),
                   *phase = json_first(data, "nextTaskDefineName|taskDefineName");
        const StatusWords *end;

        if (phase)
                urban_phase(phase, action, found);
        end = status_words_find(ends, name);
        if (end)
                state_set(action, found, name, end->state);
}

/* A picture of the closing does not open the case again. */
static EventState media_state(const json_t *data)
{
        static const StatusWords usages[] = {
                { "处置|自处置", STATE_FEEDBACK }, { "核查", STATE_VERIFYING }, { "结案", STATE_CLOSED }, { 0 }
        };
        const StatusWords *known = status_words_find(usages, json_text(data, "medias.0.mediaUsage"));

        return known ? known->state : STATE_PROCESSING;
}

/* Until a time; hours and days are added to a deadline that is not told here. */
static void postpone_read(const json_t *data, UrbanAction *action, Case *found)
{
        const char *until = json_text(data, "postponeDeadline");

        if (until)
                found->texts[CASE_DEADLINE] = until;
        else if (!found->texts[CASE_DEADLINE] && json_text(data, "postponeTime"))
                action->quality |= QUALITY_PARTIAL;
}

bool urban_action(const char *name, const json_t *data, Arena *arena, UrbanAction *action, Case *found, Error *err)
{
        const struct Action *known = actions, *end = actions + sizeof(actions) / sizeof(actions[0]);
        const char *word = name_mend(name, arena);
        bool granted;

        /* The document has ARCHIVE under the name of the check. */
        if (text_same(word, "CHECK_FEEDBACK") && json_first(data, "archiveTypeId|archiveTime"))
                word = "ARCHIVE";
        while (known < end && !text_is_one_of(known->names, word))
                known++;
        if (known == end)
                return error_set(err, ERR_INPUT, "unknown_message", "action: none of the exchange's");
        granted = !known->verdict || text_same(json_text(data, known->verdict), known->yes);
        state_set(action, found, word, granted ? known->state : known->otherwise);
        if (text_same(word, "REPORT")) {
                /* One that is done over again was filed long ago. */
                found->texts[CASE_UPDATED] = json_first(
                        data, json_flag(data, "reHandleFlag") ? "dispatchTime" : "dispatchTime|registerTime");
                action->words[0].state = json_text(data, "dispatchTime") ? STATE_DISPATCHED : STATE_RECEIVED;
        }
        if (text_same(word, "ITEM_INST_SYNC"))
                step_read(data, action, found);
        if (text_same(word, "UPLOAD_MEDIA"))
                action->words[0].state = media_state(data);
        if (granted && text_is_one_of("APPLY_POSTPONE|REPLY_POSTPONE", word))
                postpone_read(data, action, found);
        return true;
}
