#pragma once

/* Private to mapping*.c: what was found of an adapter's members by changing those of its platform, and the page of it. */

#include "hub/conform/conform.h"

/* told and follows: a member of ours to an object of the platform's members, each with the fixture that shows it. */
typedef struct {
        json_t *filled;  /* to a fixture */
        json_t *told;    /* the platform's text stands in it */
        json_t *follows; /* it changes with the platform's */
        json_t *needed;  /* members without which, or with another word, an event is none: to a fixture */
        json_t *said;    /* rejected and ignored: a reason to a fixture */
} Mapping;

/* The table, what was rejected and ignored, and the members of the adapter's tables that no fixture shows: how many. */
size_t mapping_write(const Mapping *mapping, const Adapter *adapter, Buffer *out);
