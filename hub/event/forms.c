#include "hub/base/text.h"
#include "hub/event/fields.h"

#include <string.h>

static const char capitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
static const char smalls[] = "abcdefghijklmnopqrstuvwxyz";
static const char digits[] = "0123456789";

static bool is_name_byte(char c)
{
        return c && (strchr(capitals, c) || strchr(smalls, c) || strchr(digits, c) || strchr("._-", c));
}

static size_t name_size(const char *text)
{
        size_t size = 0;

        while (is_name_byte(text[size]))
                size++;
        return size;
}

static bool is_name(const char *text)
{
        size_t size = name_size(text);

        return size && !text[size];
}

static bool is_hex64(const char *text)
{
        return strspn(text, "0123456789abcdef") == 64 && !text[64];
}

/* Parts between colons, without control bytes; only the second may be empty. */
static bool is_identity(const char *text, int parts)
{
        for (int part = 0; part < parts; part++) {
                size_t size = 0;

                while ((unsigned char)text[size] >= 0x20 && text[size] != 0x7f && text[size] != ':')
                        size++;
                if (size == 0 && part != 1)
                        return false;
                text += size;
                if (*text != (part + 1 < parts ? ':' : '\0'))
                        return false;
                text += part + 1 < parts;
        }
        return true;
}

static bool is_pseudonym(const char *text)
{
        size_t version, value;

        if (*text != 'p')
                return false;
        version = strspn(text + 1, digits);
        if (version < 1 || version > 6 || text[1 + version] != ':')
                return false;
        text += version + 2;
        value = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789");
        return value && !text[value];
}

static bool is_masked(const char *text)
{
        const char *end = text + strlen(text);

        return *text && text_next(&text, end) != '*' && text_same(text, "*");
}

static bool is_tick_id(const char *text)
{
        size_t size;

        if (!text_starts(text, "tick:"))
                return false;
        text += 5;
        for (int part = 0; part < 2; part++) {
                size = name_size(text);
                if (!size || text[size] != ':')
                        return false;
                text += size + 1;
        }
        size = strspn(text, digits);
        return size && !text[size];
}

bool form_fits(TextForm form, const char *text, size_t most)
{
        if (!text[0] || (strlen(text) > most && text_points(text) > most))
                return false;
        switch (form) {
        case FORM_ANY:
                return true;
        case FORM_NAME:
                return is_name(text);
        case FORM_HEX64:
                return is_hex64(text);
        case FORM_EVENT_ID:
                return is_identity(text, 4);
        case FORM_SUBJECT:
                return is_identity(text, 3);
        case FORM_PSEUDONYM:
                return is_pseudonym(text);
        case FORM_MASKED:
                return is_masked(text);
        case FORM_COMMAND_ID:
                return text_starts(text, "cmd:") && is_name(text + 4);
        case FORM_TICK_ID:
                return is_tick_id(text);
        }
        return false;
}
