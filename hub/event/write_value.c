#include "hub/event/write.h"

#include "hub/base/json.h"
#include "hub/base/text.h"
#include "hub/event/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Written write_wrong(Writer *writer, const Field *field, const char *what)
{
        (void)error_set(writer->err, ERR_INPUT, field_reason(field), "%s", what);
        return WRONG;
}

/* A text that is no UTF-8 would make the whole value unreadable: each broken byte becomes U+FFFD. */
static void text_out(Buffer *out, const char *text, size_t size)
{
        CLEANUP(buffer_free) Buffer repaired = { 0 };
        const char *end = text + size;

        if (text_is_utf8(text, size)) {
                json_write_text(out, text, size);
                return;
        }
        while (text < end)
                text_put(&repaired, text_next(&text, end));
        json_write_text(out, repaired.bytes, repaired.size);
}

static Written one_text(Writer *writer, const Field *field, const char *text, size_t most)
{
        if (!text || !text[0])
                return ABSENT;
        if (field->flags & FIELD_CUT) {
                size_t size = strlen(text);

                text_out(writer->out, text, size > most ? text_cut(text, most) : size);
                return WRITTEN;
        }
        if (!form_fits(field->form, text, most))
                return write_wrong(writer, field, "is too long or not of its form");
        text_out(writer->out, text, strlen(text));
        return WRITTEN;
}

static Written text_write(Writer *writer, const Field *field, const void *base)
{
        return one_text(writer, field, *(const char *const *)field_at(base, field->offset), field->most);
}

static Written time_write(Writer *writer, const Field *field, const void *base)
{
        static const int64_t least = INT64_C(-62167219200000), most = INT64_C(253402300799999); /* 0000 to 9999 */
        int64_t ms = *(const int64_t *)field_at(base, field->offset);
        char text[TIME_TEXT_SIZE];

        if (ms == TIME_NONE)
                return ABSENT;
        if (ms < least || ms > most)
                return write_wrong(writer, field, "is out of range");
        buffer_byte(writer->out, '"');
        buffer_text(writer->out, time_text(ms, text));
        buffer_byte(writer->out, '"');
        return WRITTEN;
}

static Written quoted(Writer *writer, const Field *field, size_t index)
{
        if (index >= field->names->size)
                return write_wrong(writer, field, "has no such name");
        buffer_byte(writer->out, '"');
        buffer_text(writer->out, field->names->items[index]);
        buffer_byte(writer->out, '"');
        return WRITTEN;
}

static Written name_write(Writer *writer, const Field *field, const void *base)
{
        unsigned value = *(const unsigned *)field_at(base, field->offset);

        return value ? quoted(writer, field, value) : ABSENT;
}

static Written choice_write(Writer *writer, const Field *field, const void *base)
{
        const char *text = *(const char *const *)field_at(base, field->offset);

        return text ? quoted(writer, field, names_find(field->names, text)) : ABSENT;
}

static Written precision_write(Writer *writer, const Field *field, const void *base)
{
        const Event *event = base;

        return event->time.occurred == TIME_NONE ? ABSENT : quoted(writer, field, event->time.precision);
}

static Written kind_write(Writer *writer, const Field *field, const void *base)
{
        (void)base;
        return quoted(writer, field, field->most);
}

static Written number_out(Writer *writer, const Field *field, double value)
{
        if (!(value >= field->least && value <= field->greatest))
                return write_wrong(writer, field, "is out of range");
        write_number(writer->out, value);
        return WRITTEN;
}

static Written number_write(Writer *writer, const Field *field, const void *base)
{
        double value = *(const double *)field_at(base, field->offset);

        return isnan(value) ? ABSENT : number_out(writer, field, value);
}

static Written length_write(Writer *writer, const Field *field, const void *base)
{
        double value = *(const double *)field_at(base, field->offset);

        return isnan(value) || fpclassify(value) == FP_ZERO ? ABSENT : number_out(writer, field, value);
}

/* In units of 1e-7 degree, as everything that measures takes them. */
static Written degrees_write(Writer *writer, const Field *field, const void *base)
{
        double value = *(const double *)field_at(base, field->offset);

        if (!(value >= field->least && value <= field->greatest))
                return write_wrong(writer, field, "is out of range");
        write_decimal(writer->out, llround(value * 1e7), 7);
        return WRITTEN;
}

static Written integer_write(Writer *writer, const Field *field, const void *base)
{
        int64_t value = *(const int64_t *)field_at(base, field->offset);

        if (value < (int64_t)field->least)
                return ABSENT;
        if (value > (int64_t)field->greatest)
                return write_wrong(writer, field, "is out of range");
        buffer_integer(writer->out, value);
        return WRITTEN;
}

static Written bytes_write(Writer *writer, const Field *field, const void *base)
{
        size_t value = *(const size_t *)field_at(base, field->offset);

        if (!value)
                return ABSENT;
        buffer_integer(writer->out, (int64_t)value);
        return WRITTEN;
}

static Written flag_write(Writer *writer, const Field *field, const void *base)
{
        bool value = *(const bool *)field_at(base, field->offset);

        if (!value && !(field->flags & FIELD_FALSE))
                return ABSENT;
        buffer_text(writer->out, value ? "true" : "false");
        return WRITTEN;
}

static Written bits_write(Writer *writer, const Field *field, const void *base)
{
        unsigned bits = *(const unsigned *)field_at(base, field->offset);
        char before = '[';

        if (!bits)
                return ABSENT;
        for (size_t i = 0; i < field->names->size; i++) {
                if (!(bits & (1u << i)))
                        continue;
                buffer_byte(writer->out, before);
                (void)quoted(writer, field, i);
                before = ',';
        }
        buffer_byte(writer->out, ']');
        return bits >> field->names->size ? write_wrong(writer, field, "has an unknown bit") : WRITTEN;
}

static Written texts_out(Writer *writer, const Field *field, const char *const *texts, size_t size)
{
        for (size_t i = 0; i < size; i++) {
                buffer_byte(writer->out, i ? ',' : '[');
                switch (one_text(writer, field, texts[i], field->text_most)) {
                case ABSENT:
                        return write_wrong(writer, field, "has an empty item");
                case WRONG:
                        return WRONG;
                case WRITTEN:
                        break;
                }
        }
        buffer_byte(writer->out, ']');
        return WRITTEN;
}

static Written texts_write(Writer *writer, const Field *field, const void *base)
{
        size_t size = *(const size_t *)field_at(base, field->size_offset);

        if (size > field->most)
                return write_wrong(writer, field, "has too many items");
        return size ? texts_out(writer, field, field_at(base, field->offset), size) : ABSENT;
}

static Written ids_write(Writer *writer, const Field *field, const void *base)
{
        if (*(const size_t *)field_at(base, field->size_offset) == 1)
                return one_text(writer, field, *(const char *const *)field_at(base, field->offset), field->text_most);
        return texts_write(writer, field, base);
}

static Written pair_write(Writer *writer, const Field *field, const void *base)
{
        const char *const *pair = field_at(base, field->offset);

        if (!pair[0] || !pair[0][0] || !pair[1] || !pair[1][0])
                return ABSENT;
        return texts_out(writer, field, pair, 2);
}

/* JSON text of others is parsed and written again, so that it cannot break out of its place. */
static Written json_write(Writer *writer, const Field *field, const void *base)
{
        const char *text = *(const char *const *)field_at(base, field->offset);
        CLEANUP(json_drop) json_t *json = NULL;
        Error why = { 0 };

        if (!text || !text[0])
                return ABSENT;
        json = json_read_typed(text, strlen(text), &why);
        if (!json || (field->type == FIELD_GEOMETRY ? !geometry_fits(json) : !json_is_object(json)))
                return write_wrong(writer, field,
                                   field->type == FIELD_GEOMETRY ? "is no GeoJSON geometry" : "is no JSON object");
        json_write_value(writer->out, json);
        return WRITTEN;
}

Written write_value(Writer *writer, const Field *field, const void *base)
{
        static Written (*const writers[])(Writer *, const Field *, const void *) = {
                [FIELD_TEXT] = text_write,           [FIELD_TIME] = time_write,       [FIELD_NAME] = name_write,
                [FIELD_CHOICE] = choice_write,       [FIELD_NUMBER] = number_write,   [FIELD_LENGTH] = length_write,
                [FIELD_PRECISION] = precision_write, [FIELD_DEGREES] = degrees_write, [FIELD_INTEGER] = integer_write,
                [FIELD_BYTES] = bytes_write,         [FIELD_FLAG] = flag_write,       [FIELD_BITS] = bits_write,
                [FIELD_TEXTS] = texts_write,         [FIELD_PAIR] = pair_write,       [FIELD_IDS] = ids_write,
                [FIELD_GEOMETRY] = json_write,       [FIELD_JSON] = json_write,       [FIELD_KIND] = kind_write,
        };

        return writers[field->type](writer, field, base);
}
