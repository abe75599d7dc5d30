#pragma once

/*
 * The console's files. What stands in the folder `serve.www` and in its `assets` is read once, at the start: names of letters, digits,
 * ".", "-" and "_" that end in a type that a page is made of; nothing else is ever told, whatever a path says. Where there is no such
 * folder there is no console, and that is said once.
 *
 * Files of `assets` carry their hash in their name and may be kept for a year; all others are asked for again, by ETag. Texts are
 * told as gzip where that is accepted. The page's Content-Security-Policy allows our own origin alone, and the host of
 * `serve.basemap` for pictures.
 */

#include "hub/base/error.h"
#include "hub/config/config.h"

typedef struct Files Files;

Files *files_open(const ServeOptions *options, Error *err); /* NULL: ERR_FATAL */
void files_close(Files *files);                             /* also NULL */
