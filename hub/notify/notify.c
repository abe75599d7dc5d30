#include "hub/notify/notify_private.h"

#include "hub/base/log.h"
#include "hub/base/time.h"
#include "hub/keep/lock.h"

#include <poll.h>

enum { IDLE_MS = 200, SLICE_MS = 50, AWAY_LEAST_MS = 200, AWAY_MOST_MS = 5000, QUIET_MOST_MS = 5000 };

static const MetricFamily sent = { "hub_notify_sent_total", "Changes that the target took.", METRIC_COUNTER };
static const MetricFamily failures = { "hub_notify_failures_total", "Tries that failed.", METRIC_COUNTER };
static const MetricFamily waiting_size = { "hub_notify_waiting", "Changes that wait for another try.", METRIC_GAUGE };
static const MetricFamily buried = { "hub_notify_dead_total", "Changes that were put to the dead.", METRIC_COUNTER };
static const MetricFamily place = { "hub_notify_feed", "Number of the feed up to which all was read.", METRIC_GAUGE };

bool notify_is_stopped(const Notify *notify)
{
        return notify->setup->stopped(notify->setup->context);
}

static void rest(const Notify *notify, int64_t ms)
{
        const int64_t until = time_monotonic() + ms;

        while (!notify_is_stopped(notify) && time_monotonic() < until) {
                health_beat(notify->setup->health);
                poll(NULL, 0, SLICE_MS);
        }
}

/* A full disk, or PostgreSQL: both may be mended while we run. */
static bool endure(Notify *notify, const Error *err)
{
        if (err->kind == ERR_FATAL)
                return false;
        if (!notify->is_away)
                log_warning("notify tries again", LOG_TEXT("error", err->text));
        notify->is_away = true;
        health_set(notify->setup->health, HEALTH_POSTGRES, false);
        rest(notify, backoff_next(&notify->away));
        return true;
}

/* What is new and what waits go first by turns: a failure of the one ends the turn of both. What is held is looked at with what is new, before it is sent for the first time. */
static bool turn(Notify *notify, bool *is_idle, Error *err)
{
        const bool is_news_first = notify->turns++ % 2 == 0;

        if (!tries_look(notify, err) || (!is_news_first && !tries_waiting(notify, err)) ||
            !news_take(notify, is_idle, err) || (is_news_first && !tries_waiting(notify, err)))
                return false;
        notify->is_away = false;
        backoff_reset(&notify->away);
        health_set(notify->setup->health, HEALTH_POSTGRES, true);
        return true;
}

static bool loop(Notify *notify, Error *err)
{
        while (!notify_is_stopped(notify)) {
                bool is_idle = true;

                *err = (Error){ 0 };
                health_beat(notify->setup->health);
                if (!turn(notify, &is_idle, err)) {
                        if (!endure(notify, err))
                                return false;
                } else if (is_idle) {
                        rest(notify, IDLE_MS);
                }
        }
        return true;
}

static void series_make(Notify *notify, Metrics *metrics)
{
        notify->sent = metrics_series(metrics, &sent, NULL);
        notify->failures = metrics_series(metrics, &failures, NULL);
        notify->backlog.gauge = metrics_series(metrics, &waiting_size, NULL);
        notify->buried = metrics_series(metrics, &buried, NULL);
        notify->place = metrics_series(metrics, &place, NULL);
}

static Backoff retry_of(const NotifyOptions *of)
{
        return (Backoff){ .least_ms = of->retry_least_ms, .most_ms = of->retry_most_ms };
}

bool notify_run(const NotifySetup *setup, Error *err)
{
        const Backoff retry = retry_of(&setup->target->options);
        Notify notify = { .setup = setup,
                          .backlog = { .backoff = retry },
                          .quiet = retry,
                          .away = { .least_ms = AWAY_LEAST_MS, .most_ms = AWAY_MOST_MS } };
        Lock lock = { -1 };
        bool is_fine;

        if (notify.quiet.most_ms > QUIET_MOST_MS)
                notify.quiet.most_ms = QUIET_MOST_MS;
        series_make(&notify, setup->metrics);
        is_fine = shelf_open(&notify.shelf, setup->state, setup->target->name, err) &&
                  lock_take(&lock, notify.shelf.folder, setup->target->name, err);
        if (is_fine) {
                shelf_tidy(&notify.shelf);
                is_fine = post_open(&notify.post, setup, err) && loop(&notify, err);
                post_close(&notify.post);
        }
        health_stop(setup->health);
        db_drop(&notify.db);
        backlog_free(&notify.backlog);
        lock_release(&lock);
        shelf_close(&notify.shelf);
        return is_fine;
}
