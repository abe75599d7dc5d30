#!/usr/bin/python3
"""verdict.py LOAD_FOLDER [--once]: after the kill test. What each blow left unacknowledged, and whether every event ended exactly once; --once: the latter alone."""

import json
import os
import sys
from collections import Counter

import base

LEAST_KILLS, LEAST_SHARE = 3, 0.2
# Partition of each adapter's zone, and what its ids hold.
ADAPTERS = {"brain-a": (0, "brain-a"), "brain-b": (1, "brain-b"), "line-c": (2, "line-c"), "line-d": (3, "line-d"), "grid-e": (0, "p12::"), "letters-f": (1, "p03::")}
TARGETS = list(ADAPTERS) + ["correlate-1", "correlate-2", "relay-1", "relay-2", "kafka", "session", "postgres"]


def kills():
    with open(os.path.join(base.TEST, "kills.ndjson"), encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def undelivered(database, events, kill, instance):
    """Sent by the simulator, not in the log at that moment."""
    partition, needle = ADAPTERS[instance]
    sent = sum(at <= kill["at"] for event, _, at in events if needle in event)
    high = kill["high"].get(str(partition), 0)
    return sent - base.one(database, """SELECT count(DISTINCT id) FROM ods.record WHERE topic = 'hub.events.v1' AND partition = %s
                                        AND "offset" < %s AND kind = 'report' AND strpos(id, %s) > 0""", (partition, high, needle))


def say_kills(database, events):
    for number, kill in enumerate(kills(), 1):
        parts = []
        for instance in ADAPTERS:
            if kill["target"] in (instance, "kafka"):
                parts.append("%s: sent - delivered %d" % (instance, undelivered(database, events, kill, instance)))
        if "unread" in kill:
            parts.append("high watermark - next_offset %d" % kill["unread"])
        if "unmarked" in kill:
            parts.append("unmarked rows %d" % kill["unmarked"])
        if kill.get("in_batch"):
            parts.append("in a batch")
        print("kill %2d %-12s %s" % (number, kill["target"], ", ".join(parts)))


def check_kills(verdict):
    counts = Counter(kill["target"] for kill in kills())
    few = ["%s %d" % (target, counts[target]) for target in TARGETS if counts[target] < LEAST_KILLS]
    verdict.check(not few, "each part was struck at least %d times (%d blows)" % (LEAST_KILLS, sum(counts.values())), few)


def check_events(verdict, database, events):
    must = {event for event, needed, _ in events if needed}
    stored = [row[0] for row in base.rows(database, base.STORED)]
    verdict.check(len(stored) == len(set(stored)), "no event is stored twice", [k for k, n in Counter(stored).items() if n > 1][:3])
    verdict.check(set(stored) == must, "all %d events are stored, and nothing else" % len(must),
                  "missing %s, foreign %s" % (sorted(must - set(stored))[:3], sorted(set(stored) - must)[:3]))
    keys = base.one(database, "SELECT count(*) FROM ods.event_key")
    verdict.check(keys == len(must), "the gate let each in once", keys)
    wanted, found = base.broken(sys.argv[1]), {}
    for platform, digest in base.rows(database, "SELECT DISTINCT platform, sha256 FROM ops.rejected WHERE stage = 'adapter'"):
        found.setdefault(platform, set()).add(digest)
    verdict.check(found == wanted, "what was broken is in rejected, byte for byte, and nothing else (%d)" % sum(map(len, wanted.values())),
                  {platform: len(digests) for platform, digests in found.items()})
    wrong = base.one(database, "SELECT count(*) FROM ops.rejected WHERE stage = 'correlator'")
    verdict.check(wrong == 0, "the correlator refused nothing of ours", wrong)


def check_log(verdict, database, prefix="hub"):
    holes = base.rows(database, """SELECT topic, partition, count(*), max(next_offset) - min(first_offset) FROM ods.record
                                   JOIN ops.kafka_offset USING (topic, partition) GROUP BY 1, 2
                                   HAVING count(*) <> max(next_offset) - min(first_offset) OR count(*) <> count(DISTINCT "offset")""")
    verdict.check(not holes, "each offset of both topics is there once", holes)
    topic = prefix + ".events.v1"
    wanted = base.watermarks(topic)
    have = dict(base.rows(database, "SELECT partition, next_offset FROM ops.kafka_offset WHERE topic = %s AND next_offset > 0", (topic,)))
    verdict.check(have == wanted, "next_offset is the high watermark everywhere", (have, wanted))


def batches(seat, message):
    """How many batches of events a correlator logged as begun ("batch") or as committed."""
    return sum(line.get("message") == message and line.get("topic") == "hub.events.v1" and int(line.get("events", 0)) > 0
               for line in base.log_lines(seat))


def check_seats(verdict, database):
    seats = ("correlate-1", "correlate-2")
    begun = {seat: batches(seat, "batch") for seat in seats}
    committed = {seat: batches(seat, "committed") for seat in seats}
    rolled_back = sum(begun.values()) - sum(committed.values())
    verdict.check(rolled_back > 0, "some batch was begun and never committed (%d)" % rolled_back)
    total = sum(committed.values())
    for seat in seats:
        verdict.check(committed[seat] >= LEAST_SHARE * total, "%s committed its share (%d of %d batches)" % (seat, committed[seat], total))
    duplicates = base.one(database, "SELECT count(*) FROM ods.record WHERE verdict = 'duplicate'")
    verdict.check(duplicates > 0, "redeliveries came and were counted (%d)" % duplicates)


def main():
    verdict, database, events = base.Verdict(), base.connect(), base.expected(sys.argv[1])
    check_events(verdict, database, events)
    check_log(verdict, database)
    if sys.argv[2:] != ["--once"]:
        say_kills(database, events)
        check_kills(verdict)
        check_seats(verdict, database)
    return 1 if verdict.failed else 0


if __name__ == "__main__":
    sys.exit(main())
