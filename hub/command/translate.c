/* hub translate: an adapter on files, without Kafka, state or clock (messages.md section 9). */

#include "hub/command/translate.h"

#include "hub/base/memory.h"
#include "hub/base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
        "usage: hub translate ADAPTER [--config FILE --instance I | --set option=value ...] [--channel C]\n"
        "                     [--content-type T] [--key K] [--method M] [--header NAME=VALUE ...] [--sequence S]\n"
        "                     [--position P] [--received T] [--regions GEOJSON] [--gazetteer CSV] [--recorded] "
        "[--frames] "
        "[--replies] [FILE...]\n"
        "  Each FILE (or stdin) is one record; canonical events on stdout, one a line; each rejected or ignored item "
        "one JSON\n"
        "  line on stderr. Exit 4 when something was rejected. `hub list adapters --options` names the options.\n"
        "  --regions: fills an event's place from this file, instead of the configuration's; --gazetteer:\n"
        "  the position of one that has only words.\n"
        "  --recorded: channel, content type, position and time of each FILE are those that hub record noted beside "
        "it.\n"
        "  --frames: each FILE is a byte stream that the adapter cuts into records.\n"
        "  --replies: what a pushing peer is told of each record, one JSON line more on stderr.\n";

#define RECEIVED_DEFAULT "2024-01-01T00:00:00.000Z"
#define ZONE_DEFAULT     "350206"

/* ---- set-up ---- */

static bool configured_open(Translation *translation, Error *err)
{
        Config *config = &translation->loaded;
        const Instance *instance = NULL;

        if (config_load_for(config, translation->config, translation->instance, err))
                instance = config_instance(config, translation->instance, err);
        if (!instance)
                return false;
        if (instance->adapter != translation->adapter)
                return error_set(err, ERR_FATAL, NULL, "instance %s speaks %s, not %s", instance->name,
                                 instance->adapter->name, translation->adapter->name);
        translation->options = instance->options;
        translation->privacy = config->privacy.keys ? privacy_load(config->privacy.keys, err) : privacy_test();
        translation->output =
                (OutputSetup){ instance->name,       instance->platform, instance->zone,   config->categories,
                               translation->privacy, config->regions,    config->gazetteer };
        return translation->privacy;
}

/* Whatever --set gets wrong is the command line's fault. */
static bool set_read(Translation *translation, Error *err)
{
        const Adapter *adapter = translation->adapter;

        translation->set = mem_new(adapter->size);
        translation->options = translation->set;
        if (!options_set(adapter->options, adapter->options_size, translation->settings, translation->settings_size,
                         ".", translation->set, err))
                mem_drop(&translation->set);
        else if (!adapter->check || adapter->check(translation->set, err))
                return true;
        err->kind = ERR_INPUT;
        return error_add(err, "%s", adapter->name);
}

static bool bare_open(Translation *translation, Error *err)
{
        const Adapter *adapter = translation->adapter;

        if (!set_read(translation, err))
                return false;
        translation->categories = categories_load(NULL, err);
        translation->privacy = privacy_test();
        translation->output = (OutputSetup){ adapter->name,           adapter->platform,    ZONE_DEFAULT,
                                             translation->categories, translation->privacy, NULL };
        return translation->categories;
}

static bool places_open(Translation *translation, Error *err)
{
        if (translation->regions_path) {
                translation->regions = regions_load(translation->regions_path, err);
                translation->output.regions = translation->regions;
                if (!translation->regions)
                        return false;
        }
        if (translation->gazetteer_path) {
                translation->gazetteer = gazetteer_load(translation->gazetteer_path, err);
                translation->output.gazetteer = translation->gazetteer;
                return translation->gazetteer;
        }
        return true;
}

static bool translation_open(Translation *translation, Error *err)
{
        bool opened = translation->instance ? configured_open(translation, err) : bare_open(translation, err);

        return opened && places_open(translation, err);
}

static void translation_close(Translation *translation)
{
        if (translation->set)
                options_free(translation->adapter->options, translation->adapter->options_size, translation->set);
        free(translation->set);
        categories_free(translation->categories);
        privacy_free(translation->privacy);
        regions_free(translation->regions);
        gazetteer_free(translation->gazetteer);
        config_free(&translation->loaded);
}

static int files_translate(const Translation *translation, char **files, int files_size)
{
        Printing to = { .print = { .events = stdout, .verdicts = stderr } };
        bool translated = true;
        Error err = { 0 };

        to.output = output_new(&translation->output, &print_sink, &to.print);
        if (files_size == 0)
                translated = translate_file(translation, "-", &to, &err);
        for (int i = 0; i < files_size && translated; i++)
                translated = translate_file(translation, files[i], &to, &err);
        output_free(to.output);
        mapped_free(&to.mapped);
        if (translated && fflush(stdout) != 0)
                translated = error_set(&err, ERR_RETRY, NULL, "stdout: cannot be written");
        if (!translated)
                return command_failed("translate", &err);
        return to.print.rejected ? EXIT_REJECTED : EXIT_FINE;
}

/* ---- command line ---- */

static bool header_take(Translation *translation, char *text)
{
        char *equals = strchr(text, '=');

        if (!equals || equals == text || translation->headers_size == HEADERS_MOST)
                return false;
        *equals = '\0';
        translation->headers[translation->headers_size++] = (RecordHeader){ text, equals + 1 };
        return true;
}

static bool argument_take(Translation *translation, int option)
{
        switch (option) {
        case 'c':
                translation->config = optarg;
                return true;
        case 'i':
                translation->instance = optarg;
                return true;
        case 'n':
                translation->channel = optarg;
                return true;
        case 't':
                translation->content_type = optarg;
                return true;
        case 'r':
                translation->received = optarg;
                return true;
        case 'k':
                translation->key = optarg;
                return true;
        case 'p':
                translation->position = optarg;
                return true;
        case 'm':
                translation->method = optarg;
                return true;
        case 'q':
                translation->sequence = optarg;
                return true;
        case 'f':
                return translation->frames = true;
        case 'y':
                return translation->replies = true;
        case 'd':
                return header_take(translation, optarg);
        case 'g':
                translation->regions_path = optarg;
                return true;
        case 'z':
                translation->gazetteer_path = optarg;
                return true;
        case 'e':
                translation->recorded = true;
                return true;
        case 's':
                if (translation->settings_size == SETTINGS_MOST)
                        return false;
                translation->settings[translation->settings_size++] = optarg;
                return true;
        default:
                return false;
        }
}

static bool adapter_take(Translation *translation, const char *name, Error *err)
{
        translation->adapter = adapter_find(name);
        if (!translation->adapter)
                return error_set(err, ERR_INPUT, NULL, "no adapter \"%s\"; hub list adapters names them", name);
        if (translation->frames && !translation->adapter->frame)
                return error_set(err, ERR_INPUT, NULL, "%s cuts no byte streams: --frames is not for it", name);
        if (translation->config && !translation->instance)
                return error_set(err, ERR_INPUT, NULL, "--config needs --instance");
        if (translation->instance && translation->settings_size)
                return error_set(err, ERR_INPUT, NULL, "--set and --instance exclude each other");
        return time_read(translation->received ? translation->received : RECEIVED_DEFAULT, &translation->received_ms,
                         NULL, err);
}

int command_translate(int argc, char **argv)
{
        static const struct option options[] = {
                { "config", required_argument, NULL, 'c' },    { "help", no_argument, NULL, 'h' },
                { "instance", required_argument, NULL, 'i' },  { "set", required_argument, NULL, 's' },
                { "channel", required_argument, NULL, 'n' },   { "content-type", required_argument, NULL, 't' },
                { "received", required_argument, NULL, 'r' },  { "key", required_argument, NULL, 'k' },
                { "header", required_argument, NULL, 'd' },    { "position", required_argument, NULL, 'p' },
                { "method", required_argument, NULL, 'm' },    { "sequence", required_argument, NULL, 'q' },
                { "frames", no_argument, NULL, 'f' },          { "replies", no_argument, NULL, 'y' },
                { "recorded", no_argument, NULL, 'e' },        { "regions", required_argument, NULL, 'g' },
                { "gazetteer", required_argument, NULL, 'z' }, { 0 }
        };
        CLEANUP(translation_close) Translation translation = { 0 };
        Error err = { 0 };

        for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;)
                if (!argument_take(&translation, option))
                        return tool_usage(usage, option == 'h');
        if (optind >= argc)
                return tool_usage(usage, false);
        if (!adapter_take(&translation, argv[optind], &err)) {
                fprintf(stderr, "hub translate: %s\n", err.text);
                return EXIT_USAGE;
        }
        if (!translation_open(&translation, &err)) {
                int code = command_failed("translate", &err);

                return err.kind == ERR_INPUT ? EXIT_USAGE : code;
        }
        return files_translate(&translation, argv + optind + 1, argc - optind - 1);
}
