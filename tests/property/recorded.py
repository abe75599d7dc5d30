#!/usr/bin/python3
"""
Recorded: what was decided once is decided again, byte for byte. Beside it stand a small city's log, the rules that decided it, which stay as they are whatever the
shipped ones become, and what hub decide said. Who makes a decision cheaper changes nothing here; who changes what is decided records it anew, and says why.

recorded.py [--write] HUB CLONE
"""

import gzip
import os
import sys
import tempfile

from city_log import city, decide

SEED, DAYS, PROBLEMS = 14, 2, 40


def path(clone, name):
    return os.path.join(clone, "tests/property/recorded", name)


def lines(file):
    with gzip.open(file, "rt", encoding="utf-8") as text:
        return text.readlines()


def keep(file, text):
    """The same bytes of the same text."""
    with open(file, "wb") as out, gzip.GzipFile(filename="", fileobj=out, mode="wb", mtime=0) as packed:
        packed.write(text.encode())


def main(write, hub, clone):
    events, decisions, rules = (path(clone, name) for name in ("events.ndjson.gz", "decisions.ndjson.gz", "rules.yaml"))
    if write and not os.path.exists(events):
        with tempfile.TemporaryDirectory() as folder:
            keep(events, "".join(city(hub, clone, folder, SEED, DAYS, PROBLEMS)))
    said = decide(hub, lines(events), "--rules", rules).splitlines(keepends=True)
    if write:
        keep(decisions, "".join(said))
        return 0
    recorded = lines(decisions)
    for number, (one, other) in enumerate(zip(recorded, said)):
        if one != other:
            print("recorded: decision %d was\n%s and is\n%s" % (number + 1, one, other), end="")
            return 1
    print("recorded: %d decisions of %d recorded ones are as they were" % (len(said), len(recorded)))
    return 0 if len(said) == len(recorded) > 300 else 1


sys.exit(main(sys.argv[1] == "--write", *sys.argv[-2:]))
