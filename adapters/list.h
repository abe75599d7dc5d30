#pragma once

/* Every adapter, one line each. A new one is declared here and named in list.c's table, nowhere else. */

#include "hub/adapter.h"

extern const Adapter citybrain; /* p09: Frigate over MQTT */
extern const Adapter envletter; /* p03: lists of letters and calls to the inspectors, CSV */
extern const Adapter grid;      /* p12: grid inspection, JSON on Kafka */
extern const Adapter hotline;   /* p01: 12345's vendor JSON, Open311 GeoReport v2 */
