#include "hub/base/link.h"
#include "hub/base/memory.h"
#include "tests/unit/base/run.h"

#include <string.h>

typedef struct {
        const char *link, *want;
} Example;

static void joined_assert(const char *base, const char *link, const char *want)
{
        CLEANUP(mem_drop) char *got = link_join(base, link);

        ck_assert_msg(strcmp(got, want) == 0, "%s under %s: %s, not %s", link, base ? base : "nothing", got, want);
}

/* RFC 3986 section 5.4.1, all of it. */
START_TEST(the_normal_examples_of_the_standard)
{
        static const Example examples[] = {
                { "g:h", "g:h" },
                { "g", "http://a/b/c/g" },
                { "./g", "http://a/b/c/g" },
                { "g/", "http://a/b/c/g/" },
                { "/g", "http://a/g" },
                { "//g", "http://g" },
                { "?y", "http://a/b/c/d;p?y" },
                { "g?y", "http://a/b/c/g?y" },
                { "#s", "http://a/b/c/d;p?q#s" },
                { "g#s", "http://a/b/c/g#s" },
                { "g?y#s", "http://a/b/c/g?y#s" },
                { ";x", "http://a/b/c/;x" },
                { "g;x", "http://a/b/c/g;x" },
                { "g;x?y#s", "http://a/b/c/g;x?y#s" },
                { "", "http://a/b/c/d;p?q" },
                { ".", "http://a/b/c/" },
                { "./", "http://a/b/c/" },
                { "..", "http://a/b/" },
                { "../", "http://a/b/" },
                { "../g", "http://a/b/g" },
                { "../..", "http://a/" },
                { "../../", "http://a/" },
                { "../../g", "http://a/g" },
        };

        for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++)
                joined_assert("http://a/b/c/d;p?q", examples[i].link, examples[i].want);
}
END_TEST

/* Section 5.4.2; "http:g" as a strict reader takes it. */
START_TEST(the_abnormal_examples_of_the_standard)
{
        static const Example examples[] = {
                { "../../../g", "http://a/g" },
                { "../../../../g", "http://a/g" },
                { "/./g", "http://a/g" },
                { "/../g", "http://a/g" },
                { "g.", "http://a/b/c/g." },
                { ".g", "http://a/b/c/.g" },
                { "g..", "http://a/b/c/g.." },
                { "..g", "http://a/b/c/..g" },
                { "./../g", "http://a/b/g" },
                { "./g/.", "http://a/b/c/g/" },
                { "g/./h", "http://a/b/c/g/h" },
                { "g/../h", "http://a/b/c/h" },
                { "g;x=1/./y", "http://a/b/c/g;x=1/y" },
                { "g;x=1/../y", "http://a/b/c/y" },
                { "g?y/./x", "http://a/b/c/g?y/./x" },
                { "g?y/../x", "http://a/b/c/g?y/../x" },
                { "g#s/./x", "http://a/b/c/g#s/./x" },
                { "g#s/../x", "http://a/b/c/g#s/../x" },
                { "http:g", "http:g" },
        };

        for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++)
                joined_assert("http://a/b/c/d;p?q", examples[i].link, examples[i].want);
}
END_TEST

START_TEST(what_has_no_whole_base_stays_as_it_is)
{
        joined_assert(NULL, "a/b", "a/b");
        joined_assert("", "../b", "../b");
        joined_assert("/only/a/path", "b", "b");
        joined_assert("feeds/", "http://h/x/../y", "http://h/x/../y");
        joined_assert("http://h/a", "mailto:who@h", "mailto:who@h");
        joined_assert("http://h", "a", "http://h/a");
        joined_assert("http://h?q=1", "a", "http://h/a");
        joined_assert("https://h/新闻/", "图 1.jpg", "https://h/新闻/图 1.jpg");
        joined_assert("urn:a:b", "c", "urn:c");
}
END_TEST

RUN("link", the_normal_examples_of_the_standard, the_abnormal_examples_of_the_standard,
    what_has_no_whole_base_stays_as_it_is)
