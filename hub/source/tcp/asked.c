#include "hub/source/tcp/asked.h"

#include "hub/base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM_LEAST = 64 };

size_t asked_size(const Asked *asked)
{
        return asked->size - asked->at;
}

static void room_make(Asked *asked)
{
        if (asked->size < asked->room)
                return;
        if (asked->at > asked->size / 2) {
                memmove(asked->items, asked->items + asked->at, asked_size(asked) * sizeof(Ask));
                asked->size -= asked->at;
                asked->at = 0;
                return;
        }
        asked->room = asked->room ? asked->room * 2 : ROOM_LEAST;
        asked->items = mem_resize(asked->items, asked->room * sizeof(Ask));
}

void asked_add(Asked *asked, uint64_t token, Connection *connection)
{
        room_make(asked);
        asked->items[asked->size++] = (Ask){ .token = token, .connection = connection };
}

Ask *asked_of(const Asked *asked, uint64_t token)
{
        const uint64_t first = asked_size(asked) ? asked->items[asked->at].token : 0;

        return first && token >= first && token - first < asked_size(asked) ? &asked->items[asked->at + (token - first)]
                                                                            : NULL;
}

bool asked_settle(Asked *asked, uint64_t token, Ask *ask)
{
        if (!asked_size(asked) || asked->items[asked->at].token > token)
                return false;
        *ask = asked->items[asked->at++];
        if (!asked_size(asked))
                asked->at = asked->size = 0;
        return true;
}

void asked_free(Asked *asked)
{
        free(asked->items);
        *asked = (Asked){ 0 };
}
