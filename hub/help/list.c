/* hub list: adapters, sources and commands of this binary, and the instances of a configuration. */

#include "hub/base/memory.h"
#include "hub/pipe/pause.h"
#include "hub/tool/table.h"
#include "hub/tool/tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] = "usage: hub list [adapters|sources|instances|commands] [--options] [--config FILE]\n"
                            "  Names what there is, with one line each, and what a source promises; --options adds the "
                            "options of adapters and "
                            "sources.\n";

typedef struct {
        const char *config, *only;
        bool with_options;
} Listing;

static bool part_begin(const Listing *listing, const char *name)
{
        if (listing->only && strcmp(listing->only, name) != 0)
                return false;
        if (!listing->only)
                printf("%s:\n", name);
        return true;
}

static void entry_print(const Listing *listing, const char *name, const char *about, const char *promise,
                        const Option *options, size_t size)
{
        CLEANUP(buffer_free) Buffer help = { 0 };

        printf("  %-14s %s\n", name, about);
        if (promise)
                printf("  %-14s promises: %s\n", "", promise);
        if (!listing->with_options)
                return;
        options_help(options, size, &help);
        for (const char *line = help.bytes; line && *line; line += strcspn(line, "\n") + 1)
                printf("      %.*s\n", (int)strcspn(line, "\n"), line);
}

static void static_print(const Listing *listing)
{
        if (part_begin(listing, "adapters"))
                for (size_t i = 0; adapters[i]; i++)
                        entry_print(listing, adapters[i]->name, adapters[i]->about, NULL, adapters[i]->options,
                                    adapters[i]->options_size);
        if (part_begin(listing, "sources"))
                for (size_t i = 0; sources[i]; i++)
                        entry_print(listing, sources[i]->kind, sources[i]->about, sources[i]->promise,
                                    sources[i]->options, sources[i]->options_size);
        if (part_begin(listing, "commands"))
                for (size_t i = 0; commands[i].name; i++)
                        printf("  %-14s %s\n", commands[i].name, commands[i].about);
}

static void instance_print(const Config *config, const Instance *instance)
{
        CLEANUP(mem_drop) char *folder = text_format("%s/%s", config->state, instance->name);
        CLEANUP(buffer_free) Buffer paused = { 0 };

        printf("  %-14s %s, platform %s, zone %s, source %s", instance->name, instance->adapter->name,
               instance->platform, instance->zone, instance->source ? instance->source->kind : "none");
        if (pause_read(folder, &paused))
                printf(", paused %s", paused.bytes ? paused.bytes : "");
        putchar('\n');
}

/* Without a configuration there are no instances; that is no error unless somebody asked for them. */
static bool instances_print(const Listing *listing, Error *err)
{
        CLEANUP(config_free) Config config = { 0 };
        bool is_asked =
                listing->config || getenv("HUB_CONFIG") || (listing->only && strcmp(listing->only, "instances") == 0);

        if (!is_asked && access("/etc/hub/hub.yaml", R_OK) != 0)
                return true;
        if (!part_begin(listing, "instances"))
                return true;
        if (!config_load(&config, listing->config, err))
                return false;
        for (size_t i = 0; i < config.instances_size; i++)
                instance_print(&config, &config.instances[i]);
        return true;
}

static bool is_part(const char *name)
{
        static const char *const parts[] = { "adapters", "sources", "instances", "commands" };

        for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
                if (strcmp(parts[i], name) == 0)
                        return true;
        return false;
}

int command_list(int argc, char **argv)
{
        static const struct option options[] = { { "config", required_argument, NULL, 'c' },
                                                 { "help", no_argument, NULL, 'h' },
                                                 { "options", no_argument, NULL, 'o' },
                                                 { 0 } };
        Listing listing = { 0 };
        Error err = { 0 };

        for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;) {
                if (option == 'c')
                        listing.config = optarg;
                else if (option == 'o')
                        listing.with_options = true;
                else
                        return tool_usage(usage, option == 'h');
        }
        listing.only = optind < argc ? argv[optind++] : NULL;
        if (optind < argc || (listing.only && !is_part(listing.only)))
                return tool_usage(usage, false);
        static_print(&listing);
        return instances_print(&listing, &err) ? EXIT_FINE : command_failed("list", &err);
}
