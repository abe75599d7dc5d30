/* hub new: an adapter to begin with, out of adapters/template, in a checkout. */

#include "hub/base/file.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/tool/checkout.h"
#include "hub/tool/tool.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char usage[] =
        "usage: hub new NAME --source KIND [--platform PLATFORM] [--tree FOLDER]\n"
        "  Writes an adapter that translates: adapters/NAME.c, its line in list.def, its page, two fixtures, an "
        "instance "
        "with a\n"
        "  source of that kind, and the platform's row where it is a new one (default: the next free number). Nothing "
        "that "
        "is\n"
        "  there is written over. FOLDER is a checkout; default: the one around the current folder.\n";

enum { NAME_MOST = 24, FILE_MOST = 1 << 20 };

typedef struct {
        const char *name, *kind, *platform;
        char *type;      /* NAME with a capital */
        char *free_name; /* of a platform, where none was given */
        char *tree;
        bool has_platform; /* schemas/platforms.yaml knows it */
} New;

typedef struct {
        const char *from, *to; /* @NAME@ and @KIND@ in both */
} Part;

static const Part parts[] = {
        { "adapter.c.in", "adapters/@NAME@.c" },
        { "page.md.in", "adapters/@NAME@.md" },
        { "settings.json", "tests/fixtures/@NAME@/settings.json" },
        { "one-case/trap", "tests/fixtures/@NAME@/one-case/trap" },
        { "one-case/input.json", "tests/fixtures/@NAME@/one-case/input.json" },
        { "one-case/options.yaml", "tests/fixtures/@NAME@/one-case/options.yaml" },
        { "one-case/events.ndjson.in", "tests/fixtures/@NAME@/one-case/events.ndjson" },
        { "no-number/trap", "tests/fixtures/@NAME@/no-number/trap" },
        { "no-number/input.json", "tests/fixtures/@NAME@/no-number/input.json" },
        { "no-number/options.yaml", "tests/fixtures/@NAME@/no-number/options.yaml" },
        { "no-number/events.ndjson.in", "tests/fixtures/@NAME@/no-number/events.ndjson" },
        { "no-number/rejected.ndjson", "tests/fixtures/@NAME@/no-number/rejected.ndjson" },
        { "instance/@KIND@.yaml.in", "deploy/config/examples/@NAME@.yaml" },
};

enum { PARTS = sizeof(parts) / sizeof(parts[0]) };

/* ---- texts ---- */

/* Appends the text with each @WORD@ that we know replaced. */
static void fill(const New *new, const char *text, Buffer *out)
{
        const struct {
                const char *word, *value;
        } words[] = { { "@NAME@", new->name },
                      { "@TYPE@", new->type },
                      { "@KIND@", new->kind },
                      { "@PLATFORM@", new->platform } };

        while (*text) {
                size_t i = 0;

                while (i < sizeof(words) / sizeof(words[0]) && !text_starts(text, words[i].word))
                        i++;
                if (i == sizeof(words) / sizeof(words[0])) {
                        buffer_byte(out, *text++);
                        continue;
                }
                buffer_text(out, words[i].value);
                text += strlen(words[i].word);
        }
        buffer_text(out, "");
}

/* Owned. */
static char *path_make(const New *new, const char *folder, const char *path)
{
        CLEANUP(buffer_free) Buffer filled = { 0 };

        fill(new, path, &filled);
        return text_format("%s/%s%s", new->tree, folder, filled.bytes);
}

/* ---- files ---- */

static bool folders_make(const char *path, Error *err)
{
        CLEANUP(mem_drop) char *folder = file_folder(path);

        if (access(folder, W_OK) == 0)
                return true;
        if (strcmp(folder, ".") != 0 && !folders_make(folder, err))
                return false;
        if (mkdir(folder, 0777) != 0 && errno != EEXIST)
                return error_set(err, ERR_RETRY, NULL, "%s: cannot be made", folder);
        return true;
}

static bool text_write(const char *path, const char *mode, const Buffer *text, Error *err)
{
        FILE *file = fopen(path, mode);
        bool written = file && fwrite(text->bytes, 1, text->size, file) == text->size;

        if (file && fclose(file) != 0)
                written = false;
        return written || error_set(err, ERR_RETRY, NULL, "%s: cannot be written", path);
}

static bool part_write(const New *new, const Part *part, Error *err)
{
        CLEANUP(mem_drop) char *from = path_make(new, "adapters/template/", part->from);
        CLEANUP(mem_drop) char *other = path_make(new, "adapters/template/", "instance/other.yaml.in");
        CLEANUP(mem_drop) char *to = path_make(new, "", part->to);
        CLEANUP(buffer_free) Buffer text = { 0 }, filled = { 0 };
        bool has_own = text_same(part->from, "instance/@KIND@.yaml.in") ? access(from, R_OK) == 0 : true;

        if (!file_read(&text, has_own ? from : other, FILE_MOST, err))
                return false;
        fill(new, text.bytes, &filled);
        if (!folders_make(to, err) || !text_write(to, "wx", &filled, err))
                return false;
        printf("  %s\n", to + strlen(new->tree) + 1);
        return true;
}

static bool line_add(const New *new, const char *path, const char *line, Error *err)
{
        CLEANUP(mem_drop) char *to = path_make(new, "", path);
        CLEANUP(buffer_free) Buffer filled = { 0 };

        fill(new, line, &filled);
        if (!text_write(to, "a", &filled, err))
                return false;
        printf("  %s: %s", path, filled.bytes);
        return true;
}

/* ---- what is asked ---- */

static bool name_check(const char *name, Error *err)
{
        static const char *const taken[] = { "auto",     "break",    "case",   "char",     "const",  "continue",
                                             "default",  "do",       "double", "else",     "enum",   "float",
                                             "for",      "goto",     "if",     "inline",   "int",    "long",
                                             "main",     "register", "return", "short",    "signed", "sizeof",
                                             "static",   "struct",   "switch", "typedef",  "union",  "void",
                                             "volatile", "while",    "list",   "template", "v1",     "lib" };
        size_t size = strlen(name);

        for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
                if (strcmp(taken[i], name) == 0)
                        return error_set(err, ERR_INPUT, NULL, "%s cannot be an adapter's name", name);
        if (!islower((unsigned char)name[0]) || size > NAME_MOST ||
            strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789") != size)
                return error_set(err, ERR_INPUT, NULL, "an adapter's name is up to %d of a-z and 0-9, a letter first",
                                 NAME_MOST);
        return true;
}

static bool kind_check(const char *kind, Error *err)
{
        const char *names[64], *nearest;
        size_t size = 0;

        for (; sources[size] && size < 64; size++) {
                if (text_same(sources[size]->kind, kind))
                        return true;
                names[size] = sources[size]->kind;
        }
        nearest = text_nearest(kind, names, size);
        return error_set(err, ERR_INPUT, NULL, "no source \"%s\"%s%s%s", kind, nearest ? "; did you mean \"" : "",
                         nearest ? nearest : "", nearest ? "\"?" : " (hub list sources names them)");
}

/* The platform named, or the number behind the highest that schemas/platforms.yaml has. */
static bool platform_find(New *new, Error *err)
{
        CLEANUP(mem_drop) char *path = text_format("%s/schemas/platforms.yaml", new->tree);
        CLEANUP(yaml_drop) Yaml *yaml = yaml_load(path, err);
        const char *name;
        json_t *row;
        int highest = 0;

        if (!yaml)
                return false;
        json_object_foreach((json_t *)(uintptr_t)yaml_root(yaml), name, row) {
                int number = name[0] == 'p' ? atoi(name + 1) : 0; /* NOLINT(cert-err34-c): 0 is none */

                highest = number > highest ? number : highest;
        }
        if (!new->platform)
                new->platform = new->free_name = text_format("p%02d", highest + 1);
        new->has_platform = json_object_get(yaml_root(yaml), new->platform);
        return true;
}

static bool free_check(const New *new, Error *err)
{
        if (adapter_find(new->name))
                return error_set(err, ERR_INPUT, NULL, "there is an adapter %s", new->name);
        for (size_t i = 0; i < PARTS; i++) {
                CLEANUP(mem_drop) char *to = path_make(new, "", parts[i].to);

                if (access(to, F_OK) == 0)
                        return error_set(err, ERR_INPUT, NULL, "%s is there: nothing is written over", to);
        }
        return true;
}

static bool new_write(const New *new, Error *err)
{
        printf("written in %s:\n", new->tree);
        for (size_t i = 0; i < PARTS; i++)
                if (!part_write(new, &parts[i], err))
                        return false;
        return line_add(new, "adapters/list.def", "ADAPTER(@NAME@)\n", err) &&
               (new->has_platform ||
                line_add(new, "schemas/platforms.yaml", "@PLATFORM@: { name: @NAME@, level: district }\n", err));
}

static bool new_make(New *new, const char *tree, Error *err)
{
        new->type = text_copy(new->name);
        new->type[0] = (char)toupper((unsigned char)new->type[0]);
        new->tree = checkout_find(tree, err);
        return new->tree &&name_check(new->name, err) && kind_check(new->kind, err) && platform_find(new, err) &&
               free_check(new, err) && new_write(new, err);
}

static void new_free(New *new)
{
        free(new->type);
        free(new->free_name);
        free(new->tree);
}

int command_new(int argc, char **argv)
{
        static const struct option options[] = { { "source", required_argument, NULL, 's' },
                                                 { "platform", required_argument, NULL, 'p' },
                                                 { "tree", required_argument, NULL, 't' },
                                                 { "help", no_argument, NULL, 'h' },
                                                 { 0 } };
        CLEANUP(new_free) New new = { 0 };
        const char *tree = NULL;
        Error err = { 0 };

        for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;) {
                if (option == 's')
                        new.kind = optarg;
                else if (option == 'p')
                        new.platform = optarg;
                else if (option == 't')
                        tree = optarg;
                else
                        return tool_usage(usage, option == 'h');
        }
        if (argc - optind != 1 || !new.kind)
                return tool_usage(usage, false);
        new.name = argv[optind];
        if (!new_make(&new, tree, &err))
                return command_failed("new", &err);
        printf("try it: ./tests/run fixtures unit; hub conform %s; tests/fixtures/pages --write brings its page up to "
               "date\n"
               "then make adapters/%s.c and the fixtures the platform's own: adapters/README.md\n",
               new.name, new.name);
        return EXIT_FINE;
}
