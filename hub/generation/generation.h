#pragma once

/* What recorrelate, compare and promote share. */

#include "hub/correlate/replay.h"
#include "hub/tool/tool.h"

bool generation_alone(Db *db, Error *err); /* takes the replay's lock on this connection; ERR_RETRY: another has it */
/* The number of the generation beside the live one, and whether it is the newer. ERR_INPUT: there is none. */
bool generation_beside(Db *db, int32_t *live, int32_t *other, Error *err);
