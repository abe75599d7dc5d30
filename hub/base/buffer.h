#pragma once

/* A growing byte buffer; after the first addition bytes[size] is NUL. A Buffer of zeros is empty and ready. */

#include <stddef.h>
#include <stdint.h>

typedef struct {
        char *bytes;
        size_t size, room;
} Buffer;

void buffer_add(Buffer *buffer, const void *bytes, size_t size);
void buffer_text(Buffer *buffer, const char *text);
void buffer_format(Buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buffer_integer(Buffer *buffer, int64_t value);
void buffer_clear(Buffer *buffer); /* size 0, memory kept */
void buffer_free(Buffer *buffer);  /* also for CLEANUP(buffer_free) */
void buffer_grow(Buffer *buffer, size_t more);

/* Makes room for so many bytes and a NUL; size stays. Here, as the next: they are called for each sign that is written. */
static inline void buffer_room(Buffer *buffer, size_t more)
{
        if (more >= buffer->room - buffer->size)
                buffer_grow(buffer, more);
}

static inline void buffer_byte(Buffer *buffer, char byte)
{
        buffer_room(buffer, 1);
        buffer->bytes[buffer->size++] = byte;
        buffer->bytes[buffer->size] = '\0';
}
