#pragma once

/* What context.c, which keeps the rows, and context_judge.c, which asks them, share. */

#include "hub/base/map.h"
#include "hub/base/memory.h"
#include "hub/zone/context.h"

struct Context {
        Map *rows; /* subject -> ContextRow *, owned; its order means nothing */
};
