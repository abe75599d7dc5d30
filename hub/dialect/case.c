#include "hub/dialect/case.h"

#include "hub/base/json.h"
#include "hub/base/text.h"
#include "hub/base/time.h"

#include <string.h>

#define AT(member) offsetof(CaseOptions, member)

const Option case_options[] = {
        { "states", OPTION_TABLE, AT(states), .check = states_check,
          .about = "a word of state to our state, state:outcome or state:reopened" },
        { "categories", OPTION_TABLE, AT(categories), .check = codes_check,
          .about = "the platform's code or name to our code" },
        { "members", OPTION_TABLE, AT(members), .check = case_members_check,
          .about = "another member (dotted path) for what a case has: id, category, occurred, lon ..." },
        { "time_zone", OPTION_CUSTOM, AT(zone_ms), .custom = &zone_option, .value = "+08:00",
          .about = "of times that name none" },
        { "space", OPTION_TEXT, AT(space), .about = "id space, where one platform numbers cases in several ways" },
        { "whole_ids", OPTION_FLAG, AT(whole_ids), .about = "long numbers that end in 000 are true, no spreadsheet's" },
        { 0 },
};

const Option case_position_options[] = {
        { "crs", OPTION_CUSTOM, AT(crs), .custom = &crs_option, .flags = OPTION_REQUIRED,
          .about = "system of the positions" },
        { "accuracy_m", OPTION_NUMBER, AT(accuracy_m), .value = "30", .least = 1, .most = 100000,
          .about = "how far off a position may be" },
        { 0 },
};

static const char *const names[CASE_ROLES] = {
        "id",          "step",     "status",        "stage",       "status_note",  "archived", "deleted",
        "outcome",     "occurred", "reported",      "updated",     "deadline",     "closed",   "end_of_day_closed",
        "valid_from",  "valid_to", "category_code", "category",    "contact_kind", "severity", "title",
        "description", "url",      "channel",       "lon",         "lat",          "address",  "subdistrict",
        "community",   "grid",     "reporting",     "responsible", "reporter",     "phone",    "asset",
        "plate",       "case",     "media",
};

const char *case_role_name(CaseRole role)
{
        return names[role];
}

static CaseRole role_find(const char *name)
{
        CaseRole role = 0;

        while (role < CASE_ROLES && (names[role][0] != name[0] || strcmp(names[role], name) != 0))
                role++;
        return role;
}

bool case_members_check(const char *option, const void *of, Error *err)
{
        const TextTable *members = of;

        for (size_t i = 0; i < members->size; i++) {
                const char *nearest = text_nearest(members->values[i], names, CASE_ROLES);

                if (role_find(members->values[i]) == CASE_ROLES)
                        return error_set(err, ERR_FATAL, NULL, "%s: %s: \"%s\" is nothing that a case has%s%s%s",
                                         option, members->keys[i], members->values[i],
                                         nearest ? "; did you mean \"" : "", nearest ? nearest : "",
                                         nearest ? "\"?" : "");
        }
        return true;
}

/* What stands for a text: without blanks around it; NULL: a word for nothing. */
static const char *value_text(const json_t *node, Arena *arena)
{
        const char *text = json_text(node, "");
        size_t size = text ? strlen(text) : 0;

        if (!text)
                return NULL;
        text = text_trim(text, &size);
        if (size == 0 || (strchr("-nNuU\xe2\xef", *text) && text_among("-|--|—|－|null|undefined", text, size)))
                return NULL;
        return text[size] ? arena_copy(arena, text, size) : text;
}

/* What stands in a column of times where there is none; a word for no end (长期) is its reader's. */
static bool is_no_time(CaseRole role, const char *text)
{
        return role >= CASE_OCCURRED && role <= CASE_VALID_TO && text_is_none(text);
}

static void role_take(CaseRole role, const json_t *item, const char *paths, Arena *arena, Case *found)
{
        while (role != CASE_ROLES && !found->texts[role] && *paths) {
                const char *path = paths;
                size_t size;
                const json_t *node = json_next(item, &paths, &size);

                found->texts[role] = node ? value_text(node, arena) : NULL;
                if (is_no_time(role, found->texts[role]))
                        found->texts[role] = NULL;
                if (found->texts[role])
                        found->paths[role] = path[size] ? arena_copy(arena, path, size) : path;
                else if (!found->nodes[role] && (json_is_object(node) || json_is_array(node)))
                        found->nodes[role] = node;
        }
}

void case_take(const TextTable *members, const json_t *item, Arena *arena, Case *found)
{
        for (size_t i = 0; i < members->size; i++)
                role_take(role_find(members->values[i]), item, members->keys[i], arena, found);
}

/* Year 1, 1970 and 9999 mean never, a word without digits (未处理) says why. */
static bool says_closed(const char *time, int64_t zone_ms)
{
        const int64_t year_1990 = INT64_C(631152000000), year_2100 = INT64_C(4102444800000);
        const int64_t ms = time_or_none(time, zone_ms);

        if (ms != TIME_NONE)
                return ms >= year_1990 && ms < year_2100;
        return time && strpbrk(time, "0123456789");
}

void case_read(const CaseForm *form, const CaseOptions *options, const json_t *item, Arena *arena, Case *found)
{
        case_take(&options->members, item, arena, found);
        for (const CaseMember *member = form->members; member->path; member++)
                role_take(member->role, item, member->path, arena, found);
        if (form->closed_says_so && says_closed(found->texts[CASE_CLOSED], options->zone_ms))
                found->texts[CASE_ARCHIVED] = "1";
}

const char *case_number(const CaseForm *form, const CaseOptions *options, const json_t *object, Arena *arena)
{
        Case found = { 0 };

        case_read(form, options, object, arena, &found);
        if (!found.texts[CASE_ID])
                return found.nodes[CASE_ID] ? "" : NULL;
        return options->whole_ids ? "" : found.texts[CASE_ID];
}

void case_newest(const CaseOptions *options, const char *path, const char *time, CaseRole role, Case *found)
{
        const char *known = found->texts[role];

        if (!time || (known && time_or_none(time, options->zone_ms) <= time_or_none(known, options->zone_ms)))
                return;
        found->texts[role] = time;
        found->paths[role] = path;
}

bool case_id_check(const char *member, const char *id, bool sheet, Error *err)
{
        CLEANUP(json_drop) json_t *json = NULL;
        Error unread;

        if (!id)
                return error_set(err, ERR_INPUT, "missing_field", "%s: missing", member);
        if (*id == '{' || *id == '[')
                json = json_read(id, strlen(id), &unread);
        if (json)
                return error_set(err, ERR_INPUT, "bad_id", "%s: JSON where a number is due", member);
        return (!text_is_exponent(id) && !(sheet && text_lost_its_end(id, strlen(id)))) ||
               error_set(err, ERR_INPUT, "bad_id",
                         "%s: a number that lost its end on its way, as spreadsheets do; see whole_ids", member);
}
