#pragma once

/*
 * The sink of `hub translate` and `hub run --dry-run` (messages.md section 9): canonical events on stdout, one a line;
 * each rejected or ignored item one JSON line on stderr: {"verdict", "reason", "text", "item", "position"}. `item` is
 * the rejected part of a batch as it could be translated alone; it is left out where the whole record is meant.
 */

#include "hub/pipe/output.h"

#include <stdio.h>

typedef struct {
        FILE *events, *verdicts;
        size_t items, rejected;
} Print;

extern const OutputSink print_sink; /* its context is a Print */
