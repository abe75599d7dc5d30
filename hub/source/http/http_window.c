#include "hub/source/http/http_window.h"

enum { HOUR = 3600 * 1000 };

static int64_t server_now(const Window *window)
{
        int64_t now = time_now() + window->offset_ms;

        return now - now % 1000;
}

bool window_restore(Window *window, const char *checkpoint, Error *err)
{
        *window = (Window){ .cursor = TIME_NONE, .end = TIME_NONE };
        if (!checkpoint || time_read(checkpoint, &window->cursor, NULL, err))
                return true;
        return error_set(err, ERR_FATAL, NULL, "checkpoint: \"%.40s\" is no time", checkpoint);
}

/* One that was begun stays one until it is over, however often its first page is asked for. */
static void recheck_begin(Window *window, const HttpOptions *options)
{
        if (!options->recheck || (!window->is_recheck && time_monotonic() < window->recheck_ms))
                return;
        window->round += !window->is_recheck;
        window->is_recheck = true;
        window->recheck_ms = time_monotonic() + options->recheck_every;
        if (window->start > window->end - options->recheck)
                window->start = window->end - options->recheck;
}

static int64_t hour_start(const Window *window, const HttpOptions *options)
{
        return time_hour(window->cursor == TIME_NONE ? server_now(window) - options->first_window : window->cursor);
}

bool window_due(const Window *window, const HttpOptions *options)
{
        return options->time_form != TIME_HOUR || hour_start(window, options) + HOUR <= server_now(window);
}

static void span_begin(Window *window, const HttpOptions *options, int64_t now)
{
        if (options->time_form == TIME_HOUR) {
                window->start = window->cursor = hour_start(window, options);
                window->end = window->start + HOUR;
                return;
        }
        if (window->cursor == TIME_NONE)
                window->start = window->cursor = now - options->first_window;
        else
                window->start = (window->cursor < now ? window->cursor : now) - options->overlap;
        window->end = now;
}

/* A server whose clock went back is asked from its own now: its new rows are stamped there. */
void window_begin(Window *window, const HttpOptions *options)
{
        span_begin(window, options, server_now(window));
        window->token = 0;
        window->over = false;
        recheck_begin(window, options);
}

void window_span(Window *window, int64_t start, int64_t end)
{
        window->start = start;
        window->end = end;
}

void window_date(Window *window, int64_t date_ms)
{
        if (date_ms != TIME_NONE)
                window->offset_ms = date_ms - time_now();
}

/*
 * Where our idea of the server's now was ahead of it, rows of the time between are still to come; where no end was asked for,
 * what came reaches to the server's now.
 */
void window_first_page(Window *window, const HttpOptions *options, int64_t date_ms)
{
        if (date_ms != TIME_NONE && options->time_form != TIME_HOUR &&
            (!options->end_parameter || date_ms < window->end))
                window->end = date_ms;
}

bool window_acknowledged(Window *window, uint64_t token)
{
        if (window->over && token >= window->token) {
                window->cursor = window->end;
                window->over = window->is_recheck = false;
        }
        return !window->over;
}

uint64_t window_round(const Window *window, const HttpOptions *options)
{
        return options->recheck ? window->round : window->number;
}

const char *window_position(Window *window)
{
        return window->cursor == TIME_NONE ? NULL : time_text(window->cursor, window->position);
}
