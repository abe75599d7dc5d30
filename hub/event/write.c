#include "hub/event/write.h"

#include "hub/event/json.h"

#include <assert.h>
#include <string.h>

static Written shape_write(Writer *writer, const Shape *shape, const void *base);

static void buffer_back(Buffer *buffer, size_t size)
{
        buffer->size = size;
        if (buffer->bytes)
                buffer->bytes[size] = '\0';
}

/* An object of which no member was written goes back. */
static Written object_write(Writer *writer, const Field *field, const void *base)
{
        if (field->when && !*(const unsigned *)field_at(base, field->when))
                return ABSENT;
        return shape_write(writer, field->shape, base);
}

static Written element_write(Writer *writer, const Field *field, const void *element)
{
        Written written = shape_write(writer, field->shape, element);
        const char *what = written == WRITTEN && field->shape->wrong ? field->shape->wrong(element) : NULL;

        if (what)
                return write_wrong(writer, field, what);
        return written == ABSENT ? write_wrong(writer, field, "has an empty item") : written;
}

static Written list_write(Writer *writer, const Field *field, const void *base)
{
        size_t size = *(const size_t *)field_at(base, field->size_offset);

        if (!size)
                return ABSENT;
        if (size > field->most)
                return write_wrong(writer, field, "has too many items");
        for (size_t i = 0; i < size; i++) {
                buffer_byte(writer->out, i ? ',' : '[');
                if (element_write(writer, field, field_at(base, field->offset + i * field->shape->element)) == WRONG)
                        return WRONG;
        }
        buffer_byte(writer->out, ']');
        return WRITTEN;
}

static Written field_write(Writer *writer, const Field *field, const void *base)
{
        Written written;

        if (field->type == FIELD_OBJECT)
                written = object_write(writer, field, base);
        else if (field->type == FIELD_LIST)
                written = list_write(writer, field, base);
        else
                written = write_value(writer, field, base);
        if (written == WRONG)
                (void)error_add(writer->err, "%s", field->name);
        return written;
}

static void name_write(Buffer *out, char before, const char *name)
{
        const size_t size = strlen(name);
        char *at;

        buffer_room(out, size + 4);
        at = out->bytes + out->size;
        at[0] = before;
        at[1] = '"';
        memcpy(at + 2, name, size);
        at[size + 2] = '"';
        at[size + 3] = ':';
        at[size + 4] = '\0';
        out->size += size + 4;
}

static Written shape_end(Writer *writer, size_t start, Written any, const Field *missing)
{
        if (any == ABSENT) {
                buffer_back(writer->out, start);
                return ABSENT;
        }
        buffer_byte(writer->out, '}');
        if (!missing)
                return WRITTEN;
        (void)error_set(writer->err, ERR_INPUT, "missing_field", "%s: is missing", missing->name);
        return WRONG;
}

static Written shape_write(Writer *writer, const Shape *shape, const void *base)
{
        const Field *missing = NULL;
        size_t start = writer->out->size;
        Written any = ABSENT;

        for (size_t i = 0; i < shape->size; i++) {
                const Field *field = &shape->fields[i];
                size_t before = writer->out->size;

                name_write(writer->out, any == WRITTEN ? ',' : '{', field->name);
                switch (field_write(writer, field, base)) {
                case WRONG:
                        return WRONG;
                case ABSENT:
                        buffer_back(writer->out, before);
                        if (!missing && field_needed(field, writer->needs))
                                missing = field;
                        break;
                case WRITTEN:
                        any = WRITTEN;
                        break;
                }
        }
        return shape_end(writer, start, any, missing);
}

static bool value_write(Buffer *out, const Shape *shape, const void *value, EventKind kind, Error *err)
{
        Writer writer = { .out = out, .needs = kind_needs(kind), .err = err };
        size_t start = out->size, size;

        if (shape_write(&writer, shape, value) != WRITTEN) {
                buffer_back(out, start);
                return false;
        }
        size = out->size - start;
        if (size <= EVENT_VALUE_MOST)
                return true;
        buffer_back(out, start);
        return error_set(err, ERR_INPUT, "too_large", "%zu bytes, more than %d", size, EVENT_VALUE_MOST);
}

bool event_write(Buffer *out, const Event *event, Error *err)
{
        assert(event->kind >= KIND_REPORT && event->kind <= KIND_HEALTH);
        return value_write(out, &event_shape, event, event->kind, err);
}

bool tick_write(Buffer *out, const Tick *tick)
{
        Error err = { 0 };

        return value_write(out, &tick_shape, tick, KIND_TICK, &err);
}

bool command_write(Buffer *out, const Command *command)
{
        Error err = { 0 };

        return value_write(out, &command_shape, command, KIND_COMMAND, &err);
}
