/* Charts of the bulletin as inline SVG. */

#include "hub/bulletin/bulletin_private.h"

#include <stdlib.h>
#include <string.h>

enum { DAYS_WIDTH = 720, DAYS_HEIGHT = 200, DAYS_BASE = 170, DAYS_LEFT = 40, POINTS_FEW = 200 };

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

        buffer_format(out,
                      "<svg viewBox=\"0 0 %d %d\" role=\"img\" font-size=\"11\" fill=\"#333\"><line x1=\"%d\" "
                      "y1=\"%d\" x2=\"%d\" "
                      "y2=\"%d\" stroke=\"#999\"/><text x=\"%d\" y=\"16\" text-anchor=\"end\">%lld</text><text "
                      "x=\"%d\" y=\"%d\" "
                      "text-anchor=\"end\">0</text>",
                      DAYS_WIDTH, DAYS_HEIGHT, DAYS_LEFT, DAYS_BASE, DAYS_WIDTH, DAYS_BASE, DAYS_LEFT - 4,
                      (long long)most, DAYS_LEFT - 4, DAYS_BASE);
        for (size_t r = 0; r < db_rows(rows); r++) {
                const double x = DAYS_LEFT + step * (double)r, unit = (double)(DAYS_BASE - 10) / (double)most;

                column_draw(out, x + step * 0.1, step * 0.4, unit * (double)db_integer(rows, r, 1), "#b3131b");
                column_draw(out, x + step * 0.5, step * 0.4, unit * (double)db_integer(rows, r, 2), "#7d8b99");
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

static bool is_area(const DbResult *rows, size_t row)
{
        return strcmp(db_text(rows, row, 7), "area") == 0;
}

static void legend_write(int64_t most, Buffer *out)
{
        buffer_text(out, "<p class=\"legend\">立案 0");
        for (size_t i = 0; i < SHADES; i++)
                buffer_format(out, "<i style=\"background:%s\"></i>", shades[i]);
        buffer_format(out, "%lld 件　<span style=\"color:#1d3f72\">●</span> 超期未结</p>\n", (long long)most);
}

/* Areas first (name, path, count, then the box: left, top, width, height), then points (number, "x y"): the more, the smaller. */
void chart_map(const DbResult *rows, Buffer *out)
{
        const double width = strtod(db_text(rows, 0, 5), NULL);
        int64_t most = 1;
        size_t points = 0;

        for (size_t r = 0; r < db_rows(rows); r++) {
                if (!is_area(rows, r))
                        points++;
                else if (db_integer(rows, r, 2) > most)
                        most = db_integer(rows, r, 2);
        }
        buffer_format(out, "<svg viewBox=\"%s %s %s %s\" role=\"img\" style=\"max-height:120mm\">", db_text(rows, 0, 3),
                      db_text(rows, 0, 4), db_text(rows, 0, 5), db_text(rows, 0, 6));
        for (size_t r = 0; r < db_rows(rows); r++) {
                if (is_area(rows, r))
                        area_draw(rows, r, most, width / 600, out);
                else
                        point_draw(rows, r, width / (points > POINTS_FEW ? 350 : 200), out);
        }
        buffer_text(out, "</svg>\n");
        legend_write(most, out);
}
