#pragma once

/* Inside of adapter urbanmgmt: which state an action of the exchange (V22; NULL: none) or a phase leaves its case in. */

#include "hub/dialect/case.h"

bool urban_state(const char *action, const json_t *data, Arena *arena, Case *found,
                 Error *err); /* ERR_INPUT unknown_message */
