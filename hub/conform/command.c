/* hub conform ADAPTER: is it fit for what its platform might send. */

#include "hub/conform/conform.h"
#include "hub/tool/checkout.h"

#include <stdio.h>
#include <stdlib.h>

static const char usage[] =
        "usage: hub conform ADAPTER [--fixtures DIR] [--only FIXTURE] [--json] [--keep DIR]\n"
        "       hub conform ADAPTER --mapping [--fixtures DIR]\n"
        "  Cuts, changes, blanks, wraps, encodes and repeats the inputs of the adapter's fixtures "
        "(tests/fixtures/ADAPTER "
        "of the\n"
        "  checkout), and judges what comes out by rules that hold for every adapter. Exit 1: a rule is broken.\n"
        "  --keep: the first record that breaks each rule is written there, as RULE.INPUT.\n"
        "  --mapping: which member of the platform fills which of ours, found by changing it, and the fixture that "
        "shows "
        "it;\n"
        "  exit 1: a member of the adapter's table is shown by none.\n";

typedef struct {
        ConformSetup setup;
        const char *adapter;
        bool json, mapping;
} Order;

static int run(const Order *order, Error *err)
{
        CLEANUP(tally_drop) Tally *tally = tally_new();
        CLEANUP(buffer_free) Buffer out = { 0 };
        const char *name = order->setup.adapter->name;

        if (!conform_run(&order->setup, tally, err))
                return command_failed("conform", err);
        if (order->json) {
                CLEANUP(json_decrefp) json_t *json = tally_json(tally, name);

                json_dumpf(json, stdout, JSON_INDENT(2));
                putchar('\n');
        } else {
                tally_table(tally, name, &out);
                fputs(out.bytes, stdout);
        }
        return tally_failed(tally) ? EXIT_FAILED : EXIT_FINE;
}

static int map(const Order *order, Error *err)
{
        CLEANUP(buffer_free) Buffer out = { 0 };
        size_t missing = 0;

        if (!conform_mapping(&order->setup, &out, &missing, err))
                return command_failed("conform", err);
        fputs(out.size ? out.bytes : "", stdout);
        return missing ? EXIT_FAILED : EXIT_FINE;
}

static bool argument_take(Order *order, int option)
{
        switch (option) {
        case 'f':
                order->setup.folder = optarg;
                return true;
        case 'o':
                order->setup.only = optarg;
                return true;
        case 'k':
                order->setup.keep = optarg;
                return true;
        case 'j':
                return order->json = true;
        case 'm':
                return order->mapping = true;
        default:
                return false;
        }
}

int command_conform(int argc, char **argv)
{
        static const struct option options[] = { { "fixtures", required_argument, NULL, 'f' },
                                                 { "only", required_argument, NULL, 'o' },
                                                 { "json", no_argument, NULL, 'j' },
                                                 { "keep", required_argument, NULL, 'k' },
                                                 { "mapping", no_argument, NULL, 'm' },
                                                 { "help", no_argument, NULL, 'h' },
                                                 { 0 } };
        CLEANUP(mem_drop) char *tree = NULL;
        CLEANUP(mem_drop) char *folder = NULL;
        Order order = { 0 };
        Error err = { 0 };

        for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;)
                if (!argument_take(&order, option))
                        return tool_usage(usage, option == 'h');
        if (argc - optind != 1)
                return tool_usage(usage, false);
        order.setup.adapter = adapter_find(argv[optind]);
        if (!order.setup.adapter) {
                error_set(&err, ERR_INPUT, NULL, "no adapter \"%s\"; hub list adapters names them", argv[optind]);
                return command_failed("conform", &err);
        }
        if (!order.setup.folder) {
                tree = checkout_find(NULL, &err);
                if (!tree)
                        return command_failed("conform", &err);
                folder = text_format("%s/tests/fixtures/%s", tree, argv[optind]);
                order.setup.folder = folder;
        }
        return order.mapping ? map(&order, &err) : run(&order, &err);
}
