#!/usr/bin/python3
"""soak_verdict.py FOLDER...: after a soak. What the blows hit, what was given and what became of it (soak_judge.py), how long it took until the next new incident was heard of."""

import bisect
import collections
import csv
import itertools
import json
import os
import resource
import statistics
import sys
import time

import base
import played
import soak_judge
from soak_judge import EVENTS, REJECTED, Broken, Event, Poison, Rejected, Row, Span, Version, state_of

# Mosquitto acknowledges before it saves, and it saves each 100 changes: whoever it told "taken" in the moment before its death was told so by it alone.
BROKERS_OWN_MS, OVER_MQTT = 2000, ("p09", "p10")


def lines(*path):
    try:
        with open(os.path.join(base.TEST, *path), encoding="utf-8") as file:
            yield from file
    except FileNotFoundError:
        return


def streamed(database, text, size=20000):
    """Rows of a cursor that stays in the server: a run may have millions."""
    database.autocommit = False
    with database.cursor(name="soak") as cursor:
        cursor.itersize = size
        cursor.execute(text)
        yield from cursor
    database.rollback()


def log():
    """In the order of the partitions, as they are dumped."""
    for topic in (EVENTS, REJECTED):
        for partition, offset, _, headers, _ in base.dump(topic):
            yield topic, partition, offset, identity(headers) if topic == EVENTS else ""


def identity(headers):
    return next((field[len("ce_id="):] for field in headers.split(";") if field.startswith("ce_id=")), "")


class Sent:
    """Read anew by each who goes through it."""

    def __init__(self, folders):
        self.folders = folders

    def __iter__(self):
        for folder in self.folders:
            for row in csv.reader(itertools.islice(lines(folder, "events.csv"), 1, None)):
                yield Event(row[0], row[1] == "1", int(row[2]))


def heard():
    for line in lines("heard.ndjson"):
        name, *columns = json.loads(line)
        yield name, state_of(*columns)


def warehouse():
    return {row[0]: state_of(*row[1:]) for row in streamed(
        base.connect(), "SELECT incident, epoch, version, state, severity, title, reports, platforms, closed IS NOT NULL FROM dw.incident WHERE version > 0")}


class Facts:
    def __init__(self, folders):
        self.kills = [json.loads(line) for line in lines("kills.ndjson")]
        self.sent = Sent(folders)
        self.broken = [Broken(row["platform"], row["sha256"], row["reason"], int(row["sent_ms"])) for folder in folders for row in csv.DictReader(lines(folder, "broken.csv"))]
        self.poison = [Poison(*line.split()) for line in lines("poison.txt")]
        self.spans = [Span(OVER_MQTT, kill["at"] - BROKERS_OWN_MS, kill["end"] + BROKERS_OWN_MS) for kill in self.kills if kill["class"] == "mosquitto" and kill["part"] == "begin"]
        self.log = log()
        self.rows = (Row(*row) for row in streamed(base.connect(), """SELECT topic, partition, "offset", zone, subject, id, kind, verdict FROM ods.record ORDER BY topic COLLATE "C", 2, 3"""))
        self.keys = streamed(base.connect(), "SELECT k.zone, k.id FROM ops.command c RIGHT JOIN ods.event_key k ON c.zone = k.zone AND c.id = k.id WHERE c.id IS NULL")
        self.rejected = [Rejected(*row) for row in base.rows(base.connect(), "SELECT stage, platform, reason, coalesce(sha256, encode(sha256(value), 'hex')) FROM ops.rejected")]
        self.versions = (Version(*row) for row in streamed(base.connect(), "SELECT incident, epoch, version, feed, payload FROM ops.outbox"))
        self.records = base.dump("hub.incidents.v1")
        self.ear = json.loads("".join(lines("heard.json")) or "{}")
        self.heard, self.warehouse = heard(), warehouse


def say_blows(verdict, facts):
    kills, hits, records = collections.Counter(), collections.Counter(), collections.Counter()
    for kill in facts.kills:
        for name, count in kill["hit"].items():
            what = kill["class"] if name != kill["class"] else "outage"
            kills[name, what] += 1
            hits[name, what] += count > 0
            records[name, what] += count
    for (name, what), count in sorted(kills.items()):
        print("%-24s %-9s %3d times, %3d of them on what nobody had acknowledged (%d)" % (name, what, count, hits[name, what], records[name, what]))
    verdict.check(sum(hits.values()) > 0, "blows hit what nobody had acknowledged (%d of %d)" % (sum(hits.values()), sum(kills.values())))


def say_given(facts, folders, stored):
    print("sent: %d events that were acknowledged; %d broken; %d poisonous" % (stored.musts, len(facts.broken), len(facts.poison)))
    print("rows: " + ", ".join("%d %s" % (count, what) for what, count in sorted(stored.verdicts.items())))
    for folder in folders:
        played = json.loads("".join(lines(folder, "played.json")) or "{}")
        for what in ("unanswered", "told to come again", "sent again"):
            told = {name.split(": ")[0]: count for name, count in played.items() if name.endswith(": " + what)}
            if told:
                print("%s: %s" % (what, told))


# A case that is stored is somewhere, and in one incident alone.
ASTRAY = """SELECT zone, subject FROM (SELECT DISTINCT zone, subject FROM ods.record WHERE verdict = 'stored' AND kind = 'report') r
            FULL JOIN (SELECT zone, subject, count(*) AS times FROM dw.subject GROUP BY 1, 2) s USING (zone, subject) WHERE s.times IS DISTINCT FROM 1 OR r.subject IS NULL"""


def back(facts, number):
    """When the blow was over: of a service, when it answered again."""
    kill = facts.kills[number]
    return next((after["at"] for after in facts.kills[number:] if after.get("part") == "end" and after["class"] == kill["class"]), kill["at"]) if kill.get("part") else kill["at"]


def openings():
    """{instance: [(when the client of the stream heard of it, its number)]} of the new incidents that it began, as they came; of all under None."""
    told = [(int(at), int(feed), founding) for at, feed, founding in (line.rstrip("\n").split(",", 2) for line in lines("openings.csv"))]
    owner, found = {}, collections.defaultdict(list)
    database = base.connect()
    for begin in range(0, len(told), 20000):
        owner.update(base.rows(database, "SELECT id, instance FROM ods.record WHERE verdict = 'stored' AND id = ANY(%s)", ([founding for _, _, founding in told[begin:begin + 20000]],)))
    for at, feed, founding in told:
        found[None].append((at, feed))
        found[owner.get(founding)].append((at, feed))
    return found


def next_one(openings, over, feed):
    """Seconds from `over` until one came that is newer than `feed`."""
    later = itertools.islice(openings, bisect.bisect_right(openings, (over, sys.maxsize)), None)
    return next(((at - over) / 1000 for at, number in later if number > feed), None)


def say_recovery(facts):
    """From when the blow was over until the client of the stream heard of a new incident that came after it; of an adapter, until of one that it began."""
    came, found = openings(), collections.defaultdict(list)
    for number, kill in enumerate(facts.kills):
        over = back(facts, number)
        if kill["class"] == "together" or kill.get("part") == "end" or kill["feed"] is None:
            names = [None] if kill["class"] == "together" else []
        else:
            names = list(kill["hit"])
        for name in names:
            kind = name.rsplit("-", 1)[0] if name and name[-1:].isdigit() else name if kill.get("part") or (name or "").startswith("session") else "adapter"
            what = "%s %s" % (kill["class"] if not kill.get("part") else "outage of", kind if name else "of all adapters")
            found[what].append(next_one(came[name if kind == "adapter" else None], over, kill["feed"] or 0))
    for what, seconds in sorted(found.items()):
        known = sorted(second for second in seconds if second is not None)
        if known:
            print("recovery: %-32s %3d blows, until the next new incident %.1f s at the median, %.1f s at most%s" % (
                what, len(seconds), statistics.median(known), known[-1], ", %d had none after them" % (len(seconds) - len(known)) if len(known) < len(seconds) else ""))


def say_faults(facts):
    """How many of which kind."""
    counts = collections.Counter(kill["class"] if kill.get("part") else "%s %s" % (kill["class"], kind) for kill in facts.kills if kill.get("part") != "end"
                                 for kind in {name.rstrip("-0123456789") if name[-1:].isdigit() else "adapter" if not name.startswith("session") else "" for name in kill["hit"]})
    print("faults: " + ", ".join("%d %s" % (count, what.strip()) for what, count in sorted(counts.items())))


def main():
    began, folders, verdict = time.monotonic(), sys.argv[1:], base.Verdict()
    facts = Facts(folders)
    say_faults(facts)
    say_blows(verdict, facts)
    ear = facts.ear
    print("the client of the stream: %d frames in %d lives, %d boots of hub serve, %d times told to begin again" % tuple(ear.get(name, 0) for name in ("frames", "lives", "boots", "resets")))
    verdict.check(not ear.get("wrong"), "its numbers rose", ear.get("wrong"))
    verdict.check(ear.get("resets") == 0, "nobody was told to begin again")
    stored, forgiven = soak_judge.judge(verdict, facts)
    astray = base.rows(base.connect(), ASTRAY)
    verdict.check(not astray, "each case that is stored stands in one incident", soak_judge.few(astray))
    played.ends(verdict, base.connect())
    if facts.spans:
        print("Mosquitto died %d times, and lost %d of what it had acknowledged in its last %d ms" % (len(facts.spans), len(forgiven), BROKERS_OWN_MS))
    say_given(facts, folders, stored)
    say_recovery(facts)
    print("the verdict took %d s and at most %d MB" % (time.monotonic() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))
    return 1 if verdict.failed else 0


if __name__ == "__main__":
    sys.exit(main())
