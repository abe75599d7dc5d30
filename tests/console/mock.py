#!/usr/bin/python3
"""A stand-in for hub serve with an invented Huli: mock.py WWW PORT [--incidents N] [--role ROLE] [--login].

Speaks the forms of hub serve that the console asks for, so that the screen can be looked at and driven without services. Beside them:
POST /mock/publish (a change, or a new incident), /mock/silent {"on": true} (frames stop, connections stay), /mock/cut {"on": true} (connections break),
/mock/expire (sessions end), /mock/rate {"per_s": 50}.
"""

import argparse
import http.server
import json
import mimetypes
import os
import queue
import random
import sys
import threading
import time
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from mock_city import City  # noqa: E402

CSP = ("default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; "
       "frame-ancestors 'none'; form-action 'self'")


class State:
    def __init__(self, options):
        self.options = options
        self.city = City(options.incidents)
        self.lock = threading.RLock()
        self.clients = set()
        self.log = []
        self.is_silent = self.is_cut = False
        self.is_in = not options.login
        self.commands = {}
        self.keys = {}
        self.per_s = 0
        self.boot = "boot-%d" % int(time.time())

    def publish(self, incident):
        with self.lock:
            frame = "id: %d\nevent: incident\ndata: %s\n\n" % (incident["feed"], json.dumps(self.city.feature(incident), ensure_ascii=False))
            self.log.append((incident["feed"], frame))
            for client in self.clients:
                client.put(frame)

    def everybody(self, frame):
        with self.lock:
            for client in self.clients:
                client.put(frame)

    def drive(self):
        """Changes at a rate, and health each 5 s."""
        last = 0
        while True:
            time.sleep(0.02 if self.per_s else 0.2)
            if self.is_silent or self.is_cut:
                continue
            with self.lock:
                for _ in range(int(self.per_s * 0.02) or (1 if random.random() < self.per_s * 0.02 else 0)):
                    self.publish(self.city.chance())
            if time.monotonic() - last > 5:
                last = time.monotonic()
                self.everybody("event: health\ndata: %s\n\n" % json.dumps({"platforms": self.city.platforms(), "figures": self.city.figures()}))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state = None

    def log_message(self, *_):
        pass

    def send(self, status, body, kind="application/json", **headers):
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("X-Request-Id", "r-%06d" % random.randrange(10**6))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def problem(self, status, title, detail=""):
        self.send(status, {"type": "/problems/x", "title": title, "status": status, "detail": detail}, "application/problem+json")

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def do_GET(self):
        url = urllib.parse.urlparse(self.path)
        query = {name: values[-1] for name, values in urllib.parse.parse_qs(url.query).items()}
        state = self.state
        if state.is_cut and url.path.startswith("/v1"):
            self.close_connection = True
            return
        if not url.path.startswith("/v1/"):
            return self.file(url.path)
        if not state.is_in:
            return self.problem(401, "Nobody is logged in")
        name = url.path[4:]
        if name == "stream/incidents":
            return self.stream(int(self.headers.get("Last-Event-ID") or query.get("after") or 0))
        with state.lock:
            self.answer(name, query)

    def answer(self, name, query):
        city = self.state.city
        plain = {"platforms": city.platforms, "figures": city.figures, "categories": city.categories, "regions": city.regions}
        if name in plain:
            return self.send(200, plain[name]())
        if name == "me":
            return self.send(200, {"name": "lin", "id": "user:lin", "role": self.state.options.role, "zones": ["350206"], "zone_names": {"350206": "湖里区"}, "all_zones": False, "csrf": "c", "by": "session"})
        if name == "people":
            if self.state.options.role != "administrator":
                return self.problem(403, "Administrators only")
            zones = {"zones": ["350206"], "all_zones": False}
            return self.send(200, {"users": [{"name": "lin", "id": "user:lin", "role": "administrator", "zones": ["350206"], "all_zones": True}, {"name": "chen", "id": "user:chen", "role": "dispatcher", **zones}],
                                   "keys": [{"name": "wall-1", "id": "key:wall-1", "role": "viewer", **zones}]})
        if name == "collections/incidents/items":
            return self.send(200, city.page(query))
        if name.startswith("collections/incidents/items/"):
            return self.send(200, city.feature(city.known[name.split("/")[-1]]))
        if name.startswith("incidents/"):
            detail = city.detail(name.split("/")[1], list(self.state.commands.values()))
            return self.send(200, detail) if detail else self.problem(404, "No such incident")
        if name.startswith("commands/"):
            return self.send(200, self.state.commands[urllib.parse.unquote(name.split("/")[1])])
        if name == "find":
            return self.send(200, {"cases": []})
        return self.problem(404, "No such path")

    def do_POST(self):
        url = urllib.parse.urlparse(self.path)
        body = self.body()
        data = json.loads(body or b"{}")
        state = self.state
        if url.path == "/mock/publish":
            with state.lock:
                incident = state.city.change(data)
                state.publish(incident)
            return self.send(200, incident)
        if url.path.startswith("/mock/"):
            return self.mock(url.path[6:], data)
        if url.path == "/v1/session":
            if data.get("password") != "secret":
                return self.problem(401, "User or password is wrong")
            state.is_in = True
            return self.send(204, b"")
        if url.path == "/v1/commands":
            return self.order(data)
        return self.problem(404, "No such path")

    def do_DELETE(self):
        self.state.is_in = False
        self.send(204, b"")

    def mock(self, name, data):
        state = self.state
        if name == "silent":
            state.is_silent = data["on"]
        elif name == "cut":
            state.is_cut = data["on"]
        elif name == "rate":
            state.per_s = data["per_s"]
        elif name == "expire":
            state.is_in = False
        if name in ("cut", "expire"):
            state.everybody(None)
        self.send(200, {})

    def order(self, data):
        state = self.state
        if state.options.role == "viewer":
            return self.problem(403, "A viewer commands nothing")
        with state.lock:
            of = {"merge": "incidents", "apart": "incidents", "undo": "command"}.get(data["verb"], "incident")
            if of not in data or any(each in data for each in ("incident", "incidents", "command") if each != of):
                return self.problem(400, "The body is wrong", of)
            incident = state.city.known.get(data[of][0] if of == "incidents" else data[of])
            match = self.headers.get("If-Match")
            if incident and data["verb"] not in ("note", "undo"):
                if not match:
                    return self.problem(428, "If-Match is missing")
                if match != '"%d.%d"' % (incident["epoch"], incident["version"]):
                    return self.problem(412, "Another version is the newest")
            key = self.headers["Idempotency-Key"]
            if key not in state.keys:
                ident = "cmd:%06d" % (len(state.commands) + 1)
                state.keys[key] = ident
                changed, outcome = state.city.obey(data, ident)
                state.commands[ident] = dict({"command": ident, "id": ident, "verb": data["verb"], "by": "user:lin", "at": state.city.stamp(), "incident": incident and incident["incident"],
                                              "state": "done"}, **outcome, **({"note": data["note"]} if data.get("note") else {}))
                for each in changed:
                    state.publish(each)
        self.send(202, {"command": state.keys[key], "state": "waiting"}, Location="/v1/commands/" + state.keys[key])

    def stream(self, after):
        state = self.state
        mine = queue.Queue()
        with state.lock:
            for feed, frame in state.log:
                if feed > after:
                    mine.put(frame)
            state.clients.add(mine)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            self.wfile.write(b"retry: 2000\n\n")
            self.push("event: hello\ndata: %s\n\n" % json.dumps({"boot": state.boot, "head": state.city.feed, "oldest": 1, "time": state.city.stamp()}))
            while True:
                try:
                    frame = mine.get(timeout=10)
                except queue.Empty:
                    frame = ": keepalive\n\n"
                if frame is None:
                    return
                while state.is_silent:
                    time.sleep(0.1)
                self.push(frame)
        except OSError:
            pass
        finally:
            with state.lock:
                state.clients.discard(mine)

    def push(self, frame):
        self.wfile.write(frame.encode())
        self.wfile.flush()

    def file(self, path):
        if path == "/settings.json":
            return self.send(200, {"version": "mock"})
        name = os.path.normpath(os.path.join(self.state.options.www, path.lstrip("/") or "index.html"))
        if not os.path.isfile(name):
            return self.problem(404, "No such file")
        with open(name, "rb") as file:
            self.send(200, file.read(), mimetypes.guess_type(name)[0] or "application/octet-stream", Content_Security_Policy=CSP)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("www")
    parser.add_argument("port", type=int)
    parser.add_argument("--incidents", type=int, default=320)
    parser.add_argument("--role", default="dispatcher")
    parser.add_argument("--login", action="store_true")
    parser.add_argument("--attached", action="store_true", help="ends when its input does: with the test that began it, however that ends")
    Handler.state = State(parser.parse_args())
    server = Server(("127.0.0.1", Handler.state.options.port), Handler)
    threading.Thread(target=Handler.state.drive, daemon=True).start()
    if Handler.state.options.attached:
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    print("http://127.0.0.1:%d/" % server.server_address[1], flush=True)
    server.serve_forever()


main()
