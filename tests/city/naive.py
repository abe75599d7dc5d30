#!/usr/bin/python3
"""
naive.py DATA: what simple rules reach on the San Diego complaints (labelled categories, pair figures): join the nearest incident of the same category
whose first report lies within R metres and whose last one is at most T hours old; `open`: and none of whose members' closing days is over.
"""

import os
import sys
from collections import Counter, defaultdict

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import geo  # noqa: E402
import sandiego  # noqa: E402

RULES = ((15, 168, False), (15, 400, False), (10, 400, True), (15, 400, True), (20, 400, True), (25, 400, True), (50, 400, True))


class Incident:
    def __init__(self, number, lon, lat, at, end):
        self.number, self.lon, self.lat, self.last, self.end = number, lon, lat, at, end

    def join(self, at, end):
        self.last = at
        self.end = min(self.end, end)


def assign(complaints, metres, hours, only_open):
    """Number of the incident of each complaint, by event id."""
    found, incidents = {}, defaultdict(list)
    for c in complaints:
        at, end = c.begin, c.end or float("inf")
        here = incidents[c.row["category"]]
        number = len(found)
        if c.row["lat"]:
            lon, lat = float(c.row["lng"]), float(c.row["lat"])
            near = [(geo.distance(i.lon, i.lat, lon, lat), i) for i in here if at - i.last <= hours * 3600 and not (only_open and i.end <= at)]
            distance, best = min(near, key=lambda pair: pair[0], default=(metres + 1, None))
            if distance <= metres:
                best.join(at, end)
                number = best.number
            else:
                here.append(Incident(number, lon, lat, at, end))
        found[c.row["event_id"]] = number
    return found


def pairs(groups):
    return sum(size * (size - 1) // 2 for size in Counter(groups).values())


def pair_figures(truth, found):
    """Precision, recall and F1 over pairs, in percent; both map an event id to its incident."""
    both = pairs((truth[event], found[event]) for event in truth)
    said, true = pairs(found[event] for event in truth), pairs(truth.values())
    precision, recall = 100.0 * both / max(1, said), 100.0 * both / max(1, true)
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def main():
    if len(sys.argv) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    complaints = [c for c in sandiego.read(sys.argv[1]) if c.linked]
    truth = {c.row["event_id"]: c.incident for c in complaints}
    for metres, hours, only_open in RULES:
        figures = pair_figures(truth, assign(complaints, metres, hours, only_open))
        print("naive %3d m %3d h %-6s precision %.1f recall %.1f pair F1 %.1f" % ((metres, hours, "open" if only_open else "any") + figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
