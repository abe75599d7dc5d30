#include "adapters/hotline.h"

#include "hub/base/text.h"

#include <string.h>

typedef struct {
        const char *member;
        Role role;
} Member;

static const char *const names[ROLES] = {
        [ROLE_ID] = "id",
        [ROLE_STEP] = "step",
        [ROLE_STATUS] = "status",
        [ROLE_STAGE] = "stage",
        [ROLE_STATUS_NOTE] = "status_note",
        [ROLE_OUTCOME] = "outcome",
        [ROLE_OCCURRED] = "occurred",
        [ROLE_UPDATED] = "updated",
        [ROLE_DEADLINE] = "deadline",
        [ROLE_CLOSED] = "closed",
        [ROLE_END_OF_DAY_CLOSED] = "end_of_day_closed",
        [ROLE_CATEGORY_CODE] = "category_code",
        [ROLE_CATEGORY] = "category",
        [ROLE_CONTACT_KIND] = "contact_kind",
        [ROLE_TITLE] = "title",
        [ROLE_DESCRIPTION] = "description",
        [ROLE_CHANNEL] = "channel",
        [ROLE_LON] = "lon",
        [ROLE_LAT] = "lat",
        [ROLE_ADDRESS] = "address",
        [ROLE_SUBDISTRICT] = "subdistrict",
        [ROLE_COMMUNITY] = "community",
        [ROLE_GRID] = "grid",
        [ROLE_RESPONSIBLE] = "responsible",
        [ROLE_REPORTER] = "reporter",
        [ROLE_PHONE] = "phone",
        [ROLE_ASSET] = "asset",
        [ROLE_PLATE] = "plate",
        [ROLE_CASE] = "case",
        [ROLE_MEDIA] = "media",
};

static const Member vendor_members[] = {
        { "record_number", ROLE_ID },     { "id", ROLE_STEP },      { "pss_caption_end", ROLE_STATUS },
        { "ps_caption", ROLE_STAGE },     { "date", ROLE_UPDATED }, { "requested_datetime", ROLE_OCCURRED },
        { "di_title", ROLE_RESPONSIBLE }, { NULL, ROLES },
};

static const Member open311_members[] = {
        { "service_request_id", ROLE_ID },
        { "status", ROLE_STATUS },
        { "status_notes", ROLE_STATUS_NOTE },
        { "service_code", ROLE_CATEGORY_CODE },
        { "service_name", ROLE_CATEGORY },
        { "description", ROLE_DESCRIPTION },
        { "agency_responsible", ROLE_RESPONSIBLE },
        { "requested_datetime", ROLE_OCCURRED },
        { "updated_datetime", ROLE_UPDATED },
        { "expected_datetime", ROLE_DEADLINE },
        { "address", ROLE_ADDRESS },
        { "lat", ROLE_LAT },
        { "long", ROLE_LON },
        { "media_url", ROLE_MEDIA },
        { NULL, ROLES },
};

static const Member *const profiles[] = { [PROFILE_VENDOR] = vendor_members, [PROFILE_OPEN311] = open311_members };

const char *role_name(Role role)
{
        return names[role];
}

static Role role_find(const char *name)
{
        Role role = 0;

        while (role < ROLES && !text_same(names[role], name))
                role++;
        return role;
}

static const char *trimmed(const char *text, Arena *arena)
{
        static const char blanks[] = " \t\r\n";
        size_t size;

        if (!text)
                return NULL;
        text += strspn(text, blanks);
        size = strlen(text);
        while (size && strchr(blanks, text[size - 1]))
                size--;
        if (size == 0 || (size == 1 && text[0] == '-'))
                return NULL;
        return text[size] ? arena_copy(arena, text, size) : text;
}

static void role_take(Case *found, Role role, const json_t *item, const char *member, Arena *arena)
{
        if (role < ROLES && !found->texts[role])
                found->texts[role] = trimmed(json_text(item, member), arena);
}

static void table_take(Case *found, const TextTable *table, const json_t *item, Arena *arena)
{
        for (size_t i = 0; i < table->size; i++)
                role_take(found, role_find(table->values[i]), item, table->keys[i], arena);
}

void roles_read(const HotlineOptions *options, const json_t *item, Arena *arena, Case *found)
{
        memset(found, 0, sizeof(*found));
        table_take(found, &options->notes, item, arena);
        table_take(found, &options->members, item, arena);
        for (const Member *member = profiles[options->profile]; member->member; member++)
                role_take(found, member->role, item, member->member, arena);
}

static bool table_check(const char *option, const TextTable *table, Error *err)
{
        for (size_t i = 0; i < table->size; i++) {
                const char *nearest = text_nearest(table->values[i], names, ROLES);

                if (role_find(table->values[i]) == ROLES)
                        return error_set(err, ERR_FATAL, NULL, "%s: %s: \"%s\" is nothing that a case has%s%s%s",
                                         option, table->keys[i], table->values[i], nearest ? "; did you mean \"" : "",
                                         nearest ? nearest : "", nearest ? "\"?" : "");
        }
        return true;
}

bool roles_check(const HotlineOptions *options, Error *err)
{
        return table_check("notes", &options->notes, err) && table_check("members", &options->members, err);
}
