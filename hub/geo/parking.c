#include "hub/geo/parking.h"

#include <math.h>

#define AT(member) offsetof(ParkingOptions, member)

const Option parking_options[] = {
        { "accuracy_most_m", OPTION_NUMBER, AT(accuracy_most_m), .value = "30", .least = 1, .most = 10000,
          .about = "a position that may be farther off does not show that a vehicle is in a no_parking area" },
        { "stops", OPTION_CUSTOM, AT(stops), .custom = &stops_option,
          .about = "where vehicles may be left; none: anywhere but in no_parking" },
        { "no_parking", OPTION_CUSTOM, AT(no_parking), .custom = &stops_option, .about = "where they may not" },
        { 0 },
};

Parking parking_judge(const ParkingOptions *options, double lon, double lat, double off_m, const char **name,
                      double *metres)
{
        const char *area = "";
        const double away = options->no_parking ? stops_away(options->no_parking, lon, lat, &area) : (double)INFINITY;

        *name = "";
        *metres = options->stops ? stops_away(options->stops, lon, lat, name) : 0;
        if (away <= 0 && off_m <= options->accuracy_most_m) {
                *name = area;
                return PARKING_FORBIDDEN;
        }
        if (*metres > off_m)
                return PARKING_OUTSIDE;
        return away <= off_m || *metres > 0 ? PARKING_UNSURE : PARKING_FINE;
}
