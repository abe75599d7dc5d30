#pragma once

/*
 * Pictures as platforms name them: an address, several parted by commas, semicolons or blanks, a list of them, objects that hold
 * one (url, href, src, path ...), or any of that as JSON in a text. Each becomes a medium; what is no whole address of http or
 * https, and what an event has no room for, is left out and marked partial. Where the picture itself was beside its address
 * (`data`, cut by hub/base/inlined.h) the medium has its digest; without an address it is left out, too.
 */

#include "hub/adapter.h"

#include <jansson.h>

void media_text(const char *text, Arena *arena, Event *event); /* NULL: none */
void media_node(const json_t *node, Arena *arena, Event *event);

void media_stages(Event *event); /* pictures that came with a state are of it: report, dispose, verify, close */
