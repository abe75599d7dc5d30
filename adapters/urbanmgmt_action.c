#include "adapters/urbanmgmt.h"

#include "hub/base/json.h"
#include "hub/base/text.h"

#include <string.h>

static void state_set(const char *word, EventState state, Case *found)
{
        found->texts[CASE_STAGE] = word;
        found->stage = state;
}

/* A phase of the workflow is named after what is done there, which stands last: 街道分中心派遣, 市信息中心（受理）. In 结案 the case is not
 * closed yet. */
static void phase_read(const char *phase, Case *found)
{
        enum { WORD_SIZE = sizeof("结案") - 1 };
        static const StatusWords phases[] = { { "结案|核查|回访", STATE_VERIFYING },
                                              { "处置|处理", STATE_PROCESSING },
                                              { "派遣|派单", STATE_DISPATCHED },
                                              { "分拨|立案", STATE_FILED },
                                              { "受理", STATE_RECEIVED },
                                              { 0 } };

        const char *end = phase + strlen(phase);

        state_set(phase, STATE_PROCESSING, found);
        for (const char *at = phase; end - at >= WORD_SIZE; at++)
                for (const StatusWords *known = phases; known->words; known++)
                        if (text_among(known->words, at, WORD_SIZE))
                                found->stage = known->state;
}

/* A step that ends the case says so itself; else the case is in the phase that it was sent to. */
static void step_read(const json_t *data, Case *found)
{
        static const StatusWords ends[] = { { "办结|结案|finish", STATE_CLOSED },
                                            { "作废|cancel", STATE_VOID },
                                            { "挂账|suspend", STATE_SUSPENDED },
                                            { 0 } };
        const char *name = json_first(data, "actionName|action"),
                   *phase = json_first(data, "nextTaskDefineName|taskDefineName");
        const StatusWords *end = status_words_find(ends, name);

        if (end)
                state_set(name, end->state, found);
        else if (phase)
                phase_read(phase, found);
}

/* A picture of the closing does not open the case again. */
static void media_read(const json_t *data, Case *found)
{
        static const StatusWords usages[] = {
                { "处置|自处置", STATE_FEEDBACK }, { "核查", STATE_VERIFYING }, { "结案", STATE_CLOSED }, { 0 }
        };
        const StatusWords *known = status_words_find(usages, json_text(data, "medias.0.mediaUsage"));

        found->stage = known ? known->state : found->stage;
}

/* Until a time; hours and days are added to a deadline that is not told here. */
static void postpone_read(const json_t *data, Case *found)
{
        const char *until = json_text(data, "postponeDeadline");

        if (until)
                found->texts[CASE_DEADLINE] = until;
        else if (!found->texts[CASE_DEADLINE] && json_text(data, "postponeTime"))
                found->quality |= QUALITY_PARTIAL;
}

/* One that is done over again was filed long ago. */
static void report_read(const json_t *data, Case *found)
{
        found->texts[CASE_UPDATED] =
                json_first(data, json_flag(data, "reHandleFlag") ? "dispatchTime" : "dispatchTime|registerTime");
        found->stage = json_text(data, "dispatchTime") ? STATE_DISPATCHED : STATE_RECEIVED;
}

/* What is asked for comes to be when a member says so; until then, and where it is refused, the case is in the other state. */
static const struct Action {
        const char *names;
        EventState state;
        const char *verdict, *yes; /* NULL: it has come to be */
        EventState otherwise;
        void (*read)(const json_t *data, Case *found); /* what else it says, once it has come to be; NULL: nothing */
} actions[] = {
        { "REPORT", STATE_RECEIVED, .read = report_read },
        { "SIGN|SUPERVISE|PRESS|URGE|NOTIFY", STATE_PROCESSING },
        { "ITEM_INST_SYNC", STATE_PROCESSING, .read = step_read },
        { "UPLOAD_MEDIA", STATE_PROCESSING, .read = media_read },
        { "UPLOAD_CASE_INFO|UPDATE_CASE_INFO", STATE_DISPATCHED }, /* one in the document's text, one in its example */
        { "DISPOSE_FEEDBACK", STATE_FEEDBACK },
        { "CHECK_FEEDBACK", STATE_VERIFYING, "disposeState", "1", STATE_PROCESSING },
        { "ARCHIVE|FINISH|EVALUATE", STATE_CLOSED },
        { "CANCEL", STATE_VOID },
        { "ROLLBACK", STATE_FILED },
        { "APPLY_ARCHIVE|APPLY_FINISH", STATE_CLOSED, "applyTypeId", "0", STATE_VERIFYING },
        { "APPLY_CANCEL", STATE_VOID, "applyTypeId", "0", STATE_PROCESSING },
        { "APPLY_ROLLBACK", STATE_FILED, "applyTypeId", "0", STATE_PROCESSING },
        { "APPLY_POSTPONE", STATE_PROCESSING, "applyTypeId", "0", STATE_PROCESSING, postpone_read },
        { "REPLY_ARCHIVE|REPLY_FINISH", STATE_CLOSED, "replyResult", "1", STATE_PROCESSING },
        { "REPLY_CANCEL", STATE_VOID, "replyResult", "1", STATE_PROCESSING },
        { "REPLY_ROLLBACK", STATE_FILED, "replyResult", "1", STATE_PROCESSING },
        { "REPLY_POSTPONE", STATE_PROCESSING, "replyResult", "1", STATE_PROCESSING, postpone_read },
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

bool urban_state(const char *action, const json_t *data, Arena *arena, Case *found, Error *err)
{
        const struct Action *known = actions, *end = actions + sizeof(actions) / sizeof(actions[0]);
        const char *phase = json_text(data, "actDefName"), *word = name_mend(action ? action : "", arena);
        bool granted;

        if (!action && phase && !found->texts[CASE_STATUS])
                phase_read(phase, found);
        if (!action)
                return true;
        /* The document has ARCHIVE under the name of the check. */
        if (text_same(word, "CHECK_FEEDBACK") && json_first(data, "archiveTypeId|archiveTime"))
                word = "ARCHIVE";
        while (known < end && !text_is_one_of(known->names, word))
                known++;
        if (known == end)
                return error_set(err, ERR_INPUT, "unknown_message", "action: none of the exchange's");
        granted = !known->verdict || text_same(json_text(data, known->verdict), known->yes);
        state_set(word, granted ? known->state : known->otherwise, found);
        if (granted && known->read)
                known->read(data, found);
        return true;
}
