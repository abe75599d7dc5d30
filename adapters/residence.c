#include "adapters/list.h"
#include "hub/base/beside.h"
#include "hub/base/json.h"
#include "hub/base/text.h"
#include "hub/dialect/fill.h"
#include "hub/dialect/place.h"
#include "hub/document/record.h"
#include "hub/geo/estates.h"

#include <math.h>
#include <string.h>

/*
 * Platform 14, the district's "360" control of illegal building in housing estates: property companies push a JSON document a case and
 * stage, {"type", "timestamp", "data": {}}, signed as Standard Webhooks 1.0 has it (standardwebhooks.com). Signatures are the
 * source's business. The members of `data` and the words of its stages are a proposal: the platform has published none.
 *
 * A delivery is a revision, and webhook-id its number: a retry is the same event. Stages go back (built anew after the
 * removal) and come out of order: each counts by its own time.
 *
 * The number of a room names a household: it stands in the description alone, which analysts do not see, and in no hash.
 */

typedef struct {
        CaseOptions of;
        Estates *estates;
        double accuracy_m;
        TextTable spaces;
} ResidenceOptions;

#define AT(member) offsetof(ResidenceOptions, member)

static const Option table[] = {
        { "estates", OPTION_CUSTOM, AT(estates), .custom = &estates_option, .flags = OPTION_REQUIRED,
          .about = "registry of the estates' buildings: positions" },
        { "accuracy_m", OPTION_NUMBER, AT(accuracy_m), .value = "50", .least = 1, .most = 100000,
          .about = "how far a room may be from its building's point" },
        { "spaces", OPTION_TABLE, AT(spaces),
          .about = "a property company's path to its id space, where several number their cases alike" },
        { .type = OPTION_PART, .offset = AT(of), .part = case_options },
};

static const CaseMember members[] = {
        { "data.caseNo", CASE_ID },    { "data.stage", CASE_STATUS },
        { "type", CASE_STAGE },        { "data.foundAt", CASE_OCCURRED },
        { "timestamp", CASE_UPDATED }, { "data.kind", CASE_CATEGORY },
        { "data.photos", CASE_MEDIA }, { 0 },
};

/* 装修备案 and 巡查 come before anything was found; after that their state is that of a case that is not ordered yet. */
static const StatusWords words[] = {
        { "装修备案|备案|巡查|巡查中|发现|已发现|巡查发现|patrol.found", STATE_RECEIVED },
        { "责令|责令整改|责令停工|责令停止|责令改正|责令拆除|限期整改|限期拆除", STATE_DISPATCHED },
        { "整改|整改中|拆除中", STATE_PROCESSING },
        { "已整改|整改完成|已拆除|拆除完毕", STATE_FEEDBACK },
        { "复查|待复查|待销号", STATE_VERIFYING },
        { "销号|已销号", STATE_CLOSED, OUTCOME_DONE },
        { "不属实|合法|合规", STATE_CLOSED, OUTCOME_UNFOUNDED },
        { "再次搭建|重新搭建|重建|反弹", STATE_RECEIVED, .reopened = true },
        { 0 },
};

static const CaseForm form = { .members = members, .words = words };

/* ---- place ---- */

static void position_fill(const ResidenceOptions *options, const Estate *known, Event *event)
{
        const bool whole = known && !known->building[0];

        if (!known || whole)
                event->quality |= QUALITY_PARTIAL;
        if (known)
                place_registry(&known->at, fmax(options->accuracy_m, known->radius_m),
                               whole ? POSITION_AREA : POSITION_REGISTRY, event);
}

static void place_fill(const ResidenceOptions *options, const json_t *data, Arena *arena, Event *event)
{
        const char *estate = json_text(data, "estate"), *building = json_text(data, "building");
        const char *kind = event->category.raw_name, *address;
        const Estate *known = estates_find(options->estates, estate, building);

        if (!estate)
                return;
        address = estates_address(known, estate, building, arena);
        event->place.address = address;
        if (!event->title && kind)
                event->title = text_beside(address, kind, arena);
        if (event->kind == KIND_REGISTRY && known)
                event_add_object(event, OBJECT_BUILDING, address);
        position_fill(options, known, event);
}

/* ---- case ---- */

static void room_fill(const json_t *data, Arena *arena, Event *event)
{
        const char *room = json_text(data, "room"), *said = event->description;
        const size_t size = room ? strlen(room) : 0;

        if (!room)
                return;
        event->description = arena_format(arena, "%s%s%s%s", said ? said : "", said ? "\n" : "", room,
                                          room[size - 1] >= '0' && room[size - 1] <= '9' ? "室" : "");
}

/* Nothing but illegal building is told here, and a registration is none. Without a kind it is no news: a site's own code stays. */
static void kind_fill(Event *event)
{
        if (event->kind == KIND_REGISTRY) {
                if (!event->objects_size)
                        event_add_object(event, OBJECT_CASE, event->source.id);
                event->category.code = event->category.raw_name = NULL;
                event->category.method = METHOD_NONE;
                return;
        }
        fill_category("E0101", event->category.raw_name ? METHOD_RULE : METHOD_DEFAULT, event);
        if (!text_same(event->category.code, "E2114"))
                event->category.also[event->category.also_size++] = "E2114";
}

/* A home is done up, or was looked at, and nothing was found: context, no case. */
static bool is_registration(const char *stage)
{
        return text_is_one_of("装修备案|备案", stage);
}

static bool is_plain_patrol(const Case *found)
{
        const char *stage = found->texts[CASE_STATUS];

        return text_is_one_of("巡查|巡查中", stage) && !found->texts[CASE_CATEGORY];
}

/* As senders try whether somebody answers. */
static bool is_trial(const json_t *document, const json_t *data)
{
        const char *type = json_text(document, "type");

        return text_is_one_of("ping|test|webhook.ping|webhook.test", type) && !json_at(data, "caseNo");
}

static const char *space_of(const ResidenceOptions *options, const Record *record)
{
        const char *own = record->channel ? table_get(&options->spaces, record->channel) : NULL;

        return own ? own : options->of.space;
}

static bool case_translate(const ResidenceOptions *options, const Record *record, const json_t *document,
                           Output *output, Error *err)
{
        static const EventMeasurement area = { .factor = "area", .name = "面积", .unit = "m2" };
        enum { MOST_M2 = 1000000 };
        const json_t *data = json_at(document, "data");
        Case found = { .revision = record_header(record, "webhook-id") };
        Arena *arena = scratch(output);
        Event event;

        if (is_trial(document, data))
                return ignored(output, "trial");
        if (!json_is_object(data))
                return error_set(err, ERR_INPUT, data ? "bad_value" : "missing_field", "data: no object");
        case_read(&form, &options->of, document, arena, &found);
        if (is_plain_patrol(&found))
                return ignored(output, "patrol that found nothing");
        if (!case_event(&form, &options->of, &found, arena, &event, err))
                return false;
        event.space = space_of(options, record);
        if (is_registration(event.status.raw))
                event.kind = KIND_REGISTRY;
        place_fill(options, data, arena, &event);
        kind_fill(&event);
        room_fill(data, arena, &event);
        fill_measurement(data, "area_m2", &area, MOST_M2, &event);
        return emit(output, &event, err);
}

/* What is not told a 2xx is sent again for days: what is set aside here is kept, and not asked for once more. */
static bool translate(const void *of, const Record *record, Output *output, Error *err)
{
        CLEANUP(json_drop) json_t *document = record_read(record, NULL, output, err);

        if (document && case_translate(of, record, document, output, err))
                return true;
        if (!document || err->kind == ERR_INPUT)
                reply(output, &(Reply){ .status = 202 });
        return false;
}

const Adapter residence = {
        .name = "residence",
        .about = "Illegal building in estates, \"360\" control: webhooks in JSON",
        .platform = "p14",
        .options = table,
        .options_size = sizeof(table) / sizeof(table[0]),
        .size = sizeof(ResidenceOptions),
        .translate = translate,
        .forms = &form,
        .forms_size = 1,
};
