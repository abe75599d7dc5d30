"""Frigate's events on the wire: what a camera publishes of a sighting, with what happens to such messages on their way."""

import base64
import csv
import json
from collections import namedtuple

import geo
import ident
from world import Camera, Sighting, unsolved

# at: when; payload: bytes; event: the canonical id that comes of it or None; what: for counting; retain: published as retained
Message = namedtuple("Message", "at payload event what retain")
PLATFORM = "p09"
UNKNOWN_LABELS, FALSE_ALARMS, UNKNOWN = ("umbrella", "kite"), 4, 4


def read_registry(path):
    """Cameras of a device registry that have a position, in WGS 84."""
    cameras = []
    with open(path, encoding="utf-8") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            if not row["lon"] or row["kind"] not in ("camera", ""):
                continue
            lon, lat = float(row["lon"]), float(row["lat"])
            if row["crs"] == "gcj02":
                lon, lat = geo.from_gcj02(lon, lat)
            cameras.append(Camera(row["device_id"], lon, lat, float(row["radius_m"] or 50), row["place"] or row["name"]))
    return cameras


def extras(random, cameras, begin, length):
    """False alarms and labels that nobody has mapped: no problem stands behind them."""
    for number in range(FALSE_ALARMS + UNKNOWN):
        at = begin + random.uniform(0.05, 0.9) * length
        alarm = number < FALSE_ALARMS
        label = "garbage" if alarm else random.choice(UNKNOWN_LABELS)
        yield Sighting(None, random.choice(cameras), at, at + 1800, None, alarm, label)


def state_of(random, sighting, object_id, at, score):
    return {"id": object_id, "camera": sighting.camera.name, "frame_time": round(at, 6), "snapshot": None, "label": sighting.label, "sub_label": None,
            "top_score": round(score, 4), "score": round(score - 0.01, 4), "false_positive": False, "start_time": round(sighting.begin, 6),
            "end_time": None, "box": [random.randint(0, 900) for _ in range(4)], "area": random.randint(900, 90000), "ratio": 1.2,
            "region": [0, 0, 1280, 720], "current_zones": ["road"], "entered_zones": ["road"], "thumbnail": None, "has_snapshot": True,
            "has_clip": True, "active": True, "stationary": False, "motionless_count": 0, "position_changes": 1, "attributes": {},
            "current_attributes": [], "current_estimated_speed": 0, "recognized_license_plate": None}


def message(kind, before, after, at, what=None, retain=False):
    payload = json.dumps({"type": kind, "before": before, "after": after}, ensure_ascii=False).encode()
    event = ident.event_id(PLATFORM, "", after["id"], "%s-%s" % (kind, json.dumps(after["frame_time"])))
    return Message(at, payload, None if what == "unchanged" else event, what or kind, retain)


def sighting_messages(random, sighting):
    """new, updates of which some change nothing that matters, end unless the problem stays; some twice."""
    object_id = "%.6f-%s" % (sighting.begin, "".join(random.choice("abcdefghijkmnpqrstuvwxyz") for _ in range(6)))
    score, at = random.uniform(0.55, 0.7), sighting.begin
    after = state_of(random, sighting, object_id, at, score)
    messages = [message("new", dict(after, false_positive=True, top_score=0.0), after, at)]
    steps = random.choice((1, 1, 2, 3))
    for step in range(steps):
        before, at = after, sighting.begin + (step + 1) * (sighting.end - sighting.begin) / (steps + 1)
        if random.random() < 0.35:
            after = dict(before, frame_time=round(at, 6), box=[random.randint(0, 900) for _ in range(4)], area=random.randint(900, 90000),
                         motionless_count=before["motionless_count"] + 40)
            messages.append(message("update", before, after, at, "unchanged"))
            continue
        score = min(0.98, score + random.uniform(0.03, 0.08))
        after = dict(before, frame_time=round(at, 6), top_score=round(score, 4), recognized_license_plate=sighting.plate)
        if random.random() < 0.1:
            after["thumbnail"] = base64.b64encode(random.randbytes(20000)).decode()
        messages.append(message("update", before, after, at))
        after["thumbnail"] = None
    if not unsolved(sighting.problem):
        messages.append(_last(sighting, after))
    return messages + [copy._replace(at=copy.at + 1, what="duplicate") for copy in messages if random.random() < 0.06]


def _last(sighting, before):
    at = sighting.end
    if sighting.false_alarm:
        return message("update", before, dict(before, frame_time=round(at, 6), false_positive=True), at)
    return message("end", before, dict(before, frame_time=round(at, 6), end_time=round(at, 6), active=False), at)


def broken_messages(random, camera, at):
    """(payload, why): none of these is an event."""
    good = {"id": "%.6f-broken" % at, "camera": camera.name, "label": "hawker", "frame_time": at, "start_time": at, "top_score": 0.7,
            "false_positive": False, "end_time": None, "entered_zones": []}
    whole = json.dumps({"type": "new", "before": good, "after": good})
    yield whole[:random.randint(20, len(whole) - 2)].encode(), "cut"
    yield whole.replace('"type"', '// a comment\n"type"').encode(), "comment"
    yield json.dumps({"type": "new", "before": {}, "after": {k: v for k, v in good.items() if k != "id"}}).encode(), "no id"
    yield json.dumps({"type": "new", "before": good, "after": dict(good, id="x-bad-time", frame_time="yesterday", start_time="yesterday")}).encode(), "no time"
    yield json.dumps({"type": "new", "before": good}).encode(), "no after"
