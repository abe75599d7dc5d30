#include "hub/document/feed.h"

#include "hub/base/json.h"
#include "tests/unit/dialect/output.h"

typedef struct {
        char seen[8][128]; /* "title link" of each post, "-" for what is not there */
        size_t size;
        ErrorKind fails;
} Told;

static bool post_take(const void *context, json_t *post, Output *output, Error *err)
{
        Told *told = *(Told *const *)context;
        const char *title = json_text(post, "title"), *link = feed_link(post, scratch(output));

        ck_assert_uint_lt(told->size, 8);
        snprintf(told->seen[told->size++], sizeof(told->seen[0]), "%s %s", title ? title : "-", link ? link : "-");
        return told->fails == ERR_NONE || error_set(err, told->fails, "bad_value", "as told");
}

static bool feed_take(const char *text, Told *told, Output *output, Error *err)
{
        const Record record = { .bytes = text, .size = strlen(text), .channel = "https://example.cn/feed/" };

        *err = (Error){ 0 };
        told->size = 0;
        return feed_translate(post_take, &(Told *){ told }, &record, output, err);
}

START_TEST(posts_of_every_form_are_posts)
{
        static const struct {
                const char *text, *want;
        } feeds[] = {
                { "<rss><channel><item><title>a</title><link>p/1?utm_source=x&amp;id=7</link></item></channel></rss>",
                  "a https://example.cn/feed/p/1?id=7" },
                { "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://other.cn/'><entry><title>b</title>"
                  "<link rel='self' href='s'/><link href='/1#top'/></entry></feed>",
                  "b https://other.cn/1#top" },
                { "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
                  "<item r:about='https://example.cn/9'><title>c</title></item></r:RDF>",
                  "c https://example.cn/9" },
                { "<rss><channel><item><title>d</title><guid isPermaLink='false'>77</guid></item></channel></rss>",
                  "d -" },
                { "{\"item\":[{\"title\":\"e\",\"guid\":\"https://example.cn/5\"}]}", "e https://example.cn/5" },
        };
        Output output = { .arena = arena_new() };
        Told told = { 0 };
        Error err;

        for (size_t i = 0; i < sizeof(feeds) / sizeof(feeds[0]); i++) {
                ck_assert_msg(feed_take(feeds[i].text, &told, &output, &err), "%zu: %s", i, err.text);
                ck_assert_uint_eq(told.size, 1);
                ck_assert_str_eq(told.seen[0], feeds[i].want);
        }
        ck_assert_int_eq(output.begun, 5);
        arena_free(output.arena);
}
END_TEST

/* Alone it has to mean what it meant in its feed. */
START_TEST(a_bad_post_is_set_aside_under_its_name_with_the_base_of_its_feed)
{
        Output output = { .arena = arena_new() };
        Told told = { .fails = ERR_INPUT };
        Error err;

        ck_assert(feed_take(
                "<rss "
                "xml:base='https://other.cn/a/'><channel><item><title>a</title></item><item><title>b</title></item>"
                "</channel></rss>",
                &told, &output, &err));
        ck_assert_int_eq(output.rejected, 2);
        ck_assert_str_eq(output.item, "{\"item\":[{\"title\":\"b\",\"@xml:base\":\"https://other.cn/a/\"}]}");
        told.fails = ERR_FATAL;
        ck_assert(!feed_take("<rss><channel><item/><item/></channel></rss>", &told, &output, &err));
        ck_assert(told.size == 1 && err.kind == ERR_FATAL);
        arena_free(output.arena);
}
END_TEST

START_TEST(an_empty_feed_is_ignored_and_what_is_none_is_refused)
{
        Output output = { .arena = arena_new() };
        Told told = { 0 };
        Error err;

        ck_assert(feed_take("<rss><channel><title>quiet</title></channel></rss>", &told, &output, &err));
        ck_assert(output.ignored == 1 && told.size == 0);
        ck_assert(!feed_take("<opml><body/></opml>", &told, &output, &err));
        ck_assert_str_eq(err.reason, "unsupported");
        arena_free(output.arena);
}
END_TEST

RUN("feed", posts_of_every_form_are_posts, a_bad_post_is_set_aside_under_its_name_with_the_base_of_its_feed,
    an_empty_feed_is_ignored_and_what_is_none_is_refused)
