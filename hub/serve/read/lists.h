#pragma once

/* What does not change while the process lives: categories and the interface's own description. */

#include "hub/serve/serve.h"

bool lists_open(Serve *serve, Error *err); /* ERR_FATAL: a file is wrong */
void lists_close(Serve *serve);
