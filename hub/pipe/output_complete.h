#pragma once

/* Private to output*.c: what emit() adds to an event of which origin and times are there, before privacy. */

#include "hub/pipe/output.h"

/* Texts without markup, category and severity, a place from words, a title, regions; all in arena. */
void output_complete(const OutputSetup *setup, Event *event, Arena *arena);
