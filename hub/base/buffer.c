#include "hub/base/buffer.h"

#include "hub/base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_ROOM = 64 };

void buffer_grow(Buffer *buffer, size_t more)
{
        size_t need, room = buffer->room ? 2 * buffer->room : LEAST_ROOM;

        if (more >= SIZE_MAX / 2 - buffer->size)
                abort();
        need = buffer->size + more + 1;
        buffer->room = room > need ? room : need;
        buffer->bytes = mem_resize(buffer->bytes, buffer->room);
        buffer->bytes[buffer->size] = '\0';
}

void buffer_add(Buffer *buffer, const void *bytes, size_t size)
{
        buffer_room(buffer, size);
        if (size)
                memcpy(buffer->bytes + buffer->size, bytes, size);
        buffer->size += size;
        buffer->bytes[buffer->size] = '\0';
}

void buffer_text(Buffer *buffer, const char *text)
{
        buffer_add(buffer, text, strlen(text));
}

void buffer_format(Buffer *buffer, const char *format, ...)
{
        va_list arguments;
        int size;

        buffer_room(buffer, LEAST_ROOM);
        va_start(arguments, format);
        size = vsnprintf(buffer->bytes + buffer->size, LEAST_ROOM, format, arguments);
        va_end(arguments);
        if (size < 0)
                abort();
        if (size >= LEAST_ROOM) {
                buffer_room(buffer, (size_t)size);
                va_start(arguments, format);
                vsnprintf(buffer->bytes + buffer->size, (size_t)size + 1, format, arguments);
                va_end(arguments);
        }
        buffer->size += (size_t)size;
}

void buffer_integer(Buffer *buffer, int64_t value)
{
        uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
        char digits[20];
        size_t at = sizeof(digits);

        do {
                digits[--at] = (char)('0' + left % 10);
                left /= 10;
        } while (left);
        if (value < 0)
                buffer_byte(buffer, '-');
        buffer_add(buffer, digits + at, sizeof(digits) - at);
}

void buffer_clear(Buffer *buffer)
{
        buffer->size = 0;
        if (buffer->bytes)
                buffer->bytes[0] = '\0';
}

void buffer_free(Buffer *buffer)
{
        free(buffer->bytes);
        *buffer = (Buffer){ 0 };
}
