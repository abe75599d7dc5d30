#pragma once

/* A checkout of this project, for the tools of an adapter's author: it knows itself by adapters/ and schemas/platforms.yaml. */

#include "hub/base/error.h"

/* The folder itself when it is named; else the current one, or the nearest above it. Owned. ERR_INPUT: none of them is. */
char *checkout_find(const char *named, Error *err);
