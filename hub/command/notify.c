/* hub notify: incidents' changes to a webhook or a robot, until SIGTERM; and what it gave up. */

#include "hub/notify/notify.h"

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/notify/shelf.h"
#include "hub/pipe/signals.h"
#include "hub/tool/tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
        "usage: hub notify [--config FILE] TARGET.yaml [dead [retry [FEED ...]]]\n"
        "  Posts each change of an incident to the target that the file describes (hub help notify), until SIGTERM: "
        "signed as Standard\n"
        "  Webhooks says, or as a message of a DingTalk or WeCom robot; again until it is taken, each incident's in "
        "order.\n"
        "  dead         lists what was given up: feed number, id, tries, since when, why\n"
        "  dead retry   sends all of it again, or those of these feed numbers; the process that runs does it\n";

typedef struct {
        const char *config, *target;
        char **rest; /* dead, retry, numbers; ends with NULL */
} Order;

static bool stopped(void *context)
{
        return signals_stop(context);
}

static int run(const Config *config, const Target *target)
{
        CLEANUP(monitor_drop) Monitor *monitor = NULL;
        CLEANUP(signals_close) Signals signals;
        Error err = { 0 };

        signals_open(&signals);
        monitor = monitor_open(&config->metrics, "notify", target->name);
        log_info("notify starts", LOG_TEXT("target", target->name));
        if (!notify_run(&(NotifySetup){ .target = target,
                                        .postgres = &config->postgres,
                                        .state = config->state,
                                        .metrics = monitor_metrics(monitor),
                                        .health = monitor_health(monitor),
                                        .stopped = stopped,
                                        .context = &signals },
                        &err))
                return command_failed("notify", &err);
        log_info("notify ends", LOG_TEXT("target", target->name));
        return EXIT_FINE;
}

/* ---- the dead ---- */

static bool dead_show(const Shelf *shelf, int64_t feed, Error *err)
{
        char since[TIME_TEXT_SIZE];
        Parcel parcel = { 0 };

        if (!shelf_read(shelf->dead, feed, &parcel, err))
                return false;
        printf("%lld\t%s\t%lld\t%s\t%s\n", (long long)feed, parcel.id, (long long)parcel.tries,
               time_text(parcel.since, since), parcel.why ? parcel.why : "");
        parcel_free(&parcel);
        return true;
}

static bool is_meant(char **numbers, int64_t feed)
{
        int64_t number;

        for (char **at = numbers; *at; at++)
                if (text_read_integer(*at, &number) && number == feed)
                        return true;
        return !*numbers;
}

static bool dead(const Shelf *shelf, char **words, size_t *count, Error *err)
{
        const bool is_retry = text_same(*words, "retry");
        CLEANUP(mem_drop) int64_t *feeds = NULL;
        size_t size;

        if (!shelf_list(shelf->dead, &feeds, &size, err))
                return false;
        for (size_t i = 0; i < size; i++) {
                if (!is_retry && !dead_show(shelf, feeds[i], err))
                        return false;
                if (is_retry && is_meant(words + 1, feeds[i])) {
                        if (!shelf_raise(shelf, feeds[i], err))
                                return false;
                        ++*count;
                }
        }
        if (is_retry)
                printf("%zu are sent again\n", *count);
        return true;
}

static int dead_run(const Config *config, const Target *target, char **words)
{
        CLEANUP(shelf_close) Shelf shelf = { 0 };
        Error err = { 0 };
        size_t count = 0;

        if (!shelf_open(&shelf, config->state, target->name, &err) || !dead(&shelf, words, &count, &err))
                return command_failed("notify", &err);
        return words[0] && words[1] && !count ? EXIT_NOTHING : EXIT_FINE;
}

/* ---- order ---- */

static bool rest_check(char **rest)
{
        int64_t number;

        if (!rest[0])
                return true;
        if (!text_same(rest[0], "dead") || (rest[1] && !text_same(rest[1], "retry")))
                return false;
        for (char **at = rest[1] ? rest + 2 : rest + 1; *at; at++)
                if (!text_read_integer(*at, &number))
                        return false;
        return true;
}

static int order_read(int argc, char **argv, Order *order)
{
        static const struct option options[] = { { "config", required_argument, NULL, 'c' },
                                                 { "help", no_argument, NULL, 'h' },
                                                 { 0 } };
        int letter;

        optind = 1;
        while ((letter = getopt_long(argc, argv, "h", options, NULL)) != -1) {
                if (letter == 'h')
                        return tool_usage(usage, true);
                if (letter != 'c')
                        return tool_usage(usage, false);
                order->config = optarg;
        }
        if (optind == argc || !rest_check(argv + optind + 1))
                return tool_usage(usage, false);
        order->target = argv[optind];
        order->rest = argv + optind + 1;
        return TOOL_GO_ON;
}

int command_notify(int argc, char **argv)
{
        CLEANUP(notify_target_free) Target target = { 0 };
        CLEANUP(config_free) Config config = { 0 };
        static char *none[] = { NULL };
        Order order = { .rest = none };
        Error err = { 0 };
        int code = order_read(argc, argv, &order);

        if (code != TOOL_GO_ON)
                return code;
        log_open("notify");
        if (!config_load(&config, order.config, &err) || !notify_target_load(&target, order.target, &err))
                return command_failed("notify", &err);
        return order.rest[0] ? dead_run(&config, &target, order.rest + 1) : run(&config, &target);
}
