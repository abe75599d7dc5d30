#!/usr/bin/python3
"""
Late and shuffled events: the log of a simulated city, and the same log when every event comes up to 15 minutes late, each by another delay. The incidents
must be nearly the same: pair F1 between the two runs at least 97. HUB_SEED repeats a run.

shuffle.py HUB CLONE
"""

import json
import os
import random
import sys
import tempfile

from city_log import city, decide, run

LATE_MS, WANTED, DAYS, PROBLEMS, SHUFFLES = 15 * 60 * 1000, 97.0, 10, 600, 3


def fail(text):
    print("shuffle: " + text, file=sys.stderr)
    return 1


def milliseconds(event):
    day, clock = event["time"]["received"].rstrip("Z").split("T")
    year, month, date = map(int, day.split("-"))
    hour, minute, second = clock.split(":")
    return (((year * 12 + month) * 31 + date) * 24 + int(hour)) * 3600000 + int(minute) * 60000 + int(float(second) * 1000)


def late(lines, chance):
    """In the order in which they come when each is late by a delay of its own; stable for equal times."""
    arrivals = [(milliseconds(json.loads(line)) + chance.randrange(LATE_MS), number) for number, line in enumerate(lines)]
    return [lines[number] for _, number in sorted(arrivals)]


def moved(one, other):
    """How many events stand elsewhere: a shuffle that moves nothing shows nothing."""
    return sum(a != b for a, b in zip(one, other))


def main(hub, clone):
    seed = int(os.environ.get("HUB_SEED") or 7)
    with tempfile.TemporaryDirectory() as folder:
        lines = city(hub, clone, folder, seed, DAYS, PROBLEMS)
        truth = {}
        for line in decide(hub, lines).splitlines():
            decided = json.loads(line)
            if "incident" in decided and decided.get("subject"):
                truth[decided["subject"]] = decided["incident"]
        path = os.path.join(folder, "ordered.csv")
        with open(path, "w", encoding="utf-8") as file:
            file.write("subject,incident\n" + "".join("%s,%s\n" % pair for pair in truth.items()))
        for number in range(SHUFFLES):
            shuffled = late(lines, random.Random(seed * 100 + number))
            decided = os.path.join(folder, "shuffled.ndjson")
            with open(decided, "w", encoding="utf-8") as file:
                file.write(decide(hub, shuffled))
            pairs = json.loads(run(hub, "score", path, decided, "--json"))["pairs"]
            print("shuffle: seed %d.%d: %d events, %d moved, %d pairs in order; pair F1 %.1f" % (
                seed, number, len(lines), moved(lines, shuffled), pairs["truth"], 100 * pairs["f1"]))
            if pairs["truth"] < 500 or moved(lines, shuffled) < len(lines) / 4:
                return fail("too few pairs or moves to show anything")
            if 100 * pairs["f1"] < WANTED:
                return fail("pair F1 %.1f, at least %.1f is promised (HUB_SEED=%d)" % (100 * pairs["f1"], WANTED, seed))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
