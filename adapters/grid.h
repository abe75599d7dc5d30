#pragma once

/* Inside of the grid's adapter: the members of a case, the CloudEvents envelope around it, and what becomes of them. */

#include "hub/adapter.h"
#include "hub/base/json.h"
#include "hub/geo/crs.h"

typedef struct {
        Crs crs;
        double accuracy_m;
        char *space;
        TextTable states, categories, grids, members;
} GridOptions;

/* Texts of the document, NULL: absent, null, empty or "-". */
typedef struct {
        const char *id, *category_code, *category, *grid, *responsible, *occurred, *updated, *channel;
        const char *status, *status_name, *archived, *lon, *lat, *title, *description, *address;
} GridCase;

void grid_case_read(const GridOptions *options, const json_t *document, GridCase *found);
bool grid_members_check(const GridOptions *options, Error *err); /* ERR_FATAL: no such member of a case */

/* Everything mapped but the number, one a line: its SHA-256 tells two states apart that have neither offset nor time. */
const char *grid_case_hash(const GridCase *found, Arena *arena);

/* ERR_INPUT missing_field (id, status), bad_time (addTime); what is wrong elsewhere is left out and marked partial. */
bool grid_case_fill(const GridOptions *options, const GridCase *found, Arena *arena, Event *event, Error *err);

/*
 * CloudEvents 1.0 (and 0.3) in structured mode: the case inside, as document or as text (then *owned holds it), and the
 * envelope's time. A document that is no envelope is the case itself. NULL: ERR_INPUT missing_field, unsupported.
 */
const json_t *grid_envelope_open(const Record *record, const json_t *document, json_t **owned, const char **time,
                                 Error *err);
