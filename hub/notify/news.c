#include "hub/base/json.h"
#include "hub/base/log.h"
#include "hub/base/text.h"
#include "hub/notify/notify_private.h"

/* ---- what is wanted of it ---- */

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

        if (!backlog_has_incident(&notify->backlog, parcel->incident))
                result = tries_post(notify, parcel, &wait_ms);
        *is_done = result != POST_STOPPED;
        if (result == POST_REFUSED)
                is_fine = tries_bury(notify, parcel, err);
        if (result != POST_LATER) {
                parcel_free(parcel);
                return is_fine;
        }
        if (!shelf_store(notify->shelf.waiting, parcel, err)) {
                parcel_free(parcel);
                return false;
        }
        Waiting *added = backlog_add(&notify->backlog, *parcel);

        added->due = notify->quiet_until;
        return true;
}

static bool row_take(Notify *notify, const FeedRow *row, bool *is_done, Error *err)
{
        Parcel parcel = { 0 };
        bool wanted = false;

        *is_done = true;
        if (backlog_has(&notify->backlog, row->feed))
                return true; /* it was killed between the two */
        if (!parcel_make(notify, row, &parcel, &wanted, err))
                return false;
        return !wanted || (parcel_send(notify, &parcel, is_done, err) &&
                           (!*is_done || shelf_place_store(&notify->shelf, row->feed, err)));
}

static bool is_open(const Notify *notify)
{
        return !tries_quiet(notify) && !notify_is_stopped(notify) &&
               (int64_t)notify->backlog.size < notify->setup->target->options.waiting_most;
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

bool news_take(Notify *notify, bool *is_idle, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;
        FeedEnds ends;

        *is_idle = true;
        if (!feed_open_again(notify, err) || !renew_look(notify, err))
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
