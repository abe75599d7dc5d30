/* hub replay: a recording through its adapter again, to stdout or into topics of its own. */

#include "hub/recording/recording.h"

#include "hub/base/json.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/command/topics.h"
#include "hub/pipe/feed.h"
#include "hub/pipe/print.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

enum { KAFKA_WAIT_MS = 30 * 1000, NAP_MS = 200 };

static const char usage[] =
        "usage: hub replay DIR [--speed N] [--topic-prefix P] [--config FILE]\n"
        "  Translates the records that hub record kept, with the options kept beside them: canonical events on stdout, "
        "verdicts on\n"
        "  stderr, as hub translate does it, under the published test key. Exit 4 when something was rejected.\n"
        "  --speed N         in the rhythm in which they came, N times as fast; without it, at once\n"
        "  --topic-prefix P  publishes into P.events.v1 and P.rejected.v1 instead, under the configuration's keys\n";

typedef struct {
        const char *config, *folder, *prefix;
        double speed; /* 0: at once */
} Order;

typedef struct {
        const Order *order;
        Recording recording;
        const Adapter *adapter;
        void *options;
        Signals signals;
        int64_t first, begun; /* received of the first record; monotonic */
} Replay;

/* False: told to stop. */
static bool turn_await(Replay *replay, const Record *record)
{
        int64_t due, left;

        if (!replay->begun) {
                replay->begun = time_monotonic();
                replay->first = record->received_ms;
        }
        if (replay->order->speed <= 0)
                return !signals_stop(&replay->signals);
        due = replay->begun + (int64_t)((double)(record->received_ms - replay->first) / replay->order->speed);
        while ((left = due - time_monotonic()) > 0 && !signals_stop(&replay->signals))
                poll(NULL, 0, (int)(left < NAP_MS ? left : NAP_MS));
        return !signals_stop(&replay->signals);
}

/* ---- to stdout ---- */

static bool record_print(Replay *replay, const Record *record, Output *output, Error *err)
{
        Error why = { 0 };

        output_begin(output, record);
        if (!replay->adapter->translate(replay->options, record, output, &why)) {
                if (why.kind == ERR_FATAL) {
                        *err = why;
                        return false;
                }
                output_reject(output, &why);
        }
        fflush(stdout);
        return true;
}

static bool all_print(Replay *replay, const Adapter *adapter, bool *rejected, Error *err)
{
        Categories *categories = categories_load(NULL, err);
        Privacy *privacy = privacy_test();
        const char *zone = json_text(replay->recording.about, "zone");
        const OutputSetup setup = { adapter->name, json_text(replay->recording.about, "platform"),
                                    zone ? zone : "350206", categories, privacy };
        Print print = { .events = stdout, .verdicts = stderr };
        Output *output = categories ? output_new(&setup, &print_sink, &print) : NULL;
        CLEANUP(buffer_free) Buffer bytes = { 0 };
        bool fine = output != NULL;
        Record record;

        for (size_t i = 0; fine && i < recording_size(&replay->recording); i++) {
                fine = recording_read(&replay->recording, i, &bytes, &record, err);
                if (fine && !turn_await(replay, &record))
                        break;
                fine = fine && record_print(replay, &record, output, err);
        }
        output_free(output);
        privacy_free(privacy);
        categories_free(categories);
        *rejected = print.rejected;
        return fine;
}

/* ---- into topics ---- */

static bool all_feed(Replay *replay, Feed *feed, FeedTotals *totals, Error *err)
{
        CLEANUP(buffer_free) Buffer bytes = { 0 };
        Record record;

        for (size_t i = 0; i < recording_size(&replay->recording); i++) {
                if (!recording_read(&replay->recording, i, &bytes, &record, err))
                        return false;
                if (!turn_await(replay, &record))
                        break;
                if (!feed_record(feed, &record, NULL, err))
                        return false;
        }
        return feed_end(feed, totals, err);
}

static bool config_feed(Replay *replay, const Config *config, const Privacy *privacy, bool *rejected, Error *err)
{
        const json_t *about = replay->recording.about;
        const char *zone = json_text(about, "zone"), *named = json_text(about, "instance");
        const char *instance = named ? named : json_text(about, "adapter");
        const ZoneEntry *entry = zone ? zones_find(config->zones, zone) : NULL;
        CLEANUP(mem_drop)
        char *folder = text_format("%s/@%s/%s", config->state, replay->order->prefix, instance);
        FeedSetup setup = { .adapter = replay->adapter,
                            .options = replay->options,
                            .kafka = &config->kafka,
                            .folder = folder,
                            .signals = &replay->signals,
                            .state = "replay",
                            .wait_ms = KAFKA_WAIT_MS };
        FeedTotals totals = { 0 };
        Feed *feed;
        bool fine;

        if (!entry)
                return error_set(err, ERR_FATAL, NULL, "%s: has no zone %s", config->zones_path, zone ? zone : "");
        setup.output = (OutputSetup){
                instance,         json_text(about, "platform"), zone, config->categories, privacy, config->regions,
                config->gazetteer
        };
        setup.partition = entry->partition;
        feed = topics_create(config, true, err) ? feed_open(&setup, err) : NULL;
        fine = feed && all_feed(replay, feed, &totals, err);
        feed_close(feed);
        printf("%lld records: %lld events, %lld ignored, %lld rejected\n", (long long)totals.records,
               (long long)totals.published, (long long)totals.ignored, (long long)totals.rejected);
        *rejected = totals.rejected;
        return fine;
}

static bool topics_feed(Replay *replay, bool *rejected, Error *err)
{
        CLEANUP(config_free) Config config = { 0 };
        Privacy *privacy = NULL;
        bool fine;

        if (!config_load(&config, replay->order->config, err) || !tool_trial(&config, replay->order->prefix, err))
                return false;
        if (!config.privacy.keys)
                return error_set(err, ERR_FATAL, NULL, "%s: privacy.keys is not set", config.path);
        privacy = privacy_load(config.privacy.keys, err);
        fine = privacy && config_feed(replay, &config, privacy, rejected, err);
        privacy_free(privacy);
        return fine;
}

static void replay_close(Replay *replay)
{
        if (replay->options)
                options_free(replay->adapter->options, replay->adapter->options_size, replay->options);
        free(replay->options);
        recording_close(&replay->recording);
        signals_close(&replay->signals);
}

static int order_do(const Order *order)
{
        CLEANUP(replay_close) Replay replay = { .order = order };
        bool rejected = false, fine = false;
        Error err = { 0 };

        log_open("replay");
        signals_open(&replay.signals);
        if (time_open(&err) && recording_open(&replay.recording, order->folder, &err))
                replay.adapter = recording_adapter(&replay.recording, &err);
        if (replay.adapter)
                replay.options = recording_options(&replay.recording, replay.adapter, &err);
        if (replay.adapter && replay.options)
                fine = order->prefix ? topics_feed(&replay, &rejected, &err)
                                     : all_print(&replay, replay.adapter, &rejected, &err);
        if (!fine)
                return command_failed("replay", &err);
        return rejected ? EXIT_REJECTED : EXIT_FINE;
}

int command_replay(int argc, char **argv)
{
        static const struct option options[] = { { "config", required_argument, NULL, 'c' },
                                                 { "speed", required_argument, NULL, 's' },
                                                 { "topic-prefix", required_argument, NULL, 'p' },
                                                 { "help", no_argument, NULL, 'h' },
                                                 { 0 } };
        Order order = { 0 };

        for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;) {
                if (option == 'c')
                        order.config = optarg;
                else if (option == 'p')
                        order.prefix = optarg;
                else if (option != 's' || !text_read_number(optarg, &order.speed) || order.speed <= 0)
                        return tool_usage(usage, option == 'h');
        }
        if (optind != argc - 1)
                return tool_usage(usage, false);
        order.folder = argv[optind];
        return order_do(&order);
}
