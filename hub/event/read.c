#include "hub/event/read.h"

#include "hub/base/json.h"
#include "hub/event/json.h"

#include <stdlib.h>
#include <string.h>

struct EventReader {
        Arena *arena;
        json_t *root; /* what was read last borrows its texts */
};

static bool shape_read(Taker *taker, const Shape *shape, const json_t *json, void *base);

static bool element_read(Taker *taker, const Field *field, const json_t *json, void *element)
{
        const char *wrong;

        if (!json_is_object(json))
                return read_wrong(taker, field, "has an item that is no object");
        if (!shape_read(taker, field->shape, json, element))
                return false;
        wrong = field->shape->wrong ? field->shape->wrong(element) : NULL;
        return !wrong || read_wrong(taker, field, wrong);
}

static bool list_read(Taker *taker, const Field *field, const json_t *json, void *base)
{
        size_t *size = (void *)((char *)base + field->size_offset);

        if (!json_is_array(json))
                return read_wrong(taker, field, "is no list");
        if (!json_array_size(json) && field_needed(field, taker->needs))
                return error_set(taker->err, ERR_INPUT, "missing_field", "has no item");
        if (json_array_size(json) > field->most)
                return read_wrong(taker, field, "has too many items");
        for (*size = 0; *size < json_array_size(json); ++*size) {
                char *element = (char *)base + field->offset + *size * field->shape->element;

                if (!element_read(taker, field, json_array_get(json, *size), element))
                        return false;
        }
        return true;
}

static bool member_read(Taker *taker, const Field *field, const json_t *json, void *base)
{
        if (field->type == FIELD_LIST)
                return list_read(taker, field, json, base);
        if (field->type != FIELD_OBJECT)
                return read_value(taker, field, json, base);
        if (!json_is_object(json))
                return read_wrong(taker, field, "is no object");
        return shape_read(taker, field->shape, json, base);
}

static bool shape_read(Taker *taker, const Shape *shape, const json_t *json, void *base)
{
        for (size_t i = 0; i < shape->size; i++) {
                const Field *field = &shape->fields[i];
                const json_t *member = json_object_get(json, field->name);

                if (member && !member_read(taker, field, member, base))
                        return error_add(taker->err, "%s", field->name);
                if (!member && field_needed(field, taker->needs))
                        return error_set(taker->err, ERR_INPUT, "missing_field", "%s: is missing", field->name);
        }
        return true;
}

/* What the table of commands cannot say: undo names a command, every other verb at least one event. */
static bool command_check(Command *command, const json_t *root, Error *err)
{
        const json_t *named = json_object_get(json_object_get(root, "args"), "command");

        command->args_command = json_string_value(named);
        command->args_org = json_string_value(json_object_get(json_object_get(root, "args"), "org"));
        if (strcmp(command->verb, "undo") == 0)
                return (command->args_command && form_fits(FORM_COMMAND_ID, command->args_command, 128)) ||
                       error_set(err, ERR_INPUT, named ? "bad_value" : "missing_field",
                                 "args: command: names no command");
        return command->events_size || error_set(err, ERR_INPUT, "missing_field", "events: names no event");
}

static bool kind_read(const json_t *root, EventKind *kind, Error *err)
{
        const json_t *name = json_object_get(root, "kind");

        if (!json_is_object(root))
                return error_set(err, ERR_INPUT, "unknown_message", "is no object");
        if (!name)
                return error_set(err, ERR_INPUT, "missing_field", "kind: is missing");
        if (!json_is_string(name))
                return error_set(err, ERR_INPUT, "bad_value", "kind: is no text");
        *kind = json_string_length(name) ? kind_find(json_string_value(name)) : KIND_NONE;
        return *kind || error_set(err, ERR_INPUT, "unknown_message", "kind: is unknown");
}

static bool command_take(Taker *taker, const json_t *root, EventValue *value)
{
        value->command.at = TIME_NONE;
        if (!shape_read(taker, &command_shape, root, &value->command))
                return false;
        value->id = value->command.id;
        value->zone = value->command.zone;
        return command_check(&value->command, root, taker->err);
}

static bool tick_take(Taker *taker, const json_t *root, EventValue *value)
{
        value->tick.lag = -1;
        if (!shape_read(taker, &tick_shape, root, &value->tick))
                return false;
        value->id = value->tick.id;
        value->zone = value->tick.zone;
        return true;
}

static bool event_take(Taker *taker, const json_t *root, EventValue *value)
{
        if (!shape_read(taker, &event_shape, root, &value->event))
                return false;
        value->id = value->event.id;
        value->zone = value->event.zone;
        return true;
}

bool event_read(EventReader *reader, const char *bytes, size_t size, EventValue *value, Error *err)
{
        Taker taker = { .arena = reader->arena, .err = err };

        arena_reset(reader->arena);
        json_drop(&reader->root);
        memset(value, 0, sizeof(*value));
        if (size > EVENT_VALUE_MOST)
                return error_set(err, ERR_INPUT, "too_large", "%zu bytes, more than %d", size, EVENT_VALUE_MOST);
        reader->root = json_read_typed(bytes, size, err);
        if (!reader->root || !kind_read(reader->root, &value->kind, err))
                return false;
        event_init(&value->event, value->kind);
        taker.needs = kind_needs(value->kind);
        if (value->kind == KIND_COMMAND)
                return command_take(&taker, reader->root, value);
        if (value->kind == KIND_TICK)
                return tick_take(&taker, reader->root, value);
        return event_take(&taker, reader->root, value);
}

EventReader *event_reader_new(void)
{
        EventReader *reader = mem_new(sizeof(*reader));

        reader->arena = arena_new();
        return reader;
}

void event_reader_free(EventReader *reader)
{
        if (!reader)
                return;
        arena_free(reader->arena);
        json_decref(reader->root);
        free(reader);
}

void event_reader_drop(EventReader **reader)
{
        event_reader_free(*reader);
        *reader = NULL;
}
