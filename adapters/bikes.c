#include "adapters/bikes.h"
#include "adapters/list.h"
#include "hub/base/json.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/dialect/case.h"
#include "hub/dialect/place.h"
#include "hub/document/page.h"
#include "hub/document/record.h"
#include "hub/geo/parking.h"

#include <math.h>

/*
 * Platform 8, the parking of shared bicycles: what operators tell of their vehicles in the Mobility Data Specification (MDS 2.0 events and
 * vehicle status, 1.x status_changes and vehicles; openmobilityfoundation.org), or of them all in GBFS (2.3 free_bike_status,
 * 3.0 vehicle_status; gbfs.org). None tells a violation: it is found here, in where a vehicle stands.
 *
 * A vehicle is one case: wrongly left it is opened, by the event that shows it, and closed by the next one that takes it away.
 * GBFS gives a vehicle another number after each trip, some at each answer: there a case is the spot and the day. Over 300 lines, for
 * five versions of two standards, and because no platform tells the violation.
 */

typedef struct {
        Crs crs;
        double accuracy_m;
        int64_t idle_ms, stale_ms;
        ParkingOptions parking;
        TextTable categories;
        char *category, *operator, * space;
} BikesOptions;

#define AT(member) offsetof(BikesOptions, member)

enum { SECOND = 1000, HOUR = 3600 * SECOND, DAY = 24 * HOUR };

static const Option table[] = {
        { "crs", OPTION_CUSTOM, AT(crs), .custom = &crs_option, .flags = OPTION_REQUIRED,
          .about = "system of the positions: wgs84 as MDS and GBFS have it, gcj02 as operators here often send" },
        { "accuracy_m", OPTION_NUMBER, AT(accuracy_m), .value = "15", .least = 1, .most = 10000,
          .about = "how far off a position may be that does not say so" },
        { .type = OPTION_PART, .offset = AT(parking), .part = parking_options },
        { "idle", OPTION_DURATION, AT(idle_ms), .value = "72h", .least = HOUR, .most = INT64_C(365) * DAY,
          .about = "not moved for longer, by the vehicles' status, is a violation wherever it is" },
        { "stale", OPTION_DURATION, AT(stale_ms), .value = "5min", .least = SECOND, .most = DAY,
          .about = "a position taken so long before its event, or after it, is no evidence" },
        { "category", OPTION_TEXT, AT(category), .check = code_check, .value = "E2104",
          .about = "of vehicles that do not tell what they are; E0506 for a fleet of electric ones" },
        { "categories", OPTION_TABLE, AT(categories), .check = codes_check,
          .about = "vehicle_type or vehicle_type_id to our code" },
        { "operator", OPTION_TEXT, AT(operator), .about = "the operator's name: who disposes" },
        { "space", OPTION_TEXT, AT(space), .about = "id space, where operators number vehicles alike" },
};

typedef struct {
        const BikesOptions *options;
        Output *output;
        int64_t now_ms; /* when the page was made */
} Reader;

/* ---- the vehicle ---- */

/* With the help of a motor it is an electric one, whatever its type: MDS counts those among bicycles. */
static const char *category_of(const BikesOptions *options, const json_t *item, const char *type)
{
        const json_t *drives = json_find(item, "propulsion_types|propulsion", NULL), *drive;
        const char *own = type ? table_get(&options->categories, type) : NULL;
        size_t i;

        if (own)
                return own;
        json_array_foreach(drives, i, drive)
                if (!text_same(json_text(drive, ""), "human"))
                        return "E0506";
        if (text_is_one_of("moped|scooter|scooter_standing|scooter_seated", type))
                return "E0506";
        return drives || text_is_one_of("bicycle|cargo_bicycle", type) ? "E2104" : NULL;
}

static void category_fill(const BikesOptions *options, const json_t *item, Event *event)
{
        const char *type = json_first(item, "vehicle_type|vehicle_type_id"), *code = category_of(options, item, type);

        event->category.raw_name = type;
        event->category.code = code ? code : options->category;
        event->category.method = code ? METHOD_RULE : METHOD_DEFAULT;
        event->source.channel = "operator";
        event->org.responsible = options->operator;
}

static bool time_fill(const json_t *item, Moment *moment, Error *err)
{
        const char *text = json_first(item, BIKES_TIMES),
                   *published = json_first(item, "publication_time|last_event.publication_time");
        Event *event = &moment->event;

        if (!text)
                return error_set(err, ERR_INPUT, "missing_field", "timestamp: missing");
        if (!time_read(text, &moment->time_ms, &event->time.precision, err))
                return error_add(err, "timestamp");
        event->time.occurred = event->time.updated = moment->time_ms;
        event->time.reported = time_or_none(published, TIME_CHINA_MS);
        if (published && event->time.reported == TIME_NONE)
                event->quality |= QUALITY_PARTIAL;
        return true;
}

/* Where an event has no number, its time and what happened are one. */
static bool vehicle_fill(const Reader *reader, const json_t *item, Moment *moment, Error *err)
{
        const char *provider = json_text(item, "provider_id"), *device = json_text(item, "device_id"),
                   *vehicle = json_text(item, "vehicle_id");
        Arena *arena = scratch(reader->output);
        Event *event = &moment->event;

        if (!case_id_check("device_id", device, false, err) || !time_fill(item, moment, err))
                return false;
        event->source.id = provider ? arena_format(arena, "%s/%s", provider, device) : device;
        event->source.revision = json_first(item, "event_id|last_event.event_id");
        if (!event->source.revision)
                event->source.revision = arena_format(arena, "%lld-%s", (long long)moment->time_ms, moment->what);
        event->source.episodic = true;
        event->status.raw = moment->what;
        category_fill(reader->options, item, event);
        event_add_object(event, OBJECT_BIKE, vehicle ? vehicle : device);
        event_add_object(event, OBJECT_CASE, json_first(item, "associated_ticket|last_event.associated_ticket"));
        return true;
}

/* ---- where it stands ---- */

static bool fix_is_fresh(const BikesOptions *options, const Moment *moment)
{
        const int64_t taken_ms = time_or_none(moment->taken, TIME_CHINA_MS), stale_ms = options->stale_ms;

        return !moment->taken ||
               (taken_ms >= moment->time_ms - stale_ms && (moment->later || taken_ms <= moment->time_ms + stale_ms));
}

/* Below zero a telephone says that it does not know where it is; 0 says that it does not know how well. */
static double accuracy_of(const BikesOptions *options, const char *text)
{
        double accuracy_m;

        return text && text_read_number(text, &accuracy_m) && fabs(accuracy_m) > 0 ? accuracy_m : options->accuracy_m;
}

/* Why nothing can be said of where it stands; NULL: something can. */
static const char *doubt_of(const BikesOptions *options, const Moment *moment)
{
        if (moment->event.position.method == POSITION_NONE)
                return "no position";
        if (!fix_is_fresh(options, moment))
                return "stale position";
        return moment->event.position.accuracy_m < 0 ? "uncertain position" : NULL;
}

static Parking place_judge(const Reader *reader, Event *event)
{
        const char *name;
        double metres;
        const Parking verdict = parking_judge(&reader->options->parking, event->position.lon, event->position.lat,
                                              event->position.accuracy_m, &name, &metres);
        Arena *arena = scratch(reader->output);

        if (verdict == PARKING_FORBIDDEN)
                event->title = arena_format(arena, "共享车辆停在禁停区%s%s", name[0] ? " " : "", name);
        if (verdict == PARKING_OUTSIDE) {
                event->title = "共享车辆停在停放点外";
                event->description = arena_format(arena, "距最近停放点%s%s %.0f 米", name[0] ? " " : "", name, metres);
        }
        return verdict;
}

/* Of a list of states: changed last at the moment at which it had stood too long, whenever we look. */
static bool idle_judge(const Reader *reader, Moment *moment)
{
        const int64_t idle_ms = reader->options->idle_ms;
        Event *event = &moment->event;
        Arena *arena = scratch(reader->output);

        if (!moment->listed || reader->now_ms - moment->time_ms <= idle_ms)
                return false;
        event->source.revision = arena_format(arena, "%s-idle", event->source.revision);
        event->time.updated = moment->time_ms + idle_ms;
        event->title = arena_format(arena, "共享车辆超过 %lld 小时未移动", (long long)(idle_ms / HOUR));
        return true;
}

/* ---- items ---- */

static bool closed_emit(const Reader *reader, Moment *moment, Error *err)
{
        Event *event = &moment->event;

        event->status.state = STATE_CLOSED;
        event->status.outcome = OUTCOME_DONE;
        event->time.closed = moment->time_ms;
        event->position.method = POSITION_NONE; /* where it is now is not where it stood */
        return emit_end(reader->output, event, "closed", err);
}

static bool wrong_emit(const Reader *reader, const json_t *item, Event *event, Error *err)
{
        const char *fallen = json_first(item, "last_telemetry.tipped_over|telemetry.tipped_over");
        const char *said = event->description ? event->description : "";
        bool tipped;

        event->status.state = STATE_RECEIVED;
        if (text_read_flag(fallen, &tipped) && tipped)
                event->description = arena_format(scratch(reader->output), "%s%s车辆倒地", said, said[0] ? "，" : "");
        return emit_change(reader->output, event, event->source.revision, err);
}

/* Something stands there today: all that is known where a number means nothing to the next answer. */
static void spot_fill(const Reader *reader, Event *event)
{
        Arena *arena = scratch(reader->output);
        char day[TIME_TEXT_SIZE];

        event->time.occurred = event->time.updated = reader->now_ms;
        event->source.id = arena_format(arena, "spot/%.4f,%.4f", event->position.lon, event->position.lat);
        event->source.revision = arena_format(arena, "%.10s", time_text(reader->now_ms + TIME_CHINA_MS, day));
}

static bool vehicle_translate(const Reader *reader, const json_t *item, Moment *moment, Error *err)
{
        const BikesOptions *options = reader->options;
        Event *event = &moment->event;
        const char *doubt;
        Parking verdict;

        if (moment->spot)
                category_fill(options, item, event);
        else if (!vehicle_fill(reader, item, moment, err))
                return false;
        if (moment->standing == STANDING_GONE)
                return closed_emit(reader, moment, err);
        if (!place_position(options->crs, accuracy_of(options, moment->accuracy), POSITION_GPS, moment->lon,
                            moment->lat, event))
                return error_set(err, ERR_INPUT, "bad_position", "location: no position in the declared system");
        doubt = doubt_of(options, moment);
        verdict = doubt ? PARKING_UNSURE : place_judge(reader, event);
        if (!doubt && moment->spot)
                spot_fill(reader, event);
        if (verdict == PARKING_FORBIDDEN || verdict == PARKING_OUTSIDE ||
            (!doubt && !moment->spot && idle_judge(reader, moment)))
                return wrong_emit(reader, item, event, err);
        if (verdict == PARKING_FINE)
                return moment->spot ? ignored(reader->output, "where it may stand") : closed_emit(reader, moment, err);
        return ignored(reader->output, doubt ? doubt : "uncertain position");
}

/* What vehicles are (MDS vehicles, a registration), policies, geographies, stations, prices, the list of the feeds: no event. */
static bool is_other(const json_t *page)
{
        static const char others[] = "policies|policy_id|geographies|geography|geography_id|features|trips|trip_id|"
                                     "stops|reports|telemetry|jurisdictions|version|ttl|last_updated|mfgr|"
                                     "propulsion_types|propulsion|vehicle_attributes";

        return json_find(page, others, NULL) || json_find(json_at(page, "data"), others, NULL);
}

static bool item_translate(const void *of, const json_t *item, Output *output, Error *err)
{
        const Reader *reader = of;
        Moment moment = { 0 };

        event_init(&moment.event, KIND_REPORT);
        moment.event.space = reader->options->space;
        bikes_moment(item, &moment);
        if (moment.standing == STANDING_THERE || moment.standing == STANDING_GONE)
                return vehicle_translate(reader, item, &moment, err);
        if (moment.standing == STANDING_UNKNOWN && !(is_other(item) && !moment.what && !moment.lon))
                return error_set(err, ERR_INPUT, moment.what ? "unknown_message" : "missing_field",
                                 "vehicle_state, event_types: no word of MDS");
        return ignored(output, moment.standing == STANDING_SILENT ? "not known where it is" : "no event");
}

static const PageForm page_form = {
        .numbers = BIKES_NUMBERS,
        .times = BIKES_TIMES,
        .translate = item_translate,
        .lists = "data.events|events|data.status_changes|status_changes|data.vehicles_status|vehicles_status|"
                 "data.vehicle_status|vehicle_status|data.vehicles|vehicles|data.bikes|bikes|data.devices|devices|",
};

static bool translate(const void *of, const Record *record, Output *output, Error *err)
{
        CLEANUP(json_drop) json_t *page = record_read(record, NULL, output, err);
        const int64_t made_ms = time_or_none(json_text(page, "last_updated"), TIME_CHINA_MS),
                      now_ms = record->received_ms;
        const Reader reader = { of, output, made_ms != TIME_NONE && made_ms <= now_ms ? made_ms : now_ms };

        return page && page_translate(&page_form, NULL, &reader, page, output, err);
}

const Adapter bikes = {
        .name = "bikes",
        .about = "Parking of shared bicycles: MDS 2.0 and 1.x, GBFS",
        .platform = "p08",
        .options = table,
        .options_size = sizeof(table) / sizeof(table[0]),
        .size = sizeof(BikesOptions),
        .translate = translate,
};
