#!/usr/bin/python3
"""warehouse_bulletin.py: hub bulletin on the cases of warehouse_cases.py: its figures are those of the views, whatever the format; and it stands alone and well-formed."""

import csv
import html.parser
import io
import os
import re
import subprocess
import sys
from decimal import Decimal

import openpyxl

import base

AS_OF = "2024-03-05T00:00:00+08:00"
HOSTILE = '-1+1<b>"&甲"'


def bulletin(*words):
    return subprocess.run([os.environ["HUB"], "bulletin", "--month", "2024-02", *words], capture_output=True, check=False)


class Page(html.parser.HTMLParser):
    """Its tables by section, its figures, and what it should not hold."""

    EMPTY = ("meta", "rect", "line", "path", "circle", "br")

    def __init__(self):
        super().__init__()
        self.open, self.wrong, self.tables, self.section, self.row, self.text = [], [], {}, None, None, None

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag in ("script", "link", "img", "iframe", "object") or any(name.startswith("on") or name in ("src", "href") for name in said):
            self.wrong.append((tag, said))
        if tag not in self.EMPTY or tag == "path":
            self.open.append(tag)
        if tag == "section":
            self.section = said["id"]
            self.tables[self.section] = []
        if tag == "tr":
            self.row = []
            self.tables[self.section].append(self.row)
        if tag in ("td", "th", "b", "h1"):
            self.text = ""

    def handle_startendtag(self, tag, attrs):
        if tag not in self.EMPTY:
            self.wrong.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append("/" + tag)
        if tag in ("td", "th") and self.row is not None:
            self.row.append(self.text)
        if tag == "b" and self.section:
            self.tables[self.section].append([self.text])

    def handle_data(self, data):
        if self.text is not None:
            self.text += data


def days_check(verdict, text):
    """The lines behind the days: from nought, evenly, up to the most that was filed or closed on a day and no further."""
    most = base.one(DATABASE, """SELECT max(cases) FROM (SELECT reg_date, count(*) AS cases FROM mart.case_flags WHERE month = '2024-02-01' GROUP BY 1
                    UNION ALL SELECT (closed_at AT TIME ZONE 'Asia/Shanghai')::date, count(*) FROM mart.incident WHERE NOT unfounded AND mart.month_of(closed_at) = '2024-02-01' GROUP BY 1) AS d""")
    lines = [int(line) for line in re.findall(r'text-anchor="end">([0-9]+)</text>', text)]
    step = lines[1] if len(lines) > 1 else 0
    verdict.check(3 <= len(lines) <= 6 and lines == list(range(0, most + 1, step)) and step in (1, 2, 5, 10, 20, 50), "the lines behind the days, up to %d" % most, lines)


def page_check(verdict):
    done = bulletin("--as-of", AS_OF)
    text = done.stdout.decode()
    if os.environ.get("BULLETIN"):
        with open(os.environ["BULLETIN"], "w", encoding="utf-8") as file:
            file.write(text)
    page = Page()
    page.feed(text)
    verdict.check(done.returncode == 0 and not page.wrong and not page.open, "a page that is well-formed and loads nothing", (done.stderr, page.wrong[:3], page.open))
    figures = [row[0] for row in page.tables["all"]]
    want = base.rows(DATABASE, "SELECT inst_num::text, inst_mom_pct::text, archive_rate::text FROM mart.bulletin_month WHERE month = '2024-02-01' AND total")[0]
    verdict.check((figures[0], figures[1], figures[5]) == want and figures[2] == "—", "its figures are the view's, and what is not known is no nought", (figures, want))
    units = [row[:3] for row in page.tables["units"][1:]]
    verdict.check(units == [["1", "思明中队", "1"], ["1", "禾山中队", "3"], ["3", "殿前中队", "17"], ["4", "湖里中队", "29"]], "the ranking, with its tie", units)
    titles = [row[3] for row in page.tables["overdue"][1:]]
    verdict.check(HOSTILE in titles and len(titles) == 7, "the overdue list shows a title as it was written", titles)
    verdict.check('"合计"' not in text and len(re.findall("<svg", text)) > 5 and "350206001" not in text, "charts are within", len(re.findall("<svg", text)))
    verdict.check(re.search(r'<path d="M [^"]+" fill="#[0-9a-f]{6}"[^>]*><title>湖里街道 47</title>', text), "the map shades the subdistrict by what was filed")
    verdict.check(re.search(r'<text [^>]*>湖里街道</text>', text), "and says its name")
    days_check(verdict, text)
    joined = [row[0] for row in page.tables["joined"]]
    verdict.check(joined[:3] == ["52", "46", "6"], "six journeys were saved", joined)
    return page


def tables_check(verdict, page):
    text = bulletin("--as-of", AS_OF, "--format", "csv").stdout.decode()
    verdict.check(text.startswith("\ufeff2024 年 2 月督查通报\r\n"), "a spreadsheet knows its charset")
    rows = list(csv.reader(io.StringIO(text[1:])))
    at = next(i for i, row in enumerate(rows) if row == ["三、责任单位排名"])
    verdict.check([row[:3] for row in rows[at + 2:at + 6]] == [row[:3] for row in page.tables["units"][1:]], "the same tables", rows[at:at + 5])
    cells = [cell for row in rows for cell in row]
    verdict.check("'" + HOSTILE in cells and HOSTILE not in cells, "a title is no formula")


def tables_of(rows):
    """The tables of the CSV form: {title: [heads, row, ...]}."""
    made, title = {}, None
    for row in rows[2:]:
        if not row:
            title = None
        elif title is None:
            title = row[0]
            made[title] = []
        else:
            made[title].append(row)
    return made


def same_cell(cell, text):
    """A number of the workbook is the CSV's, figure by figure; a text is the text, without the sign that keeps a spreadsheet from reckoning."""
    if cell is None:
        return text == ""
    if isinstance(cell, (int, float)):
        return text != "" and Decimal(repr(cell)) == Decimal(text)
    return cell == (text[1:] if text.startswith(("'=", "'-")) else text)


def book_check(verdict):
    path = os.path.join(base.TEST, "bulletin.xlsx")
    done = bulletin("--as-of", AS_OF, "--format", "xlsx", "--output", path)
    verdict.check(done.returncode == 0, "a workbook", done.stderr)
    book = openpyxl.load_workbook(path)
    tables = tables_of(list(csv.reader(io.StringIO(bulletin("--as-of", AS_OF, "--format", "csv").stdout.decode("utf-8-sig")))))
    verdict.check(book.sheetnames[0] == "all" and "map" not in book.sheetnames and len(book.sheetnames) == len(tables) >= 12, "a sheet a table", book.sheetnames)
    wrong, numbers = [], 0
    for sheet, (title, rows) in zip(book.worksheets, tables.items()):
        cells = [list(row[:len(rows[0])]) for row in sheet.iter_rows(min_row=3, values_only=True)]
        numbers += sum(isinstance(cell, (int, float)) for row in cells for cell in row)
        if sheet["A1"].value != title or len(cells) != len(rows) or not all(same_cell(*pair) for said, want in zip(cells, rows) for pair in zip(said, want, strict=True)):
            wrong.append((title, cells[:3], rows[:3]))
    verdict.check(not wrong and numbers > 150, "with the same %d numbers as the tables, as numbers, and texts as texts" % numbers, wrong[:2])
    formulas = [cell.value for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    verdict.check(not formulas, "nothing in it reckons", formulas[:2])


def usage_check(verdict):
    for words, code in ((("--month", "2024-13"), 2), (("--month", "2024-1"), 2), (("--format", "pdf"), 2), (("--format", "xlsx"), 2), (("--as-of", "soon"), 2)):
        done = bulletin(*words)
        verdict.check(done.returncode == code and done.stderr, "hub bulletin %s: exit %d" % (" ".join(words), code), (done.returncode, done.stderr))


def main():
    verdict = base.Verdict()
    base.rows(DATABASE, "SELECT set_config('hub.as_of', %s, false)", (AS_OF,))
    tables_check(verdict, page_check(verdict))
    book_check(verdict)
    usage_check(verdict)
    return 1 if verdict.failed else 0


DATABASE = base.connect()
sys.exit(main())
