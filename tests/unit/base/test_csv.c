#include "hub/base/csv.h"
#include "hub/base/memory.h"
#include "tests/unit/base/run.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const required[] = { "device_id", "name" };

/* Writes the text into a file, loads it, removes the file; the path in the error becomes "T". */
static bool load(Csv *csv, const char *text, size_t size, Error *err)
{
        char path[] = "/tmp/hub-test-XXXXXX";
        int file = mkstemp(path);
        bool loaded;

        ck_assert_int_eq(write(file, text, size), (ssize_t)size);
        close(file);
        loaded = csv_load(csv, path, required, 2, err);
        unlink(path);
        if (!loaded && strncmp(err->text, path, strlen(path)) == 0) {
                memmove(err->text + 1, err->text + strlen(path), strlen(err->text) - strlen(path) + 1);
                err->text[0] = 'T';
        }
        return loaded;
}

START_TEST(cells_are_found_by_name)
{
        static const char text[] =
                "\xef\xbb\xbf"
                "device_id,name,lon\r\nHL-1, 枋湖 路口 ,118.1\r\n\r\n\"a,\"\"b\",\"x\ny\",\nlast,z,1";
        CLEANUP(csv_close) Csv csv = { 0 };
        Error err = { 0 };

        ck_assert_msg(load(&csv, text, sizeof(text) - 1, &err), "%s", err.text);
        ck_assert_uint_eq(csv.rows, 3);
        ck_assert_str_eq(csv_cell(&csv, 0, "name"), "枋湖 路口");
        ck_assert_str_eq(csv_cell(&csv, 1, "device_id"), "a,\"b");
        ck_assert_str_eq(csv_cell(&csv, 1, "name"), "x\ny");
        ck_assert_str_eq(csv_cell(&csv, 1, "lon"), "");
        ck_assert_str_eq(csv_cell(&csv, 2, "device_id"), "last");
        ck_assert_ptr_null(csv_cell(&csv, 0, "lat"));
        ck_assert_ptr_null(csv_cell(&csv, 3, "name"));
}
END_TEST

/* The engineer must be sent to the very line, also after cells of several lines and blank lines. */
START_TEST(rows_know_their_lines)
{
        static const char text[] = "device_id,name\n\na,\"x\n\ny\"\nb,c\n\n\nd,e\n";
        CLEANUP(csv_close) Csv csv = { 0 };
        Error err = { 0 };

        ck_assert_msg(load(&csv, text, sizeof(text) - 1, &err), "%s", err.text);
        ck_assert_uint_eq(csv.rows, 3);
        ck_assert_uint_eq(csv.lines[0], 3);
        ck_assert_uint_eq(csv.lines[1], 6);
        ck_assert_uint_eq(csv.lines[2], 9);
        ck_assert(!csv_error(&csv, 1, &err, "lat: \"%s\" is no number", "x"));
        ck_assert_ptr_nonnull(strstr(err.text, " line 6: lat: \"x\" is no number"));
        ck_assert_int_eq(err.kind, ERR_FATAL);
}
END_TEST

START_TEST(what_is_wrong_names_its_line)
{
        static const struct {
                const char *text, *want;
        } cases[] = {
                { "", "T line 1: names no columns" },
                { "device_id\n", "T line 1: column \"name\" is missing" },
                { "device_id,name,name\n", "T line 1: column \"name\" is there twice" },
                { "device_id,name\na,b\nc\n", "T line 3: 1 cells where 2 columns are" },
                { "device_id,name\na,b,c\n", "T line 2: 3 cells where 2 columns are" },
                { "device_id,name\na,b\"c\n", "T line 2: a quote that RFC 4180 does not allow" },
                { "device_id,name\nx,y\na,\"b\nc,d\n", "T line 3: a quote that is never closed" },
                { "device_id,name\na,\xff\n", "T line 2: is not UTF-8 text" },
        };

        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                CLEANUP(csv_close) Csv csv = { 0 };
                Error err = { 0 };

                ck_assert(!load(&csv, cases[i].text, strlen(cases[i].text), &err));
                ck_assert_str_eq(err.text, cases[i].want);
                ck_assert_ptr_null(csv.path);
        }
}
END_TEST

START_TEST(a_missing_file_is_said)
{
        Csv csv;
        Error err = { 0 };

        ck_assert(!csv_load(&csv, "/nowhere/devices.csv", NULL, 0, &err));
        ck_assert_str_eq(err.text, "/nowhere/devices.csv: No such file or directory");
}
END_TEST

RUN("csv", cells_are_found_by_name, rows_know_their_lines, what_is_wrong_names_its_line, a_missing_file_is_said)
