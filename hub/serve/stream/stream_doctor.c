/* What the stream tells beside the incidents: how the platforms do, and the figures. Told when it has changed. */

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/serve/stream/stream_private.h"

#include <string.h>

enum { HEALTH_MS = 5000 };

static bool health_ask(Stream *stream, Db **db, Buffer texts[HEALTHS], Error *err)
{
        if (!stream_connect(stream, db, err))
                return false;
        for (size_t i = 0; i < HEALTHS; i++) {
                buffer_clear(&texts[i]);
                if (!stream->setup.health(stream->setup.context, *db, i, &texts[i], err))
                        return false;
        }
        return true;
}

static void health_tell(Stream *stream, Buffer texts[HEALTHS])
{
        bool is_news = false;

        pthread_mutex_lock(&stream->lock);
        for (size_t i = 0; i < HEALTHS; i++) {
                is_news |= !text_same(stream->health[i].bytes, texts[i].bytes);
                buffer_clear(&stream->health[i]);
                buffer_text(&stream->health[i], texts[i].bytes);
        }
        stream->health_number += is_news;
        if (is_news)
                stream_wake_all(stream);
        pthread_mutex_unlock(&stream->lock);
}

void *stream_doctor(void *context)
{
        CLEANUP(db_drop) Db *db = NULL;
        Stream *stream = context;
        Buffer texts[HEALTHS] = { { 0 } };

        while (stream->setup.health) {
                Error err = { 0 };

                if (health_ask(stream, &db, texts, &err)) {
                        health_tell(stream, texts);
                } else {
                        log_limited(LOG_WARNING, "the stream tells no health for now",
                                    (const LogKey[]){ LOG_TEXT("error", err.text), { 0 } });
                        db_drop(&db);
                }
                if (!stream_sleep(stream, HEALTH_MS))
                        break;
        }
        for (size_t i = 0; i < HEALTHS; i++)
                buffer_free(&texts[i]);
        return NULL;
}
