#pragma once

/*
 * Deterministic identity: id = platform:space:source_id:revision, subject = the same without revision. '%', ':' and
 * control bytes are percent-encoded (upper-case hex) in each part; where the id would pass 128 bytes, SHA-256 in hex
 * stands in place of source_id (and subject uses the same replacement).
 */

#include "hub/base/memory.h"
#include "hub/event/event.h"

void event_identify(Event *event, Arena *arena); /* sets id and subject from platform, space, source */
