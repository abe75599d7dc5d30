#!/usr/bin/python3
"""
stream.py HUB: what the stream of incidents costs. hub serve, N clients that listen to everything (tests/system/tool/crowd.c), R versions a second whose numbers are given as the
relay gives them. Prints one line a size: deliveries a second, how long after its number was committed a version is heard, CPU of serve, its memory and what a client adds.

    tests/bench/stream.py build/hub/hub [--clients 100,1000] [--rate 500] [--seconds 15]

Run it through tests/bench/run --only serve, which brings PostgreSQL up.
"""

import argparse
import json
import os
import random
import re
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../system/lib"))

import base
import stream

TICKS = os.sysconf("SC_CLK_TCK")


def usage(pid):
    """(seconds of CPU, resident MiB)"""
    with open("/proc/%d/stat" % pid, encoding="utf-8") as file:
        fields = file.read().rpartition(")")[2].split()
    with open("/proc/%d/status" % pid, encoding="utf-8") as file:
        resident = int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1))
    return (int(fields[11]) + int(fields[12])) / TICKS, resident / 1024


def number(database):
    """As the relay does (hub/relay/outbox.c)."""
    base.rows(database, "WITH head AS (SELECT feed FROM ops.feed_head FOR UPDATE), fresh AS (SELECT seq, row_number() OVER (ORDER BY seq) AS number"
              " FROM ops.outbox WHERE feed IS NULL), numbered AS (UPDATE ops.outbox AS o SET feed = head.feed + fresh.number FROM head, fresh"
              " WHERE o.seq = fresh.seq RETURNING o.feed) UPDATE ops.feed_head SET feed = last.feed FROM (SELECT max(feed) AS feed FROM numbered) AS last"
              " WHERE last.feed IS NOT NULL RETURNING 1")
    return base.one(database, "SELECT feed FROM ops.feed_head")


def quantile(values, percent):
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)] if values else float("nan")


def heard_after(committed, path):
    """Of each number, how many ms behind its commit half and 99 of 100 of the clients had it."""
    half, nearly_all = [], []
    with open(path, encoding="utf-8") as file:
        for line in file:
            feed, _, middle, late, _ = (int(field) for field in line.split())
            if feed in committed and middle:
                half.append(middle / 1000 - committed[feed] * 1000)
            if feed in committed and late:
                nearly_all.append(late / 1000 - committed[feed] * 1000)
    return half, nearly_all


def run(hub, clients, args, address, config):
    database, rng = base.connect(), random.Random(1)
    environment = dict(os.environ, HUB_DB_USER="api", HUB_CONFIG=config)
    with open(os.path.join(base.TEST, "logs", "bench-serve.log"), "ab") as log:
        serve = subprocess.Popen([hub, "serve"], env=environment, stderr=log)
    for _ in range(100):
        try:
            socket.create_connection((address.rsplit(":", 1)[0], int(address.rsplit(":", 1)[1]))).close()
            break
        except OSError:
            time.sleep(0.1)
    time.sleep(1)
    _, empty = usage(serve.pid)
    result, times = os.path.join(base.TEST, "heard"), os.path.join(base.TEST, "times")
    ear = subprocess.Popen([os.environ["HEARING"], address, str(clients), result, "--calm", "--seconds", str(int(args.seconds) + 7), "--times", times], stdout=subprocess.PIPE)
    ear.stdout.readline()
    time.sleep(2)
    _, idle = usage(serve.pid)
    names = ["i-%026d" % i for i in range(1000)]
    versions, committed, cpu = base.rows(database, "SELECT coalesce(max(version), 0) FROM ops.outbox")[0][0], {}, usage(serve.pid)[0]
    began, written = time.monotonic(), 0
    while time.monotonic() < began + args.seconds:
        due = int((time.monotonic() - began) * args.rate)
        if due > written:
            rows = []
            while written < due:
                written, versions = written + 1, versions + 1
                name = names[written % len(names)]
                body = stream.version_of(name, 1, versions, rng)
                body["newest"] = [{"event": "p09::%d:1" % i, "platform": "p09", "title": "沿街店铺占道经营", "why": {"score": 6120}} for i in range(4)]
                rows.append((body["zone"], name, 1, versions, json.dumps(body, ensure_ascii=False)))
            with database.cursor() as cursor:
                cursor.execute("INSERT INTO ops.outbox (zone, incident, epoch, version, payload) VALUES " +
                               ",".join(cursor.mogrify("(%s,%s,%s,%s,%s)", row).decode() for row in rows))
            committed[number(database)] = time.monotonic()
        time.sleep(0.02)
    seconds, used = time.monotonic() - began, usage(serve.pid)[0] - cpu
    ear.wait()
    heard = sum(len(one[6]) // 4 for one in stream.crowd_read(result))
    half, nearly_all = heard_after(committed, times)
    print("%5d clients, %d versions/s: %d of %d heard, %.0f deliveries/s; ms from commit until half of them have it p50 %.0f p99 %.0f, until 99 of 100 do p50 %.0f p99 %.0f;"
          " CPU of serve %.0f %%; %.0f MiB, %.1f KiB a client" % (
              clients, written / seconds, heard, written * clients, heard / seconds, quantile(half, 50), quantile(half, 99), quantile(nearly_all, 50), quantile(nearly_all, 99),
              used / seconds * 100, usage(serve.pid)[1], (idle - empty) * 1024 / clients), flush=True)
    serve.terminate()
    serve.wait()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("hub")
    parser.add_argument("--clients", default="100,1000")
    parser.add_argument("--rate", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=15)
    args = parser.parse_args()
    for clients in args.clients.split(","):
        run(args.hub, int(clients), args, os.environ["ADDRESS"], os.environ["HUB_CONFIG"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
