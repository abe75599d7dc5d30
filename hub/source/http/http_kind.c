#include "hub/source/http/http_kind.h"

#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"

#include <string.h>

static bool is_named(const char *name, const char *const *parts)
{
        for (; *parts; parts++)
                if (strcasestr(name, *parts))
                        return true;
        return false;
}

static bool is_change(const char *name)
{
        static const char *const parts[] = { "updat", "modif", "chang", "last", "close", NULL };

        return is_named(name, parts);
}

static bool is_deadline(const char *name)
{
        static const char *const parts[] = { "expect", "deadline", "due", "limit", "plan", "expire", "require", NULL };

        return is_named(name, parts);
}

/* A date and more: a bare number may be anything. */
static bool is_time(const char *text, int64_t *ms)
{
        Error unread;

        return strpbrk(text, "-/") && strchr(text, ':') && time_read(text, ms, NULL, &unread);
}

static KindMember *member_get(KindLook *look, const char *name)
{
        for (size_t i = 0; i < look->size; i++)
                if (strcmp(look->members[i].name, name) == 0)
                        return look->members + i;
        if (look->size == KIND_MEMBERS_MOST || strlen(name) >= KIND_NAME_SIZE)
                return NULL;
        memcpy(look->members[look->size].name, name, strlen(name) + 1);
        return look->members + look->size++;
}

static void member_look(KindLook *look, const char *name, const char *text)
{
        KindMember *member = is_deadline(name) ? NULL : member_get(look, name);
        int64_t ms;

        if (!member)
                return;
        if (!is_time(text, &ms))
                member->is_text = true;
        else if (ms < look->from)
                member->before++;
        else if (ms > look->to)
                member->after++;
        else
                member->inside++;
}

static void item_look(KindLook *look, json_t *item)
{
        const char *name;
        json_t *value;

        look->items++;
        json_object_foreach(item, name, value) {
                const char *text = json_text(item, name);

                if (text && !strchr(name, '.'))
                        member_look(look, name, text);
        }
}

void kind_look(KindLook *look, const PageForm *form, const char *bytes, size_t size)
{
        CLEANUP(json_drop) json_t *page = page_read(form, bytes, size);
        const json_t *list = page && form->items && form->items[0] ? json_at(page, form->items) : page;
        json_t *item;
        size_t i;

        if (json_is_array(list))
                json_array_foreach(list, i, item)
                        if (json_is_object(item))
                                item_look(look, item);
}

/* In every item, and always in the span. */
static bool is_asked(const KindLook *look, const KindMember *member)
{
        return !member->is_text && member->inside == look->items;
}

static bool is_other(const KindMember *member)
{
        return !member->is_text && (member->before || member->after);
}

static const KindMember *asked_find(const KindLook *look, bool change)
{
        const KindMember *found = NULL;

        for (const KindMember *member = look->members; member < look->members + look->size; member++)
                if (is_asked(look, member) && (!found || (change && is_change(member->name))))
                        found = member;
        return found;
}

/* The one that lies outside most often. */
static const KindMember *outside_find(const KindLook *look, bool after)
{
        const KindMember *found = NULL;
        size_t most = 0;

        for (const KindMember *member = look->members; member < look->members + look->size; member++) {
                const size_t count = after ? member->after : member->before;

                if (!is_other(member) || count <= most)
                        continue;
                found = member;
                most = count;
        }
        return found;
}

Kind kind_verdict(const KindLook *look, const char **asked, const char **other)
{
        const KindMember *inside = asked_find(look, false), *later = outside_find(look, true),
                         *earlier = outside_find(look, false);

        *asked = *other = NULL;
        if (!look->items || (!later && !earlier))
                return KIND_UNKNOWN;
        if (!inside) {
                *other = later ? later->name : earlier->name;
                return KIND_NO_WINDOW;
        }
        if (later && !is_change(inside->name)) {
                *asked = inside->name;
                *other = later->name;
                return KIND_REQUESTS;
        }
        if (!earlier)
                return KIND_UNKNOWN;
        *asked = asked_find(look, true)->name;
        *other = earlier->name;
        return KIND_CHANGES;
}
