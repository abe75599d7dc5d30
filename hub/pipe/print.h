#pragma once

/*
 * The sink of `hub translate` and `hub run --dry-run` (messages.md section 9): canonical events on stdout, one a line;
 * each rejected or ignored item one JSON line on stderr: {"verdict", "reason", "text", "item", "position"}. `item` is
 * the rejected part of a batch as it could be translated alone; it is left out where the whole record is meant.
 * A reply is a line of its own for who asked for it: {"verdict": "reply", "status", "content_type", "body", "position"}.
 */

#include "hub/pipe/output.h"

#include <stdio.h>

typedef struct {
        FILE *events, *verdicts;
        size_t items, rejected;
} Print;

void print_reply(const Print *print, const Record *record, const Reply *reply);

extern const OutputSink print_sink; /* its context is a Print */
