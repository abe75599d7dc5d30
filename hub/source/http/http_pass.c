#include "hub/source/http/http_source.h"

#include "hub/base/json.h"
#include "hub/base/link.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <stdlib.h>

enum {
        PASSES_MOST = 20, /* of a window that never comes to rest: the overlap of the next one has to do */
        FAILED_LEAST = 3, /* answers in a row that were none, before that may be the end */
};

PageForm http_page_form(const Source *source)
{
        const HttpOptions *of = source->options;

        return (PageForm){ .items = of->items,
                           .id = of->id,
                           .total = of->total,
                           .page_size = of->page_size,
                           .short_ends = source->short_ends || http_options_short_ends(of),
                           .content_type = http_answer(source->client)->content_type };
}

void http_window_again(Source *source)
{
        source->first = true;
        source->page = 0;
        source->guessed = false;
        mem_drop(&source->next_url);
        pass_begin(&source->pass);
        source->phase = POLL_ASK;
}

static void window_over(Source *source)
{
        if (source->guessed && source->pass.is_short && !source->short_ends) {
                log_warning(
                        "behind a page that is not full this server only fails: such a page is the last from now on",
                        LOG_TEXT("advice", "end: [short]"));
                source->short_ends = true;
        }
        http_trouble_end(source);
        source->window.over = true;
        (void)window_acknowledged(&source->window, source->acknowledged);
        source->phase = POLL_REST;
}

static void pass_over(Source *source)
{
        if (pass_settled(&source->pass)) {
                window_over(source);
        } else if (source->pass.number >= PASSES_MOST) {
                log_limited(LOG_WARNING, "rows kept shifting between pages: left to the overlap",
                            (LogKey[]){ LOG_NUMBER("passes", PASSES_MOST), { 0 } });
                window_over(source);
        } else {
                pass_again(&source->pass);
                source->page = 0;
                source->guessed = false;
                source->phase = POLL_ASK;
        }
}

/* Some servers give pages for ever. What is not known to be whole does not move the position. */
static void pages_too_many(Source *source)
{
        Error why = { 0 };

        error_set(&why, ERR_RETRY, NULL, "%s: more than pages_most (%lld): a list without end?", source->channel,
                  (long long)source->options->pages_most);
        (void)http_trouble(source, &why, -1, NULL);
        http_trouble_tell(source, &why);
        http_window_again(source);
}

/* Another host would be given our token. */
static bool next_check(const Source *source, const char *url, Error *err)
{
        CLEANUP(mem_drop) char *host = http_url_host(url), *own = http_url_host(source->options->url);
        Error why = { 0 };

        if (!http_url_check(url, &why))
                return error_set(err, ERR_RETRY, NULL, "%s: the next page's address %s", source->channel, why.text);
        return text_same(host, own) ||
               error_set(err, ERR_RETRY, NULL, "%s: the next page lies on %.200s, which is not asked", source->channel,
                         host);
}

/* Of the page that has come: the address of the one behind it, or none. */
static void next_take(Source *source, const char *bytes, size_t size)
{
        const char *own = source->next_url ? source->next_url : source->options->url;
        Error why = { 0 };
        CLEANUP(json_drop) json_t *page = json_read(bytes, size, &why);
        const char *link = json_text(page, source->options->next);
        CLEANUP(mem_drop) char *url = link ? link_join(own, link) : NULL;

        if (!url || text_same(url, source->next_url)) {
                window_over(source);
                return;
        }
        if (!next_check(source, url, &why)) {
                (void)http_trouble(source, &why, -1, NULL);
                http_trouble_tell(source, &why);
                http_window_again(source);
        } else if (++source->page >= source->options->pages_most) {
                pages_too_many(source);
        } else {
                mem_drop(&source->next_url);
                source->next_url = text_copy(url);
        }
}

void http_page_count(Source *source, const char *bytes, size_t size)
{
        const PageForm form = http_page_form(source);

        http_trouble_over(source);
        source->fresh = source->first = false;
        source->phase = POLL_ASK;
        if (source->options->next)
                next_take(source, bytes, size);
        else if (!source->options->page_parameter)
                window_over(source);
        else if (pass_page(&source->pass, &form, bytes, size) == PAGE_LAST)
                pass_over(source);
        else if (++source->page >= source->options->pages_most)
                pages_too_many(source);
}

void http_page_behind(Source *source, long status)
{
        http_trouble_over(source);
        source->fresh = source->first = false;
        pass_end(&source->pass, status >= 500 || pass_incomplete(&source->pass));
        pass_over(source);
}

/*
 * Some servers fail behind the last page. Where the page before was not full, or the server's own total is reached, that is
 * taken for the end, if the pages before it come and the same happens in a second pass: a server that is down answers neither.
 */
bool http_page_is_end(Source *source, const Error *why)
{
        const Pass *pass = &source->pass;
        const bool likely = (pass->is_short && !pass->uneven && !pass_incomplete(pass)) || pass_complete(pass);

        source->failed++;
        if (!source->page || !likely || source->failed < FAILED_LEAST)
                return false;
        log_limited(LOG_WARNING, "the page behind the last one fails: taken for the end when it does so again",
                    (LogKey[]){ LOG_TEXT("why", why->text), { 0 } });
        source->guessed = true;
        http_page_behind(source, 500);
        return true;
}
