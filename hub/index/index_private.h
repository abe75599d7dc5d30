#pragma once

/* What index.c, who keeps, and index_ask.c, who looks, share. */

#include "hub/base/map.h"
#include "hub/index/index.h"
#include "hub/index/index_keys.h"

typedef struct Cell Cell;

/* A member under a key. Those of one place stand from the newest to the oldest, those of one name in no order. */
typedef struct Stand {
        Cell *cell;
        struct Stand *before, *after;
        const Member *member;
} Stand;

struct Cell {
        uint64_t key;
        Stand *first;
        size_t size;
};

struct Index {
        const RuleSet *rules;
        Map *cells; /* key -> Cell *, owned; none is empty */
        uint64_t question;
        IndexKeys keys; /* reused */
};
