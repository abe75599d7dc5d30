#pragma once

/*
 * Which span of time a poll asks for, and how far it is done: [last end - overlap, the server's now]. The server's Date is
 * the only clock that counts: its own rows are stamped by it. The cursor (the checkpoint) moves to a window's end when all
 * its pages are acknowledged.
 *
 * Where the server's window is not of changes, a case that was told once and closes later would never be seen again. So with
 * `recheck` a window reaches that far back, now and then: whatever happened meanwhile to what was reported within it is seen.
 * The open cases alone could be asked for by number, where a server has such a list; a long window needs none, and finds what
 * came late as well. In between all windows are of one round, so that what a recheck brings again is known to be a repeat.
 *
 * Files of whole hours (time_form: hour) are windows one after the other, each asked for once: no overlap.
 */

#include "hub/base/error.h"
#include "hub/base/time.h"
#include "hub/source/http/http_options.h"

typedef struct {
        int64_t start, end; /* of the window; end TIME_NONE until its first page came, where no end is asked for */
        int64_t cursor;     /* TIME_NONE before the first window */
        int64_t offset_ms;  /* server's clock - ours, where a Date told */
        uint64_t number;    /* of the window, from 1 */
        uint64_t round;     /* rechecks begun so far */
        uint64_t token;     /* of the last page that came in it */
        bool over;          /* its pages were all read: waits for acknowledgement */
        bool is_recheck;
        int64_t recheck_ms; /* monotonic: the next one not before; 0: at once */
        char position[TIME_TEXT_SIZE];
} Window;

void window_span(Window *window, int64_t start, int64_t end); /* this one, in place of what window_begin() chose */
bool window_restore(Window *window, const char *checkpoint, Error *err); /* NULL: the first start. ERR_FATAL */
bool window_due(const Window *window, const HttpOptions *options); /* of hours: the next one is over. Else: always */
void window_begin(Window *window, const HttpOptions *options);
void window_date(Window *window, int64_t date_ms); /* of any answer; TIME_NONE is ignored */
void window_first_page(Window *window, const HttpOptions *options,
                       int64_t date_ms);                  /* what was asked for ends with it */
bool window_acknowledged(Window *window, uint64_t token); /* moves the cursor; true: the next may begin */
uint64_t window_round(const Window *window,
                      const HttpOptions *options); /* what a repeat is counted by: SourceRecord.window */
const char *window_position(Window *window);       /* NULL: nothing to keep yet */
