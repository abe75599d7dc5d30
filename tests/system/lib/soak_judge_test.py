#!/usr/bin/python3
"""soak_judge_test.py: each check of the judge can fail. A small run that is right; then one thing of it is changed, and that check fails, and no other."""

import copy
import json
import os
import sys
import types

os.environ.setdefault("TEST", "/nonexistent")
for name in ("HUB_SECRETS", "HUB_PORT_POSTGRES", "HUB_PORT_KAFKA"):
    os.environ.setdefault(name, "0")

import soak_judge  # noqa: E402
from soak_judge import EVENTS, REJECTED, Broken, Event, Poison, Rejected, Row, Span, Version  # noqa: E402


def version(name, number, feed, **more):
    made = dict({"incident": name, "epoch": 1, "version": number, "state": "filed", "severity": "low", "title": "占道", "reports": number, "platforms": ["p01"]}, **more)
    payload = json.dumps(made, ensure_ascii=False)
    return Version(name, 1, number, feed, payload), (0, feed - 1, name, "", '{"feed": %d, %s' % (feed, payload[1:])), soak_judge.state(made)


def right():
    """Four events, one of them twice, one whose revision only the adapter knows; one broken record; one poisonous value; two incidents of three versions."""
    run = types.SimpleNamespace()
    run.sent = [Event("p01::a:1", True, 10), Event("p09::b:1", True, 20), Event("p09::c:1", True, 30), Event("p01::d:1", False, 40), Event("p03::e:*1", True, 50)]
    run.broken = [Broken("p09", "aa", "not_json", 15)]
    run.poison = [Poison("bb", "not_json")]
    run.spans = [Span(("p09",), 25, 35)]
    run.rows = [Row(EVENTS, 0, at, zone, name.rsplit(":", 1)[0], name, kind, verdict) for at, (zone, name, kind, verdict) in enumerate((
        ("z", "p01::a:1", "report", "stored"), ("z", "p09::b:1", "report", "stored"), ("z", "p01::a:1", "report", "duplicate"), ("z", "p09::c:1", "health", "stored"),
        ("z", "p03::e:77aa", "report", "stored"), ("z", "tick:x:1", "tick", "tick"), (None, "", None, "rejected")))]
    run.rows += [Row(REJECTED, 0, 0, None, "", None, None, "rejected")]
    run.log = [(row.topic, row.partition, row.offset, row.id or "") for row in run.rows]
    run.keys = [(row.zone, row.id) for row in run.rows if row.verdict == "stored"]
    run.rejected = [Rejected("adapter", "p09", "not_json", "aa"), Rejected("correlator", None, "not_json", "bb")]
    made = [version("i-1", 1, 1), version("i-2", 1, 2), version("i-1", 2, 3, closed="...")]
    run.versions, run.records = [one[0] for one in made], [one[1] for one in made]
    warehouse = {"i-1": made[2][2], "i-2": made[1][2]}
    run.warehouse, run.heard = lambda: warehouse, list(warehouse.items())
    return run


class Told:
    def __init__(self):
        self.failures = []

    def check(self, fine, text, detail=""):
        if not fine:
            self.failures.append(text)


def drop(name, at):
    return lambda run: getattr(run, name).pop(at)


def put(name, at, value):
    return lambda run: getattr(run, name).__setitem__(at, value)


def twice(run):
    """As without a gate: the second one is stored, too."""
    run.rows[2] = run.rows[2]._replace(verdict="stored")


def doubled(run):
    """As without the compare of the offset: one record has two rows."""
    run.rows.insert(1, run.rows[0]._replace(verdict="duplicate"))


def lost(at):
    """It never reached the log."""
    def change(run):
        run.rows = [row for row in run.rows if row.offset != at or row.topic != EVENTS]
        run.log = [(row.topic, row.partition, row.offset, row.id or "") for row in run.rows]
        run.keys = [(row.zone, row.id) for row in run.rows if row.verdict == "stored"]
    return change


def foreign(run):
    run.rows[3] = run.rows[3]._replace(id="p09::x:1")
    run.log[3] = (*run.log[3][:3], "p09::x:1")
    run.keys[2] = ("z", "p09::x:1")


def old(run):
    run.heard[0] = ("i-1", run.heard[0][1]._replace(version=1, closed=False))


def again(change):
    """The number in front is another one."""
    def changed(run):
        run.records.append((0, 9, *run.records[0][2:4], run.records[0][4].replace("1", change, 1)))
    return changed


# what is changed, and the check that says so
CHANGES = (
    ("a row of the warehouse is gone", drop("rows", 2), "each record of the log has its row"),
    ("a row is there twice", doubled, "each row its record, and one alone"),
    ("a row without a record", lambda run: run.log.pop(5), "each row its record, and one alone"),
    ("a row of another event", put("log", 5, (EVENTS, 0, 5, "tick:x:2")), "of the same event"),
    ("an event is stored twice", twice, "none twice"),
    ("an acknowledged event is nowhere", lost(1), "every event that was acknowledged is stored"),
    ("nor is one of those that only the adapter knows", lost(4), "every event that was acknowledged is stored"),
    ("nobody sent it", foreign, "nothing else is"),
    ("a duplicate of nothing", lambda run: (run.rows.__setitem__(2, run.rows[2]._replace(id="p01::d:1")), run.log.__setitem__(2, (EVENTS, 0, 2, "p01::d:1"))), "what came again is called a duplicate"),
    ("the gate forgot one", drop("keys", 0), "the gate knows what is stored"),
    ("what was broken is not rejected", drop("rejected", 0), "what was broken is rejected"),
    ("it is, for another reason", put("rejected", 0, Rejected("adapter", "p09", "bad_value", "aa")), "each for its reason"),
    ("what was good is rejected", lambda run: run.rejected.append(Rejected("adapter", "p01", "not_json", "cc")), "nothing else is"),
    ("poison was swallowed", drop("rejected", 1), "the correlator refused what was poison"),
    ("the correlator refused what was none", lambda run: run.rejected.append(Rejected("correlator", None, "bad_value", "dd")), "the correlator refused what was poison"),
    ("a version is not on the topic", drop("records", 0), "it carries the outbox's versions"),
    ("a version was never made", lambda run: (run.versions.pop(0), run.records.pop(0)), "each incident has as many versions"),
    ("a version comes after a newer one", lambda run: run.records.insert(0, run.records.pop()), "the topic's versions rise"),
    ("a repeat with another number", again("7"), "the topic's versions rise"),
    ("a client of the stream missed the last one", old, "and their state"),
    ("and never heard of another", drop("heard", 1), "a client of the stream has the warehouse's incidents"),
)


def failures(run):
    told = Told()
    _, forgiven = soak_judge.judge(told, run)
    return told.failures, forgiven


def main():
    wrong = []
    if failures(right()) != ([], []):
        wrong.append("a run that is right: %s" % (failures(right()),))
    for what, change, check in CHANGES:
        run = copy.deepcopy(right())
        change(run)
        said, _ = failures(run)
        if len(said) != 1 or not said[0].startswith(check):
            wrong.append("%s: %s" % (what, said))
    forgiven = right()
    lost(3)(forgiven)
    if failures(forgiven) != ([], ["p09::c:1"]):
        wrong.append("what a broker died with is said, not judged: %s" % (failures(forgiven),))
    print("\n".join(wrong) or "%d changes, each seen by its own check" % len(CHANGES))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
