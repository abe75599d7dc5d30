#include "hub/event/read.h"

#include "hub/base/json.h"
#include "hub/event/event.h"

#include <math.h>
#include <string.h>

static void *into(void *base, size_t offset)
{
        return (char *)base + offset;
}

bool read_wrong(Taker *taker, const Field *field, const char *what)
{
        return error_set(taker->err, ERR_INPUT, field_reason(field), "%s", what);
}

static bool one_text(Taker *taker, const Field *field, const json_t *json, size_t most, const char **text)
{
        *text = json_string_value(json);
        if (!*text)
                return read_wrong(taker, field, "is no text");
        if (!form_fits(field->form, *text, most))
                return read_wrong(taker, field, "is empty, too long or not of its form");
        return true;
}

static bool text_take(Taker *taker, const Field *field, const json_t *json, void *base)
{
        return one_text(taker, field, json, field->most, into(base, field->offset));
}

static bool time_take(Taker *taker, const Field *field, const json_t *json, void *base)
{
        if (!json_is_string(json) ||
            !time_read_canonical(json_string_value(json), json_string_length(json), into(base, field->offset)))
                return read_wrong(taker, field, "is no time like 2023-12-05T00:42:10.000Z");
        return true;
}

static bool index_take(Taker *taker, const Field *field, const json_t *json, size_t least, size_t *index)
{
        *index = names_find(field->names, json_string_value(json));
        return (*index >= least && *index < field->names->size) || read_wrong(taker, field, "has no such name");
}

static bool name_take(Taker *taker, const Field *field, const json_t *json, void *base)
{
        size_t index;

        if (!index_take(taker, field, json, 1, &index))
                return false;
        *(unsigned *)into(base, field->offset) = (unsigned)index;
        return true;
}

static bool choice_take(Taker *taker, const Field *field, const json_t *json, void *base)
{
        size_t index;

        if (!index_take(taker, field, json, 0, &index))
                return false;
        *(const char **)into(base, field->offset) = field->names->items[index];
        return true;
}

static bool precision_take(Taker *taker, const Field *field, const json_t *json, void *base)
{
        size_t index;

        if (!index_take(taker, field, json, 0, &index))
                return false;
        *(TimePrecision *)into(base, field->offset) = (TimePrecision)index;
        return true;
}

/* The kind is known: it chose the table. */
static bool kind_take(Taker *taker, const Field *field, const json_t *json, void *base)
{
        (void)taker;
        (void)field;
        (void)json;
        (void)base;
        return true;
}

static bool number_in_range(Taker *taker, const Field *field, const json_t *json, double *value)
{
        *value = json_number_value(json);
        if (!json_is_number(json))
                return read_wrong(taker, field, "is no number");
        if (!(*value >= field->least && *value <= field->greatest))
                return read_wrong(taker, field, "is out of range");
        return true;
}

static bool number_take(Taker *taker, const Field *field, const json_t *json, void *base)
{
        return number_in_range(taker, field, json, into(base, field->offset));
}

static bool length_take(Taker *taker, const Field *field, const json_t *json, void *base)
{
        double value;

        if (!number_in_range(taker, field, json, &value))
                return false;
        if (!(value > 0))
                return read_wrong(taker, field, "is out of range");
        *(double *)into(base, field->offset) = value;
        return true;
}

/* 3.0 is an integer, as JSON Schema has it. */
static bool whole_number(Taker *taker, const Field *field, const json_t *json, int64_t *whole)
{
        double value;

        if (!number_in_range(taker, field, json, &value))
                return false;
        *whole = json_is_integer(json) ? (int64_t)json_integer_value(json) : (int64_t)value;
        return json_is_integer(json) || !(value > floor(value)) || read_wrong(taker, field, "is no integer");
}

static bool integer_take(Taker *taker, const Field *field, const json_t *json, void *base)
{
        return whole_number(taker, field, json, into(base, field->offset));
}

static bool bytes_take(Taker *taker, const Field *field, const json_t *json, void *base)
{
        int64_t value = 0;

        if (!whole_number(taker, field, json, &value))
                return false;
        *(size_t *)into(base, field->offset) = (size_t)value;
        return true;
}

static bool flag_take(Taker *taker, const Field *field, const json_t *json, void *base)
{
        if (!json_is_boolean(json))
                return read_wrong(taker, field, "is neither true nor false");
        *(bool *)into(base, field->offset) = json_is_true(json);
        return true;
}

static bool array_size(Taker *taker, const Field *field, const json_t *json, size_t most, size_t *size)
{
        *size = json_array_size(json);
        if (!json_is_array(json))
                return read_wrong(taker, field, "is no list");
        return *size <= most || read_wrong(taker, field, "has too many items");
}

static bool bits_take(Taker *taker, const Field *field, const json_t *json, void *base)
{
        unsigned *bits = into(base, field->offset);
        size_t size, index;

        if (!array_size(taker, field, json, field->most, &size))
                return false;
        for (size_t i = 0; i < size; i++) {
                if (!index_take(taker, field, json_array_get(json, i), 0, &index))
                        return false;
                *bits |= 1u << index;
        }
        return true;
}

static bool texts_take(Taker *taker, const Field *field, const json_t *json, void *base)
{
        const char **texts = into(base, field->offset);
        size_t *size = into(base, field->size_offset);

        if (!array_size(taker, field, json, field->most, size))
                return false;
        for (size_t i = 0; i < *size; i++)
                if (!one_text(taker, field, json_array_get(json, i), field->text_most, &texts[i]))
                        return false;
        return true;
}

static bool ids_take(Taker *taker, const Field *field, const json_t *json, void *base)
{
        if (json_is_array(json))
                return texts_take(taker, field, json, base);
        *(size_t *)into(base, field->size_offset) = 1;
        return one_text(taker, field, json, field->text_most, into(base, field->offset));
}

static bool pair_take(Taker *taker, const Field *field, const json_t *json, void *base)
{
        const char **pair = into(base, field->offset);
        size_t size;

        if (!array_size(taker, field, json, 2, &size))
                return false;
        if (size != 2)
                return read_wrong(taker, field, "is no pair");
        return one_text(taker, field, json_array_get(json, 0), field->text_most, &pair[0]) &&
               one_text(taker, field, json_array_get(json, 1), field->text_most, &pair[1]);
}

static bool json_take(Taker *taker, const Field *field, const json_t *json, void *base)
{
        CLEANUP(buffer_free) Buffer text = { 0 };

        if (field->type == FIELD_GEOMETRY ? !geometry_fits(json) : !json_is_object(json))
                return read_wrong(taker, field, field->type == FIELD_GEOMETRY ? "is no geometry" : "is no object");
        json_write_value(&text, json);
        *(const char **)into(base, field->offset) = arena_copy(taker->arena, text.bytes, text.size);
        return true;
}

bool read_value(Taker *taker, const Field *field, const json_t *json, void *base)
{
        static bool (*const takers[])(Taker *, const Field *, const json_t *, void *) = {
                [FIELD_TEXT] = text_take,           [FIELD_TIME] = time_take,      [FIELD_NAME] = name_take,
                [FIELD_CHOICE] = choice_take,       [FIELD_NUMBER] = number_take,  [FIELD_LENGTH] = length_take,
                [FIELD_PRECISION] = precision_take, [FIELD_DEGREES] = number_take, [FIELD_INTEGER] = integer_take,
                [FIELD_BYTES] = bytes_take,         [FIELD_FLAG] = flag_take,      [FIELD_BITS] = bits_take,
                [FIELD_TEXTS] = texts_take,         [FIELD_PAIR] = pair_take,      [FIELD_IDS] = ids_take,
                [FIELD_GEOMETRY] = json_take,       [FIELD_JSON] = json_take,      [FIELD_KIND] = kind_take,
        };

        return takers[field->type](taker, field, json, base);
}
