#include "hub/base/log.h"
#include "hub/base/time.h"
#include "hub/notify/notify_private.h"

enum { LOOK_MS = 1000 };

bool tries_quiet(const Notify *notify)
{
        return time_monotonic() < notify->quiet_until;
}

static void quiet_begin(Notify *notify, int64_t wait_ms)
{
        const int64_t own = backoff_next(&notify->quiet);

        metric_add(notify->failures, 1);
        notify->quiet_until = time_monotonic() + (wait_ms > own ? wait_ms : own);
}

PostResult tries_post(Notify *notify, Parcel *parcel, int64_t *wait_ms)
{
        const PostResult result = post_try(&notify->post, parcel, wait_ms);

        if (result == POST_LATER)
                quiet_begin(notify, *wait_ms);
        if (result != POST_TAKEN)
                return result;
        metric_add(notify->sent, 1);
        backoff_reset(&notify->quiet);
        notify->quiet_until = 0;
        return result;
}

bool tries_bury(Notify *notify, const Parcel *parcel, Error *err)
{
        log_warning("a change was given up; hub notify TARGET dead lists it", LOG_TEXT("id", parcel->id),
                    LOG_NUMBER("tries", parcel->tries), LOG_TEXT("error", parcel->why));
        metric_add(notify->buried, 1);
        return shelf_bury(&notify->shelf, parcel, err);
}

bool tries_look(Notify *notify, Error *err)
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

                if (backlog_has(&notify->backlog, feeds[i]))
                        continue;
                if (!shelf_read(notify->shelf.waiting, feeds[i], &parcel, err))
                        return false;
                (void)backlog_add(&notify->backlog, parcel);
        }
        return true;
}

static bool is_too_old(const Notify *notify, const Parcel *parcel)
{
        return time_wall() - parcel->since >= notify->setup->target->options.give_up_ms;
}

static bool put_off(Notify *notify, Waiting *one, int64_t wait_ms, Error *err)
{
        const int64_t own = backoff_next(&one->backoff);

        one->due = time_monotonic() + (wait_ms > own ? wait_ms : own);
        return shelf_store(notify->shelf.waiting, &one->parcel, err);
}

static bool give_up(Notify *notify, size_t at, Error *err)
{
        const bool is_fine = tries_bury(notify, &notify->backlog.items[at].parcel, err);

        backlog_drop(&notify->backlog, at);
        return is_fine;
}

static bool try_one(Notify *notify, size_t at, Error *err)
{
        Waiting *one = &notify->backlog.items[at];
        int64_t wait_ms;

        switch (tries_post(notify, &one->parcel, &wait_ms)) {
        case POST_STOPPED:
                break;
        case POST_TAKEN:
                shelf_drop(notify->shelf.waiting, one->parcel.feed);
                backlog_drop(&notify->backlog, at);
                break;
        case POST_LATER:
                return is_too_old(notify, &one->parcel) ? give_up(notify, at, err) : put_off(notify, one, wait_ms, err);
        case POST_REFUSED:
                backoff_reset(&notify->quiet);
                return give_up(notify, at, err);
        }
        return true;
}

bool tries_waiting(Notify *notify, Error *err)
{
        while (!tries_quiet(notify) && !notify_is_stopped(notify)) {
                const size_t at = backlog_due(&notify->backlog, time_monotonic());

                if (at == notify->backlog.size)
                        return true;
                if (!try_one(notify, at, err))
                        return false;
        }
        return true;
}
