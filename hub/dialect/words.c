#include "hub/dialect/words.h"

#include "hub/base/text.h"
#include "hub/event/fields.h"

#include <string.h>

enum { CODE_MOST = 32 };

/* As a 12345 system in Tai'an, grid platforms and GB/T 30428 name the steps of a case. */
static const StatusWords workflow[] = {
        { "待受理|待补充|受理|已上报|待立案", STATE_RECEIVED },
        { "已受理|待派遣|预审|已立案|待分派", STATE_FILED },
        { "已派遣|派遣|已分派|待签收", STATE_DISPATCHED },
        { "待处置|处置|待督办|待处理|处理中|处置中|办理中", STATE_PROCESSING },
        { "已处置|已处理", STATE_FEEDBACK },
        { "待回访|回访|已回访|待结案|待核查|核查中", STATE_VERIFYING },
        { "已结案|结案|已办结|办结|已归档", STATE_CLOSED },
        { "上报即结案|自行处置|自行处理", STATE_CLOSED, OUTCOME_DONE },
        { "已作废|作废", STATE_VOID },
        { "挂账", STATE_SUSPENDED },
        { "不予受理|已退回", STATE_REJECTED },
        { 0 },
};

static const StatusWords *words_find(const StatusWords *words, const char *word, size_t size)
{
        for (; words && words->words; words++)
                if (text_among(words->words, word, size))
                        return words;
        return NULL;
}

const StatusWords *status_words_find(const StatusWords *words, const char *word)
{
        return word ? words_find(words, word, strlen(word)) : NULL;
}

static bool status_read(const char *text, StatusWords *status)
{
        char state[16] = "";
        size_t size = strcspn(text, ":");
        const char *more = text[size] ? text + size + 1 : NULL;

        if (size >= sizeof(state))
                return false;
        memcpy(state, text, size);
        *status = (StatusWords){ .state = state_find(state), .reopened = text_same(more, "reopened") };
        if (more && !status->reopened)
                status->outcome = outcome_find(more);
        return status->state != STATE_NONE && (!more || status->reopened || status->outcome != OUTCOME_NONE);
}

bool status_find(const TextTable *own, const StatusWords *words, const char *word, StatusWords *status)
{
        const char *given = word ? table_get(own, word) : NULL;
        size_t size = word ? strlen(word) : 0;
        const StatusWords *known;

        if (given)
                return status_read(given, status);
        if (!word)
                return false;
        word = text_trim(word, &size);
        known = words_find(words, word, size);
        known = known ? known : words_find(workflow, word, size);
        *status = known ? *known : *status;
        return known;
}

EventSeverity severity_words_find(const SeverityWords *words, const char *word)
{
        for (; words && words->words; words++)
                if (text_is_one_of(words->words, word))
                        return words->severity;
        return SEVERITY_NONE;
}

bool states_check(const char *option, const void *of, Error *err)
{
        const TextTable *states = of;
        StatusWords unused;

        for (size_t i = 0; i < states->size; i++)
                if (!status_read(states->values[i], &unused))
                        return error_set(err, ERR_FATAL, NULL,
                                         "%s: %s: \"%s\" is no state, state:outcome or state:reopened", option,
                                         states->keys[i], states->values[i]);
        return true;
}

bool code_check(const char *option, const void *of, Error *err)
{
        const char *code = *(char *const *)of;

        return form_fits(FORM_NAME, code, CODE_MOST) ||
               error_set(err, ERR_FATAL, NULL, "%s: \"%s\" is no code of a category", option, code);
}

bool codes_check(const char *option, const void *of, Error *err)
{
        const TextTable *codes = of;

        for (size_t i = 0; i < codes->size; i++)
                if (!code_check(codes->keys[i], &codes->values[i], err))
                        return error_add(err, "%s", option);
        return true;
}
