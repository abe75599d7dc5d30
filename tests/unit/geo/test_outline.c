#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/geo/outline.h"
#include "tests/unit/base/run.h"

#include <math.h>
#include <string.h>

/* A square of 0.01 degree, counter-clockwise from its corner in the south-west. */
#define SQUARE "[118.1,24.5],[118.11,24.5],[118.11,24.51],[118.1,24.51]"
#define CLOSED SQUARE ",[118.1,24.5]"

static Outline *geojson(Crs crs, const char *text, Error *err)
{
        CLEANUP(json_drop) json_t *json = NULL;

        *err = (Error){ 0 };
        json = json_read(text, strlen(text), err);
        ck_assert_msg(json != NULL, "%s", err->text);
        return outline_geojson(crs, json, err);
}

static Outline *polygon(Crs crs, const char *rings, Error *err)
{
        CLEANUP(mem_drop) char *text = text_format("{\"type\":\"Polygon\",\"coordinates\":[%s]}", rings);

        return geojson(crs, text, err);
}

static Outline *drawn(Outline *outline, const Error *err)
{
        ck_assert_msg(outline != NULL, "%s", err->text);
        return outline;
}

/* Twice the area of a ring by Gauss' formula: positive when it runs counter-clockwise. */
static double turning(const json_t *ring)
{
        const size_t size = json_array_size(ring);
        double sum = 0;

        ck_assert_uint_ge(size, 4);
        ck_assert(json_equal(json_array_get(ring, 0), json_array_get(ring, size - 1)));
        for (size_t i = 0; i + 1 < size; i++) {
                const json_t *here = json_array_get(ring, i), *next = json_array_get(ring, i + 1);

                ck_assert_uint_eq(json_array_size(here), 2);
                sum += (json_number_value(json_array_get(here, 0)) - 118) *
                               (json_number_value(json_array_get(next, 1)) - 24) -
                       (json_number_value(json_array_get(next, 0)) - 118) *
                               (json_number_value(json_array_get(here, 1)) - 24);
        }
        return sum;
}

static json_t *text_of(const Outline *outline)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        const char *text = outline_text(outline, arena);
        Error err = { 0 };
        json_t *json;

        ck_assert_ptr_nonnull(text);
        json = json_read_typed(text, strlen(text), &err);
        ck_assert_msg(json != NULL, "%s: %s", err.text, text);
        return json;
}

/* However it is drawn, the same square is the same text: closed or not, either way round, from any corner, with heights. */
START_TEST(one_area_is_one_text)
{
        static const char *const rings[] = {
                "[" CLOSED "]",
                "[" SQUARE "]",
                "[[118.1,24.51],[118.11,24.51],[118.11,24.5],[118.1,24.5],[118.1,24.51]]",
                "[[118.11,24.51,7],[118.1,24.51,7.5],[118.1,24.5,8],[118.11,24.5,9]]",
                "[[\"118.1\",\"24.5\"],[\"118.11\",\"24.50\"],[118.11,24.51],[118.1,24.51]]",
                "[[118.1,24.5],[118.1,24.5],[118.11,24.5],[118.11,24.5],[118.11,24.51],[118.1,24.51]]",
                "[[118.100000001,24.5],[118.11,24.5],[118.11,24.51],[118.1,24.51]]",
        };
        static const char *const wkt[] = {
                "POLYGON ((118.1 24.5, 118.11 24.5, 118.11 24.51, 118.1 24.51, 118.1 24.5))",
                "SRID=4326;POLYGON((118.1 24.5,118.1 24.51,118.11 24.51,118.11 24.5,118.1 24.5))",
                "polygon z ((118.1 24.5 3, 118.11 24.5 3, 118.11 24.51 3, 118.1 24.51 3))",
                "MULTIPOLYGON (((118.1 24.5, 118.11 24.5, 118.11 24.51, 118.1 24.51, 118.1 24.5)))",
        };
        CLEANUP(arena_drop) Arena *arena = arena_new();
        CLEANUP(outline_drop) Outline *ring = NULL, *lat_first = NULL;
        const char *first = NULL;
        Error err = { 0 };

        for (size_t i = 0; i < sizeof(rings) / sizeof(rings[0]); i++) {
                CLEANUP(outline_drop) Outline *outline = drawn(polygon(CRS_WGS84, rings[i], &err), &err);
                CLEANUP(json_drop) json_t *json = text_of(outline);

                first = first ? first : outline_text(outline, arena);
                ck_assert_str_eq(outline_text(outline, arena), first);
                ck_assert_str_eq(json_text(json, "type"), "Polygon");
                ck_assert_double_eq_tol(turning(json_at(json, "coordinates.0")), 2e-4, 1e-9);
        }
        for (size_t i = 0; i < sizeof(wkt) / sizeof(wkt[0]); i++) {
                CLEANUP(outline_drop) Outline *outline = drawn(outline_wkt(CRS_WGS84, wkt[i], &err), &err);

                ck_assert_str_eq(outline_text(outline, arena), first);
        }
        ring = drawn(outline_ring(CRS_WGS84, "118.1,24.5;118.11,24.5;118.11,24.51;118.1,24.51", false, &err), &err);
        lat_first = drawn(outline_ring(CRS_WGS84, " 24.5,118.1 24.51, 118.1\n24.51,118.11 | 24.5,118.11 ", true, &err),
                          &err);
        ck_assert_str_eq(outline_text(ring, arena), first);
        ck_assert_str_eq(outline_text(lat_first, arena), first);
}
END_TEST

/* RFC 7946 3.1.6: holes run clockwise. The area by the closed form of a cell of the ellipsoid (Bagratuni), in Python. */
START_TEST(a_hole_is_cut_out)
{
        Error err = { 0 };
        CLEANUP(outline_drop)
        Outline *outline = drawn(polygon(CRS_WGS84,
                                         "[" CLOSED "],[[118.102,24.502],[118.104,24.502],[118.104,24.504],"
                                         "[118.102,24.504],[118.102,24.502]]",
                                         &err),
                                 &err);
        CLEANUP(json_drop) json_t *json = text_of(outline);
        double lon, lat;

        ck_assert_double_lt(turning(json_at(json, "coordinates.1")), 0);
        ck_assert_double_gt(turning(json_at(json, "coordinates.0")), 0);
        ck_assert_double_eq_tol(outline_area_m2(outline), 1122617.63 - 44905.40, 1);
        outline_point(outline, &lon, &lat);
        ck_assert(lon > 118.1 && lon < 118.11 && lat > 24.5 && lat < 24.51);
        ck_assert(lon < 118.102 || lon > 118.104 || lat < 24.502 || lat > 24.504);
}
END_TEST

/* A bow tie is its two triangles, a folded area keeps what has area, and what has none is refused. */
START_TEST(what_crosses_itself_is_repaired)
{
        Error err = { 0 };
        CLEANUP(outline_drop)
        Outline *tie = drawn(
                polygon(CRS_WGS84, "[[118.1,24.5],[118.11,24.51],[118.11,24.5],[118.1,24.51],[118.1,24.5]]", &err),
                &err);
        CLEANUP(outline_drop)
        Outline *spike = drawn(
                polygon(CRS_WGS84,
                        "[[118.1,24.5],[118.11,24.5],[118.13,24.5],[118.11,24.5],[118.11,24.51],[118.1,24.51]]", &err),
                &err);
        CLEANUP(json_drop) json_t *json = text_of(tie), *spiked = text_of(spike);

        ck_assert_str_eq(json_text(json, "type"), "MultiPolygon");
        ck_assert_uint_eq(json_array_size(json_at(json, "coordinates")), 2);
        ck_assert_double_gt(turning(json_at(json, "coordinates.0.0")), 0);
        ck_assert_double_gt(turning(json_at(json, "coordinates.1.0")), 0);
        ck_assert_double_eq_tol(outline_area_m2(tie), 1122617.63 / 2, 200);
        ck_assert_str_eq(json_text(spiked, "type"), "Polygon");
        ck_assert_double_eq_tol(outline_area_m2(spike), 1122617.63, 1);
        ck_assert_ptr_null(polygon(CRS_WGS84, "[[118.1,24.5],[118.11,24.5],[118.12,24.5],[118.1,24.5]]", &err));
        ck_assert_str_eq(err.reason, "bad_position");
}
END_TEST

START_TEST(lines_and_points_have_no_area)
{
        Error err = { 0 };
        CLEANUP(outline_drop)
        Outline *line = drawn(outline_wkt(CRS_WGS84, "LINESTRING (118.1 24.5, 118.11 24.51, 118.1 24.52)", &err), &err);
        CLEANUP(outline_drop) Outline *point = drawn(outline_wkt(CRS_WGS84, "POINT (118.1 24.5)", &err), &err);
        CLEANUP(outline_drop)
        Outline *points =
                drawn(geojson(CRS_WGS84, "{\"type\":\"MultiPoint\",\"coordinates\":[[118.2,24.5],[118.1,24.5]]}", &err),
                      &err);
        CLEANUP(arena_drop) Arena *arena = arena_new();
        double lon, lat;

        ck_assert_str_eq(outline_text(line, arena),
                         "{\"type\":\"LineString\",\"coordinates\":[[118.1,24.5],[118.11,24.51],"
                         "[118.1,24.52]]}");
        ck_assert_str_eq(outline_text(point, arena), "{\"type\":\"Point\",\"coordinates\":[118.1,24.5]}");
        ck_assert_str_eq(outline_text(points, arena),
                         "{\"type\":\"MultiPoint\",\"coordinates\":[[118.2,24.5],[118.1,24.5]]}");
        ck_assert(outline_area_m2(line) == 0 && outline_area_m2(point) == 0);
        outline_point(point, &lon, &lat);
        ck_assert_double_eq_tol(lon, 118.1, 1e-9);
        ck_assert_double_eq_tol(lat, 24.5, 1e-9);
}
END_TEST

/* The corners are places of their own system: an area 580 m off would lie in another community. */
START_TEST(corners_come_to_wgs84)
{
        Error err = { 0 };
        CLEANUP(outline_drop) Outline *area = drawn(polygon(CRS_GCJ02, "[" CLOSED "]", &err), &err);
        CLEANUP(json_drop) json_t *json = text_of(area);
        const json_t *ring = json_at(json, "coordinates.0");
        Crs grid = CRS_NONE;
        size_t found = 0;
        double lon, lat;

        ck_assert(crs_to_wgs84(CRS_GCJ02, 118.11, 24.51, &lon, &lat));
        for (size_t i = 0; i < json_array_size(ring); i++)
                found += fabs(json_number_value(json_array_get(json_array_get(ring, i), 0)) - lon) < 1e-7 &&
                         fabs(json_number_value(json_array_get(json_array_get(ring, i), 1)) - lat) < 1e-7;
        ck_assert_uint_ge(found, 1);
        ck_assert(crs_read("gk39=EPSG:4527", &grid, &err));
        outline_drop(&area);
        area = drawn(
                outline_ring(grid, "39611000,2711000 39612000,2711000 39612000,2712000 39611000,2712000", false, &err),
                &err);
        ck_assert_double_eq_tol(outline_area_m2(area), 1e6, 1e3); /* the scale there is 1 + 1.5e-4 */
        outline_point(area, &lon, &lat);
        ck_assert(lon > 118 && lon < 118.2 && lat > 24.4 && lat < 24.6);
        outline_drop(&area);
        area = NULL;
        crs_free(grid);
}
END_TEST

/* Areas count where there are some, however deep; pieces that overlap are one area. */
START_TEST(what_is_drawn_in_several_pieces_is_one)
{
#define PIECES(all) "{\"type\":\"GeometryCollection\",\"geometries\":[" all "]}"
#define AREA        "{\"type\":\"Polygon\",\"coordinates\":[[" CLOSED "]]}"
#define POINT       "{\"type\":\"Point\",\"coordinates\":[118.1,24.5]}"
        static const char *const areas[] = { PIECES(AREA), PIECES(POINT "," PIECES(AREA)), PIECES(AREA "," AREA) };
        Error err;
        CLEANUP(outline_drop) Outline *alone = drawn(polygon(CRS_WGS84, "[" CLOSED "]", &err), &err);
        CLEANUP(arena_drop) Arena *arena = arena_new();

        for (size_t i = 0; i < sizeof(areas) / sizeof(areas[0]); i++) {
                CLEANUP(outline_drop) Outline *outline = drawn(geojson(CRS_WGS84, areas[i], &err), &err);

                ck_assert_str_eq(outline_text(outline, arena), outline_text(alone, arena));
        }
        CLEANUP(outline_drop) Outline *point = drawn(geojson(CRS_WGS84, PIECES(POINT), &err), &err);
        ck_assert(outline_area_m2(point) == 0);
        ck_assert_ptr_null(geojson(CRS_WGS84, PIECES(AREA ",{\"type\":\"Circle\"}"), &err));
        ck_assert_str_eq(err.reason, "bad_position");
}
END_TEST

START_TEST(what_is_refused)
{
        static const struct {
                const char *geometry, *says;
        } cases[] = {
                { "null", "no geometry" },
                { "{\"type\":\"Polygon\",\"coordinates\":null}", "no geometry" },
                { "{\"type\":\"Polygon\",\"coordinates\":[]}", "no geometry" },
                { "{\"type\":\"Polygon\",\"coordinates\":[[]]}", "no geometry" },
                { "{\"type\":\"Polygon\",\"coordinates\":[[[118.1,24.5],[118.2,24.5]]]}", "an area without area" },
                { "{\"type\":\"Polygon\",\"coordinates\":[[[118.1,24.5],[118.2],[118.2,24.6]]]}", "no geometry" },
                { "{\"type\":\"Polygon\",\"coordinates\":[[[118.1,\"x\"],[118.2,24.5],[118.2,24.6]]]}", "no geometry" },
                { "{\"type\":\"Circle\",\"coordinates\":[118.1,24.5]}", "no geometry" },
                { "{\"type\":\"GeometryCollection\",\"geometries\":[]}", "no geometry" },
                { "{\"type\":\"Point\",\"coordinates\":[24.5,118.1]}", "latitude and longitude look swapped" },
                { "{\"type\":\"Polygon\",\"coordinates\":[[[118.1,24.5],[24.5,118.11],[118.11,24.51]]]}",
                  "latitude and longitude look swapped" },
                { "{\"type\":\"Point\",\"coordinates\":[39611000,2711000]}", "a corner is no place" },
                { "{\"type\":\"LineString\",\"coordinates\":[[118.1,24.5],[0,0]]}", "a corner is no place" },
                { "{\"type\":\"Point\",\"coordinates\":[\"1e999\",24.5]}", "no geometry" },
        };
        static const char *const wkt[] = { "",
                                           "nonsense",
                                           "POLYGON EMPTY",
                                           "POLYGON ((118.1 24.5",
                                           "GEOMETRYCOLLECTION (POINT (118.1 24.5))",
                                           "SRID=4326",
                                           "POINT (nan nan)",
                                           "POINT (24.5 118.1)" };
        static const char *const rings[] = { "",
                                             "118.1",
                                             "118.1,24.5 118.2,24.5",
                                             "118.1,24.5 x,1 2,3",
                                             "118.1,24.5,118.2,24.5,118.2,24.6",
                                             "24.5,118.1 24.6,118.1 24.6,118.2" };
        Error err;

        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                ck_assert_msg(!geojson(CRS_WGS84, cases[i].geometry, &err), "%s", cases[i].geometry);
                ck_assert_int_eq(err.kind, ERR_INPUT);
                ck_assert_str_eq(err.reason, "bad_position");
                ck_assert_msg(strcmp(err.text, cases[i].says) == 0, "%s: %s", cases[i].geometry, err.text);
        }
        for (size_t i = 0; i < sizeof(wkt) / sizeof(wkt[0]); i++) {
                ck_assert_msg(!outline_wkt(CRS_WGS84, wkt[i], &err), "%s", wkt[i]);
                ck_assert_str_eq(err.reason, "bad_position");
        }
        for (size_t i = 0; i < sizeof(rings) / sizeof(rings[0]); i++) {
                ck_assert_msg(!outline_ring(CRS_WGS84, rings[i], false, &err), "%s", rings[i]);
                ck_assert_str_eq(err.reason, "bad_position");
        }
}
END_TEST

/* A ring of that many corners: a circle, or a scribble over it in which each line crosses most others. */
static char *ring_text(size_t corners, double step)
{
        Buffer text = { 0 };

        for (size_t i = 0; i < corners; i++)
                buffer_format(&text, "%.9f,%.9f ", 118.1 + 0.1 * cos((double)i * step),
                              24.5 + 0.1 * sin((double)i * step));
        return text.bytes;
}

/* A peer's drawing must not cost us minutes, or gigabytes. */
START_TEST(hostile_drawings_are_bounded)
{
        const double circle = 2 * acos(-1) / OUTLINE_POINTS_MOST;
        CLEANUP(mem_drop) char *huge = ring_text(OUTLINE_POINTS_MOST + 1, circle);
        CLEANUP(mem_drop) char *scribble = ring_text(1000, 2.5); /* half a million crossings */
        CLEANUP(mem_drop) char *star = ring_text(100, 2.5);
        CLEANUP(outline_drop) Outline *repaired = NULL;
        CLEANUP(buffer_free) Buffer deep = { 0 };
        Error err = { 0 };

        ck_assert_ptr_null(outline_ring(CRS_WGS84, huge, false, &err));
        ck_assert_str_eq(err.reason, "too_large");
        ck_assert_ptr_null(outline_ring(CRS_WGS84, scribble, false, &err));
        ck_assert_str_eq(err.reason, "too_large");
        repaired = drawn(outline_ring(CRS_WGS84, star, false, &err), &err);
        ck_assert_double_gt(outline_area_m2(repaired), 1e8);
        for (int i = 0; i < 200000; i++)
                buffer_text(&deep, "GEOMETRYCOLLECTION(");
        ck_assert_ptr_null(outline_wkt(CRS_WGS84, deep.bytes, &err));
        ck_assert_str_eq(err.reason, "bad_position");
}
END_TEST

/* A coast of thousands of corners still fits into an event, and is the coast to a hair. */
START_TEST(a_long_outline_is_drawn_more_simply)
{
        CLEANUP(mem_drop) char *circle = ring_text(20000, 2 * acos(-1) / 20000);
        CLEANUP(arena_drop) Arena *arena = arena_new();
        CLEANUP(outline_drop) Outline *outline = NULL, *again = NULL;
        CLEANUP(json_drop) json_t *json = NULL;
        Error err = { 0 };

        outline = drawn(outline_ring(CRS_WGS84, circle, false, &err), &err);
        ck_assert_uint_le(strlen(outline_text(outline, arena)), OUTLINE_TEXT_MOST);
        json = text_of(outline);
        ck_assert_double_gt(turning(json_at(json, "coordinates.0")), 0);
        again = drawn(outline_geojson(CRS_WGS84, json, &err), &err);
        ck_assert_double_gt(outline_overlap(outline, again), 0.999);
}
END_TEST

/* The share of the larger: a shed within a compound is not the compound. */
START_TEST(overlap_is_a_share_of_the_larger)
{
        Error err = { 0 };
        CLEANUP(outline_drop) Outline *square = drawn(polygon(CRS_WGS84, "[" CLOSED "]", &err), &err);
        CLEANUP(outline_drop)
        Outline *moved = drawn(
                outline_ring(CRS_WGS84, "118.105,24.5 118.115,24.5 118.115,24.51 118.105,24.51", false, &err), &err);
        CLEANUP(outline_drop)
        Outline *shed = drawn(
                outline_ring(CRS_WGS84, "118.101,24.501 118.106,24.501 118.106,24.506 118.101,24.506", false, &err),
                &err);
        CLEANUP(outline_drop)
        Outline *apart = drawn(outline_ring(CRS_WGS84, "118.2,24.5 118.21,24.5 118.21,24.51", false, &err), &err);
        CLEANUP(outline_drop) Outline *point = drawn(outline_wkt(CRS_WGS84, "POINT (118.1 24.5)", &err), &err);

        ck_assert_double_eq_tol(outline_overlap(square, square), 1, 1e-9);
        ck_assert_double_eq_tol(outline_overlap(square, moved), 0.5, 1e-6);
        ck_assert_double_eq_tol(outline_overlap(shed, square), 0.25, 1e-6);
        ck_assert_double_eq_tol(outline_overlap(square, shed), 0.25, 1e-6);
        ck_assert_double_eq(outline_overlap(square, apart), 0);
        ck_assert_double_eq(outline_overlap(point, point), 0);
}
END_TEST

/* A regular polygon of 64 corners has 32 r2 sin(2 pi / 64): 313.65 km2 at 10 km. */
START_TEST(a_circle_is_round_and_without_radius_a_point)
{
        Error err = { 0 };
        CLEANUP(outline_drop) Outline *circle = drawn(outline_circle(CRS_WGS84, "24.5,118.1 10", true, &err), &err);
        CLEANUP(outline_drop) Outline *point = drawn(outline_circle(CRS_WGS84, "118.1,24.5 0.0", false, &err), &err);
        CLEANUP(arena_drop) Arena *arena = arena_new();
        static const char *const wrong[] = {
                "24.5,118.1 -1",   "118.1,24.5 10", "24.5,179.9 100", "24.5,118.1 100000", "24.5,118.1", "24.5", "",
                "24.5,118.1 10 km"
        };
        double lon, lat;

        ck_assert_double_eq_tol(outline_area_m2(circle), 313654849, 313654);
        outline_point(circle, &lon, &lat);
        ck_assert(fabs(lon - 118.1) < 0.01 && fabs(lat - 24.5) < 0.01);
        ck_assert_str_eq(outline_text(point, arena), "{\"type\":\"Point\",\"coordinates\":[118.1,24.5]}");
        for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
                ck_assert_ptr_null(outline_circle(CRS_WGS84, wrong[i], true, &err));
                ck_assert_str_eq(err.reason, "bad_position");
        }
}
END_TEST

/* Two squares that share a half are three halves; points beside areas are left out. */
START_TEST(areas_that_overlap_are_one)
{
        static const char *const rings[] = { "118.1,24.5 118.11,24.5 118.11,24.51 118.1,24.51",
                                             "118.105,24.5 118.115,24.5 118.115,24.51 118.105,24.51",
                                             "118.2,24.5 118.21,24.5 118.21,24.51" };
        CLEANUP(outlines_free) Outlines all = { 0 };
        CLEANUP(outline_drop) Outline *point = NULL, *two = NULL, *three = NULL;
        CLEANUP(json_drop) json_t *text = NULL;
        Error err = { 0 };

        ck_assert_ptr_null(outlines_together(&all, &err));
        outlines_add(&all, drawn(outline_wkt(CRS_WGS84, "POINT (118.1 24.5)", &err), &err));
        point = drawn(outlines_together(&all, &err), &err);
        ck_assert_double_eq(outline_area_m2(point), 0);
        for (size_t i = 0; i < 2; i++)
                outlines_add(&all, drawn(outline_ring(CRS_WGS84, rings[i], false, &err), &err));
        two = drawn(outlines_together(&all, &err), &err);
        ck_assert_double_eq_tol(outline_area_m2(two) / outline_area_m2(all.items[1]), 1.5, 1e-5);
        outlines_add(&all, drawn(outline_ring(CRS_WGS84, rings[2], false, &err), &err));
        three = drawn(outlines_together(&all, &err), &err);
        text = text_of(three);
        ck_assert_str_eq(json_text(text, "type"), "MultiPolygon");
        ck_assert_double_eq_tol(outline_area_m2(three) - outline_area_m2(two), outline_area_m2(all.items[3]), 1);
}
END_TEST

RUN("outline", one_area_is_one_text, a_hole_is_cut_out, what_crosses_itself_is_repaired, lines_and_points_have_no_area,
    corners_come_to_wgs84, what_is_drawn_in_several_pieces_is_one, what_is_refused, hostile_drawings_are_bounded,
    a_long_outline_is_drawn_more_simply, overlap_is_a_share_of_the_larger, a_circle_is_round_and_without_radius_a_point,
    areas_that_overlap_are_one)
