"""The simulated city (tests/city) as labelled events: what its true pairs look like, beside what real ones look like, and how hub and naive rules do on it."""

import json
import os
import subprocess
import sys
from datetime import datetime

import labelled

HERE = os.path.dirname(os.path.abspath(__file__))
CITY = os.path.join(HERE, "../city/city.py")
DAYS, PROBLEMS, LEARN, TEST = 14, 1500, (1,), (2, 3)
QUANTILES = (50, 75, 90, 95, 99)
# True pairs of San Diego; hours in a file of 295 h: here they are stretched to the city's days.
REAL_METRES, REAL_HOURS, REAL_SPAN = (10.5, 27, 66, 117, 407), (23, 75, 137, None, 217), 295
NEAR_METRES = 50


def make(folder, hub, seed):
    """The files of one city: events, truth."""
    work = os.path.join(folder, "city-%d" % seed)
    done = subprocess.run([sys.executable, CITY, "paper", "--work", work, "--seed", str(seed), "--days", str(DAYS), "--problems", str(PROBLEMS), "--hub", hub],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit("city.py paper: exit %d: %s" % (done.returncode, done.stderr.strip()))
    return os.path.join(work, "events.ndjson"), os.path.join(work, "truth.csv")


def moment(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def read(events, truth):
    """Each subject of the truth as it first came, in that order, with the time of its first closing."""
    with open(truth, encoding="utf-8") as file:
        known = {line.split(",")[0]: line.rstrip("\n").split(",") for line in list(file)[1:]}
    found = {}
    with open(events, encoding="utf-8") as file:
        for event in map(json.loads, file):
            subject, closed = event["subject"], event["status"]["state"] == "closed"
            at = moment(event["time"]["received"])
            if subject in known and subject not in found:
                place = event.get("position") or {}
                row = {"lat": place.get("lat"), "lng": place.get("lon"), "category": event["category"]["code"], "status": ""}
                found[subject] = labelled.Event(row, "city", subject, known[subject][1], True, known[subject][2], at, at if closed else None)
            elif subject in found and closed and not found[subject].closed:
                found[subject] = found[subject]._replace(closed=at)
    return list(found.values())


def quantiles(values):
    values = sorted(values)
    return [values[int(len(values) * share / 100)] for share in QUANTILES]


def apart(events):
    """Metres and hours between the members of true pairs; of near open ones of the same category, how many are the same problem and how many another."""
    metres, hours, near = [], [], [0, 0]
    for number, one in enumerate(events):
        for other in events[:number]:
            same = one.incident == other.incident
            if same:
                hours.append(abs(one.occurred - other.occurred) / 3600)
            if not one.row["lat"] or not other.row["lat"] or (not same and abs(one.row["lat"] - other.row["lat"]) > 0.001):
                continue
            distance = labelled.metres(one.row, other.row)
            if same:
                metres.append(distance)
            if one.row["category"] == other.row["category"] and distance <= NEAR_METRES and not (other.closed and other.closed <= one.occurred):
                near[same] += 1
    return metres, hours, near


def tell_apart(events):
    metres, hours, near = apart(events)
    stretch = DAYS * 24 / REAL_SPAN
    wanted = [hour and hour * stretch for hour in REAL_HOURS]
    for what, values, real in (("metres", metres, REAL_METRES), ("hours", hours, wanted)):
        print("  %-6s between true pairs, p%s: %s; wanted %s" % (what, "/".join(map(str, QUANTILES)), "/".join("%.1f" % value for value in quantiles(values)),
                                                                "/".join("%.1f" % value if value else "-" for value in real)))
    print("  open reports of the same category within %d m: %.1f %% are another problem (%d of %d)" % (
        NEAR_METRES, 100 * near[0] / max(1, sum(near)), near[0], sum(near)), flush=True)
