#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/geo/spots.h"
#include "tests/unit/base/run.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* An area from west to east and south to north, in steps of 0.0001 degree from 118.1, 24.5. */
#define AREA(w, s, e, n)          "{\"type\":\"Polygon\",\"coordinates\":[[" CORNERS(w, s, e, n) "]]}"
#define CORNERS(w, s, e, n)       CORNER(w, s) "," CORNER(e, s) "," CORNER(e, n) "," CORNER(w, n) "," CORNER(w, s)
#define CORNER(x, y)              "[118.10" #x ",24.50" #y "]"
#define SPOT(number, round, area) "{\"id\":\"" number "\",\"round\":\"" round "\",\"geometry\":" area "}"
#define COLLECTION(features)      "{\"features\":[" features "]}"
#define SWAPPED                   "{\"type\":\"Point\",\"coordinates\":[24.5,118.1]}"

typedef struct {
        char folder[32];
        Spots *spots;
        size_t files;
} Bench;

static bool spot_read(const void *of, const json_t *feature, Arena *arena, Spot *spot, Error *err)
{
        const json_t *geometry = json_object_get(feature, "geometry");

        (void)of;
        (void)arena;
        spot->number = json_text(feature, "id");
        spot->round = json_text(feature, "round");
        if (!spot->number || !spot->round)
                return error_set(err, ERR_INPUT, "missing_field", "no spot");
        if (!geometry || json_is_null(geometry))
                return true;
        spot->outline = outline_geojson(CRS_WGS84, geometry, err);
        return spot->outline;
}

static void bench_open(Bench *bench)
{
        *bench = (Bench){ .folder = "/tmp/hub-test-XXXXXX" };
        ck_assert_ptr_nonnull(mkdtemp(bench->folder));
}

static void file_put(Bench *bench, const char *name, const char *text, size_t size)
{
        CLEANUP(mem_drop) char *path = text_format("%s/%s", bench->folder, name);
        FILE *file = fopen(path, "w");

        ck_assert_uint_eq(fwrite(text, 1, size, file), size);
        fclose(file);
        bench->files++;
}

static void name_add(Bench *bench, const char *name)
{
        Error err = { 0 };

        ck_assert(spots_option.read(name, bench->folder, &bench->spots, &err));
}

static void bench_read(Bench *bench)
{
        Error err = { 0 };

        name_add(bench, "*.json");
        ck_assert_msg(spots_read(bench->spots, spot_read, NULL, &err), "%s", err.text);
}

static void bench_close(Bench *bench)
{
        CLEANUP(mem_drop) char *command = text_format("rm -r %s", bench->folder);

        spots_option.free(&bench->spots);
        ck_assert_int_eq(system(command), 0); /* NOLINT(cert-env33-c) */
}

/* The numbers under it, parted by blanks. */
static void under(const Bench *bench, const char *number, const char *round, const char *area, const char *wanted)
{
        CLEANUP(buffer_free) Buffer out = { 0 };
        CLEANUP(json_drop) json_t *geometry = NULL;
        CLEANUP(outline_drop) Outline *outline = NULL;
        const char *numbers[SPOTS_UNDER_MOST];
        Error err = { 0 };
        size_t size;

        geometry = json_read(area, strlen(area), &err);
        outline = outline_geojson(CRS_WGS84, geometry, &err);
        ck_assert_msg(outline != NULL, "%s", err.text);
        size = spots_under(bench->spots, &(Spot){ number, round, outline }, numbers);
        for (size_t i = 0; i < size; i++)
                buffer_format(&out, "%s%s", i ? " " : "", numbers[i]);
        ck_assert_str_eq(out.bytes ? out.bytes : "", wanted);
}

static void noted(const Bench *bench, const char *wanted)
{
        CLEANUP(buffer_free) Buffer out = { 0 };

        spots_note(bench->spots, &out);
        if (!wanted)
                ck_assert_uint_eq(out.size, 0);
        else
                ck_assert_msg(out.bytes && strstr(out.bytes, wanted), "\"%s\" does not say \"%s\"", out.bytes, wanted);
}

static void put(Bench *bench, const char *name, const char *text)
{
        file_put(bench, name, text, strlen(text));
}

START_TEST(more_than_half_of_the_smaller_one)
{
        Bench bench;

        bench_open(&bench);
        put(&bench, "a.json", COLLECTION(SPOT("a", "1", AREA(10, 10, 20, 20))));
        bench_read(&bench);
        under(&bench, "x", "2", AREA(10, 10, 20, 20), "a");
        under(&bench, "x", "2", AREA(15, 10, 25, 20), "");  /* half of it */
        under(&bench, "x", "2", AREA(14, 10, 24, 20), "a"); /* 60 of 100 */
        under(&bench, "x", "2", AREA(12, 12, 14, 14), "a"); /* all of the smaller, 4 of 100 */
        under(&bench, "x", "2", AREA(10, 10, 90, 90), "a"); /* all of the earlier one */
        under(&bench, "x", "2", AREA(19, 19, 21, 21), "");  /* 1 of 4 */
        under(&bench, "x", "2", AREA(20, 10, 30, 20), "");  /* a side */
        under(&bench, "x", "2", AREA(50, 50, 60, 60), "");
        under(&bench, "x", "2", "{\"type\":\"Point\",\"coordinates\":[118.1015,24.5015]}", "");
        noted(&bench, NULL);
        bench_close(&bench);
}
END_TEST

START_TEST(of_another_round_and_another_number)
{
        Bench bench;

        bench_open(&bench);
        put(&bench, "a.json",
            COLLECTION(SPOT("a", "1", AREA(10, 10, 20, 20)) "," SPOT("b", "2", AREA(10, 10, 20, 20))));
        bench_read(&bench);
        under(&bench, "x", "2", AREA(10, 10, 20, 20), "a");
        under(&bench, "x", "1", AREA(10, 10, 20, 20), "b");
        under(&bench, "a", "2", AREA(10, 10, 20, 20), "");
        under(&bench, "x", "3", AREA(10, 10, 20, 20), "a b");
        under(&bench, "x", NULL, AREA(10, 10, 20, 20), "");
        bench_close(&bench);
}
END_TEST

START_TEST(the_largest_of_several_come_first_each_number_once)
{
        Bench bench;

        bench_open(&bench);
        put(&bench, "1.json",
            COLLECTION(SPOT("two", "1", AREA(10, 10, 12, 20)) "," SPOT("six", "1", AREA(10, 10, 16, 20))));
        put(&bench, "2.json",
            COLLECTION(SPOT("four", "2", AREA(10, 10, 14, 20)) "," SPOT("two", "2", AREA(10, 10, 15, 20))));
        put(&bench, "3.json",
            COLLECTION(SPOT("nine", "3", AREA(10, 10, 19, 20)) "," SPOT("six", "3", AREA(10, 10, 13, 20))));
        bench_read(&bench);
        under(&bench, "x", "9", AREA(10, 10, 20, 20), "nine six two"); /* 90, 60, 50; four has 40 */
        bench_close(&bench);
}
END_TEST

START_TEST(what_is_no_spot_is_passed_over_and_told)
{
        static const char wide[] = "\xff\xfe[\0]\0";
        Bench bench;

        bench_open(&bench);
        put(&bench, "1.json",
            COLLECTION(SPOT("a", "1", AREA(10, 10, 20, 20)) "," SPOT("b", "1", SWAPPED) ",7," SPOT("c", "1", "null")));
        put(&bench, "2.json", "[");
        file_put(&bench, "3.json", wide, sizeof(wide) - 1);
        put(&bench, "4.json", "{\"features\":{}}");
        put(&bench, "5.json", SPOT("d", "2", AREA(10, 10, 20, 20)));
        put(&bench, "6.json", "\xef\xbb\xbf" COLLECTION(""));
        bench_read(&bench);
        under(&bench, "x", "9", AREA(10, 10, 20, 20), "a d");
        noted(&bench, "5 passed over; the first: ");
        noted(&bench, "/1.json: feature 2: latitude and longitude look swapped");
        bench_close(&bench);
}
END_TEST

START_TEST(a_name_must_be_there_a_pattern_need_not)
{
        Bench bench;
        Error err = { 0 };

        bench_open(&bench);
        name_add(&bench, "no-such-folder/*.json");
        bench_read(&bench);
        under(&bench, "x", "9", AREA(10, 10, 20, 20), "");
        noted(&bench, NULL);
        spots_option.free(&bench.spots);
        bench.spots = NULL;
        name_add(&bench, "none.json");
        ck_assert(!spots_read(bench.spots, spot_read, NULL, &err));
        ck_assert_int_eq(err.kind, ERR_FATAL);
        ck_assert_msg(strstr(err.text, "/none.json: no such file") != NULL, "%s", err.text);
        ck_assert(!spots_option.read("", bench.folder, &bench.spots, &err));
        bench_close(&bench);
}
END_TEST

/* Twelve thousand of them in rows, 100 m apart; the files are read once. */
START_TEST(among_thousands_the_one_below_is_found)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        Error err = { 0 };
        Bench bench;

        bench_open(&bench);
        buffer_text(&text, "{\"features\":[");
        for (int i = 0; i < 12000; i++) {
                const int x = i % 120 * 10, y = i / 120 * 10;

                buffer_format(&text,
                              "%s{\"id\":\"%d\",\"round\":\"1\",\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[["
                              "118.%04d,"
                              "24.%04d],[118.%04d,24.%04d],[118.%04d,24.%04d],[118.%04d,24.%04d]]]}}",
                              i ? "," : "", i, 1000 + x, 5000 + y, 1005 + x, 5000 + y, 1005 + x, 5005 + y, 1000 + x,
                              5005 + y);
        }
        buffer_text(&text, "]}");
        file_put(&bench, "1.json", text.bytes, text.size);
        bench_read(&bench);
        ck_assert(spots_read(bench.spots, spot_read, NULL, &err));
        under(&bench, "x", "2", AREA(01, 01, 04, 04), "0");
        under(&bench, "x", "2", AREA(20, 10, 25, 15), "122"); /* 2 to the east, 1 to the north */
        under(&bench, "x", "2", AREA(26, 10, 29, 15), "");    /* between two */
        bench_close(&bench);
}
END_TEST

RUN("spots", more_than_half_of_the_smaller_one, of_another_round_and_another_number,
    the_largest_of_several_come_first_each_number_once, what_is_no_spot_is_passed_over_and_told,
    a_name_must_be_there_a_pattern_need_not, among_thousands_the_one_below_is_found)
