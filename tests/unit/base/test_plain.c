#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "tests/unit/base/run.h"

#include <string.h>

static void plain_assert(const char *text, const char *want)
{
        CLEANUP(buffer_free) Buffer out = { 0 };

        buffer_text(&out, "before");
        text_plain(&out, text, strlen(text));
        ck_assert_str_eq(out.bytes + strlen("before"), want);
}

START_TEST(tags_go_and_words_stay_whole)
{
        plain_assert("<p>店外<b>经</b>营</p><p>第二段</p>", "店外经营 第二段");
        plain_assert("one<br/>two<BR>three", "one two three");
        plain_assert("<a href=\"x>y\" title='>'>link</a>", "link");
        plain_assert("a<!-- <b>hidden</b> -->b", "ab");
        plain_assert("a<script>if (a < b) alert('<p>')</script>b<style>p{}</style>", "ab");
}
END_TEST

/* An operator must read what the citizen wrote, also where it only looks like markup. */
START_TEST(what_is_no_tag_is_text)
{
        plain_assert("温度 < 5 度, 3<4 > 2", "温度 < 5 度, 3<4 > 2");
        plain_assert("an open <b and the rest", "an open <b and the rest");
        plain_assert("<", "<");
        plain_assert("a <!-- never closed", "a <!-- never closed");
        plain_assert("<a b=\"never closed> c", "c");
        plain_assert("<script>never closed", "never closed");
}
END_TEST

START_TEST(entities_are_decoded_once)
{
        plain_assert("&lt;b&gt; &amp;amp; &amp;lt;", "<b> &amp; &lt;");
        plain_assert("&#28246;&#x91CC;&nbsp;&ldquo;x&rdquo;&hellip;", "湖里 “x”…");
        plain_assert("&#0;&#xd800;&#x110000;&#99999999999;", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
        plain_assert("&unknown; &amp &#; &#x; &;", "&unknown; &amp &#; &#x; &;");
        plain_assert("&#10;a&#8238;b&#27;", "ab");
}
END_TEST

START_TEST(blanks_run_together_and_ends_are_trimmed)
{
        plain_assert(" \t a \r\n\xe3\x80\x80 b\xc2\xa0", "a b");
        plain_assert("   ", "");
        plain_assert("a\x01\x7f\xc2\x9b"
                     "b",
                     "ab");
        plain_assert("abc\xe2\x80\xae"
                     "def",
                     "abcdef");
        plain_assert("\xff", "\xef\xbf\xbd");
}
END_TEST

static void repeat(Buffer *out, const char *text, size_t times)
{
        while (times--)
                buffer_text(out, text);
}

/* Quadratic work here would take minutes (the time limit of the test), and one record would stop a platform. */
START_TEST(hostile_markup_costs_linear_time)
{
        static const char *const pieces[] = { "<a", "<a b=\"", "<!--",     "<script>", "<a \"'>",
                                              "&#", "&",       "<a b='>'", "</",       "<a =\">\"" };

        for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
                CLEANUP(buffer_free) Buffer text = { 0 };
                CLEANUP(buffer_free) Buffer out = { 0 };

                repeat(&text, pieces[i], 300000);
                text_plain(&out, text.bytes, text.size);
                ck_assert(out.size <= text.size);
        }
}
END_TEST

RUN("plain", tags_go_and_words_stay_whole, what_is_no_tag_is_text, entities_are_decoded_once,
    blanks_run_together_and_ends_are_trimmed, hostile_markup_costs_linear_time)
