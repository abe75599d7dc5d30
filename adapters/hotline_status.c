#include "adapters/hotline.h"
#include "adapters/words.h"

#include "hub/base/text.h"

/* Words of the vendor's workflow (as a 12345 system in Tai'an shows it) and of GeoReport v2. */
static const StatusWord words[] = {
        { "待受理", STATE_RECEIVED },   { "待补充", STATE_RECEIVED },   { "受理", STATE_RECEIVED },
        { "已受理", STATE_FILED },      { "待派遣", STATE_FILED },      { "预审", STATE_FILED },
        { "已派遣", STATE_DISPATCHED }, { "派遣", STATE_DISPATCHED },   { "待处置", STATE_PROCESSING },
        { "处置", STATE_PROCESSING },   { "待督办", STATE_PROCESSING }, { "已处置", STATE_FEEDBACK },
        { "待回访", STATE_VERIFYING },  { "回访", STATE_VERIFYING },    { "已回访", STATE_VERIFYING },
        { "待结案", STATE_VERIFYING },  { "已结案", STATE_CLOSED },     { "结案", STATE_CLOSED },
        { "open", STATE_RECEIVED },     { "closed", STATE_CLOSED },     { 0 },
};

static bool word_find(const HotlineOptions *options, const char *word, StatusWord *status)
{
        return status_word_find(&options->states, words, word, status);
}

/* A free reason may hold personal data: only one that the site wrote into its own table is repeated. */
static const char *word_choose(const HotlineOptions *options, const Case *found)
{
        const char *note = found->texts[ROLE_STATUS_NOTE], *word = found->texts[ROLE_STATUS];
        const char *stage = found->texts[ROLE_STAGE];
        StatusWord unused;

        if (note && table_get(&options->states, note))
                return note;
        if (word_find(options, word, &unused) || !stage)
                return word;
        return word && !word_find(options, stage, &unused) ? word : stage;
}

bool status_fill(const HotlineOptions *options, const Case *found, Event *event, Error *err)
{
        const char *word = word_choose(options, found), *outcome = found->texts[ROLE_OUTCOME];
        StatusWord status = { .state = STATE_RECEIVED }, other = { 0 };

        if (!word)
                return error_set(err, ERR_INPUT, "missing_field", "status: missing");
        if (!word_find(options, word, &status))
                event->quality |= QUALITY_PARTIAL;
        if (outcome && word_find(options, outcome, &other))
                status.outcome = other.outcome;
        else if (outcome && outcome_find(outcome) != OUTCOME_NONE)
                status.outcome = outcome_find(outcome);
        event->status.raw = word;
        event->status.state = status.state;
        event->status.outcome = status.outcome;
        event->status.reopened = status.reopened;
        return true;
}
