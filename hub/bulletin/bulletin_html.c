/* The bulletin as a page: no script, nothing from elsewhere, A4 when printed. */

#include "hub/bulletin/bulletin_private.h"

#include <stdlib.h>
#include <string.h>

enum { SHORT_TEXT = 20 }; /* bytes */

static const char style[] =
        "<style>@page{size:A4;margin:18mm 15mm;@bottom-center{content:counter(page) ' / ' counter(pages);font:9pt "
        "serif;"
        "color:#555}}"
        "body{font:11pt/1.5 'Noto Serif CJK SC','Songti SC',SimSun,serif;color:#1b1b1b;max-width:180mm;margin:0 "
        "auto;padding:8mm}"
        "@media screen{section{overflow-x:auto}}@media print{body{padding:0;max-width:none}}"
        "h1{text-align:center;font-size:20pt;color:#b3131b;border-bottom:2pt solid #b3131b;padding-bottom:3mm;margin:0 "
        "0 3mm}"
        "h2{font-size:13pt;margin:8mm 0 2mm;break-after:avoid}p{margin:1mm 0 "
        "2mm}p.note,p.head{color:#555;font-size:9.5pt}p.note{break-after:avoid}"
        "p.head{text-align:center}"
        "table{border-collapse:collapse;width:calc(100% - "
        "1px);font-size:9pt}thead{display:table-header-group}tr{break-inside:"
        "avoid}"
        "th,td{border:.4pt solid #999;padding:.8mm "
        "1.2mm;text-align:left;overflow-wrap:anywhere}th{background:#f3eeee;font-weight:600;font-size:8.5pt;white-"
        "space:nowrap}"
        "tbody tr:nth-child(-n+2){break-after:avoid}tbody "
        "tr:nth-last-child(-n+2){break-before:avoid}th.n{text-align:right}td.w{white-space:nowrap}"
        "td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}td.bar{width:18mm;border-left:0}"
        ".figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(26mm,1fr));gap:3mm}.figures "
        "div{border:.4pt solid "
        "#bbb;border-radius:1mm;"
        "padding:2mm;text-align:center;break-inside:avoid}.figures b{display:block;font-size:15pt;color:#b3131b}"
        ".figures "
        "span{font-size:8.5pt;color:#555}.up:before{content:'▲';font-size:8pt}.down:before{content:'▼';font-size:8pt}"
        "p.legend{font-size:8.5pt;color:#555;text-align:center}p.legend i{display:inline-block;width:5mm;height:3mm;"
        "border:.4pt solid #777;margin:0 "
        "1mm;print-color-adjust:exact}svg{display:block;width:100%;height:auto;break-inside:avoid}</style>";

void html_text(Buffer *out, const char *text)
{
        if (!text)
                text = "—";
        for (; *text; text++) {
                const char *as = *text == '&'   ? "&amp;"
                                 : *text == '<' ? "&lt;"
                                 : *text == '>' ? "&gt;"
                                 : *text == '"' ? "&quot;"
                                                : NULL;

                if (as)
                        buffer_text(out, as);
                else
                        buffer_byte(out, *text);
        }
}

/* A change against another month is seen to rise or fall. */
static const char *change_class(const DbResult *rows, size_t column)
{
        const char *name = db_name(rows, column), *text = db_text(rows, 0, column);

        if (!text || (!strstr(name, "环比") && !strstr(name, "同比")))
                return "";
        const double value = strtod(text, NULL);
        return value > 0 ? " class=\"up\"" : value < 0 ? " class=\"down\"" : "";
}

static void figures_write(const DbResult *rows, Buffer *out)
{
        buffer_text(out, "<div class=\"figures\">");
        for (size_t c = 0; db_rows(rows) && c < db_columns(rows); c++) {
                buffer_format(out, "<div><b%s>", change_class(rows, c));
                html_text(out, db_text(rows, 0, c));
                buffer_text(out, "</b><span>");
                html_text(out, db_name(rows, c));
                buffer_text(out, "</span></div>");
        }
        buffer_text(out, "</div>");
}

/* What is short stays on one line, so that numbers of cases and times are read at a glance. */
static const char *cell_class(const DbResult *rows, size_t row, size_t column)
{
        const char *text = db_text(rows, row, column);

        if (bulletin_is_number(rows, column))
                return " class=\"n\"";
        return text && strlen(text) <= SHORT_TEXT ? " class=\"w\"" : "";
}

static void row_write(const DbResult *rows, size_t row, bool bar, Buffer *out)
{
        const size_t columns = db_columns(rows);

        buffer_text(out, "<tr>");
        for (size_t c = 0; c < columns; c++) {
                buffer_format(out, "<td%s>", cell_class(rows, row, c));
                html_text(out, db_text(rows, row, c));
                buffer_text(out, "</td>");
        }
        if (bar)
                chart_bar(rows, row, columns - 1, out);
        buffer_text(out, "</tr>\n");
}

static void table_write(const DbResult *rows, bool bar, Buffer *out)
{
        buffer_text(out, "<table><thead><tr>");
        for (size_t c = 0; c < db_columns(rows); c++) {
                buffer_format(out, "<th%s>",
                              bar && c + 1 == db_columns(rows) ? " colspan=\"2\""
                              : bulletin_is_number(rows, c)    ? " class=\"n\""
                                                               : "");
                html_text(out, db_name(rows, c));
                buffer_text(out, "</th>");
        }
        buffer_text(out, "</tr></thead><tbody>\n");
        for (size_t r = 0; r < db_rows(rows); r++)
                row_write(rows, r, bar, out);
        buffer_text(out, "</tbody></table>\n");
}

static void section_write(const Section *section, const DbResult *rows, Buffer *out)
{
        buffer_format(out, "<section id=\"%s\"><h2>%s</h2>\n", section->id, section->title);
        if (section->note)
                buffer_format(out, "<p class=\"note\">%s</p>\n", section->note);
        if (!db_rows(rows))
                buffer_text(out, "<p>本月没有。</p>\n");
        else if (section->show & SHOW_FIGURES)
                figures_write(rows, out);
        else if (section->show & SHOW_LINE)
                chart_days(rows, out);
        else if (section->show & SHOW_MAP)
                chart_map(rows, out);
        else
                table_write(rows, section->show & SHOW_BAR, out);
        buffer_text(out, "</section>\n");
}

void bulletin_html(const Bulletin *bulletin, Buffer *out)
{
        buffer_format(out,
                      "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                      "content=\"width=device-width\"><title>%s</title>%s</head><body>\n<h1>%s</h1>\n<p "
                      "class=\"head\">时点 %s，"
                      "数据刷新于 %s（北京时间）</p>\n",
                      bulletin->title, style, bulletin->title, bulletin->as_of, bulletin->made);
        for (size_t i = 0; i < bulletin->size; i++)
                section_write(bulletin->sections[i], bulletin->rows[i], out);
        buffer_text(out, "</body></html>\n");
}
