#pragma once

/*
 * ${NAME} and ${NAME:-default} in a text, from the environment. Empty counts as unset, as a shell's ":-" has it. What
 * is put in is not looked at again. Unset without default is an error (ERR_FATAL, the text names the variable).
 */

#include "hub/base/buffer.h"
#include "hub/base/error.h"

bool variables_replace(Buffer *out, const char *text, Error *err); /* appends */
