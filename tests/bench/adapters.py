#!/usr/bin/python3
"""adapters.py [ADAPTER ...]: records and events a second, and the processor's time, of `hub translate` for each adapter: all of its good fixtures, again and again (HUB: a release build)."""

import os
import resource
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "fixtures", "lib"))

import cases  # noqa: E402

ENOUGH_BYTES, MOST_FILES = 4_000_000, 4000      # of one call


def is_good(case):
    """Nothing of it is refused, and it is no page of megabytes."""
    return case.rows("events.ndjson") and not case.rows("rejected.ndjson") and sum(len(case.files[name]) for name in case.inputs) < ENOUGH_BYTES / 10


def measure(case):
    """Records, events, bytes, seconds and processor's seconds of one call, less those of a call with the inputs once: what it takes to start."""
    size = sum(len(case.files[name]) for name in case.inputs)
    times = max(2, min(ENOUGH_BYTES // max(size, 1), MOST_FILES // len(case.inputs)))
    found = []
    with case.open() as translate:
        for count in (1, times):
            before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
            outcome = translate.run(case.inputs * count, case.arguments())
            spent, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
            found.append((count * len(case.inputs), len(outcome.events), count * size, spent,
                          after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime))
    return [large - small for small, large in zip(*found)]


def main():
    print("%-12s %12s %11s %14s %10s" % ("translate", "records/s", "events/s", "us CPU/record", "MB/s"))
    for adapter in sys.argv[1:] or cases.adapters():
        good = [case for case in (cases.Case(adapter, name) for name in cases.names(adapter)) if is_good(case)]
        total = [sum(column) for column in zip(*(measure(case) for case in good))]
        if not total or total[3] <= 0 or total[0] <= 0:
            print("%-12s no good fixture" % adapter)
            continue
        records, events, size, seconds, cpu = total
        print("%-12s %12.0f %11.0f %14.1f %10.1f" % (adapter, records / seconds, events / seconds, cpu / records * 1e6, size / seconds / 1e6), flush=True)


main()
