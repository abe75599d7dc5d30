#!/usr/bin/python3
"""
centre.py read|same [WORDS]: a consumer of hub.incidents.v1 as the contract wants it: it keeps its place on each partition and the highest (epoch,
version) of each incident, in $TEST/centre.json, and knows nothing of PostgreSQL, back-ups or restores. `read` takes what is new; `same` compares what
it believes with the warehouse: what is void is not there, and neither is what only points at another, which must stand. `newer` counts what it has and the warehouse does not (yet).
"""

import json
import os
import sys

import base

STATE = os.path.join(base.TEST, "centre.json")
TOPIC = "hub.incidents.v1"


def load():
    if not os.path.exists(STATE):
        return {"places": {}, "incidents": {}, "feeds": []}
    with open(STATE, encoding="utf-8") as file:
        return json.load(file)


def read():
    state = load()
    for partition, offset, _, _, value in base.dump(TOPIC):
        if offset < state["places"].get(str(partition), 0):
            continue
        state["places"][str(partition)] = offset + 1
        made = json.loads(value)
        known = state["incidents"].get(made["incident"])
        state["feeds"].append([made["feed"], made["incident"], made["epoch"], made["version"]])
        if not known or (made["epoch"], made["version"]) > (known["epoch"], known["version"]):
            state["incidents"][made["incident"]] = made
    with open(STATE, "w", encoding="utf-8") as file:
        json.dump(state, file)
    print("%d incidents, %d versions" % (len(state["incidents"]), len(state["feeds"])))


def warehouse():
    text = """SELECT i.incident, i.epoch, i.version, i.state, i.severity, i.title, i.reports, i.platforms, i.closed IS NOT NULL,
                     (SELECT array_agg(last_event ORDER BY last_event) FROM dw.subject s WHERE s.incident = i.incident AND active)
              FROM dw.incident i WHERE version > 0"""
    return {row[0]: row[1:] for row in base.rows(base.connect(), text)}


def believed(made):
    return (made["epoch"], made["version"], made["state"], made["severity"], made["title"], made["reports"], made["platforms"], "closed" in made)


def newer():
    rows = warehouse()
    print(sum(name not in rows or (made["epoch"], made["version"]) > rows[name][:2] for name, made in load()["incidents"].items()))


def same():
    verdict, rows, state = base.Verdict(), warehouse(), load()
    standing = {name for name, row in rows.items() if row[2] != "void"}
    gone = {name: made["merged_into"] for name, made in state["incidents"].items() if name not in rows and "merged_into" in made}
    there = {name: made for name, made in state["incidents"].items() if made["state"] != "void" and name not in gone}
    verdict.check(set(gone.values()) <= standing, "what a promotion merged away points at an incident that stands (%d)" % len(gone), gone)
    verdict.check(there.keys() == standing, "the centre shows the warehouse's incidents, no more and no less (%d)" % len(standing),
                  "only the centre: %s; only the warehouse: %s" % (sorted(there.keys() - standing)[:3], sorted(standing - there.keys())[:3]))
    common = there.keys() & standing
    other = [(name, believed(there[name]), rows[name][:8]) for name in common if believed(there[name]) != tuple(rows[name][:8])]
    verdict.check(not other, "each in the warehouse's state and version", other[:2])
    events = [(name, sorted(new["event"] for new in there[name]["newest"]), rows[name][8]) for name in common
              if len(there[name]["newest"]) < 20 and sorted(new["event"] for new in there[name]["newest"]) != sorted(rows[name][8] or [])]
    verdict.check(not events, "with the warehouse's reports", events[:2])
    told = {}
    for feed, *version in state["feeds"]:
        told.setdefault(feed, set()).add(tuple(version))
    twice = [(feed, list(versions)) for feed, versions in told.items() if len(versions) > 1]
    verdict.check(not twice, "no feed number stands for two versions (%d numbers)" % len(told), twice[:2])
    return verdict.failed


if __name__ == "__main__":
    sys.exit(1 if {"read": read, "same": same, "newer": newer}[sys.argv[1]]() else 0)
