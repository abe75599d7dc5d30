#include "hub/notify/notify_private.h"

#include "hub/base/backoff.h"
#include "hub/base/json.h"
#include "hub/base/log.h"
#include "hub/base/map.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/feed/rows.h"
#include "hub/pipe/lock.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum { IDLE_MS = 200, SLICE_MS = 50, LOOK_MS = 1000, AWAY_LEAST_MS = 200, AWAY_MOST_MS = 5000, QUIET_MOST_MS = 5000 };

static const MetricFamily sent = { "hub_notify_sent_total", "Changes that the target took.", METRIC_COUNTER };
static const MetricFamily failures = { "hub_notify_failures_total", "Tries that failed.", METRIC_COUNTER };
static const MetricFamily waiting_size = { "hub_notify_waiting", "Changes that wait for another try.", METRIC_GAUGE };
static const MetricFamily buried = { "hub_notify_dead_total", "Changes that were put to the dead.", METRIC_COUNTER };
static const MetricFamily place = { "hub_notify_feed", "Number of the feed up to which all was read.", METRIC_GAUGE };

typedef struct {
        Parcel parcel;
        int64_t due; /* monotonic */
        Backoff backoff;
} Waiting;

typedef struct {
        const NotifySetup *setup;
        Shelf shelf;
        Post post;
        Db *db;
        Waiting *items; /* by feed */
        size_t size, room;
        int64_t feed, quiet_until, look_at;
        Backoff quiet, away;
        bool is_away;
        unsigned turns;
        Metric *sent, *failures, *waiting, *buried, *place;
} Notify;

static bool is_stopped(const Notify *notify)
{
        return notify->setup->stopped(notify->setup->context);
}

/* ---- those that wait ---- */

static Backoff backoff_of(const Notify *notify)
{
        const NotifyOptions *of = &notify->setup->target->options;

        return (Backoff){ .least_ms = of->retry_least_ms, .most_ms = of->retry_most_ms };
}

static size_t place_of(const Notify *notify, int64_t feed)
{
        size_t at = notify->size;

        while (at && notify->items[at - 1].parcel.feed >= feed)
                at--;
        return at;
}

static bool is_waiting(const Notify *notify, int64_t feed)
{
        const size_t at = place_of(notify, feed);

        return at < notify->size && notify->items[at].parcel.feed == feed;
}

/* Takes the parcel over. */
static Waiting *waiting_add(Notify *notify, Parcel parcel)
{
        const size_t at = place_of(notify, parcel.feed);

        if (notify->size == notify->room) {
                notify->room = notify->room ? 2 * notify->room : 16;
                notify->items = mem_resize(notify->items, notify->room * sizeof(Waiting));
        }
        memmove(notify->items + at + 1, notify->items + at, (notify->size - at) * sizeof(Waiting));
        notify->items[at] = (Waiting){ .parcel = parcel, .backoff = backoff_of(notify) };
        metric_set(notify->waiting, (int64_t)++notify->size);
        return &notify->items[at];
}

static void waiting_drop(Notify *notify, size_t at)
{
        parcel_free(&notify->items[at].parcel);
        notify->size--;
        memmove(notify->items + at, notify->items + at + 1, (notify->size - at) * sizeof(Waiting));
        metric_set(notify->waiting, (int64_t)notify->size);
}

static bool incident_waits(const Notify *notify, const char *incident)
{
        for (size_t i = 0; i < notify->size; i++)
                if (text_same(notify->items[i].parcel.incident, incident))
                        return true;
        return false;
}

/* Those of before we began, and those that somebody raised from the dead meanwhile. */
static bool waiting_look(Notify *notify, Error *err)
{
        CLEANUP(mem_drop) int64_t *feeds = NULL;
        size_t size;

        if (time_monotonic() < notify->look_at)
                return true;
        notify->look_at = time_monotonic() + LOOK_MS;
        if (!shelf_list(notify->shelf.waiting, &feeds, &size, err))
                return false;
        for (size_t i = 0; i < size; i++) {
                Parcel parcel = { 0 };

                if (is_waiting(notify, feeds[i]))
                        continue;
                if (!shelf_read(notify->shelf.waiting, feeds[i], &parcel, err))
                        return false;
                (void)waiting_add(notify, parcel);
        }
        return true;
}

/* ---- one try ---- */

static void quiet_set(Notify *notify, int64_t wait_ms)
{
        const int64_t own = backoff_next(&notify->quiet);

        metric_add(notify->failures, 1);
        notify->quiet_until = time_monotonic() + (wait_ms > own ? wait_ms : own);
}

static void taken(Notify *notify)
{
        metric_add(notify->sent, 1);
        backoff_reset(&notify->quiet);
        notify->quiet_until = 0;
}

static bool bury(Notify *notify, const Parcel *parcel, Error *err)
{
        log_warning("a change was given up; hub notify TARGET dead lists it", LOG_TEXT("id", parcel->id),
                    LOG_NUMBER("tries", parcel->tries), LOG_TEXT("error", parcel->why));
        metric_add(notify->buried, 1);
        return shelf_bury(&notify->shelf, parcel, err);
}

static bool is_too_old(const Notify *notify, const Parcel *parcel)
{
        return time_wall() - parcel->since >= notify->setup->target->options.give_up_ms;
}

/* Of one that waits. */
static bool waiting_try(Notify *notify, size_t at, Error *err)
{
        Waiting *one = &notify->items[at];
        bool is_fine = true;
        int64_t wait_ms;

        switch (post_try(&notify->post, &one->parcel, &wait_ms)) {
        case POST_STOPPED:
                return true;
        case POST_TAKEN:
                taken(notify);
                shelf_drop(notify->shelf.waiting, one->parcel.feed);
                waiting_drop(notify, at);
                return true;
        case POST_LATER:
                quiet_set(notify, wait_ms);
                if (!is_too_old(notify, &one->parcel)) {
                        const int64_t own = backoff_next(&one->backoff);

                        one->due = time_monotonic() + (wait_ms > own ? wait_ms : own);
                        return shelf_store(notify->shelf.waiting, &one->parcel, err);
                }
                break;
        case POST_REFUSED:
                backoff_reset(&notify->quiet);
                break;
        }
        is_fine = bury(notify, &one->parcel, err);
        waiting_drop(notify, at);
        return is_fine;
}

static bool is_quiet(const Notify *notify)
{
        return time_monotonic() < notify->quiet_until;
}

/*
 * Of each incident the oldest only: the others come behind it. Among those the one that has been due for longest, so that one which
 * always fails takes no turn of another. notify->size: none is due.
 */
static size_t due_first(const Notify *notify)
{
        CLEANUP(map_drop) Map *seen = map_new();
        size_t found = notify->size;

        for (size_t i = 0; i < notify->size; i++) {
                const Waiting *one = &notify->items[i];
                const bool is_first = !map_get_text(seen, one->parcel.incident);

                if (is_first)
                        map_put_text(seen, one->parcel.incident, notify->items);
                if (is_first && one->due <= time_monotonic() &&
                    (found == notify->size || one->due < notify->items[found].due))
                        found = i;
        }
        return found;
}

static bool waiting_tries(Notify *notify, Error *err)
{
        while (!is_quiet(notify) && !is_stopped(notify)) {
                const size_t at = due_first(notify);

                if (at == notify->size)
                        return true;
                if (!waiting_try(notify, at, err))
                        return false;
        }
        return true;
}

/* ---- what is new ---- */

static bool change_fits(const Target *target, const json_t *version)
{
        const TextList *changes = &target->options.change;
        const char *change = json_text(version, "change");

        for (size_t i = 0; i < changes->size; i++)
                if (text_same(changes->items[i], change))
                        return true;
        return !changes->size;
}

static bool fits(const Filter *filter, const json_t *version)
{
        CLEANUP(mem_drop) char *room = mem_new(facts_size(version) + 1);
        Facts facts;

        facts_read(&facts, version, room);
        return filter_takes(filter, &facts);
}

/* Whether the target wants it; *is_left: because its incident no longer is what it wants. */
static bool is_wanted(const Target *target, const FeedRow *row, const json_t *version, bool *is_left)
{
        CLEANUP(json_drop) json_t *before = NULL;
        Error none = { 0 };

        *is_left = false;
        if (!change_fits(target, version))
                return false;
        if (fits(&target->filter, version))
                return true;
        before = row->before ? json_read_typed(row->before, row->before_size, &none) : NULL;
        *is_left = before ? fits(&target->filter, before) : row->version > 1;
        return *is_left;
}

static bool parcel_make(const Notify *notify, const FeedRow *row, Parcel *parcel, bool *wanted, Error *err)
{
        CLEANUP(json_drop) json_t *version = json_read_typed(row->payload, row->payload_size, err);
        bool is_left;

        if (!version)
                return error_add(err, "feed %lld", (long long)row->feed);
        *wanted = is_wanted(notify->setup->target, row, version, &is_left);
        if (!*wanted)
                return true;
        json_object_set_new(version, "feed", json_integer(row->feed));
        *parcel = (Parcel){ .feed = row->feed,
                            .id = text_format("%s:%lld:%lld", row->incident, (long long)row->epoch,
                                              (long long)row->version),
                            .incident = text_copy(row->incident) };
        letter_body(&parcel->body, notify->setup->target, version, is_left);
        return true;
}

/* Takes the parcel over. *is_done: the place may move on. */
static bool parcel_send(Notify *notify, Parcel *parcel, bool *is_done, Error *err)
{
        PostResult result = POST_LATER;
        int64_t wait_ms = -1;
        bool is_fine = true;

        if (!incident_waits(notify, parcel->incident)) {
                result = post_try(&notify->post, parcel, &wait_ms);
                if (result == POST_TAKEN)
                        taken(notify);
                if (result == POST_LATER)
                        quiet_set(notify, wait_ms);
        }
        *is_done = result != POST_STOPPED;
        if (result == POST_REFUSED)
                is_fine = bury(notify, parcel, err);
        if (result != POST_LATER) {
                parcel_free(parcel);
                return is_fine;
        }
        if (!shelf_store(notify->shelf.waiting, parcel, err)) {
                parcel_free(parcel);
                return false;
        }
        Waiting *added = waiting_add(notify, *parcel);

        added->due = notify->quiet_until;
        return true;
}

static bool row_take(Notify *notify, const FeedRow *row, bool *is_done, Error *err)
{
        Parcel parcel = { 0 };
        bool wanted = false;

        *is_done = true;
        if (is_waiting(notify, row->feed))
                return true; /* it was killed between the two */
        if (!parcel_make(notify, row, &parcel, &wanted, err))
                return false;
        return !wanted || (parcel_send(notify, &parcel, is_done, err) &&
                           (!*is_done || shelf_place_store(&notify->shelf, row->feed, err)));
}

static bool is_open(const Notify *notify)
{
        return !is_quiet(notify) && !is_stopped(notify) &&
               (int64_t)notify->size < notify->setup->target->options.waiting_most;
}

static bool rows_take(Notify *notify, const DbResult *rows, Error *err)
{
        const int64_t before = notify->feed;
        bool is_done = true;

        for (size_t i = 0; i < feed_rows(rows) && is_open(notify); i++) {
                const FeedRow row = feed_row(rows, i);

                if (!row_take(notify, &row, &is_done, err))
                        return false;
                if (!is_done)
                        break;
                notify->feed = row.feed;
                metric_set(notify->place, notify->feed);
        }
        return notify->feed == before || shelf_place_store(&notify->shelf, notify->feed, err);
}

/* ---- the feed ---- */

/* Who comes first begins at the head; so does who stands beyond it, in a database that was restored. */
static bool place_begin(Notify *notify, Error *err)
{
        bool is_known;
        FeedEnds ends;

        if (!shelf_place(&notify->shelf, &notify->feed, &is_known, err) || !feed_ends(notify->db, &ends, err))
                return false;
        if (is_known && notify->feed <= ends.head)
                return true;
        if (is_known)
                log_warning("the feed ends before our place: it goes on at its head", LOG_NUMBER("place", notify->feed),
                            LOG_NUMBER("head", ends.head));
        notify->feed = ends.head;
        return shelf_place_store(&notify->shelf, notify->feed, err);
}

static bool feed_open_again(Notify *notify, Error *err)
{
        if (notify->db && db_alive(notify->db))
                return true;
        db_drop(&notify->db);
        notify->db = db_open(notify->setup->postgres, "hub notify", "", err);
        if (notify->db && feed_role(notify->db, err) && place_begin(notify, err))
                return true;
        db_drop(&notify->db);
        return false;
}

static bool page_take(Notify *notify, bool *is_idle, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;
        FeedEnds ends;

        *is_idle = true;
        if (!feed_open_again(notify, err))
                return false;
        if (!is_open(notify))
                return true;
        if (!feed_page(notify->db, notify->feed, &rows, &ends, err))
                return false;
        if (notify->feed + 1 < ends.oldest && ends.oldest <= ends.head)
                log_limited(LOG_ERROR, "changes are gone from the outbox before they were read",
                            (const LogKey[]){
                                    LOG_NUMBER("after", notify->feed), LOG_NUMBER("oldest", ends.oldest), { 0 } });
        *is_idle = feed_rows(rows) == 0;
        return rows_take(notify, rows, err);
}

/* ---- run ---- */

static void rest(const Notify *notify, int64_t ms)
{
        const int64_t until = time_monotonic() + ms;

        while (!is_stopped(notify) && time_monotonic() < until) {
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

/* What waits and what is new go first by turns: a failure of the one ends the turn of both. */
static bool turn(Notify *notify, bool *is_idle, Error *err)
{
        const bool is_news_first = notify->turns++ % 2;

        if (!waiting_look(notify, err) || (!is_news_first && !waiting_tries(notify, err)) ||
            !page_take(notify, is_idle, err) || (is_news_first && !waiting_tries(notify, err)))
                return false;
        notify->is_away = false;
        backoff_reset(&notify->away);
        health_set(notify->setup->health, HEALTH_POSTGRES, true);
        return true;
}

static bool loop(Notify *notify, Error *err)
{
        while (!is_stopped(notify)) {
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
        notify->waiting = metrics_series(metrics, &waiting_size, NULL);
        notify->buried = metrics_series(metrics, &buried, NULL);
        notify->place = metrics_series(metrics, &place, NULL);
}

bool notify_run(const NotifySetup *setup, Error *err)
{
        Notify notify = { .setup = setup, .away = { .least_ms = AWAY_LEAST_MS, .most_ms = AWAY_MOST_MS } };
        Lock lock = { -1 };
        bool is_fine;

        notify.quiet = backoff_of(&notify);
        if (notify.quiet.most_ms > QUIET_MOST_MS)
                notify.quiet.most_ms = QUIET_MOST_MS;
        series_make(&notify, setup->metrics);
        is_fine = shelf_open(&notify.shelf, setup->state, setup->target->name, err) &&
                  lock_take(&lock, notify.shelf.folder, setup->target->name, err);
        if (is_fine) {
                is_fine = post_open(&notify.post, setup, err) && loop(&notify, err);
                post_close(&notify.post);
        }
        health_stop(setup->health);
        db_drop(&notify.db);
        while (notify.size)
                waiting_drop(&notify, notify.size - 1);
        free(notify.items);
        lock_release(&lock);
        shelf_close(&notify.shelf);
        return is_fine;
}
