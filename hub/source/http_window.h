#pragma once

/*
 * The window of a poll: [last end - overlap, now by the server's clock]. The cursor moves to a window's end when all its pages
 * are acknowledged; the end is never later than the Date of the window's first reply, so that nothing falls between two.
 */

#include "hub/base/memory.h"
#include "hub/source/http_options.h"

typedef struct {
        uint64_t number;                /* from 1; 0: none yet */
        int64_t start, end;             /* as asked */
        int64_t sure;                   /* the cursor when it is acknowledged: min(end, the first reply's Date) */
} Window;

typedef struct {
        int64_t cursor;                 /* end of the last acknowledged window, TIME_NONE at first */
        int64_t skew_ms;                /* server's clock - ours */
        uint64_t number;
} WindowState;

/* From a checkpoint's text (NULL: none) and back. */
bool window_state_read(WindowState *state, const char *checkpoint, Error *err);
void window_state_write(const WindowState *state, char out[64]);

Window window_next(WindowState *state, const HttpOptions *options);
void window_dated(WindowState *state, Window *window, int64_t date_ms);         /* the first reply said so */

/* The parameters of one page of the window; texts in the arena. */
TextTable window_parameters(const Window *window, const HttpOptions *options, int64_t page, Arena *arena);
