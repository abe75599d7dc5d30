"""Labelled public reports (HUB_DATA) as canonical events, in the order in which they became known; naive rules and pair figures beside the hub's own."""

import csv
import gzip
import hashlib
import json
import math
import os
import re
from collections import Counter, defaultdict, namedtuple
from datetime import datetime, timedelta, timezone

ZONES = {"sandiego": -7, "chicago": -6, "zh": 8}
METRES = (1, 5, 10, 15, 20, 25, 35, 50, 75, 100, 150)
HOURS = (2, 6, 12, 24, 72, 168, 400)
BAND = 0.002             # degrees of latitude: over 200 m, more than any radius
OUTCOMES = {"Referred": "referred", "Canceled": "withdrawn"}

Event = namedtuple("Event", "row set subject incident linked group occurred closed")


def there():
    return os.path.exists(os.path.join(os.environ.get("HUB_DATA", ""), "sandiego_events.csv.gz"))


def rows(name):
    with gzip.open(os.path.join(os.environ["HUB_DATA"], name), "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def local(text, name):
    return datetime.fromisoformat(text).replace(tzinfo=timezone(timedelta(hours=ZONES[name]))).timestamp()


def closing(row, name):
    """San Diego's closing is a date: the end of that day. A closing before the report is none."""
    if not row["closed_ts"]:
        return None
    return local(row["closed_ts"][:10], name) + 86400 if name == "sandiego" else local(row["closed_ts"], name)


def read(name):
    labels = {row["event_id"]: row for row in rows(name + "_labels.csv.gz")}
    events = rows(name + "_events.csv.gz")
    linked = {row["category"] for row in events if labels.get(row["event_id"], {}).get("dup_flag") == "1"}
    return [Event(row, name, "p01:%s:%s" % (name, row["event_id"]), labels.get(row["event_id"], {}).get("true_incident_id"),
                  row["category"] in linked and row["event_id"] in labels, row["ts"][:10], local(row["ts"], name), closing(row, name)) for row in events]


def day(first, days):
    """Midnight so many days after that of the first report, in San Diego."""
    zone = timezone(timedelta(hours=ZONES["sandiego"]))
    return (datetime.fromtimestamp(first, zone).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=days)).timestamp()


def utc(at):
    return datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def code(category):
    return re.sub(r"[^a-z0-9]+", "-", category.lower()).strip("-")[:32] or "none"


def canonical(event, at, closed):
    row = event.row
    text = row["text"]
    title = text.split("。")[0] if event.set == "zh" else row["category"]
    made = {"id": "%s:%d" % (event.subject, 2 if closed else 1), "subject": event.subject, "kind": "report", "platform": "p01", "instance": "bench",
            "zone": event.set, "source": {"id": row["event_id"], "revision": "2" if closed else "1"},
            "time": {"occurred": utc(event.occurred), "precision": "s", "updated": utc(at), "received": utc(at)}, "status": {"state": "received"},
            "category": {"code": code(row["category"]), "name": row["category"] or "none", "method": "code"}, "severity": "low",
            "title": title[:500] or "none", "raw": {"sha256": hashlib.sha256(row["event_id"].encode()).hexdigest(), "bytes": 1}}
    if row["platform"]:
        made["source"]["channel"] = row["platform"]
    if text:
        made["description"] = text[len(title) + 1:] if event.set == "zh" else text
    if row["lat"]:
        made["position"] = {"lon": round(float(row["lng"]), 7), "lat": round(float(row["lat"]), 7), "accuracy_m": 5, "method": "gps", "crs": "wgs84",
                            "raw": [row["lng"], row["lat"]]}
    if row["address"]:
        made["place"] = {"address": row["address"]}
    if row["object_id"]:
        made["objects"] = [{"kind": "asset", "id": row["object_id"]}]
    if row["reporter"]:
        made["reporter"] = {"kind": "citizen", "id": "p1:" + row["reporter"].lower()}
    if closed:
        made["status"] = {"state": "closed", "outcome": OUTCOMES.get(row["status"], "done")}
        made["time"]["closed"] = utc(at)
    return json.dumps({k: v for k, v in made.items() if v}, ensure_ascii=False)


def stream(events, closings, until=math.inf):
    """At one instant closings come first: the day is over."""
    changes = [(e.occurred, 1, e) for e in events] + [(e.closed, 0, e) for e in events if closings and e.closed and e.closed > e.occurred]
    changes.sort(key=lambda change: change[:2])
    return "".join(canonical(e, at, kind == 0) + "\n" for at, kind, e in changes if at < until)


def metres(one, other):
    north = (float(one["lat"]) - float(other["lat"])) * 111195
    east = (float(one["lng"]) - float(other["lng"])) * 111195 * math.cos(math.radians(float(one["lat"])))
    return math.hypot(north, east)


def naive(events, radius, hours, only_open):
    """Joins the nearest incident of the same category whose first report lies within the radius, the last at most so many hours old."""
    found, here = {}, defaultdict(list)
    for e in events:
        incident = None
        if e.row["lat"]:
            band = int(float(e.row["lat"]) / BAND)
            live = [i for b in (band - 1, band, band + 1) for i in here[e.row["category"], b]
                    if e.occurred - i["last"] <= hours * 3600 and not (only_open and i["end"] <= e.occurred)]
            distance, number = min(((metres(i["first"], e.row), n) for n, i in enumerate(live)), default=(math.inf, 0))
            incident = live[number] if distance <= radius else None
            if not incident:
                incident = {"first": e.row, "last": 0, "end": math.inf, "number": len(found)}
                here[e.row["category"], band].append(incident)
            incident["last"] = e.occurred
            if e.closed and e.row["status"] not in OUTCOMES:
                incident["end"] = min(incident["end"], e.closed)
        found[e.subject] = incident["number"] if incident else len(found)
    return found


def pairs(groups):
    return sum(size * (size - 1) // 2 for size in Counter(groups).values())


def true_pairs(events):
    return pairs(e.incident for e in events)


def pair_figures(events, found):
    """Precision, recall and F1 over pairs, percent."""
    both = pairs((e.incident, found[e.subject]) for e in events)
    said, true = pairs(found[e.subject] for e in events), true_pairs(events)
    return 100 * both / max(1, said), 100 * both / max(1, true), 200 * both / max(1, said + true)
