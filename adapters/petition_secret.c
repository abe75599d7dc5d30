#include "adapters/petition.h"

#include "hub/base/json.h"
#include "hub/base/text.h"

#include <ctype.h>
#include <string.h>

/* Behind the name of a member, whatever signs and escapes stand between: its word; NULL: it has none. Owned. */
static char *word_take(const char *at)
{
        size_t size = 0;

        for (; *at && !isalnum((unsigned char)*at) && !(*at & 0x80); at++) {
                if (strchr("/,}", *at))
                        return NULL;
                if (*at == '&')
                        at += strspn(at + 1, "#ltgampquos0123456789x"); /* an entity's name, or a number */
                else if (text_starts(at, "[CDATA["))
                        at += strlen("[CDATA");
                else if (text_starts(at, "#text"))
                        at += strlen("#tex");
                else if (*at == '\\' && at[1] && strchr("nrt", at[1]))
                        at++;
        }
        while (isalnum((unsigned char)at[size]) || at[size] & 0x80)
                size++;
        return size ? mem_copy(at, size) : NULL;
}

/* JSON, XML or what is left of it. */
static size_t secrets_count(const char *text)
{
        enum { NAME = 8 };
        size_t count = 0;
        bool flag;

        for (const char *at = text; *at; at++) {
                if ((*at != 'i' && *at != 'I') || strncasecmp(at, "issecret", NAME) != 0)
                        continue;
                CLEANUP(mem_drop) char *word = at > text && at[-1] == '/' ? NULL : word_take(at + NAME);

                count += word && (!text_read_flag(word, &flag) || flag);
        }
        return count;
}

size_t petition_secrets(const json_t *tree)
{
        CLEANUP(mem_drop) char *text = json_dumps(tree, JSON_COMPACT | JSON_ENCODE_ANY);

        return text ? secrets_count(text) : 0;
}

/* In UTF-16 every other byte is zero. */
bool petition_may_be_secret(const Record *record)
{
        CLEANUP(buffer_free) Buffer text = { 0 };

        buffer_room(&text, record->size);
        for (size_t i = 0; i < record->size; i++)
                if (record->bytes[i])
                        buffer_byte(&text, record->bytes[i]);
        return secrets_count(text.bytes);
}
