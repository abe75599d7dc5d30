#!/usr/bin/python3
"""
strike.py TARGET: one blow of the kill test, at a moment when it hurts, with a note of what was unacknowledged then (kills.ndjson). Adapters at
once, the reader of files when one lies there; a correlator when it has just logged a batch; a relay while rows are unmarked; `session`: a correlator's PostgreSQL session inside its
transaction. `kafka` and `postgres` are only noted: the caller stops those.
"""

import json
import os
import sys
import time

import base

PATIENCE = 5.0


def until(condition, patience=PATIENCE):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.0005)
    return False


def kill(name):
    base.kill(name)
    return int(time.time() * 1000)


def unread(database, partitions=None):
    """High watermark - next_offset, and the watermarks."""
    following = dict(base.rows(database, "SELECT partition, next_offset FROM ops.kafka_offset WHERE topic = 'hub.events.v1'"))
    high = base.watermarks()
    return sum(high[p] - following[p] for p in high if partitions is None or p in partitions), high


def unmarked(database):
    return base.one(database, "SELECT count(*) FROM ops.outbox WHERE published_at IS NULL")


def strike_adapter(name, _database):
    at = kill(name)
    return {"at": at, "high": base.watermarks()}


def strike_reader(name, database):
    """Of files: when one lies there that is not yet acknowledged."""
    folder = os.path.join(base.TEST, "letters")
    until(lambda: any(entry.endswith(".csv") and not entry.startswith(".") for entry in os.listdir(folder)))
    return strike_adapter(name, database)


def strike_correlator(name, database):
    with open(base.log_path(name), encoding="utf-8", errors="replace") as log:
        log.seek(0, os.SEEK_END)
        seen = until(lambda: '"batch"' in log.readline())
        at = kill(name)
    mine = {int(line["partition"]) for line in base.log_lines(name) if line.get("message") == "batch" and line.get("topic") == "hub.events.v1"}
    count, high = unread(database, mine)
    return {"at": at, "high": high, "unread": count, "in_batch": seen}


def strike_relay(name, database):
    until(lambda: unmarked(database) > 0)
    count = unmarked(database)
    return {"at": kill(name), "unmarked": count}


def strike_session(_name, database):
    admin = base.connect("postgres")
    text = """SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity
              WHERE usename = 'correlator' AND (backend_xid IS NOT NULL OR %s) LIMIT 1) AS session"""
    hit = until(lambda: base.one(admin, text, (False,)) > 0)
    if not hit:
        base.one(admin, text, (True,))
    count, high = unread(database)
    return {"at": int(time.time() * 1000), "high": high, "unread": count, "in_batch": hit}


def note(_name, database):
    count, high = unread(database)
    return {"at": int(time.time() * 1000), "high": high, "unread": count, "unmarked": unmarked(database)}


def main():
    target = sys.argv[1]
    kinds = {"brain": strike_adapter, "line": strike_adapter, "grid": strike_adapter, "letters": strike_reader, "correlate": strike_correlator, "relay": strike_relay, "session": strike_session}
    made = kinds.get(target.split("-")[0], note)(target, base.connect())
    made["target"] = target
    with open(os.path.join(base.TEST, "kills.ndjson"), "a", encoding="utf-8") as file:
        file.write(json.dumps(made) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
