#!/usr/bin/python3
"""
Operators win for ever: a merge and a split by command, then 10,000 events that would undo them (copies of what was said at the very spots, revisions of the
cases themselves). The merged cases stand together to the end, the parted ones apart; a store that is loaded anew every 500 lines changes no byte of it; and
under other rules, stricter and looser, both hold as well. HUB_SEED repeats a run.

operators.py HUB CLONE
"""

import hashlib
import json
import os
import random
import re
import sys
import tempfile

from city_log import city, decide

BEFORE, LATER, DAYS, PROBLEMS = 1500, 10000, 10, 300


def standing(decided):
    """Where each subject stands at the end."""
    where = {}
    for line in map(json.loads, decided.splitlines()):
        if line.get("incident") and line.get("subject"):
            where[line["subject"]] = line["incident"]
        where.update({move["subject"]: move["incident"] for move in line.get("moved", [])})
    return where


def at(seconds):
    """So many seconds after all that the city says."""
    return "2023-12-20T%02d:%02d:%02d.000Z" % (seconds // 3600, seconds // 60 % 60, seconds % 60)


def choose(lines, decided):
    """An event of each of two incidents of one report, and an event that joined an incident of three and more; with those who stay."""
    first, held = {}, {}
    for event in map(json.loads, lines):
        if event.get("kind") == "report" and event["status"]["state"] in ("received", "filed", "dispatched", "processing"):
            first.setdefault(event["subject"], event)
    for subject, incident in standing(decided).items():
        held.setdefault(incident, []).append(subject)
    alone = [members[0] for members in held.values() if len(members) == 1 and members[0] in first and "position" in first[members[0]]]
    crowd = next(members for members in held.values() if len(members) >= 3 and all(m in first and "position" in first[m] for m in members))
    one = alone[0]
    other = next(s for s in alone[1:] if first[s]["category"]["code"] != first[one]["category"]["code"])
    return first[one], first[other], first[crowd[-1]], crowd[:-1]


def command(name, verb, events, zone="350206", moment=at(0)):
    return json.dumps({"id": "cmd:" + name, "kind": "command", "zone": zone, "verb": verb, "events": events, "by": "user:lin", "at": moment}) + "\n"


def copy(event, number, seconds, revision):
    """A new case that says the same at the same spot, or a revision of the case itself."""
    made = json.loads(json.dumps(event))
    if not revision:
        made["source"]["id"] = "later-%d" % number
    made["source"]["revision"] = "later-%d" % number
    made["subject"] = ":".join(made["subject"].split(":")[:2] + [made["source"]["id"]])
    made["id"] = made["subject"] + ":" + made["source"]["revision"]
    made["time"] = {"occurred": event["time"]["occurred"] if revision else at(seconds), "received": at(seconds), "updated": at(seconds)}
    made["raw"]["sha256"] = hashlib.sha256(b"%d" % number).hexdigest()
    return json.dumps(made, ensure_ascii=False) + "\n"


def later(named, chance, count=LATER, first=0):
    """count of them, numbered from first on."""
    for number in range(count):
        event = named[number % len(named)]
        yield copy(event, first + number, 1 + number * 7, revision=chance.random() < 0.3)


def other_rules(clone, folder, merge):
    with open(os.path.join(clone, "schemas/rules.yaml"), encoding="utf-8") as file:
        text = re.sub(r"(?m)^merge: .*", "merge: %d" % merge, re.sub(r"(?m)^suggest: .*", "suggest: %d" % (merge - 500), file.read()))
    text = re.sub(r"(?m)^(categories|words): (\S+)", lambda m: "%s: %s" % (m[1], os.path.join(clone, "schemas", m[2])), text)
    path = os.path.join(folder, "rules%d.yaml" % merge)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def holds(where, merged, parted, stayed):
    if where[merged[0]] != where[merged[1]]:
        return "%s and %s were merged and stand apart" % tuple(merged)
    together = [subject for subject in stayed if where[subject] == where[parted]]
    return "%s was split from %s and stands with it" % (parted, together[0]) if together else None


def check(hub, clone, folder, seed):
    lines = city(hub, clone, folder, seed, DAYS, PROBLEMS)[:BEFORE]
    one, other, leaving, stayed = choose(lines, decide(hub, lines))
    lines += [command("merge", "merge", [one["id"], other["id"]]), command("split", "split", [leaving["id"]])]
    lines += later([one, other, leaving], random.Random(seed))
    plain = decide(hub, lines)
    refused = [line for line in plain.splitlines() if '"refused"' in line]
    if refused:
        return "refused: " + refused[0]
    if decide(hub, lines, "--reload-every", "500") != plain:
        return "another outcome where the store is loaded anew every 500 lines"
    merged = [one["subject"], other["subject"]]
    wrong = holds(standing(plain), merged, leaving["subject"], stayed)
    for merge in (3000, -1500):
        wrong = wrong or holds(standing(decide(hub, lines, "--rules", other_rules(clone, folder, merge))), merged, leaving["subject"], stayed)
    print("operators: seed %d: merged %s, %s; split %s from %d; %d later events" % (seed, *merged, leaving["subject"], len(stayed), LATER))
    return wrong


def main(hub, clone):
    with tempfile.TemporaryDirectory() as folder:
        wrong = check(hub, clone, folder, int(os.environ.get("HUB_SEED") or 3))
    if wrong:
        print("operators: " + wrong, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
