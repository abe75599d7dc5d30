#include "hub/base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *must(void *block)
{
        if (!block)
                abort();
        return block;
}

void *mem_new(size_t size)
{
        return must(calloc(1, size ? size : 1));
}

void *mem_resize(void *block, size_t size)
{
        return must(realloc(block, size ? size : 1));
}

void *mem_copy(const void *bytes, size_t size)
{
        char *copy = must(size < SIZE_MAX ? malloc(size + 1) : NULL);

        if (size)
                memcpy(copy, bytes, size);
        copy[size] = '\0';
        return copy;
}

char *text_copy(const char *text)
{
        return text ? mem_copy(text, strlen(text)) : NULL;
}

enum { USUAL_SIZE = 256 }; /* of a formatted text: it is written once, and copied */

/* The size of the text, whether it has room or not; a format that cannot be written is a bug. */
static size_t format_write(char *out, size_t room, const char *format, va_list arguments)
        __attribute__((format(printf, 3, 0)));

static size_t format_write(char *out, size_t room, const char *format, va_list arguments)
{
        int size = vsnprintf(out, room, format, arguments);

        if (size < 0)
                abort();
        return (size_t)size;
}

char *text_format(const char *format, ...)
{
        char usual[USUAL_SIZE], *text;
        va_list arguments;
        size_t size;

        va_start(arguments, format);
        size = format_write(usual, sizeof(usual), format, arguments);
        va_end(arguments);
        if (size < sizeof(usual))
                return mem_copy(usual, size);
        text = must(malloc(size + 1));
        va_start(arguments, format);
        format_write(text, size + 1, format, arguments);
        va_end(arguments);
        return text;
}

void mem_drop(void *pointer_to_pointer)
{
        void *block;

        memcpy(&block, pointer_to_pointer, sizeof(block));
        free(block);
        memset(pointer_to_pointer, 0, sizeof(block));
}

enum { CHUNK_ROOM = 64 * 1024 };

typedef struct Chunk {
        struct Chunk *next;
        size_t room, used;
        max_align_t bytes[];
} Chunk;

struct Arena {
        Chunk *chunks; /* the first one is being filled */
        Chunk *spare;  /* of CHUNK_ROOM, empty */
};

Arena *arena_new(void)
{
        return mem_new(sizeof(Arena));
}

static Chunk *chunk_take(Arena *arena, size_t size)
{
        Chunk *chunk = arena->spare;

        if (size <= CHUNK_ROOM && chunk) {
                arena->spare = chunk->next;
        } else {
                size_t room = size > CHUNK_ROOM ? size : CHUNK_ROOM;

                chunk = must(malloc(sizeof(Chunk) + room));
                chunk->room = room;
        }
        chunk->used = 0;
        chunk->next = arena->chunks;
        arena->chunks = chunk;
        return chunk;
}

void *arena_take(Arena *arena, size_t size)
{
        const size_t align = _Alignof(max_align_t);
        Chunk *chunk = arena->chunks;
        void *block;

        if (size > SIZE_MAX / 2)
                abort();
        size = (size + align - 1) / align * align;
        if (!chunk || chunk->room - chunk->used < size)
                chunk = chunk_take(arena, size);
        block = (char *)chunk->bytes + chunk->used;
        chunk->used += size;
        return memset(block, 0, size);
}

char *arena_copy(Arena *arena, const char *bytes, size_t size)
{
        char *copy = arena_take(arena, size + 1);

        if (size)
                memcpy(copy, bytes, size);
        return copy;
}

char *arena_format(Arena *arena, const char *format, ...)
{
        char usual[USUAL_SIZE], *text;
        va_list arguments;
        size_t size;

        va_start(arguments, format);
        size = format_write(usual, sizeof(usual), format, arguments);
        va_end(arguments);
        if (size < sizeof(usual))
                return arena_copy(arena, usual, size);
        text = arena_take(arena, size + 1);
        va_start(arguments, format);
        format_write(text, size + 1, format, arguments);
        va_end(arguments);
        return text;
}

/* Chunks of the usual room are kept; one huge record must not hold its memory for ever. */
void arena_reset(Arena *arena)
{
        while (arena->chunks) {
                Chunk *chunk = arena->chunks;

                arena->chunks = chunk->next;
                if (chunk->room > CHUNK_ROOM) {
                        free(chunk);
                } else {
                        chunk->next = arena->spare;
                        arena->spare = chunk;
                }
        }
}

void arena_free(Arena *arena)
{
        if (!arena)
                return;
        arena_reset(arena);
        while (arena->spare) {
                Chunk *chunk = arena->spare;

                arena->spare = chunk->next;
                free(chunk);
        }
        free(arena);
}

void arena_drop(Arena **arena)
{
        arena_free(*arena);
        *arena = NULL;
}
