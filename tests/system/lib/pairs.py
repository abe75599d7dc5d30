#!/usr/bin/python3
"""
pairs.py TRUTH.csv LEAST [--decisions FILE]: the assignments that PostgreSQL holds, judged by `hub score`; fails under LEAST pair F1. The figures are
counted here once more, by other code, and must agree. --decisions compares the assignments with those of `hub decide` as well.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter

import base


def pairs(groups):
    return sum(size * (size - 1) // 2 for size in Counter(groups).values())


def pair_f1(truth, found):
    both = pairs((truth[s], found[s]) for s in truth if s in found)
    said, true = pairs(found[s] for s in truth if s in found), pairs(truth.values())
    return 100.0 * both / max(1, said), 100.0 * both / max(1, true), 200.0 * both / max(1, said + true)


def read_truth(path):
    with open(os.path.join(base.TEST, path), encoding="utf-8") as file:
        return {row["subject"]: row["incident"] for row in csv.DictReader(file)}


def read_decisions(path):
    """The last assignment of each subject in what hub decide printed."""
    found = {}
    with open(path, encoding="utf-8") as file:
        for line in map(json.loads, file):
            if line.get("subject") and line.get("incident"):
                found[line["subject"]] = line["incident"]
            for moved in line.get("moved", ()):
                found[moved["subject"]] = moved["incident"]
    return found


DECISIONS = """SELECT json_build_object('event', l.event, 'subject', l.subject, 'kind', 'report', 'platform', s.platform, 'channel', s.channel,
    'category', s.category, 'decision', l.decision, 'incident', l.incident, 'against', l.against, 'score', l.score)::text
    FROM dw.link l JOIN dw.subject s USING (zone, subject) WHERE l.unlinked_at IS NULL ORDER BY l.partition, l."offset" """


def hub_score(truth, database):
    """What `hub score` prints on the links that PostgreSQL holds, written as hub decide writes its decisions."""
    with tempfile.NamedTemporaryFile("w", suffix=".ndjson", encoding="utf-8") as file:
        for (line,) in base.rows(database, DECISIONS):
            file.write(json.dumps({k: v for k, v in json.loads(line).items() if v is not None}, ensure_ascii=False) + "\n")
        file.flush()
        return subprocess.run([os.environ["HUB"], "score", os.path.join(base.TEST, truth), file.name], capture_output=True, text=True, check=False)


def main():
    verdict, database = base.Verdict(), base.connect()
    truth = read_truth(sys.argv[1])
    found = dict(base.rows(database, "SELECT subject, incident FROM dw.subject"))
    precision, recall, f1 = pair_f1(truth, found)
    scored = hub_score(sys.argv[1], database)
    print(scored.stdout.rstrip() or scored.stderr.rstrip())
    verdict.check(f1 >= float(sys.argv[2]), "pairs in PostgreSQL: precision %.1f, recall %.1f, F1 %.1f (at least %s)" % (precision, recall, f1, sys.argv[2]))
    verdict.check(scored.returncode == 0 and "%.1f" % f1 in scored.stdout, "hub score says the same")
    if "--decisions" in sys.argv:
        decided = read_decisions(sys.argv[sys.argv.index("--decisions") + 1])
        other = sorted(subject for subject in found.keys() | decided.keys() if found.get(subject) != decided.get(subject))
        verdict.check(not other, "hub decide on the same log gives the same incidents (%d subjects)" % len(found), other[:3])
    return 1 if verdict.failed else 0


if __name__ == "__main__":
    sys.exit(main())
