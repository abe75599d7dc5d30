#!/usr/bin/python3
"""played.py: after city.py play: what the warehouse holds is what the city sent, and what was broken was rejected."""

import csv
import os
import sys

import base

STATES = "SELECT subject, state FROM dw.subject WHERE subject = ANY(%s)"


def ends(verdict, database):
    """The state of what comes to an end: what a device tells late is stored behind its end, and changes nothing."""
    with open(os.path.join(base.TEST, "play", "ends.csv"), encoding="utf-8") as file:
        wanted = {row["subject"]: row["state"] for row in csv.DictReader(file)}
    found = dict(base.rows(database, STATES, (list(wanted),)))
    other = ["%s %s, not %s" % (subject, found.get(subject), state) for subject, state in sorted(wanted.items()) if found.get(subject) != state]
    verdict.check(not other, "what comes to an end has come to it (%d)" % len(wanted), other[:3])


def main():
    verdict, database, events = base.Verdict(), base.connect(), base.expected("play")
    stored = base.stored(database, events)
    must, may = {event for event, needed, _ in events if needed}, {event for event, _, _ in events}
    verdict.check(must <= stored, "every event that must come has come (%d)" % len(must), sorted(must - stored)[:3])
    verdict.check(stored <= may, "nothing else has (%d)" % len(stored), sorted(stored - may)[:3])
    wanted, found = base.broken("play"), {}
    for platform, digest in base.rows(database, "SELECT DISTINCT platform, sha256 FROM ops.rejected WHERE stage = 'adapter'"):
        found.setdefault(platform, set()).add(digest)
    names = dict((("p09", "camera messages"), ("p01", "rows of a page"), ("p12", "values of the topic"), ("p03", "letters of a list")))
    for platform in sorted(wanted.keys() | found.keys() | names.keys()):
        what = names.get(platform, "records of " + platform)
        verdict.check(found.get(platform, set()) == wanted.get(platform), "broken %s are rejected, byte for byte (%d)" % (what, len(wanted.get(platform, ()))),
                      "%d found" % len(found.get(platform, ())))
    ends(verdict, database)
    wrong = base.one(database, "SELECT count(*) FROM ops.rejected WHERE stage = 'correlator'")
    verdict.check(wrong == 0, "the correlator refused nothing", wrong)
    ignored = base.one(database, "SELECT coalesce(sum(most), 0) FROM (SELECT max(ignored) AS most FROM ops.tick WHERE instance = 'citybrain' GROUP BY run, hour, zone) t")
    verdict.check(ignored > 0, "unchanged updates and other topics were ignored (%d)" % ignored)
    return 1 if verdict.failed else 0


if __name__ == "__main__":
    sys.exit(main())
