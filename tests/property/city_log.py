"""The log of a simulated city, and hub on it: what shuffle.py and operators.py share."""

import os
import subprocess
import sys


def run(*command, text=None):
    """What the command prints; its complaint and an exit when it fails."""
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit("%s: exit %d: %s" % (" ".join(command[:3]), done.returncode, done.stderr.strip()[:2000]))
    return done.stdout


def decide(hub, lines, *options):
    return run(hub, "decide", *options, text="".join(lines))


def city(hub, clone, folder, seed, days, problems):
    """Its canonical events, a line each, in the order in which they came."""
    run(sys.executable, os.path.join(clone, "tests/city/city.py"), "paper", "--work", folder, "--seed", str(seed), "--days", str(days),
        "--problems", str(problems), "--hub", hub)
    with open(os.path.join(folder, "events.ndjson"), encoding="utf-8") as file:
        return file.readlines()
