#include "adapters/bikes.h"
#include "adapters/list.h"
#include "hub/base/json.h"
#include "hub/base/text.h"
#include "hub/dialect/case.h"
#include "hub/dialect/place.h"
#include "hub/document/order.h"
#include "hub/document/page.h"
#include "hub/document/record.h"
#include "hub/geo/stops.h"

#include <math.h>
#include <string.h>

/*
 * Platform 8, the parking of shared bicycles: what operators tell of their vehicles in the Mobility Data Specification (MDS 2.0 events and
 * vehicle status, 1.x status_changes and vehicles; openmobilityfoundation.org), or of them all in GBFS (2.3 free_bike_status,
 * 3.0 vehicle_status; gbfs.org). None tells a violation: it is found here, in where a vehicle stands.
 *
 * A vehicle is one case: wrongly left it is opened, by the event that shows it, and closed by the next one that takes it away.
 * GBFS gives a vehicle another number after each trip, some at each answer: there a case is the spot and the day.
 */

typedef struct {
        Crs crs;
        double accuracy_m, accuracy_most_m;
        int64_t idle_ms, stale_ms;
        Stops *stops, *no_parking;
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
        { "accuracy_most_m", OPTION_NUMBER, AT(accuracy_most_m), .value = "30", .least = 1, .most = 10000,
          .about = "a position that may be farther off does not show that a vehicle is in a no_parking area" },
        { "stops", OPTION_CUSTOM, AT(stops), .custom = &stops_option,
          .about = "where vehicles may be left; none: anywhere but in no_parking" },
        { "no_parking", OPTION_CUSTOM, AT(no_parking), .custom = &stops_option, .about = "where they may not" },
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
        const json_t *drives = json_at(item, "propulsion_types"), *drive;
        const char *own = type ? table_get(&options->categories, type) : NULL;
        size_t i;

        if (own)
                return own;
        drives = drives ? drives : json_at(item, "propulsion");
        json_array_foreach(drives, i, drive)
                if (!text_same(json_text(drive, ""), "human"))
                        return "E0506";
        if (text_is_one_of("moped|scooter|scooter_standing|scooter_seated", type))
                return "E0506";
        return drives || text_same(type, "bicycle") || text_same(type, "cargo_bicycle") ? "E2104" : NULL;
}

static void category_fill(const BikesOptions *options, const json_t *item, Moment *moment)
{
        const char *code = category_of(options, item, moment->texts[TYPE]);
        Event *event = &moment->event;

        event->category.raw_name = moment->texts[TYPE];
        event->category.code = code ? code : options->category;
        event->category.method = code ? METHOD_RULE : METHOD_DEFAULT;
        event->source.channel = "operator";
        event->org.responsible = options->operator;
}

static bool time_fill(Moment *moment, Error *err)
{
        Event *event = &moment->event;
        const char *published = moment->texts[PUBLISHED];
        Error unread;

        if (!moment->texts[TIME])
                return error_set(err, ERR_INPUT, "missing_field", "timestamp: missing");
        if (!time_read(moment->texts[TIME], &moment->time_ms, &event->time.precision, err))
                return error_add(err, "timestamp");
        event->time.occurred = event->time.updated = moment->time_ms;
        if (published && !time_read(published, &event->time.reported, NULL, &unread))
                event->quality |= QUALITY_PARTIAL;
        return true;
}

/* Where an event has no number, its time and what happened are one. */
static bool vehicle_fill(const Reader *reader, const json_t *item, Moment *moment, Error *err)
{
        const char *provider = moment->texts[PROVIDER], *device = moment->texts[DEVICE];
        Arena *arena = scratch(reader->output);
        Event *event = &moment->event;

        if (!case_id_check("device_id", device, false, err) || !time_fill(moment, err))
                return false;
        event->source.id = provider ? arena_format(arena, "%s/%s", provider, device) : device;
        event->source.revision = moment->texts[EVENT];
        if (!event->source.revision)
                event->source.revision = arena_format(arena, "%lld-%s", (long long)moment->time_ms, moment->what);
        event->source.episodic = true;
        event->status.raw = moment->what;
        category_fill(reader->options, item, moment);
        event_add_object(event, OBJECT_BIKE, moment->texts[VEHICLE] ? moment->texts[VEHICLE] : device);
        event_add_object(event, OBJECT_CASE, moment->texts[TICKET]);
        return true;
}

/* ---- where it stands ---- */

static bool fix_is_fresh(const BikesOptions *options, const Moment *moment)
{
        const int64_t stale_ms = options->stale_ms;
        int64_t taken_ms;
        Error unread;

        if (!moment->texts[TAKEN])
                return true;
        return time_read(moment->texts[TAKEN], &taken_ms, NULL, &unread) && taken_ms >= moment->time_ms - stale_ms &&
               (moment->later || taken_ms <= moment->time_ms + stale_ms);
}

/* Below zero a telephone says that it does not know where it is; 0 says that it does not know how well. */
static double accuracy_of(const BikesOptions *options, const char *text)
{
        double accuracy_m;

        return text && text_read_number(text, &accuracy_m) && (accuracy_m < 0 || accuracy_m > 0) ? accuracy_m
                                                                                                 : options->accuracy_m;
}

/* Why nothing can be said of where it stands: rejected where err says so, else ignored. NULL: something can. */
static const char *place_read(const BikesOptions *options, Moment *moment, Error *err)
{
        const double accuracy_m = accuracy_of(options, moment->texts[ACCURACY]);
        const bool partial = moment->event.quality & QUALITY_PARTIAL;
        Event *event = &moment->event;

        event->quality &= ~(unsigned)QUALITY_PARTIAL;
        place_position(options->crs, accuracy_m, POSITION_GPS, moment->texts[LON], moment->texts[LAT], event);
        if (event->quality & QUALITY_PARTIAL)
                (void)error_set(err, ERR_INPUT, "bad_position", "location: no position in the declared system");
        event->quality |= partial ? QUALITY_PARTIAL : 0;
        if (event->position.method == POSITION_NONE)
                return "no position";
        if (!fix_is_fresh(options, moment))
                return "stale position";
        return accuracy_m < 0 ? "uncertain position" : NULL;
}

typedef enum { VERDICT_UNSURE, VERDICT_FINE, VERDICT_WRONG } Verdict;

/* Beside a bay of 2 m only a position that is better than the distance shows that a vehicle is not in it. */
static Verdict place_judge(const Reader *reader, Event *event)
{
        const BikesOptions *options = reader->options;
        const double lon = event->position.lon, lat = event->position.lat, off = event->position.accuracy_m;
        const char *area = "", *stop = "";
        const double away = options->no_parking ? stops_away(options->no_parking, lon, lat, &area) : (double)INFINITY;
        const double outside = options->stops ? stops_away(options->stops, lon, lat, &stop) : 0;
        Arena *arena = scratch(reader->output);

        if (away <= 0 && off <= options->accuracy_most_m) {
                event->title = arena_format(arena, "共享车辆停在禁停区%s%s", area[0] ? " " : "", area);
                return VERDICT_WRONG;
        }
        if (outside > off) {
                event->title = "共享车辆停在停放点外";
                event->description = arena_format(arena, "距最近停放点%s%s %.0f 米", stop[0] ? " " : "", stop, outside);
                return VERDICT_WRONG;
        }
        return away <= off || outside > 0 ? VERDICT_UNSURE : VERDICT_FINE;
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

static bool wrong_emit(const Reader *reader, Moment *moment, Error *err)
{
        Event *event = &moment->event;
        const char *said = event->description ? event->description : "";
        bool tipped;

        event->status.state = STATE_RECEIVED;
        if (text_read_flag(moment->texts[TIPPED], &tipped) && tipped)
                event->description = arena_format(scratch(reader->output), "%s%s车辆倒地", said, said[0] ? "，" : "");
        return emit_change(reader->output, event, event->source.revision, err);
}

/* Something stands there today: all that is known where a number means nothing to the next answer. */
static void spot_fill(const Reader *reader, Event *event)
{
        enum { SHANGHAI = 8 * HOUR };
        Arena *arena = scratch(reader->output);
        char day[TIME_TEXT_SIZE];

        event->time.occurred = event->time.updated = reader->now_ms;
        event->source.id = arena_format(arena, "spot/%.4f,%.4f", event->position.lon, event->position.lat);
        event->source.revision = arena_format(arena, "%.10s", time_text(reader->now_ms + SHANGHAI, day));
}

static bool vehicle_translate(const Reader *reader, const json_t *item, Moment *moment, Error *err)
{
        Verdict verdict = VERDICT_UNSURE;
        const char *why;

        if (moment->spot)
                category_fill(reader->options, item, moment);
        else if (!vehicle_fill(reader, item, moment, err))
                return false;
        if (moment->standing == STANDING_GONE)
                return closed_emit(reader, moment, err);
        why = place_read(reader->options, moment, err);
        if (err->kind != ERR_NONE)
                return false;
        if (!why) {
                verdict = place_judge(reader, &moment->event);
                if (moment->spot)
                        spot_fill(reader, &moment->event);
                if (verdict == VERDICT_WRONG || (!moment->spot && idle_judge(reader, moment)))
                        return wrong_emit(reader, moment, err);
        }
        if (verdict == VERDICT_FINE && !moment->spot)
                return closed_emit(reader, moment, err);
        return ignored(reader->output, why                       ? why
                                       : verdict == VERDICT_FINE ? "where it may stand"
                                                                 : "uncertain position");
}

/* What vehicles are (MDS vehicles, a registration), policies, geographies, stations, prices, the list of the feeds: no event. */
static bool is_other(const json_t *page)
{
        static const char others[] =
                "policies|policy_id|geographies|geography|geography_id|features|trips|trip_id|stops|"
                "reports|telemetry|jurisdictions|version|ttl|last_updated|propulsion_types|"
                "propulsion|vehicle_attributes|mfgr";

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
        if (moment.standing == STANDING_UNKNOWN && !(is_other(item) && !moment.what && !moment.texts[LON]))
                return error_set(err, ERR_INPUT, moment.what ? "unknown_message" : "missing_field",
                                 "vehicle_state, event_types: no word of MDS");
        return ignored(output, moment.standing == STANDING_SILENT ? "not known where it is" : "no event");
}

static const char *number(const void *of, const json_t *object, Arena *arena)
{
        const char *id = bikes_number(object);

        (void)of;
        return id ? arena_copy(arena, id, strlen(id)) : NULL;
}

static const PageForm page_form = {
        .number = number,
        .translate = item_translate,
        .lists = "data.events|events|data.status_changes|status_changes|data.vehicles_status|vehicles_status|"
                 "data.vehicle_status|vehicle_status|data.vehicles|vehicles|data.bikes|bikes|data.devices|devices|",
};

/* ---- pages ---- */

static int64_t made_at(const json_t *page, const Record *record)
{
        const char *text = json_text(page, "last_updated");
        Error unread;
        int64_t ms;

        return text && time_read(text, &ms, NULL, &unread) && ms <= record->received_ms ? ms : record->received_ms;
}

static bool translate(const void *of, const Record *record, Output *output, Error *err)
{
        CLEANUP(json_drop) json_t *page = record_read(record, NULL, output, err);
        const Reader reader = { .options = of, .output = output, .now_ms = made_at(page, record) };
        const json_t *items = page_items(&page_form, NULL, page);

        if (!page)
                return false;
        items_order((json_t *)(uintptr_t)items, bikes_times);
        return page_translate(&page_form, NULL, &reader, page, output, err);
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
