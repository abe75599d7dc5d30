#include "adapters/grid.h"
#include "adapters/words.h"

#include "hub/base/crypto.h"
#include "hub/base/text.h"
#include "hub/base/time.h"

#include <string.h>

/* A member of a case: what the `members` option calls it, and what the platform calls it. */
static const struct {
        const char *name, *member;
        size_t offset;
} members[] = {
        { "id", "eventNo", offsetof(GridCase, id) },
        { "category_code", "typeCode", offsetof(GridCase, category_code) },
        { "category", "typeStr", offsetof(GridCase, category) },
        { "grid", "gridName", offsetof(GridCase, grid) },
        { "responsible", "dealGridName", offsetof(GridCase, responsible) },
        { "occurred", "addTime", offsetof(GridCase, occurred) },
        { "updated", "updateTime", offsetof(GridCase, updated) },
        { "channel", "sourceStr", offsetof(GridCase, channel) },
        { "status", "status", offsetof(GridCase, status) },
        { "status_name", "statusStr", offsetof(GridCase, status_name) },
        { "archived", "archiveFlag", offsetof(GridCase, archived) },
        { "lon", "longitude", offsetof(GridCase, lon) },
        { "lat", "latitude", offsetof(GridCase, lat) },
        { "title", "title", offsetof(GridCase, title) },
        { "description", "eventDesc", offsetof(GridCase, description) },
        { "address", "address", offsetof(GridCase, address) },
};

enum { MEMBERS = sizeof(members) / sizeof(members[0]) };

/* Words of grid platforms; numbers differ from one to the next: 2 alone is known, from the one example that we have. */
static const StatusWord words[] = {
        { "待受理", STATE_RECEIVED, 0, false },
        { "已上报", STATE_RECEIVED, 0, false },
        { "待立案", STATE_RECEIVED, 0, false },
        { "已受理", STATE_FILED, 0, false },
        { "已立案", STATE_FILED, 0, false },
        { "待派遣", STATE_FILED, 0, false },
        { "待分派", STATE_FILED, 0, false },
        { "已派遣", STATE_DISPATCHED, 0, false },
        { "已分派", STATE_DISPATCHED, 0, false },
        { "待签收", STATE_DISPATCHED, 0, false },
        { "待处理", STATE_PROCESSING, 0, false },
        { "待处置", STATE_PROCESSING, 0, false },
        { "处理中", STATE_PROCESSING, 0, false },
        { "处置中", STATE_PROCESSING, 0, false },
        { "办理中", STATE_PROCESSING, 0, false },
        { "2", STATE_PROCESSING, 0, false },
        { "已处理", STATE_FEEDBACK, 0, false },
        { "已处置", STATE_FEEDBACK, 0, false },
        { "待核查", STATE_VERIFYING, 0, false },
        { "核查中", STATE_VERIFYING, 0, false },
        { "待结案", STATE_VERIFYING, 0, false },
        { "已结案", STATE_CLOSED, 0, false },
        { "结案", STATE_CLOSED, 0, false },
        { "已办结", STATE_CLOSED, 0, false },
        { "办结", STATE_CLOSED, 0, false },
        { "已归档", STATE_CLOSED, 0, false },
        { "上报即结案", STATE_CLOSED, OUTCOME_DONE, false },
        { "自行处置", STATE_CLOSED, OUTCOME_DONE, false },
        { "自行处理", STATE_CLOSED, OUTCOME_DONE, false },
        { "已作废", STATE_VOID, 0, false },
        { "作废", STATE_VOID, 0, false },
        { "挂账", STATE_SUSPENDED, 0, false },
        { "不予受理", STATE_REJECTED, 0, false },
        { "已退回", STATE_REJECTED, 0, false },
        { 0 },
};

static const char **member_at(GridCase *found, size_t i)
{
        return (const char **)(void *)((char *)found + members[i].offset);
}

static void member_read(const GridOptions *options, const json_t *document, size_t i, GridCase *found)
{
        const char **text = member_at(found, i);

        *text = NULL;
        for (size_t own = 0; own < options->members.size && !*text; own++)
                if (text_same(options->members.values[own], members[i].name))
                        *text = json_text(document, options->members.keys[own]);
        if (!*text)
                *text = json_text(document, members[i].member);
}

/* The newest step is the time of this state; a text that compares as larger is later, all steps having one form. */
static void steps_read(const json_t *document, GridCase *found)
{
        const json_t *steps = json_at(document, "steps"), *step;
        size_t i;

        json_array_foreach(steps, i, step) {
                const char *time = json_text(step, "dealTime");

                if (time && (!found->updated || strcmp(time, found->updated) > 0))
                        found->updated = time;
        }
}

void grid_case_read(const GridOptions *options, const json_t *document, GridCase *found)
{
        for (size_t i = 0; i < MEMBERS; i++)
                member_read(options, document, i, found);
        steps_read(document, found);
}

bool grid_members_check(const GridOptions *options, Error *err)
{
        const TextTable *own = &options->members;
        const char *names[MEMBERS];

        for (size_t i = 0; i < MEMBERS; i++)
                names[i] = members[i].name;
        for (size_t i = 0; i < own->size; i++) {
                const char *nearest = text_nearest(own->values[i], names, MEMBERS);
                size_t known = 0;

                while (known < MEMBERS && !text_same(names[known], own->values[i]))
                        known++;
                if (known == MEMBERS)
                        return error_set(err, ERR_FATAL, NULL, "members: %s: \"%s\" is nothing that a case has%s%s%s",
                                         own->keys[i], own->values[i], nearest ? "; did you mean \"" : "",
                                         nearest ? nearest : "", nearest ? "\"?" : "");
        }
        return true;
}

const char *grid_case_hash(const GridCase *found, Arena *arena)
{
        CLEANUP(buffer_free) Buffer all = { 0 };
        GridCase of = *found;
        char digest[SHA256_TEXT_SIZE];

        for (size_t i = 1; i < MEMBERS; i++)
                if (*member_at(&of, i))
                        buffer_format(&all, "%s=%s\n", members[i].name, *member_at(&of, i));
        return arena_format(arena, "%.16s", sha256_text(all.bytes, all.size, digest));
}

static bool status_fill(const GridOptions *options, const GridCase *found, Event *event, Error *err)
{
        const char *raw = found->status_name ? found->status_name : found->status;
        StatusWord status = { .state = STATE_RECEIVED };
        bool archived = found->archived && strcmp(found->archived, "0") != 0 && strcmp(found->archived, "false") != 0;

        if (!raw && !archived)
                return error_set(err, ERR_INPUT, "missing_field", "status: missing");
        if (!status_word_find(&options->states, words, found->status_name, &status) &&
            !status_word_find(&options->states, words, found->status, &status)) {
                status.state = archived ? STATE_CLOSED : STATE_RECEIVED;
                event->quality |= archived ? 0 : QUALITY_PARTIAL;
        }
        event->status.raw = raw;
        event->status.state = status.state;
        event->status.outcome = status.outcome;
        event->status.reopened = status.reopened;
        return true;
}

/* Closed as it was reported, by the inspector himself: it comes once, and its only time is that of the closing too. */
static bool times_fill(const GridCase *found, Event *event, Error *err)
{
        Error unread;

        if (found->occurred && !time_read(found->occurred, &event->time.occurred, &event->time.precision, err))
                return error_add(err, "addTime");
        if (found->updated && !time_read(found->updated, &event->time.updated, NULL, &unread)) {
                event->time.updated = TIME_NONE;
                event->quality |= QUALITY_PARTIAL;
        }
        if (event->status.outcome == OUTCOME_DONE && event->time.updated == TIME_NONE)
                event->time.closed = event->time.occurred;
        return true;
}

static void category_fill(const GridOptions *options, const GridCase *found, Event *event)
{
        const char *by_code = found->category_code ? table_get(&options->categories, found->category_code) : NULL;
        const char *by_name = found->category ? table_get(&options->categories, found->category) : NULL;

        event->category.raw_code = found->category_code;
        event->category.raw_name = found->category;
        event->category.code = by_code ? by_code : by_name;
        if (event->category.code)
                event->category.method = by_code ? METHOD_CODE : METHOD_NAME;
        if (!found->category && !found->category_code)
                event->quality |= QUALITY_PARTIAL;
}

static void position_fill(const GridOptions *options, const GridCase *found, Event *event)
{
        bool wrong;

        if (!position_read(options->crs, found->lon, found->lat, &event->position.lon, &event->position.lat, &wrong)) {
                event->quality |= wrong ? QUALITY_PARTIAL : 0;
                return;
        }
        event->position.method = POSITION_GPS;
        event->position.accuracy_m = options->accuracy_m;
        event->position.crs = crs_name(options->crs);
        event->position.raw[0] = found->lon;
        event->position.raw[1] = found->lat;
}

/* A grid's name begins with its community's: 枋湖社区第3网格. A renamed grid goes by the name that it has now. */
static void place_fill(const GridOptions *options, const GridCase *found, Arena *arena, Event *event)
{
        static const char community[] = "社区";
        const char *renamed = found->grid ? table_get(&options->grids, found->grid) : NULL;
        const char *grid = renamed ? renamed : found->grid, *end = grid ? strstr(grid, community) : NULL;

        event->place.address = found->address;
        event->place.grid = grid;
        if (end && end > grid)
                event->place.community = arena_copy(arena, grid, (size_t)(end - grid) + strlen(community));
}

bool grid_case_fill(const GridOptions *options, const GridCase *found, Arena *arena, Event *event, Error *err)
{
        if (!found->id)
                return error_set(err, ERR_INPUT, "missing_field", "eventNo: missing");
        if (!status_fill(options, found, event, err) || !times_fill(found, event, err))
                return false;
        event->source.id = found->id;
        event->source.channel = found->channel;
        event->title = found->title;
        event->description = found->description;
        place_fill(options, found, arena, event);
        event->org.responsible = found->responsible;
        category_fill(options, found, event);
        position_fill(options, found, event);
        return true;
}
