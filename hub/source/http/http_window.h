#pragma once

/*
 * Which span of time a poll asks for, and how far it is done: [last end - overlap, the server's now]. The server's Date is
 * the only clock that counts: its own rows are stamped by it. The cursor (the checkpoint) moves to a window's end when all
 * its pages are acknowledged.
 */

#include "hub/base/error.h"
#include "hub/base/time.h"
#include "hub/source/http/http_options.h"

typedef struct {
        int64_t start, end; /* of the window; end TIME_NONE until its first page came, where no end is asked for */
        int64_t cursor;     /* TIME_NONE before the first window */
        int64_t offset_ms;  /* server's clock - ours, where a Date told */
        uint64_t number;    /* of the window, from 1 */
        uint64_t token;     /* of the last page that came in it */
        bool over;          /* its pages were all read: waits for acknowledgement */
        char position[TIME_TEXT_SIZE];
} Window;

void window_span(Window *window, int64_t start, int64_t end); /* this one, in place of what window_begin() chose */
bool window_restore(Window *window, const char *checkpoint, Error *err); /* NULL: the first start. ERR_FATAL */
void window_begin(Window *window, const HttpOptions *options);
void window_date(Window *window, int64_t date_ms); /* of any answer; TIME_NONE is ignored */
void window_first_page(Window *window, const HttpOptions *options,
                       int64_t date_ms);                  /* what was asked for ends with it */
bool window_acknowledged(Window *window, uint64_t token); /* moves the cursor; true: the next may begin */
const char *window_position(Window *window);              /* NULL: nothing to keep yet */
