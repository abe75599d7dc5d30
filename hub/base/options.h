#pragma once

/*
 * Option tables: one const array describes a part's settings; parse, check, help and the JSON Schema for editors come from it.
 *
 *     typedef struct { char *url; int64_t qos; } MqttOptions;
 *     static const Option options[] = {
 *             { "url", OPTION_TEXT, offsetof(MqttOptions, url), .flags = OPTION_REQUIRED, .about = "broker" },
 *             { "qos", OPTION_INTEGER, offsetof(MqttOptions, qos), .value = "1", .least = 0, .most = 1, .about = "..." },
 *     };
 *
 * An unknown key is an error with file, line and the nearest known key.
 *
 * What several parts have in common is a table of its own, ending with a zero row, and one row of kind OPTION_PART in theirs:
 *
 *     { .type = OPTION_PART, .offset = offsetof(HotlineOptions, of), .part = case_options },
 *
 * Its rows stand among the others, as if they had been written there.
 */

#include "hub/base/buffer.h"
#include "hub/base/error.h"
#include "hub/base/yaml.h"

#include <stdint.h>

typedef enum {
        OPTION_TEXT,     /* char *            owned, NULL when absent */
        OPTION_PATH,     /* char *            relative to the folder of the file that names it */
        OPTION_INTEGER,  /* int64_t           within least..most unless both are 0 */
        OPTION_NUMBER,   /* double            bounds as INTEGER */
        OPTION_FLAG,     /* bool              true, false */
        OPTION_DURATION, /* int64_t           milliseconds, from "30s"; bounds as INTEGER */
        OPTION_CHOICE,   /* int               index into choices */
        OPTION_LIST,     /* TextList          a sequence of scalars, or one scalar */
        OPTION_TABLE,    /* TextTable         a mapping of scalars */
        OPTION_CUSTOM,   /* what custom says  e.g. a device registry from a file, a coordinate system from a name */
        OPTION_PART,     /* a struct          the rows of another table; without a name */
} OptionType;

enum { OPTION_REQUIRED = 1, OPTION_SECRET = 2 };

typedef struct {
        char **items;
        size_t size;
} TextList;

typedef struct {
        char **keys, **values; /* in the order of the file */
        size_t size;
} TextTable;

typedef struct {
        /* read() takes nothing when it fails; free() is not called for a field that is all zero */
        const char *form; /* for help: "CSV file", "coordinate system" */
        size_t size;      /* of the field */
        bool (*read)(const char *text, const char *folder, void *field, Error *err);
        void (*free)(void *field);
        bool many; /* a list, as OPTION_LIST: read() adds one item after the other to the field */
} OptionKind;

typedef struct Option {
        const char *name;
        OptionType type;
        size_t offset;
        const char *value; /* default as text, NULL: none */
        const char *about;
        const char *const *choices; /* ends with NULL */
        int64_t least, most;
        unsigned flags;
        const OptionKind *custom;
        const struct Option *part;
        /* optional: what its type cannot say of the field that was read; err says it, with the option's name, as ERR_FATAL */
        bool (*check)(const char *name, const void *field, Error *err);
} Option;

/* The index-th row of a table and of its parts, offset from the table's own struct; false: there are no more. */
bool option_at(const Option *options, size_t size, size_t index, Option *option);

/* Reads a mapping (NULL: an empty one) into a zeroed struct. On failure nothing stays allocated. */
bool options_read(const Option *options, size_t size, const Yaml *yaml, const json_t *node, void *into, Error *err);

/* The same from "name=value" texts, for --set; lists are separated by commas, tables are a=b,c=d. folder for paths. */
bool options_set(const Option *options, size_t size, const char *const *settings, size_t settings_size,
                 const char *folder, void *into, Error *err);
void options_free(const Option *options, size_t size, void *of);
void options_help(const Option *options, size_t size, Buffer *out); /* a line each */
void options_page(const Option *options, size_t size, Buffer *out); /* the same as a table in Markdown */
json_t *options_schema(const Option *options, size_t size);         /* JSON Schema of the mapping; owned */

extern const OptionKind zone_option; /* an OPTION_CUSTOM field of type int64_t: ms east of UTC, for time_read_in() */

const char *table_get(const TextTable *table, const char *key); /* NULL when absent */
