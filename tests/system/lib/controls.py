#!/usr/bin/python3
"""
controls.py blows PREFIX: what 96_controls does to the hub in each of its scenes. Kafka stands still until adapters hold what is not acknowledged: those are killed with a relay. A correlator is killed in
its batch, another's statement is cancelled in one, and one is stopped in it until somebody else may have taken its work.
controls.py verdict PREFIX FOLDER PUSHED: whether every event stands once where it must.
"""

import os
import signal
import sys
import time
from collections import Counter

import base
import strike
import strike_city
import verdict as kills

ADAPTERS, CORRELATORS = ("brain-a", "brain-b", "grid-e", "hook"), ("correlate-1", "correlate-2")
STAND_S, PATIENCE = 2.0, 8.0


def frozen():
    """Whoever reads holds something by the end of it, and so do the peers that wait for an answer."""
    with open(os.path.join(base.TEST, "kafka", "kafka.pid"), encoding="ascii") as file:
        kafka = int(file.read().split()[0])
    os.kill(kafka, signal.SIGSTOP)
    try:
        strike.until(lambda: len([name for name, count in strike_city.held().items() if count and name in ADAPTERS]) >= 3, PATIENCE)
        time.sleep(STAND_S)
        for name in (*ADAPTERS, "relay-1", "relay-2"):
            base.kill(name)
    finally:
        os.kill(kafka, signal.SIGCONT)


def in_batch(name):
    """True when it has just logged a batch."""
    with open(base.log_path(name), encoding="utf-8", errors="replace") as log:
        log.seek(0, os.SEEK_END)
        return strike.until(lambda: '"batch"' in log.readline(), PATIENCE)


def stopped(name):
    """So long that its session's locks would be another's, had it died; it wakes inside its batch."""
    in_batch(name)
    pid = base.process(name)
    os.kill(pid, signal.SIGSTOP)
    time.sleep(STAND_S)
    os.kill(pid, signal.SIGCONT)


def cancelled():
    """A correlator's statement inside its transaction, its COMMIT too: the connection lives on, the transaction has failed."""
    admin = base.connect("postgres")
    text = "SELECT count(*) FROM (SELECT pid FROM pg_stat_activity WHERE usename = 'correlator' AND backend_xid IS NOT NULL AND state = 'active') AS session WHERE pg_cancel_backend(pid)"
    return sum(strike.until(lambda: base.one(admin, text) > 0, PATIENCE) for _ in range(3))


def blows():
    frozen()
    for name in CORRELATORS:
        in_batch(name)
        base.kill(name)
    stopped("correlate-1")
    print("%d statements cancelled" % cancelled())
    frozen()
    return 0


def numbers_of(path):
    """Of cases that were answered 2xx, as push.py wrote them."""
    with open(path, encoding="ascii") as file:
        words = [line.split() for line in file if not line.startswith("{")]
    return {int(line[0]) for line in words if line[1].startswith("2")}


def verdict(prefix, folder, pushed):
    said, database = base.Verdict(), base.connect()
    must = {event for event, needed, _ in base.expected(folder) if needed}
    stored = [row[0] for row in base.rows(database, "SELECT id FROM ods.record WHERE verdict = 'stored' AND kind = 'report' AND instance <> 'hook'")]
    hooked = [row[0] for row in base.rows(database, """SELECT (substring(id from '2312051019([0-9]{8})'))::int FROM ods.record
                                                     WHERE verdict = 'stored' AND kind = 'report' AND instance = 'hook'""")]
    twice = [key for count in (Counter(stored), Counter(hooked)) for key, number in count.items() if number > 1]
    said.check(not twice, "no event is stored twice", twice[:3])
    missing, foreign = must - set(stored), set(stored) - must
    said.check(not missing and not foreign, "all %d events are stored, and nothing else" % len(must),
               "%d missing, %d foreign: %s" % (len(missing), len(foreign), sorted(missing | foreign)[:3]))
    told = numbers_of(pushed)
    said.check(not told - set(hooked), "what was answered 2xx is stored (%d)" % len(told), sorted(told - set(hooked))[:3])
    kills.check_log(said, database, prefix)
    again = base.one(database, "SELECT count(*) FROM ods.record WHERE verdict = 'duplicate'")
    print("%d came again" % again)
    return 1 if said.failed else 0


if __name__ == "__main__":
    sys.exit(blows() if sys.argv[1] == "blows" else verdict(*sys.argv[2:]))
