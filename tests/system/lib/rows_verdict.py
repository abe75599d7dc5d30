#!/usr/bin/python3
"""rows_verdict.py: is what the warehouse holds of instance rows what its owner's table says (truth.json)? Says each difference, up to ten a kind; exit 1 when there is one."""

import json
import os
import re
import sys

import base


def main():
    with open(os.path.join(base.TEST, "truth.json"), encoding="utf-8") as file:
        truth = json.load(file)
    database = base.connect()
    versions, gone, twice = {}, {}, []
    seen = set()
    for row, state, text in base.rows(database, "SELECT text::jsonb #>> '{source,id}', text::jsonb #>> '{status,state}', text::jsonb ->> 'description'"
                                                " FROM ods.record WHERE instance = 'rows' AND kind = 'report' AND verdict = 'stored' ORDER BY \"offset\""):
        if state == "deleted":
            gone[row] = gone.get(row, 0) + 1
            continue
        version = int(re.fullmatch(r"V(\d+)", text).group(1))
        if (row, version) in seen:
            twice.append((row, version))
        seen.add((row, version))
        versions[row] = version
    live = {row: version for row, version in truth.items() if version}
    troubles = {
        "last states that are missing": [row for row, version in live.items() if versions.get(row) != version],
        "states that stand twice": twice,
        "rows that nobody wrote": [row for row in versions if row not in truth],
        "rows that are gone, and nobody says so": [row for row in versions if truth.get(row) is None and not gone.get(row)],
        "rows that are there, and are said to be gone": [row for row in gone if truth.get(row)],
        "deletions that stand twice": [row for row, times in gone.items() if times > 1],
    }
    for what, rows in troubles.items():
        if rows:
            print("%s: %d: %s" % (what, len(rows), rows[:10]))
    again = base.one(database, "SELECT count(*) FROM ods.record WHERE instance = 'rows' AND verdict = 'duplicate'")
    print("%d rows live, %d gone (%d were seen before), %d states stored; unacknowledged at a kill, so sent again: %d" %
          (len(live), len(truth) - len(live), len(gone), len(seen), again))
    sys.exit(1 if any(troubles.values()) else 0)


main()
