#include "adapters/bikes.h"

#include "hub/base/json.h"
#include "hub/base/text.h"

/* Where a fix may lie, and when it was taken, where that stands elsewhere. */
static const struct {
        const char *path, *time;
        bool later;
} fixes[] = {
        { "last_telemetry.location", "last_telemetry.timestamp", .later = true },
        { "current_location", NULL, .later = true },
        { "location", NULL },
        { "last_event.location", NULL },
        { "event_location", NULL },
        { "last_event_location", NULL },
        { "telemetry.gps", "telemetry.timestamp" },
        { "", NULL },
};

/* MDS 2.0 modes/micromobility.md, 1.2 general-information.md; and the words of 0.x, where event_type is the state itself. */
static const struct {
        Standing standing;
        const char *words;
} words[] = {
        { STANDING_THERE,
          "available|non_operational|reserved|unavailable|trip_end|trip_cancel|provider_drop_off|agency_drop_off|"
          "reservation_start|reservation_cancel|battery_low|battery_charged|maintenance|maintenance_end|off_hours|"
          "on_hours|system_suspend|system_resume|service_start|service_end|reserve|cancel_reservation|user_drop_off" },
        { STANDING_GONE,
          "on_trip|trip|removed|elsewhere|inactive|trip_start|trip_enter_jurisdiction|trip_enter|trip_leave|"
          "trip_leave_jurisdiction|trip_pause|trip_resume|agency_pick_up|city_pick_up|provider_pick_up|"
          "maintenance_pick_up|rebalance_pick_up|compliance_pick_up|decommissioned|deregister|user_pick_up" },
        { STANDING_SILENT,
          "unknown|missing|stopped|non_contactable|comms_lost|comms_restored|located|unspecified|register" },
};

static Standing standing_of(const char *word)
{
        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
                if (text_is_one_of(words[i].words, word))
                        return words[i].standing;
        return STANDING_UNKNOWN;
}

/* The state says it; else the last event that does, as an operator lists several in their order. */
static void standing_read(const json_t *item, Moment *moment)
{
        const json_t *list = json_find(item, "event_types|last_event.event_types|last_event_types|event_type", NULL),
                     *type;
        const char *state = json_first(item, "vehicle_state|last_event.vehicle_state|last_vehicle_state");
        size_t i;

        moment->what = json_text(list, "");
        json_array_foreach(list, i, type)
                if (!moment->what || standing_of(json_text(type, "")) != STANDING_UNKNOWN)
                        moment->what = json_text(type, "");
        moment->standing = standing_of(state);
        if (moment->standing == STANDING_UNKNOWN)
                moment->standing = standing_of(moment->what);
        moment->what = moment->what ? moment->what : state;
}

static void fix_read(const json_t *item, Moment *moment)
{
        for (size_t i = 0; i < sizeof(fixes) / sizeof(fixes[0]); i++) {
                const json_t *fix = json_at(item, fixes[i].path);

                moment->lon = json_first(fix, "lng|lon|geometry.coordinates.0");
                moment->lat = json_first(fix, "lat|geometry.coordinates.1");
                if (!moment->lon && !moment->lat)
                        continue;
                moment->accuracy = json_first(fix, "horizontal_accuracy|accuracy|properties.accuracy");
                moment->taken = fixes[i].time ? json_text(item, fixes[i].time) : json_text(fix, "properties.timestamp");
                moment->later = fixes[i].later;
                return;
        }
}

void bikes_moment(const json_t *item, Moment *moment)
{
        fix_read(item, moment);
        standing_read(item, moment);
        moment->listed = json_at(item, "last_event") || json_at(item, "last_event_time");
        moment->spot = !json_text(item, "device_id") && !moment->what && json_first(item, BIKES_NUMBERS);
        if (moment->spot)
                moment->standing = STANDING_THERE;
}
