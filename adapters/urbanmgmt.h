#pragma once

/* What the parts of adapter urbanmgmt share: what an action of the exchange (V22) does to its case. */

#include "hub/dialect/case.h"

typedef struct {
        StatusWords words[6]; /* of this case, in place of the form's; ends with a zero row */
        unsigned quality;
} UrbanAction;

/* Adds to `found` what the action says; ERR_INPUT unknown_message. */
bool urban_action(const char *name, const json_t *data, Arena *arena, UrbanAction *action, Case *found, Error *err);

/* A phase of the workflow, which is named after what is done there: 区责任单位处置. */
void urban_phase(const char *phase, UrbanAction *action, Case *found);
