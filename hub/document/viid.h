#pragma once

/*
 * What GA/T 1400 wants to be told, over HTTP with status 200: of each object a ResponseStatus, whose LocalTime is when the record
 * came, in China's time; and what is asked without a body. Codes: 0 OK, 4 Invalid Operation, 7 Invalid JSON Format, 8 Invalid JSON
 * Content. What is set aside is kept by us, so it is told 0: nobody has to send it again.
 */

#include "hub/adapter.h"

#include <jansson.h>

json_t *viid_status(const Record *record, const char *id, const char *code,
                    const char *said); /* owned; id may be NULL */

void viid_tell(Output *output, json_t *status);                              /* takes status */
void viid_tell_all(Output *output, const json_t *statuses, bool is_service); /* a service is told the first alone */

/* GET, answered where it asks for the time, and DELETE, of what we do not keep: ignored. False: it is none of these. */
bool viid_question(const char *server_id, const Record *record, Output *output);
