#include "hub/conform/fixture.h"

#include "hub/base/file.h"
#include "hub/base/text.h"
#include "hub/base/yaml.h"
#include "hub/conform/tally.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RECEIVED_DEFAULT "2024-01-01T00:00:00.000Z" /* of hub translate */

/* The base name of each path that fits, in name order. */
static void names_find(const char *pattern, TextList *names)
{
        glob_t found = { 0 };

        if (glob(pattern, 0, NULL, &found) == 0)
                for (size_t i = 0; i < found.gl_pathc; i++) {
                        names->items = mem_resize(names->items, (names->size + 1) * sizeof(char *));
                        names->items[names->size++] = text_copy(strrchr(found.gl_pathv[i], '/') + 1);
                }
        globfree(&found);
}

void fixture_names_free(TextList *names)
{
        for (size_t i = 0; i < names->size; i++)
                free(names->items[i]);
        free(names->items);
        *names = (TextList){ 0 };
}

bool fixture_names(const char *folder, TextList *names, Error *err)
{
        CLEANUP(mem_drop) char *pattern = text_format("%s/*/trap", folder);
        glob_t found = { 0 };

        if (glob(pattern, 0, NULL, &found) == 0)
                for (size_t i = 0; i < found.gl_pathc; i++) {
                        char *path = found.gl_pathv[i];

                        *strrchr(path, '/') = '\0';
                        names->items = mem_resize(names->items, (names->size + 1) * sizeof(char *));
                        names->items[names->size++] = text_copy(strrchr(path, '/') + 1);
                }
        globfree(&found);
        if (!names->size)
                return error_set(err, ERR_INPUT, NULL, "%s: no fixture (a folder with a trap)", folder);
        return true;
}

/* ---- options and arguments ---- */

/* A clone knows no modes: secrets of fixtures, *.key, are made private, as their option wants them. */
static void keys_close(const char *folder)
{
        CLEANUP(mem_drop) char *pattern = text_format("%s/*.key", folder);
        glob_t found;

        if (glob(pattern, 0, NULL, &found) != 0)
                return;
        for (size_t i = 0; i < found.gl_pathc; i++)
                (void)chmod(found.gl_pathv[i], S_IRUSR | S_IWUSR);
        globfree(&found);
}

static bool options_load(Fixture *fixture, Error *err)
{
        const Adapter *adapter = fixture->adapter;
        CLEANUP(mem_drop) char *path = text_format("%s/options.yaml", fixture->folder);
        CLEANUP(mem_drop) void *options = mem_new(adapter->size);
        CLEANUP(yaml_drop) Yaml *yaml = NULL;
        bool there = access(path, R_OK) == 0;
        bool read;

        keys_close(fixture->folder);
        if (there && !(yaml = yaml_load(path, err)))
                return false;
        read = there ? options_read(adapter->options, adapter->options_size, yaml, yaml_root(yaml), options, err)
                     : options_set(adapter->options, adapter->options_size, NULL, 0, fixture->folder, options, err);
        if (!read)
                return false;
        fixture->options = options;
        options = NULL;
        return !adapter->check || adapter->check(fixture->options, err);
}

static bool header_take(Fixture *fixture, char *text, Error *err)
{
        char *equals = strchr(text, '=');
        size_t size = 0;

        while (fixture->headers[size].name)
                size++;
        if (!equals || size == FIXTURE_HEADERS_MOST)
                return error_set(err, ERR_INPUT, NULL, "--header: NAME=VALUE, %d at most", FIXTURE_HEADERS_MOST);
        *equals = '\0';
        fixture->headers[size] = (RecordHeader){ text, equals + 1 };
        fixture->record.headers = fixture->headers;
        return true;
}

static bool regions_take(Fixture *fixture, const char *name, Error *err)
{
        CLEANUP(mem_drop) char *path = file_beside(fixture->folder, name);

        fixture->regions = regions_load(path, err);
        return fixture->regions;
}

static bool gazetteer_take(Fixture *fixture, const char *name, Error *err)
{
        CLEANUP(mem_drop) char *path = file_beside(fixture->folder, name);

        fixture->gazetteer = gazetteer_load(path, err);
        return fixture->gazetteer;
}

static bool argument_take(Fixture *fixture, const char *name, char *value, Error *err)
{
        if (text_same(name, "--channel"))
                fixture->record.channel = value;
        else if (text_same(name, "--content-type"))
                fixture->record.content_type = value;
        else if (text_same(name, "--key"))
                fixture->record.key = value;
        else if (text_same(name, "--position"))
                fixture->record.position = value;
        else if (text_same(name, "--sequence"))
                fixture->record.sequence = value;
        else if (text_same(name, "--method"))
                fixture->record.method = value;
        else if (text_same(name, "--received"))
                return time_read(value, &fixture->record.received_ms, NULL, err);
        else if (text_same(name, "--header"))
                return header_take(fixture, value, err);
        else if (text_same(name, "--regions"))
                return regions_take(fixture, value, err);
        else if (text_same(name, "--gazetteer"))
                return gazetteer_take(fixture, value, err);
        else
                return error_set(err, ERR_INPUT, NULL, "arguments: %s is none", name);
        return true;
}

/* What has no value. */
static bool flag_take(Fixture *fixture, const char *name)
{
        if (text_same(name, "--frames"))
                return fixture->is_stream = true;
        return text_same(name, "--replies"); /* changes nothing that is said of the record */
}

/* A line each: a name, then its value. The buffer keeps the texts. */
static bool arguments_load(Fixture *fixture, Error *err)
{
        CLEANUP(mem_drop) char *path = text_format("%s/arguments", fixture->folder);
        char *line, *rest, *name = NULL;

        if (!time_read(RECEIVED_DEFAULT, &fixture->record.received_ms, NULL, err))
                return false;
        if (access(path, R_OK) != 0)
                return true;
        if (!file_read(&fixture->arguments, path, FIXTURE_INPUT_MOST, err))
                return false;
        rest = fixture->arguments.bytes;
        while ((line = strsep(&rest, "\n"))) {
                if (!name && flag_take(fixture, line))
                        continue;
                if (name && !argument_take(fixture, name, line, err))
                        return false;
                name = name ? NULL : line;
        }
        return true;
}

/* ---- rules that a fixture cannot keep ---- */

static bool excuse_take(Fixture *fixture, const char *line, Error *err)
{
        const size_t size = strcspn(line, ":");

        if (!line[0])
                return true;
        for (int rule = 0; rule < RULES; rule++)
                if (strlen(rule_name((Rule)rule)) == size && strncmp(line, rule_name((Rule)rule), size) == 0 &&
                    line[size]) {
                        fixture->excused |= 1U << rule;
                        return true;
                }
        return error_set(err, ERR_INPUT, NULL, "conform: \"%s\" is no \"RULE: why\"", line);
}

static bool excuses_load(Fixture *fixture, Error *err)
{
        CLEANUP(mem_drop) char *path = text_format("%s/conform", fixture->folder);
        CLEANUP(buffer_free) Buffer text = { 0 };
        char *line, *rest;

        if (access(path, R_OK) != 0)
                return true;
        if (!file_read(&text, path, FIXTURE_INPUT_MOST, err))
                return false;
        rest = text.bytes;
        while ((line = strsep(&rest, "\n")))
                if (!excuse_take(fixture, line, err))
                        return false;
        return true;
}

/* ---- files ---- */

static bool inputs_load(Fixture *fixture, const TextList *names, Error *err)
{
        fixture->inputs = mem_new((names->size + 1) * sizeof(FixtureInput));
        for (size_t i = 0; i < names->size; i++) {
                CLEANUP(mem_drop) char *path = text_format("%s/%s", fixture->folder, names->items[i]);

                if (strstr(names->items[i], ".silence")) /* no bytes of a platform's */
                        continue;
                FixtureInput *input = &fixture->inputs[fixture->inputs_size++];

                input->name = text_copy(names->items[i]);
                if (!file_read(&input->bytes, path, FIXTURE_INPUT_MOST, err))
                        return false;
        }
        return fixture->inputs_size || error_set(err, ERR_INPUT, NULL, "no input.*");
}

static bool beside_load(Fixture *fixture, const TextList *names, Error *err)
{
        for (size_t i = 0; i < names->size; i++) {
                CLEANUP(mem_drop) char *path = text_format("%s/%s", fixture->folder, names->items[i]);

                if (!text_starts(names->items[i], "input.") &&
                    !file_read(&fixture->beside, path, FIXTURE_INPUT_MOST, err))
                        return false;
        }
        return true;
}

static bool files_load(Fixture *fixture, Error *err)
{
        CLEANUP(fixture_names_free) TextList inputs = { 0 }, all = { 0 };
        CLEANUP(mem_drop) char *input = text_format("%s/input.*", fixture->folder);
        CLEANUP(mem_drop) char *any = text_format("%s/*", fixture->folder);

        names_find(input, &inputs);
        names_find(any, &all);
        return inputs_load(fixture, &inputs, err) && beside_load(fixture, &all, err);
}

bool fixture_load(Fixture *fixture, const Adapter *adapter, const char *folder, const char *name, Error *err)
{
        *fixture =
                (Fixture){ .adapter = adapter, .name = text_copy(name), .folder = text_format("%s/%s", folder, name) };
        if (options_load(fixture, err) && arguments_load(fixture, err) && excuses_load(fixture, err) &&
            files_load(fixture, err))
                return true;
        error_add(err, "fixture %s", name);
        err->kind = ERR_INPUT;
        return false;
}

void fixture_close(Fixture *fixture)
{
        if (fixture->options)
                options_free(fixture->adapter->options, fixture->adapter->options_size, fixture->options);
        for (size_t i = 0; i < fixture->inputs_size; i++) {
                free(fixture->inputs[i].name);
                buffer_free(&fixture->inputs[i].bytes);
        }
        free(fixture->inputs);
        free(fixture->options);
        free(fixture->name);
        free(fixture->folder);
        regions_free(fixture->regions);
        gazetteer_free(fixture->gazetteer);
        buffer_free(&fixture->beside);
        buffer_free(&fixture->arguments);
        *fixture = (Fixture){ 0 };
}
