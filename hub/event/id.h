#pragma once

/*
 * Deterministic identity: id = platform:space:source_id:revision, subject = the same without revision. '%', ':', blanks
 * and control bytes are percent-encoded (upper-case hex of their UTF-8) in each part, for ids go through shells, addresses
 * and CSV. SHA-256 in hex stands in place of a source_id whose subject would pass 128 bytes: the subject's own length
 * decides, so that a longer revision never makes another case. It also stands in place of a revision over 128 bytes.
 */

#include "hub/base/memory.h"
#include "hub/event/event.h"

/* Sets id and subject from platform, space and source; source.revision to its digest where it is too long; and the
 * subjects of links that name another case of the platform. */
void event_identify(Event *event, Arena *arena);

/* The subject of another case of the event's platform and space; in the arena. */
const char *event_subject(const Event *event, const char *source_id, Arena *arena);
