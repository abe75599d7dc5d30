#include "hub/pipe/inflight.h"

#include "hub/base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A ring: the flights never move, for their messages point to them until the reports come. */
struct Inflight {
        Flight flights[INFLIGHT_MOST];
        size_t oldest, size;
};

Inflight *inflight_new(void)
{
        return mem_new(sizeof(Inflight));
}

Flight *inflight_open(Inflight *inflight, uint64_t token, uint64_t window, int64_t received)
{
        Flight *flight = &inflight->flights[(inflight->oldest + inflight->size) % INFLIGHT_MOST];

        assert(!inflight_full(inflight));
        inflight->size++;
        *flight = (Flight){ .token = token, .window = window, .received = received };
        return flight;
}

const Flight *inflight_settled(const Inflight *inflight)
{
        const Flight *oldest = &inflight->flights[inflight->oldest];

        return inflight->size && oldest->closed && !oldest->pending ? oldest : NULL;
}

/* One block, so that whoever takes it frees it at once. */
void flight_answer(Flight *flight, const Reply *reply)
{
        const size_t type = strlen(reply->content_type) + 1;
        Reply *answer = mem_new(sizeof(Reply) + type + reply->size + 1);
        char *texts = (char *)(answer + 1);

        *answer = (Reply){ reply->status, texts, texts + type, reply->size };
        memcpy(texts, reply->content_type, type);
        memcpy(texts + type, reply->body, reply->size);
        flight->answer = answer;
}

Reply *inflight_take_answer(Inflight *inflight)
{
        Flight *oldest = &inflight->flights[inflight->oldest];
        Reply *answer = oldest->answer;

        oldest->answer = NULL;
        return answer;
}

void inflight_leave(Inflight *inflight)
{
        assert(inflight_settled(inflight));
        free(inflight_take_answer(inflight));
        inflight->oldest = (inflight->oldest + 1) % INFLIGHT_MOST;
        inflight->size--;
}

bool inflight_full(const Inflight *inflight)
{
        return inflight->size == INFLIGHT_MOST;
}

size_t inflight_size(const Inflight *inflight)
{
        return inflight->size;
}

void inflight_free(Inflight *inflight)
{
        for (size_t i = 0; inflight && i < inflight->size; i++)
                free(inflight->flights[(inflight->oldest + i) % INFLIGHT_MOST].answer);
        free(inflight);
}
