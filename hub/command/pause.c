/* hub pause, hub resume: an instance reads nothing for a while. */

#include "hub/pipe/pause.h"

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"
#include "hub/tool/tool.h"

#include <stdio.h>
#include <unistd.h>

static const char pause_usage[] =
        "usage: hub pause INSTANCE [--note TEXT] [--config FILE]\n"
        "  Its process, running or started later, stops reading within a second; what is on its way is delivered. "
        "Stands until\n"
        "  hub resume INSTANCE, over restarts, too. Run it as the user of hub run, on its machine: the mark lies in "
        "the "
        "state folder.\n";

static const char resume_usage[] = "usage: hub resume INSTANCE [--config FILE]\n"
                                   "  Ends hub pause: its process goes on reading within a second, where it was.\n";

typedef struct {
        const char *config, *instance, *note;
} Order;

static bool order_read(int argc, char **argv, Order *order, const char *usage, int *code)
{
        static const struct option options[] = { { "config", required_argument, NULL, 'c' },
                                                 { "note", required_argument, NULL, 'n' },
                                                 { "help", no_argument, NULL, 'h' },
                                                 { 0 } };

        for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;) {
                if (option == 'c')
                        order->config = optarg;
                else if (option == 'n' && usage == pause_usage)
                        order->note = optarg;
                else
                        return *code = tool_usage(usage, option == 'h'), false;
        }
        if (optind != argc - 1)
                return *code = tool_usage(usage, false), false;
        order->instance = argv[optind];
        return true;
}

static bool pause_give(const Config *config, const Instance *instance, const Order *order, Error *err)
{
        CLEANUP(mem_drop) char *folder = text_format("%s/%s", config->state, instance->name);
        CLEANUP(mem_drop) char *by = text_format("uid %d", (int)getuid());
        CLEANUP(buffer_free) Buffer text = { 0 };
        const char *meanwhile = instance->source ? instance->source->when_paused : NULL;

        if (!pause_begin(folder, by, order->note, err))
                return false;
        (void)pause_read(folder, &text);
        printf("%s: paused %s\n", instance->name, text.bytes ? text.bytes : "");
        if (meanwhile)
                printf("meanwhile: %s\n", meanwhile);
        return true;
}

static bool resume_give(const Config *config, const Instance *instance, Error *err)
{
        CLEANUP(mem_drop) char *folder = text_format("%s/%s", config->state, instance->name);
        bool was_paused;

        if (!pause_end(folder, &was_paused, err))
                return false;
        printf("%s: %s\n", instance->name, was_paused ? "resumed" : "was not paused");
        return true;
}

static int give(const Order *order, const char *part, bool is_pause)
{
        CLEANUP(config_free) Config config = { 0 };
        const Instance *instance = NULL;
        Error err = { 0 };

        log_open(part);
        if (time_open(&err) && config_load(&config, order->config, &err))
                instance = config_instance(&config, order->instance, &err);
        if (instance && (is_pause ? pause_give(&config, instance, order, &err) : resume_give(&config, instance, &err)))
                return EXIT_FINE;
        return command_failed(part, &err);
}

int command_pause(int argc, char **argv)
{
        Order order = { 0 };
        int code;

        return order_read(argc, argv, &order, pause_usage, &code) ? give(&order, "pause", true) : code;
}

int command_resume(int argc, char **argv)
{
        Order order = { 0 };
        int code;

        return order_read(argc, argv, &order, resume_usage, &code) ? give(&order, "resume", false) : code;
}
