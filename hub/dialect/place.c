#include "hub/dialect/place.h"

#include "hub/base/text.h"

#include <math.h>
#include <string.h>

#define RADIAN       (M_PI / 180)
#define AXIS_M       6378137.0
#define ECCENTRICITY 0.00669437999 /* of WGS 84, squared */

enum { AIM_MOST_M = 20000, AIM_LEAST_M = 30, AIM_PARTS = 10 };

bool place_position(Crs crs, double accuracy_m, PositionMethod method, const char *lon, const char *lat, Event *event)
{
        bool wrong;

        if (crs == CRS_NONE)
                return true;
        if (!position_read(crs, lon, lat, &event->position.lon, &event->position.lat, &wrong)) {
                event->quality |= wrong ? QUALITY_PARTIAL : 0;
                return !wrong;
        }
        event->position.method = method;
        event->position.accuracy_m = accuracy_m;
        event->position.crs = crs_name(crs);
        event->position.raw[0] = lon;
        event->position.raw[1] = lat;
        return true;
}

void place_registry(const RegistryPosition *at, double accuracy_m, PositionMethod method, Event *event)
{
        if (!at->positioned)
                return;
        event->position.method = method;
        event->position.lon = at->lon;
        event->position.lat = at->lat;
        event->position.accuracy_m = accuracy_m;
        event->position.crs = crs_name(at->crs);
        event->position.raw[0] = at->raw_lon;
        event->position.raw[1] = at->raw_lat;
}

void place_outline(const Outline *outline, double accuracy_m, Arena *arena, Event *event)
{
        event->geometry = outline ? outline_text(outline, arena) : NULL;
        if (!event->geometry)
                event->quality |= QUALITY_PARTIAL;
        if (!outline || event->position.method != POSITION_NONE)
                return;
        outline_point(outline, &event->position.lon, &event->position.lat);
        event->position.method = POSITION_AREA;
        event->position.accuracy_m = accuracy_m;
}

void place_wkt(Crs crs, const char *text, double accuracy_m, Arena *arena, Event *event)
{
        CLEANUP(outline_drop) Outline *outline = NULL;
        Error unread;

        if (!text || strcasestr(text, "EMPTY"))
                return;
        outline = outline_wkt(crs, text, &unread);
        place_outline(outline, accuracy_m, arena, event);
}

void place_device(const Devices *devices, Crs meant, const char *id, ObjectKind kind, Event *event)
{
        const Device *device = devices_find(devices, id);

        event_add_object(event, kind, id);
        if (!device)
                return;
        event->place.address = device->place[0] ? device->place : device->name;
        place_registry(&device->at, device->radius_m, POSITION_REGISTRY, event);
        if (device->at.positioned && meant != CRS_NONE && !text_same(crs_name(meant), crs_name(device->at.crs)))
                event->quality |= QUALITY_CRS_ASSUMED;
}

const char *place_device_of(const Devices *devices, Crs meant, const char *const *names, size_t size, ObjectKind kind,
                            Event *event)
{
        const char *chosen = NULL;

        for (size_t i = 0; i < size; i++)
                if (!chosen || (!devices_find(devices, chosen) && devices_find(devices, names[i])))
                        chosen = names[i];
        place_device(devices, meant, chosen, kind, event);
        return chosen;
}

void place_aim(const char *bearing, const char *range_m, Event *event)
{
        double turn, metres, lat, flat;

        if (!bearing || !range_m || event->position.method == POSITION_NONE)
                return;
        if (!text_read_number(bearing, &turn) || !text_read_number(range_m, &metres) || turn < -180 || turn > 360 ||
            metres < 0 || metres > AIM_MOST_M) {
                event->quality |= QUALITY_PARTIAL;
                return;
        }
        turn *= RADIAN;
        lat = event->position.lat * RADIAN;
        flat = 1 - ECCENTRICITY * sin(lat) * sin(lat);
        event->position.lat += metres * cos(turn) * flat * sqrt(flat) / (AXIS_M * (1 - ECCENTRICITY)) / RADIAN;
        event->position.lon += metres * sin(turn) * sqrt(flat) / (AXIS_M * cos(lat)) / RADIAN;
        event->position.accuracy_m = fmax(AIM_LEAST_M, metres / AIM_PARTS);
}
