#!/usr/bin/python3
"""
parsers.py SHIM [--points N] [--only ADAPTER]: every adapter's parser on a fixture of its own, once for each allocation of a library and each call on files that it makes, of which that one fails
(shim.c). HUB names the program: one without a sanitizer, which would not let its allocations be failed. No crash; and nothing is lost without a word: what is not there any more was rejected, or the
program says what is wrong and ends with a code for it. abort() is what we do when there is no memory, and allowed for that alone. --points: so many of them, evenly spread; 0: all.
"""

import argparse
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "fixtures", "lib"))

import cases  # noqa: E402
import translate as fixtures  # noqa: E402

KINDS = {"memory": (12,), "io": (5, -1)}
SIZE_MOST = 30000
ABORTED = -6


class Tortured:
    def __init__(self, adapter, shim):
        self.adapter, self.shim = adapter, shim
        self.case = max((cases.Case(adapter, name) for name in cases.names(adapter)), key=self._worth)
        self.runs = self.aborted = self.said = 0

    @staticmethod
    def _worth(case):
        size = sum(len(case.files[name]) for name in case.inputs)
        # What earlier rounds of surveys hold may be missing: that is told of at start and by hub check, not by each record.
        return len(case.rows("events.ndjson")) if 0 < size < SIZE_MOST and b"earlier" not in case.files.get("options.yaml", b"") else -1

    def run(self, open_, what, at, error):
        count = os.path.join(open_.folder.name, "count")
        environment = dict(os.environ, LD_PRELOAD=self.shim, SHIM_WHAT=what, SHIM_AT=str(at), SHIM_ERROR=str(error), SHIM_COUNT=count)
        command = [fixtures.HUB, "translate", self.adapter, "--config", "hub.yaml", "--instance", self.adapter, *self.case.arguments(), *self.case.inputs]
        done = subprocess.run(command, cwd=open_.folder.name, env=environment, capture_output=True, timeout=60, check=False)
        self.runs += 1
        return done

    def count(self, open_, what):
        whole = self.run(open_, what, 0, 0)
        with open(os.path.join(open_.folder.name, "count"), encoding="ascii") as file:
            return whole, int(file.read())

    def trouble(self, whole, done, what):
        """What is wrong with how it ended, or None."""
        if done.returncode == ABORTED and what == "memory":
            self.aborted += 1
            return None
        if done.returncode < 0:
            return "ended by signal %d" % -done.returncode
        there, was = done.stdout.splitlines(), whole.stdout.splitlines()
        if done.returncode not in (0, cases.REJECTED):
            self.said += 1
            return None if done.stderr else "exit %d without a word" % done.returncode
        if there == was:
            return None
        rejected = [run.stderr.replace(b": ", b":").count(b'"verdict":"rejected"') for run in (whole, done)]
        if len(there) > len(was):
            return "more events than there are"
        return None if done.returncode and rejected[1] > rejected[0] else "exit %d, %d of %d events, and not a word" % (done.returncode, len(there), len(was))

    def torture(self, points):
        with self.case.open() as open_:
            for what, errors in KINDS.items():
                whole, total = self.count(open_, what)
                step = max(1, total // points) if points else 1
                for error in errors:
                    for at in range(1, total + 1, step):
                        trouble = self.trouble(whole, self.run(open_, what, at, error), what)
                        if trouble:
                            yield "%s/%s: %s %d of %d (error %d): %s" % (self.adapter, self.case.name, what, at, total, error, trouble)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shim")
    parser.add_argument("--points", type=int, default=0)
    parser.add_argument("--only")
    options = parser.parse_args()
    failed = 0
    for adapter in cases.adapters():
        if options.only not in (None, adapter):
            continue
        tortured = Tortured(adapter, os.path.abspath(options.shim))
        troubles = list(tortured.torture(options.points))
        failed += len(troubles)
        print("%s: %d runs, %d aborted for want of memory, %d ended with a word, %d troubles" % (adapter, tortured.runs, tortured.aborted, tortured.said, len(troubles)), flush=True)
        for trouble in troubles[:10]:
            print("    " + trouble)
    return 1 if failed else 0


sys.exit(main())
