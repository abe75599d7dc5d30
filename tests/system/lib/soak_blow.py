#!/usr/bin/python3
"""
The blows of the soak, each at a moment when it hurts, with a note in kills.ndjson of what nobody had acknowledged then, by process.

    soak_blow.py deal SEED COUNT ADAPTERS OTHERS FAULTS     so many cards, one a line, by that seed; each of the three a list with commas
    soak_blow.py kill|stop NAME                     SIGKILL; SIGSTOP, and after a while SIGCONT
    soak_blow.py zombie NAME                        SIGSTOP, its session with PostgreSQL ended, until another one works in its place; SIGCONT
    soak_blow.py together NAME...                   Kafka stands still until several of them hold what nobody has acknowledged: SIGKILL to all of them
    soak_blow.py session USER                       ends a session of that login inside its transaction
    soak_blow.py begin|end CLASS                    before and after somebody else's blow
"""

import glob
import json
import os
import random
import re
import signal
import sys
import time
import urllib.request

import base
from strike import until

PATIENCE, STANDS, SEVERAL = 4.0, 1.5, 4
SERVICES = ("postgres", "kafka", "mosquitto")
SESSIONS = ("correlator", "relay", "api")


# ---- the cards ----

def ring(dice, things):
    """Each in turn, in another order each time."""
    while True:
        yield from dice.sample(things, len(things))


def deal(seed, count, adapters, others, faults):
    """Rounds in which every kind of blow falls, in another order each; who is hit goes round, so that in time it is everybody's turn."""
    dice, kinds = random.Random("soak %s" % seed), sorted({other.split("-")[0] for other in others})
    one, stopped = ring(dice, adapters), ring(dice, adapters + others)
    seats = {kind: ring(dice, [other for other in others if other.split("-")[0] == kind]) for kind in kinds}
    session, fault = ring(dice, SESSIONS), ring(dice, faults or ["poison"])
    dealt = 0
    while True:
        cards = ["together"] + ["kill " + next(seats[kind]) for kind in kinds for _ in range(2)] + ["kill " + next(one) for _ in range(4)]
        cards += ["stop " + next(stopped) for _ in range(2)] + ["session " + next(session), "zombie " + next(seats["correlate"]), "zombie " + next(seats["relay"]), "poison"]
        cards += ["fault " + service for service in SERVICES] + ["fault " + next(fault) for _ in faults]
        for card in dice.sample(cards, len(cards)):
            if dealt == count:
                return
            dealt += 1
            yield card


# ---- what hangs on whom ----

def pages():
    """process -> its /metrics; who is just being started again is left out."""
    for path in glob.glob(os.path.join(os.environ["HUB_STATE"], ".metrics", "*.json")):
        try:
            with open(path, encoding="utf-8") as file:
                address = json.load(file)[0]["targets"][0]
            with urllib.request.urlopen("http://%s/metrics" % address, timeout=1) as answer:
                yield os.path.basename(path)[:-len(".json")], answer.read().decode()
        except (OSError, ValueError):
            continue


def held():
    """instance -> records in its spool and messages that it has handed to Kafka, none of them acknowledged."""
    return {name[len("run-"):]: sum(int(float(count)) for count in re.findall(r"^hub_(?:bus|spool)_messages(?:{.*})? (\S+)$", page, re.M))
            for name, page in pages() if name.startswith("run-")}


def unmarked(database):
    return base.one(database, "SELECT count(*) FROM ops.outbox WHERE published_at IS NULL")


def open_transactions(user):
    return base.one(base.connect("postgres"), "SELECT count(*) FROM pg_stat_activity WHERE usename = %s AND backend_xid IS NOT NULL", (user,))


def kill_adapter(name):
    found = []
    until(lambda: found.append(held().get(name, 0)) or found[-1], 0.5)
    base.kill(name)
    return {name: found[-1]}


def kill_correlator(name):
    """When it has just logged a batch; it is stopped first, so that one can see whether it was inside its transaction."""
    with open(base.log_path(name), encoding="utf-8", errors="replace") as log:
        log.seek(0, os.SEEK_END)
        until(lambda: '"batch"' in log.readline())
    signalled(name, signal.SIGSTOP)
    time.sleep(0.1)
    count = base.one(base.connect("postgres"), """SELECT count(*) FROM pg_stat_activity WHERE usename = 'correlator' AND backend_xid IS NOT NULL AND state = 'idle in transaction'
                                                  AND clock_timestamp() - state_change > interval '90 milliseconds'""")
    base.kill(name)
    return {name: count}


def kill_relay(name):
    database = base.connect()
    until(lambda: unmarked(database) > 0)
    count = unmarked(database)
    base.kill(name)
    return {name: count}


def kill_serve(name):
    """Nothing hangs on it but its listeners, who come again."""
    base.kill(name)
    return {name: 0}


KILLS = {"correlate": kill_correlator, "relay": kill_relay, "serve": kill_serve}


def kill(name):
    return KILLS.get(name.split("-")[0] if name[-1:].isdigit() else "", kill_adapter)(name)


def signalled(name, number):
    try:
        os.kill(base.process(name), number)
        return True
    except (OSError, IndexError, ValueError):
        return False


def stop(name):
    count = held().get(name, 0)
    signalled(name, signal.SIGSTOP)
    time.sleep(STANDS)
    signalled(name, signal.SIGCONT)
    return {name: count}


def zombie(name):
    """It stands inside a batch, its session is gone, another one has its work; then it goes on, and must see that it is nobody any more."""
    user = {"correlate": "correlator"}.get(name.split("-")[0], name.split("-")[0])
    admin = base.connect("postgres")
    marks = """SELECT coalesce(sum(next_offset), 0) FROM ops.kafka_offset""" if user == "correlator" else "SELECT count(*) FROM ops.outbox WHERE published_at IS NOT NULL"
    until(lambda: open_transactions(user) > 0, 1.0)
    signalled(name, signal.SIGSTOP)
    hit = open_transactions(user)
    before = base.one(admin, marks)
    # of two, whose session it is nobody can say from outside: so both lose theirs, and the one that stands cannot take it back
    base.rows(admin, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", (user,))
    until(lambda: base.one(admin, marks) > before)
    signalled(name, signal.SIGCONT)
    return {name: hit}


def together(*names):
    with open(os.path.join(base.TEST, "kafka", "kafka.pid"), encoding="ascii") as file:
        kafka = int(file.read().split()[0])
    os.kill(kafka, signal.SIGSTOP)
    try:
        hit = {}
        until(lambda: hit.update({name: count for name, count in held().items() if name in names and count}) or len(hit) >= SEVERAL)
        for name in names:
            base.kill(name)
    finally:
        os.kill(kafka, signal.SIGCONT)
    return {name: hit.get(name, 0) for name in names}


def session(user):
    admin = base.connect("postgres")
    text = """SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity WHERE usename = %s AND (backend_xid IS NOT NULL OR %s) LIMIT 1) AS session"""
    hit = until(lambda: base.one(admin, text, (user, False)) > 0, PATIENCE if user == "correlator" else 1.0)
    if not hit:
        base.one(admin, text, (user, True))
    return {"session of " + user: int(hit)}


def begin(what):
    """Of a service: what all who live on it hold just then."""
    try:
        hit = {"kafka": lambda: sum(held().values()), "postgres": lambda: until(lambda: open_transactions("correlator"), 1.0),
               "mosquitto": lambda: sum(count for name, count in held().items() if name in ("citybrain", "railway") or name.startswith("brain"))}.get(what, lambda: 0)()
    except base.psycopg2.Error:
        hit = 0
    return {what: int(hit)}


def feed():
    try:
        return base.one(base.connect(), "SELECT feed FROM ops.feed_head")
    except base.psycopg2.Error:
        return None


def main():
    what, words = sys.argv[1], sys.argv[2:]
    if what == "deal":
        adapters, others, faults = ([name for name in words[n].split(",") if name] for n in (2, 3, 4))
        for card in deal(words[0], int(words[1]), adapters, others, faults):
            print(card)
        return 0
    made = {"at": int(time.time() * 1000), "class": what, "feed": feed()}
    if what == "end":
        made["hit"] = {}
    else:
        made["hit"] = {"kill": kill, "stop": stop, "zombie": zombie, "together": together, "session": session, "begin": begin}[what](*words)
    made["end"] = int(time.time() * 1000)
    if what in ("begin", "end"):
        made["class"], made["part"] = words[0], what
    with open(os.path.join(base.TEST, "kills.ndjson"), "a", encoding="utf-8") as file:
        file.write(json.dumps(made) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
