#include "hub/notify/notify_private.h"

#include "hub/base/time.h"

#include <stdlib.h>

enum { SLICE_MS = 50, ANSWER_MOST = 64 * 1024, OK = 200, MULTIPLE = 300 };

bool post_open(Post *post, const NotifySetup *setup, Error *err)
{
        const NotifyOptions *of = &setup->target->options;

        *post = (Post){ .setup = setup, .arena = arena_new() };
        post->secrets = (PushSecrets){ .path = of->secret_file, .is_key = of->form == FORM_EVENT };
        post->client = http_open(
                &(HttpSetup){ .ca_file = of->ca_file, .timeout_ms = of->timeout_ms, .byte_cap = ANSWER_MOST });
        return !of->secret_file || push_secrets_read(&post->secrets, err);
}

void post_close(Post *post)
{
        http_close(post->client);
        push_secrets_free(&post->secrets);
        arena_free(post->arena);
}

/* That will never be taken, however often it is sent. */
static bool is_final(long status)
{
        return status == 400 || status == 410 || status == 413 || status == 415 || status == 422;
}

static void why_set(Parcel *parcel, char *why)
{
        free(parcel->why);
        parcel->why = why;
}

static PostResult answer_judge(const Post *post, Parcel *parcel, int64_t *wait_ms)
{
        const HttpAnswer *answer = http_answer(post->client);

        *wait_ms = answer->wait_ms;
        if (answer->status >= OK && answer->status < MULTIPLE) {
                if (letter_taken(post->setup->target, answer->body.bytes, answer->body.size))
                        return POST_TAKEN;
                why_set(parcel, text_format("the robot did not take it"));
                return POST_LATER;
        }
        why_set(parcel, text_format("status %ld", answer->status));
        return is_final(answer->status) ? POST_REFUSED : POST_LATER;
}

PostResult post_try(Post *post, Parcel *parcel, int64_t *wait_ms)
{
        HttpResult result = HTTP_BUSY;
        Error err = { 0 };
        Letter letter;

        arena_reset(post->arena);
        if (post->secrets.path)
                push_secrets_look(&post->secrets);
        letter = letter_address(post->setup->target, &post->secrets, parcel->id, &parcel->body, time_wall(),
                                post->arena);
        *wait_ms = -1;
        if (!parcel->since)
                parcel->since = time_wall();
        parcel->tries++;
        http_start(post->client,
                   &(HttpRequest){ .url = letter.url, .body = parcel->body.bytes, .headers = letter.headers });
        while (result == HTTP_BUSY && !post->setup->stopped(post->setup->context)) {
                health_beat(post->setup->health);
                result = http_wait(post->client, SLICE_MS, &err);
        }
        if (result == HTTP_ANSWERED)
                return answer_judge(post, parcel, wait_ms);
        if (result == HTTP_BUSY)
                return POST_STOPPED;
        why_set(parcel, text_copy(err.text));
        return POST_LATER;
}
