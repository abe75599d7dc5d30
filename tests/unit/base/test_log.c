#include "hub/base/json.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"
#include "tests/unit/base/run.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Sends stderr into a pipe; each test runs in a process of its own. */
static int capture(void)
{
        int ends[2];

        ck_assert_int_eq(pipe(ends), 0);
        ck_assert_int_eq(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
        close(ends[1]);
        ck_assert_int_eq(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
        return ends[0];
}

static void captured(int end, char *out, size_t room)
{
        ssize_t got = read(end, out, room - 1);

        out[got > 0 ? got : 0] = '\0';
}

START_TEST(a_line_is_one_json_object)
{
        char line[4096];
        int end = capture();
        CLEANUP(json_drop) json_t *json = NULL;
        Error err = { 0 };
        int64_t ms;

        log_open("run/citybrain");
        log_info("incident opened", LOG_TEXT("zone", "350206"), LOG_NUMBER("version", INT64_MIN));
        captured(end, line, sizeof(line));
        ck_assert_int_eq(line[strlen(line) - 1], '\n');
        json = json_read(line, strlen(line), &err);
        ck_assert_msg(json != NULL, "%s: %s", err.text, line);
        ck_assert_str_eq(json_text(json, "level"), "info");
        ck_assert_str_eq(json_text(json, "part"), "run/citybrain");
        ck_assert_str_eq(json_text(json, "message"), "incident opened");
        ck_assert_str_eq(json_text(json, "zone"), "350206");
        ck_assert_str_eq(json_text(json, "version"), "-9223372036854775808");
        ck_assert(time_read_canonical(json_text(json, "time"), 24, &ms));
}
END_TEST

/* A platform that sends a newline or a terminal's escape must not write lines into our log. */
START_TEST(values_cannot_break_the_line)
{
        char line[4096];
        int end = capture();

        log_warning("odd", LOG_TEXT("v", "a\n{\"level\":\"error\"}\x1b[2J\x7f\xc2\x9b\xe2\x80\xae\xff\\"));
        captured(end, line, sizeof(line));
        ck_assert_ptr_eq(strchr(line, '\n'), line + strlen(line) - 1);
        ck_assert_ptr_nonnull(strstr(
                line, "\"a\\u000a{\\\"level\\\":\\\"error\\\"}\\u001b[2J\\u007f\\u009b\\u202e\xef\xbf\xbd\\\\\""));
}
END_TEST

START_TEST(long_values_are_cut)
{
        char value[5000], line[8192];
        int end = capture();

        memset(value, 'x', sizeof(value) - 1);
        value[sizeof(value) - 1] = '\0';
        log_error("long", LOG_TEXT("v", value));
        captured(end, line, sizeof(line));
        ck_assert_uint_lt(strlen(line), 1300);
        ck_assert_ptr_nonnull(strstr(line, "xxx...\"}\n"));
}
END_TEST

START_TEST(the_level_is_obeyed)
{
        char line[4096];
        int end = capture();

        setenv("HUB_LOG", "warning", 1);
        log_open("x");
        log_info("quiet", LOG_NUMBER("n", 1));
        captured(end, line, sizeof(line));
        ck_assert_str_eq(line, "");
        setenv("HUB_LOG", "debug", 1);
        log_open("x");
        log_debug("loud", LOG_NUMBER("n", 1));
        captured(end, line, sizeof(line));
        ck_assert_ptr_nonnull(strstr(line, "loud"));
}
END_TEST

/* A thousand bad records must not fill the disk, and each message has its own limit. */
START_TEST(limited_lines_are_held_back)
{
        const LogKey keys[] = { LOG_NUMBER("n", 1), { 0 } };
        char line[4096];
        int end = capture();

        for (int i = 0; i < 1000; i++)
                log_limited(LOG_WARNING, "rejected", keys);
        log_limited(LOG_WARNING, "other", keys);
        captured(end, line, sizeof(line));
        ck_assert_ptr_nonnull(strstr(line, "\"other\""));
        ck_assert_ptr_nonnull(strstr(line, "\"rejected\""));
        ck_assert_ptr_null(strstr(strstr(line, "\"rejected\"") + 1, "\"rejected\""));
}
END_TEST

RUN("log", a_line_is_one_json_object, values_cannot_break_the_line, long_values_are_cut, the_level_is_obeyed,
    limited_lines_are_held_back)
