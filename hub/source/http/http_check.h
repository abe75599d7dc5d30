#pragma once

/* What `hub check --connect` finds out about a server: whether it gives a page, and what its windows ask for. */

#include "hub/base/buffer.h"
#include "hub/base/error.h"

bool http_connect_check(const void *options, Error *err);
void http_connect_note(const void *options, Buffer *note); /* one line without its end; nothing: nothing to say */
