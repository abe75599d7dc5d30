#pragma once

/* Arguments of a query, read into what they mean. False: the answer is a problem that names the argument. */

#include "hub/serve/call.h"

enum { LIST_MOST = 32 };

typedef struct {
        const char *items[LIST_MOST];
        size_t size; /* 0: not given */
} ArgumentList;

typedef struct {
        bool is_given;
        double west, south, east, north; /* west over east: across 180 degrees */
} ArgumentBox;

typedef struct {
        int64_t from, to; /* ms, both within; TIME_NONE: open */
} ArgumentSpan;

bool argument_integer(Call *call, const char *name, int64_t least, int64_t most, int64_t *value); /* kept when absent */
bool argument_flag(Call *call, const char *name, bool *is_given, bool *flag);
/* Parted by commas, each of 1 to `most` characters, and one of choices (which end with NULL) unless that is NULL. */
bool argument_list(Call *call, const char *name, const char *const *choices, size_t most, ArgumentList *list);
bool argument_box(Call *call, const char *name, ArgumentBox *box);    /* four degrees: west, south, east, north */
bool argument_span(Call *call, const char *name, ArgumentSpan *span); /* an instant, "a/b", "a/..", "../b" (RFC 3339) */

/* A cursor is a text without meaning to whoever has it; its parts hold no "|". */
char *cursor_write(Arena *arena, const char *const *parts, size_t size);
bool cursor_read(Call *call, const char *name, size_t size, const char **parts, bool *is_given);

/* The path and the query as they were asked, with this argument instead of what it was (NULL: without it). */
char *call_href(Call *call, const char *name, const char *value);
