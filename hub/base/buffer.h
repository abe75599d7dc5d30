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
void buffer_byte(Buffer *buffer, char byte);
void buffer_format(Buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buffer_integer(Buffer *buffer, int64_t value);
void buffer_room(Buffer *buffer, size_t more); /* makes room; size stays */
void buffer_clear(Buffer *buffer);             /* size 0, memory kept */
void buffer_free(Buffer *buffer);              /* also for CLEANUP(buffer_free) */
