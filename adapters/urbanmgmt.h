#pragma once

/* Inside of adapter urbanmgmt: the state in which an action of V22 (NULL: none) or a phase leaves its case. ERR_INPUT unknown_message. */

#include "hub/dialect/case.h"

bool urban_state(const char *action, const json_t *data, Arena *arena, Case *found, Error *err);
