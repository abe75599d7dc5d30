#pragma once

/* Inside of hub notify: one try (post.c), and the loop (notify.c). */

#include "hub/notify/letter.h"
#include "hub/notify/notify.h"
#include "hub/notify/shelf.h"
#include "hub/source/http/http_client.h"

typedef enum { POST_TAKEN, POST_LATER, POST_REFUSED, POST_STOPPED } PostResult;

typedef struct {
        const NotifySetup *setup;
        PushSecrets secrets;
        HttpClient *client;
        Arena *arena;
} Post;

bool post_open(Post *post, const NotifySetup *setup, Error *err);
void post_close(Post *post);

/* *wait_ms: what the target asks for, -1 where it does not; the parcel's `why` says what went wrong. */
PostResult post_try(Post *post, Parcel *parcel, int64_t *wait_ms);
