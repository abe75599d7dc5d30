"""sick.py SICK_FOLDER: every (case, change) that the server ever showed whole is in Kafka as one event, and nothing else is; no outage moved the position."""

import csv
import json
import os
import subprocess
import sys
from collections import Counter

import base

FOLDER, HUB = sys.argv[1], os.environ["HUB"]
LEAST_WAYS, LEAST_ASKED = 20, 2


def rows(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def log():
    """(case, change) of each report of the log; a change that comes twice is there twice."""
    for partition in ("0",):
        text = subprocess.run([HUB, "tail", "events", "--partition", partition, "--from", "0", "--until-end"], check=True, capture_output=True).stdout
        for line in text.decode().splitlines():
            event = json.loads(line)
            if event.get("kind") == "report":
                yield event["source"]["id"], event["time"].get("updated") or event["time"]["occurred"]


def main():
    verdict, database = base.Verdict(), base.connect()
    shown, found = {(row["case"], row["updated"]) for row in rows("shown.csv")}, Counter(log())
    verdict.check(len(shown) > 100, "there is something to compare (%d)" % len(shown), len(shown))
    verdict.check(set(found) == shown, "what was shown is in Kafka, and nothing else",
                  "missing %s, foreign %s" % (sorted(shown - set(found))[:5], sorted(set(found) - shown)[:5]))
    verdict.check(max(found.values()) == 1, "each once", [key for key, count in found.items() if count > 1][:5])
    stored = [row[0] for row in base.rows(database, base.STORED)]
    verdict.check(len(stored) == len(set(stored)) == len(shown), "and once in the warehouse", (len(stored), len(set(stored)), len(shown)))
    rejected = base.one(database, "SELECT count(*) FROM ops.rejected")
    verdict.check(rejected == 0, "nothing was rejected", rejected)
    outages = rows("outages.csv")
    verdict.check(len(outages) >= LEAST_WAYS and all(int(row["asked"]) >= LEAST_ASKED for row in outages), "%d outages, each asked in vain" % len(outages), outages)
    # What fails twice behind the last row is the end of a window, and the next one begins.
    moved = [row for row in outages if row["starts"] != "1" and int(row["behind"]) < 2]
    verdict.check(not moved, "the position stood still in each", moved)
    return 1 if verdict.failed else 0


if __name__ == "__main__":
    sys.exit(main())
