#include "adapters/words.h"

#include "hub/base/text.h"

#include <string.h>
#include <strings.h>

bool status_word_read(const char *text, StatusWord *status)
{
        char state[16] = "";
        size_t size = strcspn(text, ":");
        const char *more = text[size] ? text + size + 1 : NULL;

        if (size >= sizeof(state))
                return false;
        memcpy(state, text, size);
        *status = (StatusWord){ .state = state_find(state), .reopened = text_same(more, "reopened") };
        if (more && !status->reopened)
                status->outcome = outcome_find(more);
        return status->state != STATE_NONE && (!more || status->reopened || status->outcome != OUTCOME_NONE);
}

bool status_word_find(const TextTable *own, const StatusWord *words, const char *word, StatusWord *status)
{
        const char *given = word ? table_get(own, word) : NULL;

        if (given)
                return status_word_read(given, status);
        for (; word && words->word; words++) {
                if (strcasecmp(words->word, word) == 0) {
                        *status = *words;
                        return true;
                }
        }
        return false;
}

bool states_check(const TextTable *states, Error *err)
{
        StatusWord unused;

        for (size_t i = 0; i < states->size; i++)
                if (!status_word_read(states->values[i], &unused))
                        return error_set(err, ERR_FATAL, NULL,
                                         "states: %s: \"%s\" is no state, state:outcome or state:reopened",
                                         states->keys[i], states->values[i]);
        return true;
}

/* As messages.md section 2 says of category.code. */
static bool is_code(const char *text)
{
        static const char bytes[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
        size_t size = strlen(text);

        return size >= 1 && size <= 32 && strspn(text, bytes) == size;
}

bool codes_check(const TextTable *codes, Error *err)
{
        for (size_t i = 0; i < codes->size; i++)
                if (!is_code(codes->values[i]))
                        return error_set(err, ERR_FATAL, NULL, "categories: %s: \"%s\" is no code of a category",
                                         codes->keys[i], codes->values[i]);
        return true;
}
