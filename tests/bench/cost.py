#!/usr/bin/python3
"""
cost.py [--decisions N] [INCIDENTS ...]: what a decision costs among 1,000 to 1,000,000 open incidents of a city that is as dense everywhere
(tests/bench/cost_city.c), in instructions, which are the same however busy the machine is: callgrind counts them. "decision" is all that the correlator's memory does
with a report, the commit too, but for preparing its text, which has nothing to do with how many incidents there are and stands apart. ratio: to the first line; 2 is
the most that is allowed at a million. Says so and measures nothing without valgrind.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
HUB = os.environ.get("HUB", os.path.join(HERE, "../../build/hub/hub"))
PROGRAM = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(HUB))), "tests/bench/bench-cost")
SIZES = [1000, 10000, 100000, 1000000]
BYTES_MOST = 4000  # of an incident, callgrind's share among them
LINE = re.compile(r"\s*([\d,]+) \(\s*[\d.]+%\)\s+\S+:(\w+)(?: \[|$)")


def available():
    with open("/proc/meminfo", encoding="ascii") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("MemAvailable"))


def count(folder, size, decisions):
    """What the program says of itself, and the instructions of each function and all that it calls."""
    out = os.path.join(folder, "callgrind.out")
    done = subprocess.run(["valgrind", "--tool=callgrind", "--instr-atstart=no", "--callgrind-out-file=" + out, PROGRAM, str(size), str(decisions)],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit("cost: %s %d: exit %d: %s" % (PROGRAM, size, done.returncode, done.stderr.strip()[-2000:]))
    words = done.stdout.split()
    told = dict(zip(words[::2], map(float, words[1::2])))
    listed = subprocess.run(["callgrind_annotate", "--inclusive=yes", "--threshold=100", out], capture_output=True, text=True, check=True).stdout
    spent = {}
    for line in listed.splitlines():
        found = LINE.match(line)
        if found:
            spent.setdefault(found.group(2), int(found.group(1).replace(",", "")))
    return told, {name: spent.get(name, 0) / decisions for name in ("zone_apply", "zone_committed", "member_new", "words_count", "index_ask", "decide")}


def main(arguments):
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--decisions", type=int, default=300)
    parser.add_argument("incidents", type=int, nargs="*", default=SIZES)
    wanted = parser.parse_args(arguments)
    if not shutil.which("valgrind") or not os.path.exists(PROGRAM):
        print("cost of a decision: skipped: needs Debian's valgrind, there before the build was set up")
        return 0
    print("what a decision costs among so many open incidents, instructions (a million takes some minutes):")
    print("  %9s %12s %12s %12s %12s %8s %8s %8s %8s %6s" % (
        "incidents", "decision", "of it: find", "compare", "text apart", "met", "compared", "bounded", "bytes", "ratio"), flush=True)
    first = None
    with tempfile.TemporaryDirectory() as folder:
        for size in wanted.incidents:
            if size * BYTES_MOST > available():
                print("  %9d left out: needs %.1f GiB of memory" % (size, size * BYTES_MOST / 2**30))
                continue
            told, spent = count(folder, size, wanted.decisions)
            text = spent["member_new"] + spent["words_count"]
            decision = spent["zone_apply"] + spent["zone_committed"] - text
            first = first or decision
            print("  %9d %12.0f %12.0f %12.0f %12.0f %8.1f %8.1f %8d %8d %6.2f" % (
                size, decision, spent["index_ask"], spent["decide"], text, told["met"] / wanted.decisions, told["compared"] / wanted.decisions,
                told["bounded"], told["bytes"], decision / first), flush=True)
    print("  bytes: of an open incident in memory, with its members, their texts as hashed bigrams, and its places in the index", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
