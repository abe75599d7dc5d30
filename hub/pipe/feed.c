#include "hub/pipe/feed.h"

#include "hub/base/time.h"
#include "hub/pipe/publish.h"

#include <stdlib.h>

/* Retries are marked so many at a time: each round waits for Kafka once. */
enum { MARKS_MOST = 100, TICK_MS = 60 * 1000 };

struct Feed {
        FeedSetup setup;
        Publisher publisher;
        Output *output;
        Inflight *inflight;
        uint64_t token;
        char *marks[MARKS_MOST]; /* RUN:SEQ of what was retried and is not marked yet */
        size_t marks_size;
};

Feed *feed_open(const FeedSetup *setup, Error *err)
{
        Feed *feed = mem_new(sizeof(Feed));
        Publisher *publisher = &feed->publisher;

        feed->setup = *setup;
        feed->inflight = inflight_new();
        *publisher = (Publisher){ .setup = setup->output,
                                  .partition = setup->partition,
                                  .folder = setup->folder,
                                  .ticks = ticks_new(TICK_MS),
                                  .seen = seen_new(),
                                  .signals = setup->signals,
                                  .drain_ms = setup->wait_ms,
                                  .arena = arena_new() };
        feed->output = output_new(&setup->output, &publish_sink, publisher);
        publisher->bus = bus_open(setup->kafka, publish_delivered, publisher, err);
        if (publisher->bus)
                return feed;
        feed_close(feed);
        return NULL;
}

const char *feed_run(const Feed *feed)
{
        return bus_run(feed->publisher.bus);
}

static void tick(Feed *feed, const char *retry, bool final)
{
        const TickSetup ticked = { .instance = feed->setup.output.instance,
                                   .platform = feed->setup.output.platform,
                                   .zone = feed->setup.output.zone,
                                   .partition = feed->setup.partition,
                                   .state = feed->setup.state,
                                   .lag = -1,
                                   .retry = retry,
                                   .final = final };

        ticks_send(feed->publisher.ticks, &ticked, feed->publisher.bus);
}

static void flights_leave(Feed *feed)
{
        const Flight *flight;

        for (; (flight = inflight_settled(feed->inflight)); inflight_leave(feed->inflight))
                ticks_hour(feed->publisher.ticks, flight->received)->records++;
}

static bool deliver(Feed *feed, Error *err)
{
        const bool delivered = bus_flush(feed->publisher.bus, feed->setup.wait_ms);

        flights_leave(feed);
        return delivered || error_set(err, ERR_RETRY, NULL, "Kafka has not taken everything within %d s",
                                      (int)(feed->setup.wait_ms / 1000));
}

/* A mark is worth something only behind all that it speaks of, in both topics. */
static bool marks_send(Feed *feed, Error *err)
{
        if (!feed->marks_size)
                return true;
        if (!deliver(feed, err))
                return false;
        for (size_t i = 0; i < feed->marks_size; i++) {
                tick(feed, feed->marks[i], false);
                mem_drop(&feed->marks[i]);
        }
        feed->marks_size = 0;
        return deliver(feed, err);
}

static bool record_translate(Feed *feed, const Record *record, Error *err)
{
        Error why = { 0 };

        output_begin(feed->output, record);
        if (feed->setup.adapter->translate(feed->setup.options, record, feed->output, &why))
                return true;
        if (why.kind == ERR_FATAL || feed->publisher.abandoned) {
                *err = why;
                return false;
        }
        output_reject(feed->output, &why);
        return true;
}

bool feed_record(Feed *feed, const Record *record, const char *retry, Error *err)
{
        Publisher *publisher = &feed->publisher;

        while (inflight_full(feed->inflight) && !signals_stop(feed->setup.signals)) {
                bus_poll(publisher->bus, 100);
                flights_leave(feed);
        }
        if (inflight_full(feed->inflight))
                return error_set(err, ERR_RETRY, NULL, "stopped while Kafka takes nothing");
        publisher->flight = inflight_open(feed->inflight, ++feed->token, 0, record->received_ms);
        publisher->retry = retry;
        if (!record_translate(feed, record, err))
                return false;
        if (publisher->abandoned)
                return error_set(err, ERR_RETRY, NULL, "gave up a record that could not be published");
        publisher->flight->closed = true;
        bus_poll(publisher->bus, 0);
        flights_leave(feed);
        if (retry)
                feed->marks[feed->marks_size++] = text_copy(retry);
        if (ticks_due(publisher->ticks))
                tick(feed, NULL, false);
        return feed->marks_size < MARKS_MOST || marks_send(feed, err);
}

bool feed_end(Feed *feed, FeedTotals *totals, Error *err)
{
        const bool marked = marks_send(feed, err) && deliver(feed, err);
        const HourTotals sum = ticks_sum(feed->publisher.ticks);

        *totals = (FeedTotals){ sum.records, sum.published, sum.rejected, sum.ignored };
        if (!marked)
                return false;
        tick(feed, NULL, true);
        return deliver(feed, err);
}

void feed_close(Feed *feed)
{
        if (!feed)
                return;
        bus_close(feed->publisher.bus);
        output_free(feed->output);
        seen_free(feed->publisher.seen);
        ticks_free(feed->publisher.ticks);
        arena_free(feed->publisher.arena);
        inflight_free(feed->inflight);
        for (size_t i = 0; i < feed->marks_size; i++)
                mem_drop(&feed->marks[i]);
        free(feed);
}
