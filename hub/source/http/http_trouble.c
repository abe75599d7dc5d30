#include "hub/source/http/http_source.h"

#include "hub/base/log.h"
#include "hub/base/secret.h"
#include "hub/base/time.h"

enum {
        TELL_TRIES = 6, /* some ten seconds: a server that was restarted is no news */
        TELL_EVERY_MS = 600 * 1000,
        AGAIN_TRIES = 4, /* a page in the middle that does not come must not hide what is new on the pages before it */
};

void http_trouble_tell(Source *source, const Error *why)
{
        Stuck *stuck = &source->stuck;
        const int64_t now = time_monotonic();

        if (stuck->say_ms && now < stuck->say_ms)
                return;
        stuck->say_ms = now + TELL_EVERY_MS;
        log_error("a page does not come: the position stays before it",
                  LOG_NUMBER("page", source->options->page_first + source->page), LOG_NUMBER("tries", stuck->tries),
                  LOG_NUMBER("seconds", http_stuck_ms(source) / 1000), LOG_TEXT("why", why->text));
}

static void stuck_count(Source *source, const Error *why)
{
        Stuck *stuck = &source->stuck;

        if (!stuck->tries++)
                *stuck = (Stuck){ .tries = 1, .since_ms = time_monotonic(), .page = source->page };
        if (stuck->page < source->page)
                stuck->page = source->page;
        if (stuck->tries >= TELL_TRIES)
                http_trouble_tell(source, why);
        if (stuck->tries % AGAIN_TRIES == 0)
                http_window_again(source);
}

SourceResult http_trouble(Source *source, const Error *why, int64_t after_ms, Error *err)
{
        int64_t wait = backoff_next(&source->backoff);

        source->why = *why;
        source->why.kind = ERR_RETRY;
        stuck_count(source, &source->why);
        source->phase = POLL_ASK;
        source->away = true;
        source->away_ms = time_monotonic() + (after_ms > wait ? after_ms : wait);
        if (err)
                *err = source->why;
        return SOURCE_AWAY;
}

void http_trouble_end(Source *source)
{
        if (source->stuck.say_ms)
                log_info("the page that did not come is there, or is no more",
                         LOG_NUMBER("page", source->options->page_first + source->stuck.page),
                         LOG_NUMBER("tries", source->stuck.tries));
        source->stuck = (Stuck){ 0 };
        backoff_reset(&source->backoff);
}

/* Pages before the one that is stuck are no sign that it is well. */
void http_trouble_over(Source *source)
{
        source->away = false;
        source->failed = 0;
        if (!source->stuck.tries || source->page >= source->stuck.page)
                http_trouble_end(source);
}

int64_t http_stuck_ms(const Source *source)
{
        return source->stuck.tries ? time_monotonic() - source->stuck.since_ms : 0;
}

void http_session_drop(Source *source)
{
        if (!source->options->login_url)
                return;
        source->session = false;
        secret_free(&source->bearer);
        http_forget(source->client);
}
