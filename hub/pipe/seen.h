#pragma once

/*
 * What a polling source showed already. Windows overlap, so the same event comes in many of them; an event id seen in
 * the current or the previous window is a repeat and is not published again. An id that shows again lives on with its
 * window, so an overlap of many windows is covered.
 *
 * An id is worth remembering across a restart only once its record is acknowledged: seen_write() lists those alone.
 * Windows go only when all records of later ones' predecessors are acknowledged, so what a restart reads again is still
 * known.
 */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Seen Seen;

Seen *seen_new(void);
bool seen_add(Seen *seen, const char *id, uint64_t window, uint64_t token); /* false: it was there, a repeat */
void seen_acknowledged(Seen *seen, uint64_t window, uint64_t token);        /* all records up to token are settled */
json_t *seen_write(const Seen *seen);                                       /* owned array of ids */
void seen_read(Seen *seen, const json_t *ids); /* of a checkpoint: they count as the window before the first */
size_t seen_size(const Seen *seen);
void seen_free(Seen *seen);
