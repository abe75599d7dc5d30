"""
city.py sandiego: real complaints through Open311, in the order in which they became known: a report open at its time, and once more when its closing
day has ended. Each of these changes is an item of its own, so that no closing hides a report that was made the same evening.
"""

import csv
import gzip
import json
import os
import sys
from collections import namedtuple
from datetime import datetime, timedelta, timezone

import clock as clocks
import ident
import server
from faults import Faults
from lines import Line, State
from record import Record
from revision import revision

ZONE = timezone(timedelta(hours=-7))
SPACE, PATH, FIRST_STATUS = "sandiego", "/requests.json", "New"
Complaint = namedtuple("Complaint", "row incident linked begin end")


def _local(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp()


def _rows(folder, name):
    with gzip.open(os.path.join(folder, name), "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read(folder):
    """All complaints in the file's order; `linked`: a category with at least one linked child; `end`: when the closing day is over."""
    labels = {row["event_id"]: row for row in _rows(folder, "sandiego_labels.csv.gz")}
    rows = _rows(folder, "sandiego_events.csv.gz")
    linked = {row["category"] for row in rows if labels[row["event_id"]]["dup_flag"] == "1"}
    return [Complaint(row, labels[row["event_id"]]["true_incident_id"], row["category"] in linked, _local(row["ts"]),
                      _local(row["closed_ts"][:10]) + 86400 if row["closed_ts"] else None) for row in rows]


def subject(complaint):
    return ident.subject_id("p01", SPACE, complaint.row["event_id"])


def item(complaint, updated, closing):
    row = complaint.row
    made = {"service_request_id": row["event_id"], "status": row["status"] if closing else FIRST_STATUS, "service_name": row["category"],
            "description": row["text"], "requested_datetime": clocks.zone_text(complaint.begin, ZONE), "updated_datetime": clocks.zone_text(updated, ZONE),
            "address": row["address"] or None, "lat": row["lat"] or None, "long": row["lng"] or None, "channel": row["platform"],
            "asset_id": row["object_id"] or None}
    if closing:
        made["closed_date"] = row["closed_ts"][:10]
    return json.dumps(made, ensure_ascii=False)


def changes(complaints):
    """(when, complaint, closing) in the order in which they became known; at one instant closings come first: the day is over."""
    found = [(c.begin, 1, c, False) for c in complaints] + [(c.end, 0, c, True) for c in complaints if c.end]
    return [(at, c, closing) for at, _, c, closing in sorted(found, key=lambda change: change[:2])]


def run(options):
    if not os.path.exists(os.path.join(options.data, "sandiego_events.csv.gz")):
        print("city: no sandiego_events.csv.gz in %s" % options.data, file=sys.stderr)
        return 2
    record, line = Record(options.work), Line()
    complaints = read(options.data)
    truth = ["%s,%s,%s,%s" % (subject(c), c.incident, c.row["ts"][:10], quoted(c.row["category"])) for c in complaints if c.linked]
    record.text("truth.csv", ["subject,incident,group,category"] + truth)
    for at, complaint, closing in changes(complaints):
        shown = item(complaint, at, closing)
        line.add([State(at, at, shown)], complaint.begin)
        record.event(ident.event_id("p01", SPACE, complaint.row["event_id"], revision(shown, True)), True)
    hotline = server.Hotline(clocks.Clock(), Faults(options.seed, options.faults), record, options.hotline_user, "")
    hotline.open311[PATH] = line
    server.start(options.http, hotline)
    print("city: %d complaints, %d changes on %s" % (len(complaints), len(line.rows), options.http), flush=True)
    if not server.wait_shown(hotline, lambda waiting: None):
        print("city: %d changes were never asked for" % line.waiting(), file=sys.stderr)
        return 1
    summary = record.done(complaints=len(complaints), subjects=len(truth), requests=hotline.requests)
    print("city: done: %d events" % summary["events"], flush=True)
    return 0


def quoted(text):
    return '"%s"' % text.replace('"', '""') if any(c in text for c in ',"') else text
