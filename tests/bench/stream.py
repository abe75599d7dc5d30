#!/usr/bin/python3
"""
stream.py HUB: what the stream of incidents costs. PostgreSQL of its own, hub serve, N clients that listen to everything, R versions a second
whose numbers are given as the relay gives them. Prints one line a size: deliveries a second, how long after its number was committed a version
is heard (p50, p99), CPU of serve, its memory and what a client adds.

    tests/bench/stream.py build/hub/hub [--clients 100,1000] [--rate 500] [--seconds 15]

Run it through tests/bench/run stream, which brings PostgreSQL up.
"""

import argparse
import json
import os
import random
import re
import selectors
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../system/lib"))

import base
import stream

ID = re.compile(rb"id: (\d+)\nevent: incident\n")
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


def listener(address, clients, seconds, result):
    """A process of its own: clients that count, and note when each number was first and last heard."""
    selector, host, port = selectors.DefaultSelector(), *address.rsplit(":", 1)
    tails, heard, times = {}, 0, []
    for _ in range(clients):
        client = socket.create_connection((host, int(port)))
        client.sendall(b"GET /v1/stream/incidents HTTP/1.0\r\nHost: hub\r\n\r\n")
        client.setblocking(False)
        selector.register(client, selectors.EVENT_READ)
        tails[client] = b""
    print("ready", flush=True)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for key, _ in selector.select(0.1):
            data = tails[key.fileobj] + key.fileobj.recv(1 << 18)
            numbers = ID.findall(data)
            if numbers:
                heard += len(numbers)
                times.append((time.monotonic(), int(numbers[-1])))
            rest = data[data.rfind(b"\n\n") + 2:] if b"\n\n" in data else data
            tails[key.fileobj] = b"" if b"event: incident\n" in rest else rest[-64:]
    with open(result, "w", encoding="utf-8") as file:
        json.dump({"heard": heard, "times": times}, file)


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
    result = os.path.join(base.TEST, "heard.json")
    ear = subprocess.Popen([sys.executable, __file__, "--ear", address, str(clients), str(args.seconds + 5), result], stdout=subprocess.PIPE)
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
    with open(result, encoding="utf-8") as file:
        found = json.load(file)
    late = sorted((at - committed[feed]) * 1000 for at, feed in found["times"] if feed in committed)
    print("%5d clients, %d versions/s: %d of %d heard, %.0f deliveries/s, heard after p50 %.0f ms, p99 %.0f ms; CPU of serve %.0f %%; %.0f MiB, %.1f KiB a client" % (
        clients, written / seconds, found["heard"], written * clients, found["heard"] / seconds, late[len(late) // 2] if late else -1,
        late[len(late) * 99 // 100] if late else -1, used / seconds * 100, usage(serve.pid)[1], (idle - empty) * 1024 / clients), flush=True)
    serve.terminate()
    serve.wait()


def main():
    if sys.argv[1:2] == ["--ear"]:
        return listener(sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), sys.argv[5])
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
