#pragma once

/*
 * Memory. An allocation that fails aborts: delivery is at least once, so a crash is safe and a half-handled error is not.
 *
 * Ownership. A pointer is borrowed (the comment says until when), owned by a local (CLEANUP, always), or owned by a struct
 * field (freed in that type's _close or _free).
 */

#include <stdarg.h>
#include <stddef.h>

#define CLEANUP(function) __attribute__((cleanup(function)))

void *mem_new(size_t size); /* zeroed */
void *mem_resize(void *block, size_t size);
void *mem_copy(const void *bytes, size_t size); /* followed by a NUL */
char *text_copy(const char *text);              /* NULL gives NULL */
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

void mem_drop(void *pointer_to_pointer); /* for CLEANUP(mem_drop): frees and clears */

/* An arena: blocks that live until the next arena_reset. The hot path reuses its memory. */
typedef struct Arena Arena;
Arena *arena_new(void);
void *arena_take(Arena *arena, size_t size);                    /* aligned for any type, zeroed */
char *arena_copy(Arena *arena, const char *bytes, size_t size); /* followed by a NUL */
char *arena_format(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
void arena_reset(Arena *arena);
void arena_free(Arena *arena);
void arena_drop(Arena **arena); /* for CLEANUP */
