#pragma once

/* Inside of an incident's detail: one answer made in one snapshot of the database. */

#include "hub/serve/call.h"

typedef struct {
        Call *call;
        const char *incident, *zone;
        Buffer founding;    /* the subject of the founding report */
        bool is_restricted; /* full texts, things and reporters are not for who asks */
        json_t *detail;
} Detail;

bool detail_reports(Detail *detail, Error *err);   /* reports, ended */
bool detail_suggested(Detail *detail, Error *err); /* suggested, merged */
bool detail_history(Detail *detail, Error *err);   /* history, commands */

/* Rows of one column of JSON each, as an array; owned. */
json_t *rows_json(const DbResult *rows, size_t column, Error *err);
bool role_reads_all(const Call *call);                 /* from dispatcher on: descriptions and who reported */
void reading_note(const Call *call, const char *what); /* in the log: who read what is restricted */
