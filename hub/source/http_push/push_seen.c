#include "hub/source/http_push/push_seen.h"

#include "hub/base/map.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

typedef struct Told {
        TAILQ_ENTRY(Told) next;
        char *id; /* owned */
        uint8_t digest[SHA256_SIZE];
        int64_t until; /* monotonic */
        ExchangeAnswer answer;
        char *content_type, *body; /* owned, of the answer */
} Told;

struct PushSeen {
        Map *by_id;
        TAILQ_HEAD(, Told) oldest;
        int64_t keep_ms;
};

PushSeen *push_seen_new(int64_t keep_ms)
{
        PushSeen *seen = mem_new(sizeof(PushSeen));

        seen->by_id = map_new();
        seen->keep_ms = keep_ms;
        TAILQ_INIT(&seen->oldest);
        return seen;
}

static void told_drop(PushSeen *seen, Told *told)
{
        TAILQ_REMOVE(&seen->oldest, told, next);
        map_take(seen->by_id, told->id, strlen(told->id));
        free(told->id);
        free(told->content_type);
        free(told->body);
        free(told);
}

static void old_drop(PushSeen *seen)
{
        Told *told;

        for (;;) {
                told = TAILQ_FIRST(&seen->oldest);
                /* What was dropped has left the queue. NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
                if (!told || (told->until >= time_monotonic() && map_size(seen->by_id) < SEEN_MOST))
                        return;
                told_drop(seen, told);
        }
}

void push_seen_add(PushSeen *seen, const char *id, const uint8_t digest[SHA256_SIZE], const ExchangeAnswer *answer)
{
        Told *told = map_get_text(seen->by_id, id);

        if (told)
                told_drop(seen, told);
        old_drop(seen);
        if (answer->size > SEEN_BODY_MOST)
                return;
        told = mem_new(sizeof(Told));
        told->id = text_copy(id);
        told->until = time_monotonic() + seen->keep_ms;
        told->content_type = text_copy(answer->content_type);
        told->body = mem_copy(answer->body ? answer->body : "", answer->size);
        told->answer = (ExchangeAnswer){
                .status = answer->status, .content_type = told->content_type, .body = told->body, .size = answer->size
        };
        memcpy(told->digest, digest, SHA256_SIZE);
        TAILQ_INSERT_TAIL(&seen->oldest, told, next);
        map_put_text(seen->by_id, id, told);
}

const ExchangeAnswer *push_seen_get(PushSeen *seen, const char *id, const uint8_t digest[SHA256_SIZE])
{
        const Told *told = map_get_text(seen->by_id, id);

        return told && told->until >= time_monotonic() && memcmp(told->digest, digest, SHA256_SIZE) == 0 ? &told->answer
                                                                                                         : NULL;
}

void push_seen_free(PushSeen *seen)
{
        Told *told;

        if (!seen)
                return;
        while ((told = TAILQ_FIRST(&seen->oldest)))
                told_drop(seen, told); /* NOLINT(clang-analyzer-unix.Malloc): as above */
        map_free(seen->by_id, NULL);
        free(seen);
}
