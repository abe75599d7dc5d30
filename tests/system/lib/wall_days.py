#!/usr/bin/python3
"""
wall_days.py SECONDS WORD...: plays five days of the simulated city (city.py play WORD...) that last so long, each time it is started the next five, with another seed.
So crowded a city has feeds whose oldest lines are gone before anybody comes for them; so nobody waits for the last one, and the next days begin.
"""

import os
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
CITY = os.path.join(HERE, "..", "..", "city", "city.py")
DAYS, GRACE = 5, 20
sys.path.insert(0, os.path.dirname(CITY))

import clock  # noqa: E402


def main():
    seconds, work = float(sys.argv[1]), os.path.join(os.environ["TEST"], "play")
    played = len(os.listdir(work)) if os.path.isdir(work) else 0
    begin, speed, real = os.environ["HUB_CLOCK"].split("@")
    begin = clock.utc_text(clock.read_time(begin) + played * DAYS * 86400)
    os.environ["HUB_CLOCK"] = "%s@%s@%d" % (begin, speed, float(real) + played * seconds * 1000)     # the same clock, told from there
    folder = os.path.join(work, "%d" % played)
    os.makedirs(folder)
    child = subprocess.Popen([sys.executable, CITY, "play", "--work", folder, "--seed", "%d" % (1 + 10 * played), "--days", "%d" % DAYS, *sys.argv[2:]])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        return child.wait(max(GRACE, float(real) / 1000 + (played + 1) * seconds + GRACE - time.time()))
    except subprocess.TimeoutExpired:
        return 0
    finally:
        child.terminate()
        child.wait()


if __name__ == "__main__":
    sys.exit(main())
