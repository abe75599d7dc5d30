#!/usr/bin/python3
"""
handover.py kill|cut|freeze PARTITION NAME...: one blow to whichever of the correlators NAME has just begun a batch of that partition of hub.events.v1, or of any when
others are before it. `kill`: SIGKILL, its loop starts it again; `cut`: its PostgreSQL session is ended; `freeze`: it stands still (SIGSTOP) with its session ended
until another owns the partition, and then goes on. Says who was struck and where; exits 1 when nobody began a batch.

handover.py told CHANGES LOST NAME...: what their logs say: in the end partitions had another owner at least CHANGES times, at least LOST batches were begun
once more, and what was committed are no two pieces of one partition that overlap.
"""

import json
import os
import signal
import sys

import base
from strike import until

TOPIC, LOCK_EVENTS, PATIENCE = "hub.events.v1", 0x68756201, 20.0
WANTED = 3.0                                    # seconds until any partition will do
HOLDER = """SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = %s AND objid = %s
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""


def holder(database, partition):
    return [row[0] for row in base.rows(database, HOLDER, (LOCK_EVENTS, partition))]


class Watch:
    """What correlators log from now on."""

    def __init__(self, names):
        self.logs = {name: open(base.log_path(name), encoding="utf-8", errors="replace") for name in names}
        self.begun = dict.fromkeys(names, "")
        for log in self.logs.values():
            log.seek(0, os.SEEK_END)

    def _line(self, name):
        """A whole line, once it is written."""
        self.begun[name] += self.logs[name].readline()
        if not self.begun[name].endswith("\n"):
            return ""
        line, self.begun[name] = self.begun[name], ""
        return line

    def batch(self, wanted):
        """(name, partition, offset) of one that begins; None."""
        for name in self.logs:
            line = self._line(name)
            if line.startswith("{") and '"message":"batch"' in line:
                made = json.loads(line)
                if made["topic"] == TOPIC and made["partition"] in wanted:
                    return name, made["partition"], made["base"]
        return None


def end_session(admin, partition):
    for pid in holder(admin, partition):
        base.one(admin, "SELECT pg_terminate_backend(%s)", (pid,))


def kill(name, _partition, _admin):
    base.kill(name)


def cut(_name, partition, admin):
    end_session(admin, partition)


def freeze(name, partition, admin):
    process, before = base.process(name), holder(admin, partition)
    os.kill(process, signal.SIGSTOP)
    try:
        end_session(admin, partition)
        if not until(lambda: holder(admin, partition) not in ([], before), PATIENCE):
            print("nobody took partition %d" % partition)
    finally:
        os.kill(process, signal.SIGCONT)


def strike(verb, partition, names):
    admin, watch, seen = base.connect("postgres"), Watch(names), []
    for wanted, patience in (((partition,), WANTED), (range(24), PATIENCE)):
        if until(lambda: seen.append(watch.batch(wanted)) or seen[-1], patience):
            name, found, offset = seen[-1]
            {"kill": kill, "cut": cut, "freeze": freeze}[verb](name, found, admin)
            print("%s: %s at %d/%d" % (verb, name, found, offset))
            return 0
    print("%s: nobody began a batch" % verb)
    return 1


def read_logs(names):
    """In the order of time, of events alone: (time, name, line)."""
    lines = [(line["time"], name, line) for name in names for line in base.log_lines(name) if line.get("topic") == TOPIC]
    return sorted(lines, key=lambda line: line[0])


def owners(lines):
    """How often a partition had another owner than before, and how often at all."""
    last, changes, taken = {}, 0, 0
    for _, name, line in lines:
        if line["message"] == "took a partition":
            changes += last.get(line["partition"], name) != name
            taken += 1
            last[line["partition"]] = name
    return changes, taken


def overlaps(lines):
    ends, wrong = {}, []
    for _, name, line in lines:
        if line["message"] == "committed":
            if line["base"] < ends.get(line["partition"], 0):
                wrong.append("%s: %d/%d" % (name, line["partition"], line["base"]))
            ends[line["partition"]] = line["next"]
    return wrong


def told(least_changes, least_lost, names):
    verdict, lines = base.Verdict(), read_logs(names)
    changes, taken = owners(lines)
    begun = [(line["partition"], line["base"]) for _, _, line in lines if line["message"] == "batch"]
    lost = len(begun) - len(set(begun))
    verdict.check(changes >= least_changes, "partitions changed hands %d times, and were taken %d times (at least %d)" % (changes, taken, least_changes))
    verdict.check(lost >= least_lost, "%d of %d batches were begun and lost (at least %d)" % (lost, len(begun), least_lost))
    verdict.check(not overlaps(lines), "no message was decided twice", overlaps(lines)[:3])
    return verdict.failed


def main():
    if sys.argv[1] == "told":
        return 1 if told(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]) else 0
    return strike(sys.argv[1], int(sys.argv[2]), sys.argv[3:])


if __name__ == "__main__":
    sys.exit(main())
