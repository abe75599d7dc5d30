"""
The central environmental inspection's letters: a batch of the day's letters and of the older ones whose state has changed, dropped into a folder as a
CSV file the way that Excel saves it: GB18030, a title above the header, line breaks and commas in cells, a note below the table. A file is written under
another name and renamed when it is whole.
"""

import csv
import io
import os
from collections import namedtuple

import clock as clocks
import ident
from world import BATCH_HOUR, HOUR, SHANGHAI, unsolved

Row = namedtuple("Row", "number letter state status batch")     # state: 1, 2, 3; batch: when it comes
Batch = namedtuple("Batch", "at name rows")
PLATFORM, ROUND, DAY = "p03", 3, 24 * HOUR
HEADER = ("序号", "受理编号", "交办问题基本情况", "行政区域", "污染类型", "调查核实情况", "是否属实", "处理和整改情况", "是否办结", "责任人被处理情况")
DONE = {"正在办理": ("", "", ""), "阶段性办结": ("属实", "已现场核查", "已责令整改"), "已办结": ("属实", "已现场核查", "已整改完成")}


def number_of(random, at, count):
    star = "*" if random.random() < 0.2 else ""
    return "%s%s%dFJ%s%04d" % (star, random.choice("DX"), ROUND, clocks.local_text(at)[:10].replace("-", ""), count)


def next_batch(at):
    day = (at + SHANGHAI * HOUR) // DAY * DAY + (BATCH_HOUR - SHANGHAI) * HOUR
    return day if day >= at else day + DAY


def rows_of(number, letter):
    """In its first batch, a day later, and when the problem is over."""
    stages = [("正在办理", letter.at)]
    if letter.problem.end > letter.at + DAY:
        stages.append(("阶段性办结", letter.at + DAY))
    if not unsolved(letter.problem):
        stages.append(("已办结", next_batch(letter.problem.end)))
    for state, (status, batch) in enumerate(stages, 1):
        yield Row(number, letter, state, status, batch)


def subject(row):
    return ident.subject_id(PLATFORM, "", row.number.lstrip("*"))


def batches(random, letters, end):
    """Those that come before `end`, in order of time."""
    by_time = {}
    for count, letter in enumerate(sorted(letters, key=lambda letter: letter.at), 1):
        for row in rows_of(number_of(random, letter.at, count), letter):
            if row.batch < end:
                by_time.setdefault(row.batch, []).append(row)
    return [Batch(at, "第%d批_%s.csv" % (count, clocks.local_text(at)[:10].replace("-", "")), by_time[at]) for count, at in enumerate(sorted(by_time), 1)]


def cells(count, row):
    true, found, done = DONE[row.status]
    text = "%s，\n%s（位于%s）" % (row.letter.title, row.letter.text, row.letter.address)
    return (count, row.number, text, "湖里区", "大气,%s" % row.letter.kind if row.letter.kind == "扬尘" else row.letter.kind, found, true, done, row.status, "无")


def content(batch, broken=()):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["福建省第三轮中央生态环境保护督察信访件边督边改情况一览表（%s）" % batch.name.split("_")[0]] + [""] * (len(HEADER) - 1))
    writer.writerow(HEADER)
    for count, row in enumerate(batch.rows, 1):
        writer.writerow(cells(count, row))
    for row in broken:
        writer.writerow(row)
    writer.writerow(["表格说明：办结情况分为正在办理、阶段性办结、已办结。"] + [""] * (len(HEADER) - 1))
    return out.getvalue().encode("gb18030")


def line(row):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(row)
    return out.getvalue()


def item(row):
    """A row as it has to stand in rejected: below the header line."""
    return line(HEADER) + line(row)


def broken_row(batch):
    """A letter without a number."""
    return (len(batch.rows) + 1, "1.23E+17", "来信没有编号", "湖里区", "水", "", "", "", "正在办理", "")


def drop(folder, name, data):
    os.makedirs(folder, exist_ok=True)
    part = os.path.join(folder, ".%s.part" % name)
    with open(part, "wb") as file:
        file.write(data[: len(data) // 2])
        file.flush()
        file.write(data[len(data) // 2:])
        file.flush()
        os.fsync(file.fileno())
    os.rename(part, os.path.join(folder, name))
