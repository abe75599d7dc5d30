#!/usr/bin/python3
"""
The stream of incidents under test (85_stream.sh, tests/bench/stream.py).

    stream.py write --seconds S --rate R [--incidents N]    versions into ops.outbox, as the correlator's commit puts them there
    stream.py listen ADDRESS --clients N --until FILE       clients that come again where they were cut off; FILE holds the last feed number
                                                            that all must have, once it is known. What each heard must be what the outbox holds
    stream.py judge FILE                                    what each client of test-crowd heard (its RESULT): the whole outbox, in order
    stream.py reset ADDRESS                                 what is told to who comes with a number that is gone, and after a restored database

Raw sockets, one thread: a client is a state of some hundred bytes.
"""

import argparse
import array
import json
import random
import re
import selectors
import socket
import sys
import time

import base

STATES = ("filed", "dispatched", "processing", "verifying")
SEVERITIES = ("info", "low", "medium", "high", "critical")
PLATFORMS = ("p01", "p03", "p09", "p12")
ZONES = ("350206", "350203")
FRAME = re.compile(rb"(.*?)\n\n", re.S)
WAIT_S = 90


# ---- writing ----

def version_of(incident, epoch, version, rng):
    """An incident version (messages, section 5); each twelfth shuts it, the next opens it again."""
    shut = version % 12 == 0
    body = {"incident": incident, "number": "20231205-" + incident[2:10].upper(), "epoch": epoch, "version": version,
            "change": "opened" if version == 1 else "closed" if shut else "updated", "at": "2023-12-05T00:42:10.000Z",
            "zone": ZONES[int(incident[-1], 36) % len(ZONES)], "state": "closed" if shut else rng.choice(STATES), "severity": rng.choice(SEVERITIES),
            "category": {"code": rng.choice(("E0504", "E0102", "E2199")), "name": "店外经营"}, "title": "沿街店铺占道 \"<b>&\n" + str(version),
            "opened": "2023-12-05T00:42:10.000Z", "updated": "2023-12-05T00:42:10.000Z", "founding": "p09::1:1", "reports": 1,
            "platforms": sorted(rng.sample(PLATFORMS, rng.randint(1, 3))), "newest": [], "rules": "sha256:0"}
    if rng.random() < 0.9:
        body["position"] = {"lon": round(118.10 + rng.random() / 50, 6), "lat": round(24.50 + rng.random() / 50, 6), "radius_m": 25}
    if shut:
        body["closed"] = "2023-12-05T00:42:10.000Z"
    return body


def write(args):
    """One transaction each 50 ms; one that PostgreSQL did not take is put again: its rows have keys."""
    rng, database, written = random.Random(args.seed), None, 0
    versions, names = {}, ["i-" + "".join(rng.choice("0123456789abcdefghjkmnpqrstvwxyz") for _ in range(26)) for _ in range(args.incidents)]
    for name in names if args.begin else ():
        versions[name] = base.one(base.connect(), "SELECT coalesce(max(version), 0) FROM ops.outbox WHERE incident = %s", (name,))
    began, pending = time.monotonic(), []
    while time.monotonic() < began + args.seconds or pending:
        due = int(min(time.monotonic() - began, args.seconds) * args.rate)
        while written + len(pending) < due:
            name = rng.choice(names)
            versions[name] = versions.get(name, 0) + 1
            body = version_of(name, 1, versions[name], rng)
            if args.plain:
                body["title"], body["rules"] = "沿街店铺占道 %d" % versions[name], "sha256:" + "0" * 64
            pending.append((body["zone"], name, 1, versions[name], json.dumps(body, ensure_ascii=False, separators=(",", ":"))))
        try:
            database = database or base.connect()
            if pending:
                with database.cursor() as cursor:
                    text = ",".join(cursor.mogrify("(%s,%s,%s,%s,%s)", row).decode() for row in pending)
                    cursor.execute("INSERT INTO ops.outbox (zone, incident, epoch, version, payload) VALUES " + text + " ON CONFLICT DO NOTHING")
                written, pending = written + len(pending), []
        except base.psycopg2.Error:
            database = None
        time.sleep(0.05)
    print("%d versions written" % written)
    return 0


# ---- listening ----

KINDS = {
    # how it asks, whether a version fits, reads before it hangs up (0: never), bytes it reads at a time
    "all": ("", lambda body: True, 0, 1 << 20),
    "restless": ("", lambda body: True, 6, 1 << 20),
    "slow": ("", lambda body: True, 0, 512),
    "open": ("&state=open", lambda body: "closed" not in body, 0, 1 << 20),
    "severe": ("&severity=high,critical&platform=p09,p01",
               lambda body: body["severity"] in ("high", "critical") and {"p09", "p01"} & set(body["platforms"]), 30, 1 << 20),
    "zone": ("&zone=350203", lambda body: body["zone"] == "350203", 0, 1 << 20),
    "box": ("&bbox=118.1,24.5,118.11,24.51",
            lambda body: "position" in body and body["position"]["lon"] <= 118.11 and body["position"]["lat"] <= 24.51, 0, 1 << 20),
}


class Client:
    """What it heard, as (feed, incident, epoch, version, left) in order."""

    def __init__(self, kind, rng):
        self.kind, self.ask, self.fits, self.life, self.size = kind, *KINDS[kind]
        self.rng, self.heard, self.last, self.socket, self.bytes = rng, [], 0, None, b""
        self.again, self.ends, self.lives, self.resets, self.wrong, self.read_at = 0.0, 0, 0, 0, [], 0.0
        self.is_chunked = False

    def request(self):
        last = "Last-Event-ID: %d\r\n" % self.last if self.lives else ""
        # HTTP/1.0 is answered without chunks, which is all that this client needs to know of HTTP
        return ("GET /v1/stream/incidents?after=0%s HTTP/1.0\r\nHost: hub\r\n%s\r\n" % (self.ask, last)).encode()


class Listening:
    def __init__(self, address, clients, until):
        host, port = address.rsplit(":", 1)
        self.address, self.clients, self.until = (host, int(port)), clients, until
        self.selector, self.known, self.boots, self.frames = selectors.DefaultSelector(), {}, set(), 0

    def connect(self, client, now):
        client.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if client.kind == "slow":
            client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        try:
            client.socket.settimeout(5)
            client.socket.connect(self.address)
            client.socket.sendall(client.request())
            client.socket.setblocking(False)
        except OSError:
            client.socket.close()
            client.socket, client.again = None, now + 0.2
            return
        client.bytes, client.is_head = b"", True
        client.lives += 1
        client.ends = client.rng.randint(client.life // 2, 2 * client.life) if client.life else 0
        self.selector.register(client.socket, selectors.EVENT_READ, client)

    def hang_up(self, client, now, wait):
        self.selector.unregister(client.socket)
        client.socket.close()
        client.socket, client.again = None, now + wait

    def hear(self, client, now):
        if client.kind == "slow" and now < client.read_at:
            return False
        client.read_at = now + 0.005
        try:
            more = client.socket.recv(client.size)
        except BlockingIOError:
            return False
        except OSError:
            more = b""
        if not more:
            self.hang_up(client, now, 0.2 * client.rng.random())
            return True
        client.bytes += more
        if client.is_head:
            head, found, rest = client.bytes.partition(b"\r\n\r\n")
            if not found:
                return True
            if b" 200 " not in head[:16]:
                self.hang_up(client, now, 0.3)  # 503: it only just starts
                return True
            client.bytes, client.is_head = rest, False
        client.ends -= 1
        if client.ends == 0:
            self.hang_up(client, now, 0.3 * client.rng.random())
        end = client.bytes.rfind(b"\n\n")
        if end >= 0:
            for frame in client.bytes[:end].split(b"\n\n"):
                self.frame(client, frame)
            client.bytes = client.bytes[end + 2:]
        return True

    def frame(self, client, frame):
        known = self.known.get(frame)
        if known is None:
            known = self.read(frame)
            if len(self.known) > 50000:
                self.known.clear()
            self.known[frame] = known
        event, number, fact = known
        if event == "incident":
            client.heard.append(fact)
            self.frames += 1
        if number is not None:
            if number < client.last or (event == "incident" and number == client.last):
                client.wrong.append("%s %d after %d" % (event, number, client.last))
            client.last = number
        if event == "reset":
            client.resets += 1
        if event == "wrong":
            client.wrong.append(repr(frame[:200]))

    def read(self, frame):
        """(event, id, fact)"""
        fields = {}
        for line in frame.decode().split("\n"):
            name, _, value = line.partition(": ")
            fields[name] = value
        number = int(fields["id"]) if "id" in fields else None
        event = fields.get("event", "comment")
        if event == "hello":
            self.boots.add(json.loads(fields["data"])["boot"])
        if event != "incident":
            return event, number, None
        data = json.loads(fields["data"])
        body = data["properties"]
        if data["type"] != "Feature" or data["id"] != body["incident"] or "position" in body or body["feed"] != number:
            return "wrong", number, None
        return event, number, (number, body["incident"], body["epoch"], body["version"], bool(data.get("left")))

    def run(self):
        """Until each has all, or has heard nothing new for WAIT_S."""
        target, moved, look = None, time.monotonic(), 0.0
        while True:
            now = time.monotonic()
            for client in self.clients:
                if not client.socket and now >= client.again and (target is None or client.last < target):
                    self.connect(client, now)
            if now >= look:
                look, target = now + 0.2, base.number_in(self.until)
                if target is not None and all(client.last >= target for client in self.clients):
                    return True
                if target is not None and now > moved + WAIT_S:
                    return False
            for key, _ in self.selector.select(0.02):
                before = key.data.last
                if self.hear(key.data, now) and key.data.last > before:
                    moved = now
            if any(client.kind == "slow" for client in self.clients):
                time.sleep(0.002)


def expected_of(client, outbox):
    """What a client of that kind must have heard, told from the versions themselves."""
    wanted, before = [], {}
    for feed, incident, epoch, version, body in outbox:
        fits, fitted = client.fits(body), before.get(incident, False)
        before[incident] = fits
        if fits or fitted:
            wanted.append((feed, incident, epoch, version, not fits))
    return wanted


def listen(args):
    rng = random.Random(args.seed)
    kinds = args.kinds.split(",")
    clients = [Client(kinds[i % len(kinds)], random.Random(rng.random())) for i in range(args.clients)]
    listening, verdict = Listening(args.address, clients, args.until), base.Verdict()
    began = time.monotonic()
    complete = listening.run()
    seconds = time.monotonic() - began
    outbox = [(*row[:4], json.loads(row[4])) for row in base.rows(
        base.connect(), "SELECT feed, incident, epoch, version, payload FROM ops.outbox WHERE feed IS NOT NULL ORDER BY feed")]
    verdict.check(complete, "%d clients heard all within %.0f s: %d frames, %d lives, %d boots of serve, %d versions" % (
        len(clients), seconds, listening.frames, sum(client.lives for client in clients), len(listening.boots), len(outbox)),
        [(client.kind, client.last) for client in clients if client.last < (base.number_in(listening.until) or 0)][:3])
    wrong = [(client.kind, text) for client in clients for text in client.wrong]
    verdict.check(not wrong, "numbers rise, frames are whole", wrong[:3])
    verdict.check(not any(client.resets for client in clients), "nobody was told to begin again")
    for kind in sorted(set(kinds)):
        of_kind = [client for client in clients if client.kind == kind]
        wanted = expected_of(of_kind[0], outbox)
        other = [client for client in of_kind if client.heard != wanted]
        verdict.check(not other, "%d %s: what each heard is what the outbox holds, in order (%d versions)" % (len(of_kind), kind, len(wanted)),
                      other and difference(other[0].heard, wanted))
    verdict.check(len(listening.boots) >= args.boots, "serve was another %d times at least" % args.boots, len(listening.boots))
    return 1 if verdict.failed else 0


def difference(heard, wanted):
    at = next((i for i, (one, other) in enumerate(zip(heard, wanted)) if one != other), min(len(heard), len(wanted)))
    return "at %d of %d/%d: heard %s, wanted %s" % (at, len(heard), len(wanted), heard[at:at + 2], wanted[at:at + 2])


# ---- the crowd ----

FNV_OFFSET, FNV_PRIME, BITS_64 = 14695981039346656037, 1099511628211, (1 << 64) - 1


def fnv(text, start=FNV_OFFSET):
    for byte in text.encode():
        start = (start ^ byte) * FNV_PRIME & BITS_64
    return start


def crowd_read(path):
    """(kind, lives, hash, resets, wrong, last, numbers as bytes) of each client."""
    with open(path, "rb") as file:
        while line := file.readline():
            _, kind, lives, size, digest, resets, wrong, last = line.decode().split()
            yield kind, int(lives), int(digest, 16), int(resets), int(wrong), int(last), file.read(4 * int(size))


def judge(args):
    """A set comparison, in order: each client's numbers are those of the outbox, byte by byte, and its hash says that each was that version of that incident."""
    verdict = base.Verdict()
    outbox = base.rows(base.connect(), "SELECT feed, incident, epoch, version FROM ops.outbox WHERE feed IS NOT NULL ORDER BY feed")
    numbers, digest = array.array("I", [row[0] for row in outbox]), FNV_OFFSET
    for row in outbox:
        digest = fnv("%d %s %d %d\n" % row, digest)
    clients = list(crowd_read(args.address))
    print("%d clients, %d lives, %d versions, %d deliveries" % (len(clients), sum(one[1] for one in clients), len(outbox), sum(len(one[6]) // 4 for one in clients)))
    for kind in sorted({one[0] for one in clients}):
        of_kind = [one for one in clients if one[0] == kind]
        other = [one for one in of_kind if one[6] != numbers.tobytes()]
        verdict.check(not other, "%d %s: each heard every number of the outbox, once, in order" % (len(of_kind), kind), other and apart(other[0][6], numbers))
        verdict.check(all(one[2] == digest for one in of_kind), "%d %s: and each number was that version of that incident" % (len(of_kind), kind))
        verdict.check(not any(one[3] or one[4] for one in of_kind), "%d %s: no frame was wrong, nobody began again" % (len(of_kind), kind), [one[:6] for one in of_kind if one[3] or one[4]][:3])
    verdict.check(len(clients) == args.clients and outbox, "all of them, and there was something to hear", [len(clients), len(outbox)])
    return 1 if verdict.failed else 0


def apart(heard, wanted):
    heard = array.array("I", heard)
    at = next((i for i, (one, other) in enumerate(zip(heard, wanted)) if one != other), min(len(heard), len(wanted)))
    return "at %d of %d/%d: heard %s, wanted %s" % (at, len(heard), len(wanted), list(heard[at:at + 3]), list(wanted[at:at + 3]))


# ---- beginning again ----

class Asked:
    """One stream, read event by event."""

    def __init__(self, address, words="", header=""):
        host, port = address.rsplit(":", 1)
        self.socket = socket.create_connection((host, int(port)), 20)
        self.socket.settimeout(40)
        self.socket.sendall(("GET /v1/stream/incidents%s HTTP/1.0\r\nHost: hub\r\n%s\r\n" % (words, header)).encode())
        self.file = self.socket.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        self.headers = dict(line.decode().rstrip("\r\n").lower().split(": ", 1) for line in iter(self.file.readline, b"\r\n"))

    def event(self, *names):
        """(name, id, data) of the next event of these names."""
        fields = {}
        for line in self.file:
            if line == b"\n":
                if fields.get("event") in names:
                    return fields["event"], int(fields.get("id", -1)), json.loads(fields["data"])
                fields = {}
            elif b": " in line:
                name, value = line.decode().rstrip("\n").split(": ", 1)
                fields[name] = value
        return None, -1, {}


def reset(args):
    verdict, database = base.Verdict(), base.connect()
    head = base.one(database, "SELECT feed FROM ops.feed_head")
    fresh = Asked(args.address)
    verdict.check(fresh.headers["content-type"].startswith("text/event-stream") and fresh.headers["cache-control"] == "no-store", "an event stream that no cache keeps",
                  fresh.headers)
    name, _, hello = fresh.event("hello", "incident", "reset")
    verdict.check(name == "hello" and hello["head"] == head and hello["oldest"] == 1, "hello names the head and the oldest", repr((name, hello)))
    verdict.check(Asked(args.address, "?after=x").status == 400, "a number that is none is refused")
    verdict.check(Asked(args.address, "?severity=bad").status == 400, "so is a severity that is none")
    ahead = Asked(args.address, "?after=%d" % (head + 1000))
    name, number, data = ahead.event("reset", "incident")
    verdict.check(name == "reset" and number == data["head"] == head, "who is ahead of the head begins again", repr((name, number, data)))
    base.rows(database, "DELETE FROM ops.outbox WHERE feed <= 20 RETURNING feed")
    name, number, data = Asked(args.address, "?after=1").event("reset", "incident")
    verdict.check(name == "reset" and data == {"head": head, "oldest": 21}, "who missed what retention took begins again", repr((name, number, data)))
    name, number, _ = Asked(args.address, "", "Last-Event-ID: 20\r\n").event("reset", "incident")
    verdict.check((name, number) == ("incident", 21), "who missed nothing of it goes on", repr((name, number)))
    name, number, _ = Asked(args.address, "?after=5", "Last-Event-ID: 30\r\n").event("reset", "incident")
    verdict.check((name, number) == ("incident", 31), "where it was cut off goes before where it began", repr((name, number)))
    # A backup: the last rows are gone, and so are all connections.
    base.rows(database, "WITH gone AS (DELETE FROM ops.outbox WHERE feed > %s RETURNING feed) UPDATE ops.feed_head SET feed = %s RETURNING feed", (head - 50, head - 50))
    base.rows(base.connect("postgres"), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename IN ('api', 'relay')")
    name, _, again = fresh.event("hello")
    verdict.check(again["boot"] != hello["boot"] and again["head"] == head - 50, "of another database all are told who listen", again)
    name, number, data = fresh.event("reset", "incident")
    verdict.check(name == "reset" and number == data["head"] == head - 50, "and begin again", repr((name, number, data)))
    return 1 if verdict.failed else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("part", choices=("write", "listen", "judge", "reset"))
    parser.add_argument("address", nargs="?")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rate", type=float, default=100)
    parser.add_argument("--incidents", type=int, default=200)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--until")
    parser.add_argument("--from", dest="begin", help="its incidents may be there already: their versions go on")
    parser.add_argument("--plain", action="store_true", help="titles without line ends")
    parser.add_argument("--boots", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    return {"write": write, "listen": listen, "judge": judge, "reset": reset}[args.part](args)


if __name__ == "__main__":
    sys.exit(main())
