#include "hub/base/yaml_private.h"

#include "hub/base/buffer.h"
#include "hub/base/file.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/variables.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum { DEPTH_MOST = 32, FILE_MOST = 16 * 1024 * 1024 };

typedef struct {
        Yaml *yaml;
        yaml_parser_t parser;
        bool is_typed;
} Reader;

/* Where a node is to be put into its parent. */
typedef struct {
        const char *name; /* the key, or the name of the sequence */
        int line, depth;
} Spot;

static json_t *node_read(Reader *reader, const yaml_event_t *event, Spot spot, Error *err);

static int event_line(const yaml_event_t *event)
{
        return (int)event->start_mark.line + 1;
}

static bool event_next(Reader *reader, yaml_event_t *event, Error *err)
{
        const yaml_parser_t *parser = &reader->parser;

        if (yaml_parser_parse(&reader->parser, event))
                return true;
        if (parser->error == YAML_MEMORY_ERROR)
                abort();
        memset(event, 0, sizeof(*event));
        return yaml_line_error(reader->yaml, (int)parser->problem_mark.line + 1, err, "%s",
                               parser->problem ? parser->problem : "no YAML");
}

static bool is_null(const yaml_event_t *event)
{
        const char *text = (const char *)event->data.scalar.value;

        return event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
               (!*text || text_same(text, "~") || text_same(text, "null"));
}

/* As YAML 1.2's core schema reads what has no quotes, where it is JSON, too; NULL: it is a text. */
static json_t *typed_read(const yaml_event_t *event)
{
        const char *text = (const char *)event->data.scalar.value;
        json_t *value;

        if (event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE || text[0] == '"')
                return NULL;
        value = json_loadb(text, event->data.scalar.length, JSON_DECODE_ANY, NULL);
        if (json_is_number(value) || json_is_boolean(value))
                return value;
        json_decref(value);
        return NULL;
}

static json_t *scalar_read(Reader *reader, const yaml_event_t *event, Error *err)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        const char *raw = (const char *)event->data.scalar.value;
        json_t *node;

        if (is_null(event))
                return json_null();
        node = reader->is_typed ? typed_read(event) : NULL;
        if (node)
                return node;
        if (strlen(raw) != event->data.scalar.length) {
                (void)yaml_line_error(reader->yaml, event_line(event), err, "a NUL in a text");
                return NULL;
        }
        if (!variables_replace(&text, raw, err)) {
                (void)error_add(err, "%s:%d", reader->yaml->path, event_line(event));
                return NULL;
        }
        node = json_stringn(text.bytes, text.size);
        if (!node)
                (void)yaml_line_error(reader->yaml, event_line(event), err,
                                      "a variable of the environment is not UTF-8");
        return node;
}

static json_t *sequence_read(Reader *reader, Spot spot, Error *err)
{
        CLEANUP(json_decrefp) json_t *sequence = json_array();

        for (;;) {
                CLEANUP(yaml_event_delete) yaml_event_t event;
                json_t *item;

                if (!event_next(reader, &event, err))
                        return NULL;
                if (event.type == YAML_SEQUENCE_END_EVENT)
                        return json_incref(sequence);
                item = node_read(reader, &event, (Spot){ spot.name, event_line(&event), spot.depth + 1 }, err);
                if (!item)
                        return NULL;
                json_array_append_new(sequence, item);
        }
}

static bool key_check(const Reader *reader, const json_t *mapping, const yaml_event_t *event, Error *err)
{
        const char *key = (const char *)event->data.scalar.value;

        if (event->type != YAML_SCALAR_EVENT)
                return yaml_line_error(reader->yaml, event_line(event), err, "a key must be a plain text");
        if (event->data.scalar.anchor || event->data.scalar.tag || strlen(key) != event->data.scalar.length)
                return yaml_line_error(reader->yaml, event_line(event), err,
                                       "anchors, tags and NULs are not supported");
        if (json_object_get(mapping, key))
                return yaml_line_error(reader->yaml, event_line(event), err, "key \"%s\" is there twice", key);
        return true;
}

static bool member_read(Reader *reader, json_t *mapping, const yaml_event_t *key, int depth, Error *err)
{
        CLEANUP(yaml_event_delete) yaml_event_t event;
        const char *name = (const char *)key->data.scalar.value;
        json_t *value;

        if (!event_next(reader, &event, err))
                return false;
        value = node_read(reader, &event, (Spot){ name, event_line(key), depth }, err);
        if (!value)
                return false;
        json_object_set_new(mapping, name, value);
        return true;
}

static json_t *mapping_read(Reader *reader, Spot spot, Error *err)
{
        CLEANUP(json_decrefp) json_t *mapping = json_object();

        for (;;) {
                CLEANUP(yaml_event_delete) yaml_event_t key;

                if (!event_next(reader, &key, err))
                        return NULL;
                if (key.type == YAML_MAPPING_END_EVENT)
                        return json_incref(mapping);
                if (!key_check(reader, mapping, &key, err) || !member_read(reader, mapping, &key, spot.depth + 1, err))
                        return NULL;
        }
}

/* Anchors could name anything and tags build anything: a configuration needs neither. */
static bool is_decorated(const yaml_event_t *event)
{
        switch ((int)event->type) {
        case YAML_SCALAR_EVENT:
                return event->data.scalar.anchor || event->data.scalar.tag;
        case YAML_SEQUENCE_START_EVENT:
                return event->data.sequence_start.anchor || event->data.sequence_start.tag;
        case YAML_MAPPING_START_EVENT:
                return event->data.mapping_start.anchor || event->data.mapping_start.tag;
        default:
                return true;
        }
}

static json_t *node_read(Reader *reader, const yaml_event_t *event, Spot spot, Error *err)
{
        json_t *node;

        if (is_decorated(event)) {
                (void)yaml_line_error(reader->yaml, event_line(event), err,
                                      "anchors, aliases and tags are not supported");
                return NULL;
        }
        if (spot.depth > DEPTH_MOST) {
                (void)yaml_line_error(reader->yaml, event_line(event), err, "nested deeper than %d", DEPTH_MOST);
                return NULL;
        }
        if (event->type == YAML_SCALAR_EVENT)
                node = scalar_read(reader, event, err);
        else if (event->type == YAML_SEQUENCE_START_EVENT)
                node = sequence_read(reader, spot, err);
        else
                node = mapping_read(reader, spot, err);
        if (node)
                yaml_place(reader->yaml, node, spot.name, spot.line);
        return node;
}

/* STREAM-START, then nothing or DOCUMENT-START, a node, DOCUMENT-END; then STREAM-END. */
static bool stream_read(Reader *reader, Error *err)
{
        for (;;) {
                CLEANUP(yaml_event_delete) yaml_event_t event;

                if (!event_next(reader, &event, err))
                        return false;
                if (event.type == YAML_STREAM_END_EVENT)
                        return true;
                if (event.type == YAML_DOCUMENT_START_EVENT && reader->yaml->root)
                        return yaml_line_error(reader->yaml, event_line(&event), err, "a second document");
                if (event.type == YAML_STREAM_START_EVENT || event.type == YAML_DOCUMENT_START_EVENT ||
                    event.type == YAML_DOCUMENT_END_EVENT)
                        continue;
                reader->yaml->root = node_read(reader, &event, (Spot){ "", event_line(&event), 1 }, err);
                if (!reader->yaml->root)
                        return false;
        }
}

static Yaml *parse(const char *name, const char *text, size_t size, bool is_typed, Error *err)
{
        Yaml *yaml = mem_new(sizeof(Yaml));
        Reader reader = { .yaml = yaml, .is_typed = is_typed };
        bool read;

        yaml->path = text_copy(name);
        yaml->places = map_new();
        if (!yaml_parser_initialize(&reader.parser))
                abort();
        yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text, size);
        yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
        read = stream_read(&reader, err);
        yaml_parser_delete(&reader.parser);
        if (!read) {
                yaml_close(yaml);
                return NULL;
        }
        if (!yaml->root || json_is_null(yaml->root))
                yaml->root = json_object();
        return yaml;
}

Yaml *yaml_parse(const char *name, const char *text, size_t size, Error *err)
{
        return parse(name, text, size, false, err);
}

static Yaml *load(const char *path, bool is_typed, Error *err)
{
        CLEANUP(buffer_free) Buffer text = { 0 };

        if (!file_read(&text, path, FILE_MOST, err))
                return NULL;
        return parse(path, text.bytes, text.size, is_typed, err);
}

Yaml *yaml_load(const char *path, Error *err)
{
        return load(path, false, err);
}

Yaml *yaml_load_typed(const char *path, Error *err)
{
        return load(path, true, err);
}
