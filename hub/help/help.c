/* hub help: the commands, and what each part of the configuration may hold, out of the very tables that read it. */

#include "hub/help/help.h"

#include "hub/base/file.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/notify/target.h"
#include "hub/tool/table.h"
#include "hub/tool/tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_MOST = 4 * 1024 * 1024 };

static const char usage[] =
        "usage: hub help [PART [--markdown] | --json-schema]\n"
        "  Without PART the commands. PART is a command, a section of the configuration (root, kafka, postgres, "
        "privacy, "
        "commands,\n"
        "  correlate, instances), an adapter or a kind of source: what it may hold, with forms and defaults;\n"
        "  warehouse: the tables and indicators of the analysts.\n"
        "  --markdown: its options as a table, for a page (an adapter, a kind of source, a section).\n"
        "  --json-schema: the whole configuration as JSON Schema, for an editor: put in the first line of hub.yaml\n"
        "                 # yaml-language-server: $schema=hub.schema.json\n";

static int commands_print(FILE *out, int code)
{
        fputs("usage: hub COMMAND ...   (hub COMMAND --help says more, hub help PART what the configuration may "
              "hold)\n\n",
              out);
        for (size_t i = 0; commands[i].name; i++)
                fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].about);
        return code;
}

/* ---- parts ---- */

typedef struct {
        const char *wanted;
        size_t shown;
        bool markdown;
} Help;

static void table_print(Help *help, const char *what, const char *name, const char *about, const Option *options,
                        size_t size)
{
        CLEANUP(buffer_free) Buffer lines = { 0 };

        if (strcmp(name, help->wanted) != 0)
                return;
        if (help->markdown) {
                help->shown++;
                options_page(options, size, &lines);
                fputs(lines.bytes, stdout);
                return;
        }
        printf("%s%s %s%s%s:\n", help->shown++ ? "\n" : "", what, name, about ? ": " : "", about ? about : "");
        options_help(options, size, &lines);
        fputs(lines.size ? lines.bytes : "  (no options)\n", stdout);
}

static void instances_print(Help *help)
{
        if (strcmp(help->wanted, "instances") != 0)
                return;
        printf("%sinstances: a mapping of names, each to:\n", help->shown++ ? "\n" : "");
        for (const ConfigMember *member = config_members; member->name; member++)
                printf("  %-8s  %s\n", member->name, member->about);
}

static void sections_print(Help *help)
{
        const Option *options;
        const char *name;
        size_t size;

        for (size_t i = 0; config_section(i, &name, &options, &size); i++)
                table_print(help, "section", name ? name : "root", NULL, options, size);
        table_print(help, "file", "notify", "a target's file", notify_options, notify_options_size);
}

static void tables_print(Help *help)
{
        sections_print(help);
        instances_print(help);
        for (size_t i = 0; adapters[i]; i++)
                table_print(help, "adapter", adapters[i]->name, adapters[i]->about, adapters[i]->options,
                            adapters[i]->options_size);
        for (size_t i = 0; sources[i]; i++)
                table_print(help, "source", sources[i]->kind, sources[i]->about, sources[i]->options,
                            sources[i]->options_size);
}

/* A name may be of several parts ("kafka" is a section, "commands" too): all of them are shown. */
static void command_print(Help *help)
{
        static char asked[] = "--help";

        for (size_t i = 0; commands[i].name; i++) {
                CLEANUP(mem_drop) char *name = text_copy(commands[i].name);
                char *argv[] = { name, asked, NULL };

                if (strcmp(name, help->wanted) != 0)
                        continue;
                if (help->shown++)
                        putchar('\n');
                optind = 0; /* glibc: getopt starts anew */
                (void)commands[i].run(2, argv);
                return;
        }
}

/* The analysts' page, too, with what their command may do. */
static bool page_print(Help *help, Error *err)
{
        CLEANUP(buffer_free) Buffer path = { 0 };
        CLEANUP(buffer_free) Buffer page = { 0 };

        if (strcmp(help->wanted, "warehouse") != 0)
                return true;
        schemas_path(&path, "warehouse.md");
        if (!file_read(&page, path.bytes, PAGE_MOST, err))
                return false;
        printf("%s%s", help->shown++ ? "\n" : "", page.bytes ? page.bytes : "");
        return true;
}

static void name_add(const char ***names, size_t *size, const char *name)
{
        *names = mem_resize(*names, (*size + 1) * sizeof(char *));
        (*names)[(*size)++] = name;
}

static int part_unknown(const char *part)
{
        CLEANUP(mem_drop) const char **names = NULL;
        const Option *options;
        const char *name, *nearest;
        size_t size = 0, options_size;

        for (size_t i = 0; config_section(i, &name, &options, &options_size); i++)
                name_add(&names, &size, name ? name : "root");
        name_add(&names, &size, "instances");
        for (size_t i = 0; adapters[i]; i++)
                name_add(&names, &size, adapters[i]->name);
        for (size_t i = 0; sources[i]; i++)
                name_add(&names, &size, sources[i]->kind);
        for (size_t i = 0; commands[i].name; i++)
                name_add(&names, &size, commands[i].name);
        nearest = text_nearest(part, names, size);
        fprintf(stderr, "hub help: no part \"%s\"%s%s%s\n", part, nearest ? "; did you mean \"" : "",
                nearest ? nearest : "", nearest ? "\"?" : " (hub help --help and hub list name them)");
        return EXIT_USAGE;
}

static int part_print(const char *part, bool markdown)
{
        Help help = { .wanted = part, .markdown = markdown };
        Error err = { 0 };

        if (!markdown)
                command_print(&help);
        tables_print(&help);
        if (!page_print(&help, &err))
                return command_failed("help", &err);
        return help.shown ? EXIT_FINE : part_unknown(part);
}

static int schema_print(void)
{
        CLEANUP(json_decrefp) json_t *schema = help_schema();

        json_dumpf(schema, stdout, JSON_INDENT(2));
        putchar('\n');
        return EXIT_FINE;
}

int command_help(int argc, char **argv)
{
        static const struct option options[] = { { "json-schema", no_argument, NULL, 'j' },
                                                 { "config", required_argument, NULL, 'c' }, /* as all others take it */
                                                 { "markdown", no_argument, NULL, 'm' },
                                                 { "help", no_argument, NULL, 'h' },
                                                 { 0 } };
        bool schema = false, markdown = false;

        if (!argv)
                return commands_print(stderr, EXIT_USAGE);
        if (argv[0][0] == '-')
                return commands_print(stdout, EXIT_FINE);
        for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;) {
                if (option != 'j' && option != 'c' && option != 'm')
                        return tool_usage(usage, option == 'h');
                schema = schema || option == 'j';
                markdown = markdown || option == 'm';
        }
        if (argc - optind > (schema ? 0 : 1))
                return tool_usage(usage, false);
        if (schema)
                return schema_print();
        return optind < argc ? part_print(argv[optind], markdown) : commands_print(stdout, EXIT_FINE);
}
