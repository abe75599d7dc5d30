/* Of what is held for another try, and of the dead, the bodies are made anew after a hub erase: from the outbox, which it emptied. */

#include "hub/base/json.h"
#include "hub/base/log.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/notify/notify_private.h"

#include <stdlib.h>
#include <string.h>

enum { LOOK_MS = 1000 };

static bool version_read(Db *db, const Parcel *parcel, json_t **version, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        *version = NULL;
        if (!feed_version(db, parcel->feed, parcel->id, &rows, err))
                return false;
        if (db_text(rows, 0, 0))
                *version = json_read_typed(db_text(rows, 0, 0), db_size(rows, 0, 0), err);
        return *version || !db_text(rows, 0, 0);
}

static bool parcel_renew(const Notify *notify, Parcel *parcel, bool *is_other, Error *err)
{
        CLEANUP(json_drop) json_t *version = NULL, *before = NULL;
        CLEANUP(buffer_free) Buffer body = { 0 };
        Error none = { 0 };

        *is_other = false;
        if (!version_read(notify->db, parcel, &version, err))
                return false;
        if (!version)
                return true;
        before = json_read_typed(parcel->body.bytes, parcel->body.size, &none);
        json_object_set_new(version, "feed", json_integer(parcel->feed));
        letter_body(&body, notify->setup->target, version, before && json_is_true(json_object_get(before, "left")));
        *is_other = body.size != parcel->body.size || memcmp(body.bytes, parcel->body.bytes, body.size) != 0;
        if (*is_other) {
                buffer_clear(&parcel->body);
                buffer_add(&parcel->body, body.bytes, body.size);
        }
        return true;
}

static bool waiting_renew(Notify *notify, size_t *renewed, Error *err)
{
        for (size_t i = 0; i < notify->backlog.size; i++) {
                Parcel *parcel = &notify->backlog.items[i].parcel;
                bool is_other;

                if (!parcel_renew(notify, parcel, &is_other, err) ||
                    (is_other && !shelf_store(notify->shelf.waiting, parcel, err)))
                        return false;
                *renewed += is_other;
        }
        return true;
}

static bool dead_renew(Notify *notify, size_t *renewed, Error *err)
{
        CLEANUP(mem_drop) int64_t *feeds = NULL;
        size_t size;
        bool is_fine = shelf_list(notify->shelf.dead, &feeds, &size, err);

        for (size_t i = 0; is_fine && i < size; i++) {
                Parcel parcel = { 0 };
                bool is_other = false;

                is_fine = shelf_read(notify->shelf.dead, feeds[i], &parcel, err) &&
                          parcel_renew(notify, &parcel, &is_other, err) &&
                          (!is_other || shelf_store(notify->shelf.dead, &parcel, err));
                *renewed += is_other;
                parcel_free(&parcel);
        }
        return is_fine;
}

bool renew_look(Notify *notify, Error *err)
{
        int64_t count, known = -1;
        size_t renewed = 0;

        if (time_monotonic() < notify->renew_at)
                return true;
        if (!feed_erasures(notify->db, &count, err) || !shelf_erasures(&notify->shelf, &known, err))
                return false;
        notify->renew_at = time_monotonic() + LOOK_MS;
        if (count == known)
                return true;
        if (!waiting_renew(notify, &renewed, err) || !dead_renew(notify, &renewed, err) ||
            !shelf_erasures_store(&notify->shelf, count, err))
                return false;
        if (renewed)
                log_info("held changes were made anew after an erasure", LOG_NUMBER("changes", (int64_t)renewed));
        return true;
}
