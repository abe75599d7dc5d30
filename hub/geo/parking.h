#pragma once

/*
 * Where things may be left: in the site's stops, and in none of its no-parking areas. A position is so many metres off at most, and it
 * shows nothing that it is too vague for: beside a bay of 2 m only one that is better than the distance shows that a vehicle is not in it.
 */

#include "hub/geo/stops.h"

typedef struct {
        Stops *stops, *no_parking; /* NULL: anywhere but in no_parking; nowhere */
        double accuracy_most_m;
} ParkingOptions;

extern const Option parking_options[]; /* a part: stops, no_parking, accuracy_most_m */

typedef enum { PARKING_UNSURE, PARKING_FINE, PARKING_FORBIDDEN, PARKING_OUTSIDE } Parking;

/* *name: of the area that it is in, or of the stop that it is *metres away from; "": it has none. */
Parking parking_judge(const ParkingOptions *options, double lon, double lat, double off_m, const char **name,
                      double *metres);
