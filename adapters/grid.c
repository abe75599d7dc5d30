#include "adapters/list.h"
#include "hub/dialect/case.h"
#include "hub/document/cloudevent.h"
#include "hub/document/record.h"

#include <string.h>

/*
 * Platform 12, the district's grid inspection: one JSON document a case and state on a Kafka topic of theirs, whose key is
 * the case's number; alone, or in CloudEvents' structured or binary mode. A key without a value (a tombstone) takes the
 * case back.
 *
 * A case tells no counter of its changes: the place of the record in the topic is its revision, so that a record that is
 * delivered again is the same event. Where there is no such place (a file), what the case says.
 */

typedef struct {
        CaseOptions of;
        TextTable grids;
} GridOptions;

#define AT(member) offsetof(GridOptions, member)

static const Option table[] = {
        { .type = OPTION_PART, .offset = AT(of), .part = case_position_options },
        { .type = OPTION_PART, .offset = AT(of), .part = case_options },
        { "grids", OPTION_TABLE, AT(grids), .about = "a grid's old name to the one that it has now" },
};

static const CaseMember members[] = {
        { "eventNo", CASE_ID },
        { "statusStr", CASE_STATUS },
        { "status", CASE_STAGE },
        { "addTime", CASE_OCCURRED },
        { "updateTime", CASE_UPDATED },
        { "archiveFlag", CASE_ARCHIVED },
        { "typeStr", CASE_CATEGORY },
        { "typeCode", CASE_CATEGORY_CODE },
        { "sourceStr", CASE_CHANNEL },
        { "gridName", CASE_GRID },
        { "dealGridName", CASE_RESPONSIBLE },
        { "title", CASE_TITLE },
        { "eventDesc", CASE_DESCRIPTION },
        { "address", CASE_ADDRESS },
        { "longitude", CASE_LON },
        { "latitude", CASE_LAT },
        { 0 },
};

/* Numbers differ from one platform to the next: 2 alone is known, from the one example that we have. */
static const StatusWords words[] = { { "2", STATE_PROCESSING }, { 0 } };

static const CaseForm form = { .members = members, .words = words };

/* The newest step is the time of this state. */
static void steps_read(const GridOptions *options, const json_t *document, Case *found)
{
        const json_t *steps = json_at(document, "steps"), *step;
        size_t i;

        json_array_foreach(steps, i, step)
                case_newest(&options->of, "steps.dealTime", json_text(step, "dealTime"), CASE_UPDATED, found);
}

/* A grid's name begins with its community's: 枋湖社区第3网格. A renamed grid goes by the name that it has now. */
static void place_fill(const GridOptions *options, Arena *arena, Event *event)
{
        static const char community[] = "社区";
        const char *renamed = event->place.grid ? table_get(&options->grids, event->place.grid) : NULL;
        const char *name = renamed ? renamed : event->place.grid, *end = name ? strstr(name, community) : NULL;

        event->place.grid = name;
        if (end && end > name)
                event->place.community = arena_copy(arena, name, (size_t)(end - name) + strlen(community));
}

/* With topic and partition: two topics, or the two partitions of a key that moved, count on their own. */
static const char *revision_make(const Record *record, const char *status, const char *hash, Arena *arena)
{
        if (record->sequence)
                return arena_format(arena, "%s-%s", record->position, status);
        return hash ? arena_format(arena, "%s-%s", status, hash) : status;
}

static bool tombstone_translate(const GridOptions *options, const Record *record, Output *output, Error *err)
{
        Event event;

        event_init(&event, KIND_REPORT);
        event.space = options->of.space;
        event.source.id = record_key(record, scratch(output));
        if (!event.source.id)
                return error_set(err, ERR_INPUT, "missing_field", "key: missing, and there is no value");
        event.source.sequence = record->sequence;
        event.source.revision = revision_make(record, "deleted", NULL, scratch(output));
        event.status.state = STATE_DELETED;
        return emit(output, &event, err);
}

/* An envelope's time is when the platform said it: the time of this state, where no step tells a better one. */
static void case_find(const GridOptions *options, const Record *record, const json_t *data, const char *said,
                      Arena *arena, Case *found)
{
        const char *stage, *hash;

        case_read(&form, &options->of, data, arena, found);
        steps_read(options, data, found);
        stage = found->texts[CASE_STAGE] ? found->texts[CASE_STAGE] : found->texts[CASE_STATUS];
        hash = record->sequence ? NULL : case_hash(found, arena);
        found->revision = revision_make(record, stage ? stage : "archived", hash, arena);
        if (!found->texts[CASE_UPDATED])
                found->texts[CASE_UPDATED] = said;
}

static bool case_translate(const GridOptions *options, const Record *record, const json_t *data, const char *said,
                           Output *output, Error *err)
{
        Case found = { 0 };
        Event event;

        if (!json_is_object(data))
                return error_set(err, ERR_INPUT, "bad_value", "no case: it is no object");
        case_find(options, record, data, said, scratch(output), &found);
        if (!case_event(&form, &options->of, &found, scratch(output), &event, err))
                return false;
        event.source.sequence = record->sequence;
        place_fill(options, scratch(output), &event);
        if (event.status.outcome == OUTCOME_DONE && event.time.updated == TIME_NONE)
                event.time.closed = event.time.occurred; /* closed as it was reported: it comes once */
        if (!event.category.raw_code && !event.category.raw_name)
                event.quality |= QUALITY_PARTIAL;
        return emit(output, &event, err);
}

static bool translate(const void *of, const Record *record, Output *output, Error *err)
{
        CLEANUP(json_drop) json_t *document = NULL;
        CLEANUP(json_drop) json_t *owned = NULL;
        const json_t *data;
        const char *said;

        if (record->size == 0)
                return tombstone_translate(of, record, output, err);
        document = record_read(record, NULL, output, err);
        if (!document)
                return false;
        if (json_is_null(document) && record->key) /* how some serialisers write a tombstone */
                return tombstone_translate(of, record, output, err);
        data = cloudevent_open(record, document, &owned, &said, err);
        return data && case_translate(of, record, data, said, output, err);
}

const Adapter grid = {
        .name = "grid",
        .about = "Grid inspection: JSON on a Kafka topic, alone or as CloudEvents",
        .platform = "p12",
        .options = table,
        .options_size = sizeof(table) / sizeof(table[0]),
        .size = sizeof(GridOptions),
        .translate = translate,
        .forms = &form,
        .forms_size = 1,
};
