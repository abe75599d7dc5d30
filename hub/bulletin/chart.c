/* Charts of the bulletin as inline SVG. */

#include "hub/bulletin/bulletin_private.h"

#include <stdlib.h>
#include <string.h>

enum {
        DAYS_WIDTH = 720,
        DAYS_HEIGHT = 210,
        DAYS_BASE = 185,
        DAYS_TOP = 25, /* above it the legend */
        DAYS_LEFT = 40,
        LINES_MOST = 5,
        POINTS_FEW = 200
};

void chart_bar(const DbResult *rows, size_t row, size_t column, Buffer *out)
{
        const char *text = db_text(rows, row, column);
        const double share = text ? strtod(text, NULL) : 0;

        buffer_format(out,
                      "<td class=\"bar\"><svg viewBox=\"0 0 100 10\" role=\"img\"><rect width=\"100\" height=\"10\" "
                      "fill=\"#eee\"/><rect "
                      "width=\"%.2f\" height=\"10\" fill=\"#b3131b\"/></svg></td>",
                      share < 0     ? 0
                      : share > 100 ? 100
                                    : share);
}

static int64_t most_of(const DbResult *rows)
{
        int64_t most = 1;

        for (size_t r = 0; r < db_rows(rows); r++)
                for (size_t c = 1; c <= 2; c++)
                        most = db_integer(rows, r, c) > most ? db_integer(rows, r, c) : most;
        return most;
}

/* How far lines lie apart: 1, 2, 5, 10, 20, ..., so that at most five of them lie below the most. */
static int64_t step_of(int64_t most)
{
        int64_t step = 1;

        for (int i = 0; step * LINES_MOST < most; i++)
                step = step * (i % 3 == 1 ? 5 : 4) / 2;
        return step;
}

static double height_of(int64_t cases, int64_t most)
{
        return (double)(DAYS_BASE - DAYS_TOP) * (double)cases / (double)most;
}

static void lines_draw(int64_t most, Buffer *out)
{
        const int64_t step = step_of(most);

        for (int64_t at = 0; at <= most; at += step) {
                const double y = DAYS_BASE - height_of(at, most);

                buffer_format(out,
                              "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"%s\"/><text x=\"%d\" "
                              "y=\"%.1f\" text-anchor=\"end\">%lld</text>",
                              DAYS_LEFT, y, DAYS_WIDTH, y, at ? "#ddd" : "#999", DAYS_LEFT - 4, y + 4, (long long)at);
        }
}

static void column_draw(Buffer *out, double x, double width, double height, const char *colour)
{
        buffer_format(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>", x,
                      DAYS_BASE - height, width, height, colour);
}

/* day, filed, closed. */
void chart_days(const DbResult *rows, Buffer *out)
{
        const int64_t most = most_of(rows);
        const double step = (double)(DAYS_WIDTH - DAYS_LEFT) / (double)db_rows(rows);

        buffer_format(out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" font-size=\"11\" fill=\"#333\">", DAYS_WIDTH,
                      DAYS_HEIGHT);
        lines_draw(most, out);
        for (size_t r = 0; r < db_rows(rows); r++) {
                const double x = DAYS_LEFT + step * (double)r;

                column_draw(out, x + step * 0.1, step * 0.4, height_of(db_integer(rows, r, 1), most), "#b3131b");
                column_draw(out, x + step * 0.5, step * 0.4, height_of(db_integer(rows, r, 2), most), "#7d8b99");
                if (r % 2 == 0)
                        buffer_format(out, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>", x + step / 2,
                                      DAYS_BASE + 14, db_text(rows, r, 0) + (db_text(rows, r, 0)[8] == '0' ? 9 : 8));
        }
        buffer_format(
                out,
                "<rect x=\"%d\" y=\"4\" width=\"10\" height=\"10\" fill=\"#b3131b\"/><text x=\"%d\" "
                "y=\"13\">立案</text><rect x=\"%d\" "
                "y=\"4\" width=\"10\" height=\"10\" fill=\"#7d8b99\"/><text x=\"%d\" y=\"13\">结案</text></svg>\n",
                DAYS_WIDTH - 110, DAYS_WIDTH - 96, DAYS_WIDTH - 58, DAYS_WIDTH - 44);
}

static const char *const shades[] = { "#fbf3f2", "#f3d5d1", "#e8aca5", "#d97d74", "#c54a43", "#a3121a" };

enum { SHADES = sizeof shades / sizeof *shades };

/* None is pale; the most is darkest, and the steps between are even. */
static size_t shade_of(int64_t filed, int64_t most)
{
        return filed == 0 ? 0 : 1 + (size_t)((filed - 1) * (SHADES - 1) / most);
}

static void area_draw(const DbResult *rows, size_t row, int64_t most, double line, Buffer *out)
{
        const int64_t filed = db_integer(rows, row, 2);

        buffer_format(out, "<path d=\"%s\" fill=\"%s\" stroke=\"#777\" stroke-width=\"%.6f\"><title>",
                      db_text(rows, row, 1), shades[shade_of(filed, most)], line);
        html_text(out, db_text(rows, row, 0));
        buffer_format(out, " %lld</title></path>", (long long)filed);
}

static void point_draw(const DbResult *rows, size_t row, double radius, Buffer *out)
{
        const char *place = db_text(rows, row, 1), *blank = strchr(place, ' ');

        buffer_format(out, "<circle cx=\"%.*s\" cy=\"%s\" r=\"%.6f\" fill=\"#1d3f72\" fill-opacity=\".7\"><title>",
                      (int)(blank - place), place, blank + 1, radius);
        html_text(out, db_text(rows, row, 0));
        buffer_text(out, "</title></circle>");
}

/* What people call a part of the map, over whatever is drawn there. */
static void name_draw(const DbResult *rows, size_t row, double size, Buffer *out)
{
        const char *place = db_text(rows, row, 1), *blank = strchr(place, ' ');

        buffer_format(
                out,
                "<text x=\"%.*s\" y=\"%s\" font-size=\"%.6f\" text-anchor=\"middle\" fill=\"#222\" stroke=\"#fff\" "
                "stroke-width=\"%.6f\" paint-order=\"stroke\" font-weight=\"600\">",
                (int)(blank - place), place, blank + 1, size, size / 5);
        html_text(out, db_text(rows, row, 0));
        buffer_text(out, "</text>");
}

static void edge_draw(const DbResult *rows, size_t row, double line, Buffer *out)
{
        buffer_format(out, "<path d=\"%s\" fill=\"none\" stroke=\"#222\" stroke-width=\"%.6f\"/>",
                      db_text(rows, row, 1), line);
}

static bool is_a(const DbResult *rows, size_t row, const char *kind)
{
        return strcmp(db_text(rows, row, 7), kind) == 0;
}

static void mark_draw(const DbResult *rows, size_t row, double width, size_t points, Buffer *out)
{
        if (is_a(rows, row, "point"))
                point_draw(rows, row, width / (points > POINTS_FEW ? 400 : 200), out);
        else if (is_a(rows, row, "edge"))
                edge_draw(rows, row, width / 450, out);
        else
                name_draw(rows, row, width / 40, out);
}

static void legend_write(int64_t most, Buffer *out)
{
        buffer_text(out, "<p class=\"legend\">立案 0");
        for (size_t i = 0; i < SHADES; i++)
                buffer_format(out, "<i style=\"background:%s\"></i>", shades[i]);
        buffer_format(out, "%lld 件　<span style=\"color:#1d3f72\">●</span> 超期未结</p>\n", (long long)most);
}

/* Areas first (name, path, count, then the box: left, top, width, height), the edges of what they lie in, points (number, "x y"): the more, the smaller; names. */
void chart_map(const DbResult *rows, Buffer *out)
{
        const double width = strtod(db_text(rows, 0, 5), NULL);
        int64_t most = 1;
        size_t points = 0;

        for (size_t r = 0; r < db_rows(rows); r++) {
                points += is_a(rows, r, "point");
                if (is_a(rows, r, "area") && db_integer(rows, r, 2) > most)
                        most = db_integer(rows, r, 2);
        }
        buffer_format(out, "<svg viewBox=\"%s %s %s %s\" role=\"img\" style=\"max-height:120mm\">", db_text(rows, 0, 3),
                      db_text(rows, 0, 4), db_text(rows, 0, 5), db_text(rows, 0, 6));
        for (size_t r = 0; r < db_rows(rows); r++) {
                if (is_a(rows, r, "area"))
                        area_draw(rows, r, most, width / 600, out);
                else
                        mark_draw(rows, r, width, points, out);
        }
        buffer_text(out, "</svg>\n");
        legend_write(most, out);
}
