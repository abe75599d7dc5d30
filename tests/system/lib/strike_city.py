#!/usr/bin/python3
"""
strike_city.py apart|together INSTANCE...: a blow to each of these adapters, noted in kills.ndjson. `apart`: one after the other, as they are. `together`: Kafka stands still until
several of them hold what nobody has acknowledged (hub_bus_messages), then all of them are killed at once, and Kafka goes on.
strike_city.py verdict INSTANCE...: what the blows hit, and what came of it.
"""

import glob
import json
import os
import re
import signal
import sys
import time
import urllib.request
from collections import Counter

import base

PATIENCE, SEVERAL, LEAST = 6.0, 4, 3


def held():
    """instance -> records that it has handed to Kafka and that are not acknowledged; who is just being started again is left out."""
    found = {}
    for path in glob.glob(os.path.join(os.environ["HUB_STATE"], ".metrics", "run-*.json")):
        try:
            with open(path, encoding="utf-8") as file:
                address = json.load(file)[0]["targets"][0]
            with urllib.request.urlopen("http://%s/metrics" % address, timeout=1) as answer:
                page = answer.read().decode()
        except (OSError, ValueError):
            continue
        found[os.path.basename(path)[len("run-"):-len(".json")]] = sum(int(float(count)) for count in re.findall(r"^hub_bus_messages(?:{.*})? (\S+)$", page, re.M))
    return found


def together(instances):
    with open(os.path.join(base.TEST, "kafka", "kafka.pid"), encoding="ascii") as file:
        kafka = int(file.read().split()[0])
    os.kill(kafka, signal.SIGSTOP)
    try:
        end, hit = time.monotonic() + PATIENCE, {}
        while time.monotonic() < end and len(hit) < SEVERAL:
            hit = {name: count for name, count in held().items() if name in instances and count > 0}
        for name in instances:
            base.kill(name)
    finally:
        os.kill(kafka, signal.SIGCONT)
    return {name: hit.get(name, 0) for name in instances}


def apart(instances):
    for name in instances:
        base.kill(name)
    return {name: 0 for name in instances}


def verdict(instances):
    said, kills, hits = base.Verdict(), Counter(), Counter()
    with open(os.path.join(base.TEST, "kills.ndjson"), encoding="utf-8") as file:
        for line in map(json.loads, file):
            kills.update(line.keys())
            hits.update({name: count for name, count in line.items() if count})
    database, events = base.connect(), base.expected("play")
    again = dict(base.rows(database, "SELECT instance, count(*) FROM ods.record WHERE verdict = 'duplicate' GROUP BY 1"))
    for name in instances:
        print("%-20s killed %2d times, %3d records unacknowledged then, %3d came again" % (name, kills[name], hits[name], again.get(name, 0)))
    with open(os.path.join(base.TEST, "play", "played.json"), encoding="utf-8") as file:
        played = json.load(file)
    for what in ("unanswered", "sent again"):
        print("%s: %s" % (what, {key.split(": ")[0]: count for key, count in played.items() if key.endswith(": " + what)}))
    said.check(all(kills[name] >= LEAST for name in instances), "each adapter was killed %d times or more (%d kills)" % (LEAST, sum(kills.values())))
    said.check(len(hits) >= SEVERAL, "blows hit what was not acknowledged, in %d of them" % len(hits))
    stored = [row[0] for row in base.rows(database, "SELECT id FROM ods.record WHERE verdict = 'stored' AND kind NOT IN ('tick', 'command')")]
    said.check(len(stored) == len(set(stored)), "no event is stored twice (%d)" % len(stored), [k for k, n in Counter(stored).items() if n > 1][:3])
    frames = [(event, must) for event, must, _ in events if event.startswith("p07:") and "/" not in event]      # of each frame one health event
    unasked = {event for event, _ in frames} - {event for event, must in frames if must}
    have = base.stored(database, events)
    print("p07: %d frames that asked for no answer, %d of them lost" % (len(unasked), len(unasked - have)))
    return said.failed


def main():
    how, instances = sys.argv[1], sys.argv[2:]
    if how == "verdict":
        return 1 if verdict(instances) else 0
    made = {"apart": apart, "together": together}[how](instances)
    with open(os.path.join(base.TEST, "kills.ndjson"), "a", encoding="utf-8") as file:
        file.write(json.dumps(made) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
