"""
The city's HTTP server: the hotline's two dialects, and the paths that other platforms serve (`routes`). Real sockets, one thread a connection. Vendor lists need a session of POST /login and take a form; Open311 lists take a query,
where start_date and end_date mean the time of the request, as GeoReport v2 has it; updated_after and updated_before, which many servers add, that of the change.
Date is simulated time. Faults are done to list requests only.
"""

import collections
import json
import secrets
import sys
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import clock as clocks

LOGIN_PAGE = "<!DOCTYPE html><html><head><title>登录</title></head><body><form action=/login>会话已过期，请重新登录</form></body></html>"
BUSY_PAGE = "<html><body><h1>系统维护中</h1><p>请稍后再试</p></body></html>"
HTML, JSON = "text/html; charset=utf-8", "application/json; charset=utf-8"
PAGE_SIZE, FORM_MOST, BODY_MOST = 50, 65536, 1 << 24
VENDOR, REQUESTS, CHANGES = ("start", "end", "size"), ("start_date", "end_date", "page_size"), ("updated_after", "updated_before", "page_size")

# What a platform's route is asked, and what it says; shown() is called when the answer went out whole. A faulty route is done what lists are done.
Request = collections.namedtuple("Request", "method path query headers body now")
Answer = collections.namedtuple("Answer", "body kind status headers shown", defaults=(JSON, 200, (), None))
Route = collections.namedtuple("Route", "answer faulty")


class Hotline:
    """What all connections share."""

    def __init__(self, clock, faults, record, user, password):
        self.clock, self.faults, self.record = clock, faults, record
        self.user, self.password = user, password
        self.sessions, self.vendor, self.open311, self.routes, self.requests = set(), {}, {}, {}, 0
        self.lock = threading.Lock()

    def lines(self):
        return list(self.vendor.values()) + list(self.open311.values())

    def waiting(self):
        return sum(line.waiting() for line in self.lines())

    def route(self, path):
        """The one that names the path, else the longest whose * stands for its end."""
        found = [name for name in self.routes if name == path or (name.endswith("*") and path.startswith(name[:-1]))]
        return self.routes[max(found, key=len)] if found else None

    def number(self):
        with self.lock:
            self.requests += 1
            return self.requests


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "hotline", ""
    timeout = 60

    @property
    def hotline(self):
        return self.server.hotline

    def log_message(self, *_):
        pass

    def date_time_string(self, timestamp=None):
        return formatdate(self.hotline.clock.now(), usegmt=True)

    def answer(self, status, kind, text, headers=(), cut=0):
        body = text if isinstance(text, bytes) else text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) + cut))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = self.close_connection or cut > 0
        return status == 200 and not cut

    def session(self):
        for part in (self.headers.get("Cookie") or "").split(";"):
            name, _, value = part.strip().partition("=")
            if name == "SESSION" and value in self.hotline.sessions:
                return value
        return None

    def form(self):
        size = int(self.headers.get("Content-Length") or 0)
        if size > FORM_MOST:
            self.close_connection = True
            return {}
        return {name: values[-1] for name, values in parse_qs(self.rfile.read(size).decode("utf-8", "replace")).items()}

    def do_POST(self):
        path = urlsplit(self.path).path
        if self.routed(path):
            return
        form = self.form()
        if path == "/login":
            self.login(form)
        elif path in self.hotline.vendor:
            self.list(path, self.hotline.vendor[path], form, VENDOR, self.session() or "nobody")
        else:
            self.answer(404, JSON, '{"code":404}')

    def routed(self, path):
        """Somebody else's path is answered by its platform."""
        hotline, route = self.hotline, self.hotline.route(path)
        if not route:
            return False
        size = min(int(self.headers.get("Content-Length") or 0), BODY_MOST)
        query = {name: values[-1] for name, values in parse_qs(urlsplit(self.path).query).items()}
        said = route.answer(Request(self.command, path, query, self.headers, self.rfile.read(size), hotline.clock.now()))
        number, fault = hotline.number(), hotline.faults.next(path) if route.faulty else None
        if fault:
            hotline.record.fault(number, fault)
            whole = self.misbehave(fault, path, said.body if isinstance(said.body, str) else said.body.decode("utf-8", "replace"))
        else:
            self.answer(said.status, said.kind, said.body, said.headers)
            whole = True
        if whole and said.shown:
            said.shown()
        hotline.record.request(path, "", 1, 0, fault or "ok")
        return True

    def do_GET(self):
        url = urlsplit(self.path)
        if self.routed(url.path):
            return
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        if url.path in self.hotline.open311:
            self.list(url.path, self.hotline.open311[url.path], query, CHANGES if "updated_after" in query else REQUESTS, url.path)
        elif url.path == "/login":
            self.answer(200, HTML, LOGIN_PAGE)
        else:
            self.answer(404, JSON, '[{"code":404,"description":"no such resource"}]')

    def login(self, form):
        hotline = self.hotline
        if (form.get("username"), form.get("password")) != (hotline.user, hotline.password):
            self.answer(401, JSON, json.dumps({"code": 401, "msg": "用户名或密码错误"}, ensure_ascii=False))
            return
        token = secrets.token_hex(16)
        hotline.sessions.add(token)
        self.answer(200, JSON, '{"code":0,"msg":"ok"}', [("Set-Cookie", "SESSION=%s; Path=/; HttpOnly" % token)])

    def list(self, path, line, ask, names, client):
        vendor = names == VENDOR
        number, fault = self.hotline.number(), self.hotline.faults.next(path)
        if vendor and client == "nobody":
            self.answer(200, HTML, LOGIN_PAGE)
            return
        if fault:
            self.hotline.record.fault(number, fault)
        try:
            states, page, total = self.find(line, ask, names)
        except ValueError:
            self.answer(400, JSON, '[{"code":400,"description":"bad window or page"}]')
            return
        rows = "[" + ",".join(state.item for state in states) + "]"
        text = '{"total":%d,"rows":%s}' % (total, rows) if vendor else rows
        whole = self.misbehave(fault, client, text) if fault else self.answer(200, JSON, text)
        if whole:
            line.shown(states)
        window = "%s..%s" % (ask.get(names[0], ""), ask.get(names[1], ""))
        self.hotline.record.request(path, window, page, len(states), fault or "ok")

    def find(self, line, ask, names):
        now = self.hotline.clock.now()
        start = clocks.read_time(ask[names[0]]) if ask.get(names[0]) else 0
        end = clocks.read_time(ask[names[1]]) if ask.get(names[1]) else now
        page, size = int(ask.get("page") or 1), int(ask.get(names[2]) or PAGE_SIZE)
        if page < 1 or not 1 <= size <= 1000:
            raise ValueError("page")
        if names != VENDOR and ask.get("service_request_id"):
            asked = set(ask["service_request_id"].split(","))
            found = [state for state in line.present(now) if json.loads(state.item)["service_request_id"] in asked]
        else:
            found = line.requested(start, end, now) if names == REQUESTS else line.window(start, end, now)
        return found[(page - 1) * size:page * size], page, len(found)

    def misbehave(self, fault, client, text):
        """Returns whether the client got its page whole after all."""
        if fault == "session" and client in self.hotline.sessions:
            self.hotline.sessions.discard(client)
            return self.answer(200, HTML, LOGIN_PAGE) and False
        if fault == "429":
            return self.answer(429, JSON, '{"code":429}', [("Retry-After", "1")])
        if fault == "500":
            return self.answer(500, HTML, "<h1>500</h1>")
        if fault == "half":
            body = text.encode()
            return self.answer(200, JSON, body[:len(body) // 2], cut=len(body) - len(body) // 2)
        return self.answer(200, HTML, BUSY_PAGE) and False


class Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request, client_address):
        """A client that was killed is no trouble of ours."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def start(address, hotline):
    host, _, port = address.rpartition(":")
    server = Server((host or "127.0.0.1", int(port)), Handler)
    server.hotline = hotline
    threading.Thread(target=server.serve_forever, name="http", daemon=True).start()
    return server


def wait_shown(hotline, progress, patience=600, more=lambda: 0):
    """Until every row's last state went out whole, and `more` says 0; False when nobody comes for it."""
    last, since = None, time.monotonic()
    while True:
        waiting = hotline.waiting() + more()
        if not waiting:
            return True
        if waiting != last:
            last, since = waiting, time.monotonic()
        if time.monotonic() - since > patience:
            return False
        progress(waiting)
        time.sleep(0.2)
