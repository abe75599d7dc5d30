#!/usr/bin/python3
"""
Receivers of hub notify, and what they must have got (87_notify.sh).

    notify.py receive PORT FILE MOOD     webhooks: each that is signed and taken is a line of FILE (id, body). MOOD is a file that says how it
                                         feels: "sick" fails often and in every way, "well" takes all. Incidents that end in 0 to 6 are refused for ever
                                         while it is sick (400), those that end in 7 to d always fail (500).
    notify.py robot PORT FILE            a DingTalk robot, signed to in its address; every third message it does not take, with status 200
    notify.py number                     numbers what is new, as the relay does
    notify.py judge FILE [DEAD]          whether FILE holds what the outbox does and the target wants, but for what the list of the DEAD names, each
                                         incident's in order
    notify.py judge-robot FILE
"""

import base64
import hashlib
import hmac
import http.server
import json
import os
import random
import sys
import time
import urllib.parse

import base

KEYS = [base64.b64encode(b"first key of the target 1").decode(), base64.b64encode(b"second key of the target").decode()]
ROBOT_SECRET = "SEC000000000000000000000"
SEVERE = ("high", "critical")


class Receiver(http.server.BaseHTTPRequestHandler):
    rng = random.Random(int(os.environ.get("HUB_SEED", "1")))

    def log_message(self, *_):
        pass

    def tell(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.take(body)

    def keep(self, line):
        with open(self.server.file, "a", encoding="utf-8") as file:
            file.write(line + "\n")

    def take(self, body):
        ident, stamp = self.headers["webhook-id"], self.headers["webhook-timestamp"]
        wanted = {"v1," + base64.b64encode(hmac.new(base64.b64decode(key), ("%s.%s." % (ident, stamp)).encode() + body, hashlib.sha256).digest()).decode()
                  for key in KEYS}
        if set(self.headers["webhook-signature"].split(" ")) != wanted or abs(time.time() - int(stamp)) > 60:
            self.keep("BAD SIGNATURE %s" % ident)
            return self.tell(401)
        with open(self.server.mood, encoding="utf-8") as file:
            sick = file.read().strip() == "sick"
        last = ident.split(":")[0][-1]
        if sick and last in "0123456789abcd":
            return self.tell(400 if last in "0123456" else 500)
        luck = self.rng.random() if sick else 1
        if luck < 0.1:
            return self.tell(503, headers=[("Retry-After", "0")])
        if luck < 0.2:
            return self.connection.close()
        if luck < 0.25:
            return self.tell(302, headers=[("Location", "/elsewhere")])
        self.keep("%s\t%s" % (ident, body.decode()))
        if luck < 0.3:
            return self.connection.close()  # it has it, and says nothing
        return self.tell(204)


class Robot(Receiver):
    count = 0

    def take(self, body):
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
        text = "%s\n%s" % (query.get("timestamp"), ROBOT_SECRET)
        sign = base64.b64encode(hmac.new(ROBOT_SECRET.encode(), text.encode(), hashlib.sha256).digest()).decode()
        if query.get("sign") != sign or query.get("access_token") != "t":
            return self.tell(200, b'{"errcode":310000,"errmsg":"sign not match"}')
        Robot.count += 1
        if Robot.count % 3 == 0:
            return self.tell(200, b'{"errcode":130101,"errmsg":"send too fast"}')
        self.keep(body.decode())
        return self.tell(200, b'{"errcode":0,"errmsg":"ok"}')


def receive(kind, port, file, mood=None):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), kind)
    server.file, server.mood, server.daemon_threads = file, mood, True
    server.serve_forever()


def number():
    base.rows(base.connect(), "WITH head AS (SELECT feed FROM ops.feed_head FOR UPDATE), fresh AS (SELECT seq, row_number() OVER (ORDER BY seq) AS number"
              " FROM ops.outbox WHERE feed IS NULL), numbered AS (UPDATE ops.outbox AS o SET feed = head.feed + fresh.number FROM head, fresh"
              " WHERE o.seq = fresh.seq RETURNING o.feed) UPDATE ops.feed_head SET feed = last.feed FROM (SELECT max(feed) AS feed FROM numbered) AS last"
              " WHERE last.feed IS NOT NULL RETURNING 1")


def wanted_of():
    """{id: (feed, version, left)} that fit severity: high, critical; or did before."""
    found, before = {}, {}
    for feed, payload in base.rows(base.connect(), "SELECT feed, payload FROM ops.outbox WHERE feed IS NOT NULL ORDER BY feed"):
        body = json.loads(payload)
        fits = body["severity"] in SEVERE
        if fits or before.get(body["incident"]):
            found["%s:%d:%d" % (body["incident"], body["epoch"], body["version"])] = (feed, body, not fits)
        before[body["incident"]] = fits
    return found


def named_in(path):
    with open(path, encoding="utf-8") as file:
        return {line.split("\t")[1] for line in file}


def judge(path, dead=None):
    verdict, wanted, got, repeats, wrong, newest = base.Verdict(), wanted_of(), {}, 0, [], {}
    with open(path, encoding="utf-8") as file:
        for line in file.read().split("\n")[:-1]:
            ident, _, body = line.partition("\t")
            if ident in got:
                repeats += 1
                wrong += [] if got[ident] == body else ["%s twice with other bytes" % ident]
                continue
            got[ident] = body
            name, epoch, version = ident.split(":") if ident.count(":") == 2 else (ident, 0, 0)
            if dead and newest.get(name, 0) >= int(version):
                wrong.append("%s after version %d" % (ident, newest[name]))
            newest[name] = int(version)
            data = json.loads(body) if body else {}
            if ident not in wanted:
                wrong.append("%s was not wanted" % ident)
                continue
            feed, payload, left = wanted[ident]
            if data["data"] != {**payload, "feed": feed} or data["type"] != "incident." + payload["change"] or data.get("left", False) != left:
                wrong.append("%s is another than in the outbox" % ident)
    verdict.check(not wrong, "each is signed, wanted, as the outbox has it, in order for its incident (%d, and %d repeats)" % (len(got), repeats), wrong[:3])
    missing = sorted(set(wanted) - set(got), key=lambda one: wanted[one][0])
    excused = named_in(dead) if dead else set()
    lost = [one for one in missing if one not in excused]
    verdict.check(not lost, "none is missing of %d, but for %d dead" % (len(wanted), len(excused)), lost[:3])
    verdict.check(got, "some were taken all the same", path)
    return 1 if verdict.failed else 0


def judge_robot(path):
    verdict, wanted = base.Verdict(), wanted_of()
    with open(path, encoding="utf-8") as file:
        messages = [json.loads(line) for line in file]
    numbers = [message["markdown"]["text"].split("\n")[0] for message in messages]
    verdict.check(len(set(numbers)) == len(wanted) and len(numbers) < len(wanted) + 5, "the robot has a message of each (%d of %d)" % (len(numbers), len(wanted)))
    bad = [message for message in messages if message["msgtype"] != "markdown" or "<b>" in message["markdown"]["text"] or "](http" in message["markdown"]["text"]]
    verdict.check(not bad, "nothing that a platform wrote is Markdown in it", bad[:2])
    verdict.check(messages and "\uff1cb\uff1e" in messages[0]["markdown"]["text"], "it is there to read all the same", messages[:1])
    return 1 if verdict.failed else 0


def main():
    part, rest = sys.argv[1], sys.argv[2:]
    if part == "receive":
        return receive(Receiver, *rest)
    if part == "robot":
        return receive(Robot, *rest)
    if part == "number":
        return number()
    if part == "judge-robot":
        return judge_robot(rest[0])
    return judge(*rest)


if __name__ == "__main__":
    sys.exit(main())
