#!/usr/bin/python3
"""
A platform that pushes, as many clients at a time, and sends again what was not answered 2xx: push.py URL --keys FILE [--first N] [--count N]
[--clients N] [--slow N] [--forged] [--once] --out FILE.

Each case is signed as Standard Webhooks has it, by their own library when it is in PYTHONPATH, under the first secret of FILE (--forged: another).
--slow: so many connections, of another address, send a head and never end it, and come back when they are thrown out: so that honest ones fail by our kills alone. --once sends once. FILE: a line "NUMBER STATUS" for each
case at its end; its last line, on stdout too, is a JSON object: cases, attempts, unanswered (sent whole, and the connection died), told (by status).
"""

import argparse
import base64
import collections
import datetime
import hashlib
import hmac
import http.client
import json
import os
import queue
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))


def signer(secret):
    try:
        import standardwebhooks
    except ImportError:
        key = base64.b64decode(secret[len("whsec_"):])
        return lambda name, when, text: "v1," + base64.b64encode(
            hmac.new(key, ("%s.%d.%s" % (name, when.timestamp(), text)).encode(), hashlib.sha256).digest()).decode()
    hook = standardwebhooks.Webhook(secret)
    return lambda name, when, text: hook.sign(msg_id=name, timestamp=when, data=text)


def bodies(first, count):
    lines = subprocess.run([sys.executable, os.path.join(HERE, "rows.py"), str(first), str(count), "--keyed"], check=True, capture_output=True).stdout
    return [line.split("\t", 1)[1] for line in lines.decode().splitlines()]


class Pushing:
    def __init__(self, of):
        self.url = urllib.parse.urlsplit(of.url)
        with open(of.keys, encoding="ascii") as keys:
            secret = keys.readline().strip()
        self.sign = signer("whsec_" + base64.b64encode(b"an attacker's own words.").decode() if of.forged else secret)
        self.once, self.count, self.work, self.lock = of.once, collections.Counter(), queue.Queue(), threading.Lock()
        self.told, self.out, self.over = collections.Counter(), open(of.out, "w", encoding="ascii"), threading.Event()

    def connect(self):
        if self.url.scheme == "https":
            return http.client.HTTPSConnection(self.url.netloc, timeout=40, context=ssl._create_unverified_context())
        return http.client.HTTPConnection(self.url.netloc, timeout=40)

    def attempt(self, number, text):
        """The status, or 0: nobody answered."""
        when = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        name = "msg_%d" % number
        headers = {"webhook-id": name, "webhook-timestamp": str(int(when.timestamp())), "webhook-signature": self.sign(name, when, text),
                   "Content-Type": "application/json"}
        peer, sent = self.connect(), False
        try:
            peer.request("POST", self.url.path, text.encode(), headers)
            sent = True
            answer = peer.getresponse()
            answer.read()
            if answer.status in (429, 503) and not answer.getheader("Retry-After"):
                raise AssertionError("%d without Retry-After" % answer.status)
            return answer.status
        except (OSError, http.client.HTTPException):
            with self.lock:
                self.count["unanswered" if sent else "refused"] += 1
            return 0
        finally:
            peer.close()

    def run(self):
        while True:
            try:
                number, text = self.work.get_nowait()
            except queue.Empty:
                return
            while True:
                status = self.attempt(number, text)
                with self.lock:
                    self.count["attempts"] += 1
                    self.told[str(status)] += 1
                if 200 <= status < 300 or status in (400, 401) or self.once:
                    break
                time.sleep(0.05)
            with self.lock:
                self.count["cases"] += 1
                self.out.write("%d %d\n" % (number, status))
                self.out.flush()

    def slow(self):
        while not self.over.is_set():
            try:
                peer = socket.create_connection((self.url.hostname, self.url.port), timeout=2, source_address=("127.0.0.2", 0))
                peer.sendall(b"POST " + self.url.path.encode() + b" HTTP/1.1\r\nContent-Length: 9\r\nX: ")
                peer.settimeout(5)
                peer.recv(1)
                peer.close()
                with self.lock:
                    self.count["thrown_out"] += 1
            except OSError:
                pass
            self.over.wait(0.1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--keys", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--clients", type=int, default=1)
    parser.add_argument("--slow", type=int, default=0)
    parser.add_argument("--forged", action="store_true")
    parser.add_argument("--once", action="store_true")
    of = parser.parse_args()
    pushing = Pushing(of)
    for i, text in enumerate(bodies(of.first, of.count)):
        pushing.work.put((of.first + i, text))
    for _ in range(of.slow):
        threading.Thread(target=pushing.slow, daemon=True).start()
    clients = [threading.Thread(target=pushing.run) for _ in range(of.clients)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    pushing.over.set()
    line = json.dumps(dict(pushing.count, told=pushing.told, library="standardwebhooks" in sys.modules))
    pushing.out.write(line + "\n")
    pushing.out.close()
    print(line)


main()
