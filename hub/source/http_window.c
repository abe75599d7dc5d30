#include "hub/source/http_window.h"

#include "hub/base/text.h"
#include "hub/base/time.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SHANGHAI_MS = 8 * 3600 * 1000, PARAMETERS_MOST = 4 };

bool window_state_read(WindowState *state, const char *checkpoint, Error *err)
{
        *state = (WindowState){ .cursor = TIME_NONE };
        if (!checkpoint || !*checkpoint)
                return true;
        CLEANUP(mem_drop) char *text = text_copy(checkpoint);
        char *blank = strchr(text, ' ');
        int64_t number;

        if (blank)
                *blank = 0;
        if (!blank || !text_read_integer(blank + 1, &number) || !time_read_canonical(text, strlen(text), &state->cursor))
                return error_set(err, ERR_FATAL, NULL, "checkpoint: \"%s\" is none of http_poll", checkpoint);
        state->number = (uint64_t)number;
        return true;
}

void window_state_write(const WindowState *state, char out[64])
{
        char time[TIME_TEXT_SIZE];

        if (state->cursor == TIME_NONE)
                *out = 0;
        else
                snprintf(out, 64, "%s %" PRIu64, time_text(state->cursor, time), state->number);
}

Window window_next(WindowState *state, const HttpOptions *options)
{
        Window window = { .number = ++state->number, .end = time_now() + state->skew_ms };

        window.start = state->cursor == TIME_NONE ? window.end - options->first_window_ms : state->cursor - options->overlap_ms;
        window.sure = window.end;
        return window;
}

void window_dated(WindowState *state, Window *window, int64_t date_ms)
{
        if (date_ms == TIME_NONE)
                return;
        state->skew_ms = date_ms - time_now();
        window->sure = date_ms < window->end ? date_ms : window->end;
}

/* Whole seconds, rounded down at the start and up at the end. */
static char *time_write(int64_t ms, int form, bool up, Arena *arena)
{
        const int64_t seconds = (ms + (up ? 999 : 0)) / 1000;
        char text[TIME_TEXT_SIZE];

        if (form == TIME_FORM_EPOCH_S)
                return arena_format(arena, "%" PRId64, seconds);
        if (form == TIME_FORM_EPOCH_MS)
                return arena_format(arena, "%" PRId64, ms);
        time_text(seconds * 1000 + (form == TIME_FORM_LOCAL ? SHANGHAI_MS : 0), text);
        if (form == TIME_FORM_LOCAL)
                return arena_format(arena, "%.10s %.8s", text, text + 11);
        return arena_format(arena, "%.19sZ", text);
}

static void parameter_add(TextTable *table, char *key, char *value)
{
        if (!key)
                return;
        table->keys[table->size] = key;
        table->values[table->size++] = value;
}

TextTable window_parameters(const Window *window, const HttpOptions *options, int64_t page, Arena *arena)
{
        TextTable table = { arena_take(arena, PARAMETERS_MOST * sizeof(char *)), arena_take(arena, PARAMETERS_MOST * sizeof(char *)), 0 };

        parameter_add(&table, options->start_parameter, time_write(window->start, options->time_form, false, arena));
        parameter_add(&table, options->end_parameter, time_write(window->end, options->time_form, true, arena));
        parameter_add(&table, options->page_parameter, arena_format(arena, "%" PRId64, page));
        if (options->page_parameter)
                parameter_add(&table, options->size_parameter, arena_format(arena, "%" PRId64, options->page_size));
        return table;
}
