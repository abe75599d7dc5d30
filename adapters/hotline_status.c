#include "adapters/hotline.h"

#include "hub/base/text.h"

#include <string.h>
#include <strings.h>

typedef struct {
        EventState state;
        EventOutcome outcome;
        bool reopened;
} Status;

/* Words of the vendor's workflow (as a 12345 system in Tai'an shows it) and of GeoReport v2. */
static const struct {
        const char *word;
        EventState state;
} states[] = {
        { "待受理", STATE_RECEIVED },   { "待补充", STATE_RECEIVED },   { "受理", STATE_RECEIVED },
        { "已受理", STATE_FILED },      { "待派遣", STATE_FILED },      { "预审", STATE_FILED },
        { "已派遣", STATE_DISPATCHED }, { "派遣", STATE_DISPATCHED },   { "待处置", STATE_PROCESSING },
        { "处置", STATE_PROCESSING },   { "待督办", STATE_PROCESSING }, { "已处置", STATE_FEEDBACK },
        { "待回访", STATE_VERIFYING },  { "回访", STATE_VERIFYING },    { "已回访", STATE_VERIFYING },
        { "待结案", STATE_VERIFYING },  { "已结案", STATE_CLOSED },     { "结案", STATE_CLOSED },
        { "open", STATE_RECEIVED },     { "closed", STATE_CLOSED },
};

/* "closed", "closed:duplicate", "processing:reopened" */
static bool status_read(const char *text, Status *status)
{
        char state[16] = "";
        size_t size = strcspn(text, ":");
        const char *more = text[size] ? text + size + 1 : NULL;

        if (size >= sizeof(state))
                return false;
        memcpy(state, text, size);
        *status = (Status){ .state = state_find(state), .reopened = text_same(more, "reopened") };
        if (more && !status->reopened)
                status->outcome = outcome_find(more);
        return status->state != STATE_NONE && (!more || status->reopened || status->outcome != OUTCOME_NONE);
}

static bool word_find(const HotlineOptions *options, const char *word, Status *status)
{
        const char *own = word ? table_get(&options->states, word) : NULL;

        if (own)
                return status_read(own, status);
        for (size_t i = 0; word && i < sizeof(states) / sizeof(states[0]); i++) {
                if (strcasecmp(states[i].word, word) == 0) {
                        *status = (Status){ .state = states[i].state };
                        return true;
                }
        }
        return false;
}

/* A free reason may hold personal data: only one that the site wrote into its own table is repeated. */
static const char *word_choose(const HotlineOptions *options, const Case *found)
{
        const char *note = found->texts[ROLE_STATUS_NOTE], *word = found->texts[ROLE_STATUS];
        const char *stage = found->texts[ROLE_STAGE];
        Status unused;

        if (note && table_get(&options->states, note))
                return note;
        if (word_find(options, word, &unused) || !stage)
                return word;
        return word && !word_find(options, stage, &unused) ? word : stage;
}

bool status_fill(const HotlineOptions *options, const Case *found, Event *event, Error *err)
{
        const char *word = word_choose(options, found), *outcome = found->texts[ROLE_OUTCOME];
        Status status = { .state = STATE_RECEIVED }, other = { 0 };

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

bool status_check(const HotlineOptions *options, Error *err)
{
        const TextTable *words = &options->states;
        Status unused;

        for (size_t i = 0; i < words->size; i++)
                if (!status_read(words->values[i], &unused))
                        return error_set(err, ERR_FATAL, NULL,
                                         "states: %s: \"%s\" is no state, state:outcome or state:reopened",
                                         words->keys[i], words->values[i]);
        return true;
}
