#include "hub/base/terminal.h"

#include "tests/unit/base/run.h"

#include <string.h>
#include <unistd.h>

/* What comes out of the pieces, each written by itself. */
static void printed(const char *const *pieces, char *out, size_t size)
{
        FILE *stream;
        ssize_t got;
        int ends[2];

        ck_assert_int_eq(pipe(ends), 0);
        stream = terminal_open(ends[1]);
        for (; *pieces; pieces++) {
                fputs(*pieces, stream);
                ck_assert_int_eq(fflush(stream), 0);
        }
        fclose(stream);
        close(ends[1]);
        got = read(ends[0], out, size - 1);
        ck_assert_int_ge(got, 0);
        out[got] = '\0';
        close(ends[0]);
}

static void printed_is(const char *const *pieces, const char *wanted)
{
        char out[512];

        printed(pieces, out, sizeof(out));
        ck_assert_str_eq(out, wanted);
}

/* A platform's text must not clear the screen of who looks for it, nor turn what stands beside it. */
START_TEST(nothing_is_obeyed)
{
        printed_is((const char *[]){ "a\x1b[2Jb\a\r\x7f", NULL }, "a\\u001b[2Jb\\u0007\\u000d\\u007f");
        printed_is((const char *[]){ "\xc2\x9b"
                                     "2J",
                                     NULL },
                   "\\u009b2J");
        printed_is((const char *[]){ "\xe2\x80\xae"
                                     "abc\xe2\x81\xa6",
                                     NULL },
                   "\\u202eabc\\u2066");
}
END_TEST

START_TEST(texts_stay)
{
        printed_is((const char *[]){ "厦门\t湖里区 é😀 \\u001b\n", NULL }, "厦门\t湖里区 é😀 \\u001b\n");
}
END_TEST

/* A write may end anywhere within a character; what never becomes one is shown as what it is. */
START_TEST(characters_may_be_cut)
{
        printed_is((const char *[]){ "a\xe5", "\x8e", "\xa6\xe9\x97\xa8", NULL }, "a厦门");
        printed_is((const char *[]){ "\xe2\x80", "\xae", "x", NULL }, "\\u202ex");
        printed_is((const char *[]){ "\xc2",
                                     "\x9b"
                                     "2J",
                                     NULL },
                   "\\u009b2J");
        printed_is((const char *[]){ "\xf0\x9f", "\x98\x80", NULL }, "😀");
        printed_is((const char *[]){ "\xff"
                                     "a\x9b"
                                     "b",
                                     NULL },
                   "\xef\xbf\xbd"
                   "a\xef\xbf\xbd"
                   "b");
}
END_TEST

RUN("terminal", nothing_is_obeyed, texts_stay, characters_may_be_cut)
