#!/usr/bin/python3
"""warehouse_board.py DASHBOARD: each query of the dashboard answers an analyst, with the columns that its form needs."""

import json
import sys

import base


def queries(board):
    for variable in board["templating"]["list"]:
        yield "variable " + variable["name"], "table", variable["query"]
    for panel in board["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["format"], target["rawSql"]


def main():
    verdict, database = base.Verdict(), base.connect("analyst")
    with open(sys.argv[1], encoding="utf-8") as file:
        board = json.load(file)
    empty, count = [], 0
    for title, form, text in queries(board):
        with database.cursor() as cursor:
            cursor.execute(text.replace("$month", "'2024-02-01'"))
            columns, rows = [column.name for column in cursor.description], cursor.fetchall()
        count += 1
        if form == "time_series" and columns[0] != "time" or not rows and "light" not in columns:
            empty.append(title)
    verdict.check(not empty and count > 12, "each query of the dashboard answers (%d)" % count, empty)
    return 1 if verdict.failed else 0


if __name__ == "__main__":
    sys.exit(main())
