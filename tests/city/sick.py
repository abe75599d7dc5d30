"""
city.py sick: a hotline that misbehaves in every way that servers do, while cases are published and change: the ways are shared out over three lists, one
after the other on each; page 2 of a fourth one fails for ever. What went out whole is written down, and how often the client asked in vain, and with which
start of its window.
"""

import gzip
import json
import os
import threading
import time
import zlib

import clock as clocks
import server
import vendor
from faults import Faults
from lines import Line, State
from mqtt import Trouble
from play import APP_PATH, read_secret, say
from record import Record

PAGE, EVERY, TRIES, PATIENCE = 10, 0.3, 2, 60
LEAST = 1.2                                             # seconds of an outage: a position that moves does so by whole seconds
OPEN = 12                                               # cases of the GeoReport list: told long ago, closed while we look
BOMB = gzip.compress(b" " * (4 << 20))


# ---- ways to answer: (handler, number of the page, its text) ----

def raw(handler, status, headers, body):
    handler.send_response(status)
    for name, value in headers:
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)
    handler.close_connection = True


def whole(handler, _page, text):
    handler.answer(200, server.JSON, text)


def packed(headers, pack):
    def answer(handler, _page, text):
        handler.answer(200, server.JSON, pack(text.encode()), headers)
    return answer


def behind(status, text=""):
    """Behind the last page an answer of its own; before it all is well. Without a total."""
    def answer(handler, page, text_of_page):
        rows = json.loads(text_of_page)["rows"]
        if rows or page == 1:
            handler.answer(200, server.JSON, json.dumps({"rows": rows}, ensure_ascii=False))
        else:
            handler.answer(status, server.JSON, text)
    return answer


def repeating(last):
    """Behind the last page that one again, or the first one."""
    pages, order = {}, [1]

    def answer(handler, page, text):
        rows = json.loads(text)["rows"]
        shown = rows or pages.get(order[-1] if last else 1, [])
        if rows:
            pages[page] = rows
            order.append(page)
        handler.answer(200, server.JSON, json.dumps({"asked": page, "rows": shown}, ensure_ascii=False))
    return answer


def said(status, kind, text, headers=()):
    return lambda handler, _page, _text: handler.answer(status, kind, text, headers)


def cut_length(handler, _page, text):
    body = text.encode()
    handler.answer(200, server.JSON, body[:len(body) // 2], cut=len(body) - len(body) // 2)


def cut_chunks(handler, _page, text):
    body = text.encode()[:40]
    raw(handler, 200, [("Transfer-Encoding", "chunked")], b"%x\r\n%s\r\n" % (len(body), body))


def cut_text(handler, _page, text):
    handler.answer(200, server.JSON, text[:len(text) // 2])


def silent(handler, _page, _text):
    time.sleep(1.5)
    handler.close_connection = True


def hangup(handler, _page, _text):
    handler.close_connection = True


def redirect(handler, _page, _text):
    handler.answer(302, server.HTML, "", [("Location", "/login?next=/payroll/list")])


def denied(handler, _page, _text):
    handler.hotline.sessions.discard(handler.session())
    handler.answer(401, server.JSON, "")


def login_page(handler, _page, _text):
    handler.hotline.sessions.discard(handler.session())
    handler.answer(200, server.HTML, server.LOGIN_PAGE)


HEALTHY = {
    "gzip": packed([("Content-Encoding", "gzip")], gzip.compress), "deflate": packed([("Content-Encoding", "deflate")], zlib.compress),
    "gzip unsaid": packed((), gzip.compress), "gzip twice": packed([("Content-Encoding", "gzip")], lambda body: gzip.compress(gzip.compress(body))),
    "end empty": behind(200, '{"rows":[]}'), "end null": behind(200, '{"rows":null}'), "end 404": behind(404, '{"detail":"Invalid page."}'),
    "end 400": behind(400, '{"code":400}'), "end 204": behind(204), "end again": repeating(True), "end anew": repeating(False),
    "end 500": behind(500),                             # the last: once proved, nobody asks behind a page that is not full
}
SICK = {
    "cut length": cut_length, "cut chunks": cut_chunks, "cut text": cut_text, "cut gzip": packed((), lambda body: gzip.compress(body)[:-9]),
    "no body": said(200, server.JSON, ""), "error with rows null": said(200, server.JSON, '{"code":500,"msg":"系统繁忙","rows":null}'),
    "error object": said(200, server.JSON, '{"code":500,"msg":"系统繁忙"}'), "errors": said(200, server.JSON, '[{"code":500,"description":"busy"}]'),
    "failure": said(200, server.JSON, '{"success":false,"message":"失败"}'), "markup": said(200, server.JSON, server.BUSY_PAGE),
    "login page": login_page, "redirect": redirect, "401": denied, "403": said(403, server.JSON, ""),
    "429": said(429, server.JSON, "", [("Retry-After", "1")]), "500": said(500, server.HTML, "<h1>500</h1>"), "503": said(503, server.HTML, "", [("Retry-After", "1")]),
    "404": said(404, server.HTML, "<h1>404</h1>"), "part": said(206, server.JSON, '{"rows":['), "accepted": said(202, server.JSON, "{}"),
    "bomb": packed([("Content-Encoding", "gzip")], lambda _: BOMB), "silent": silent, "hangup": hangup,
}
FIRST_ONLY = {"404"}                                    # behind a page it is an end


class Patient(Line):
    """A list that is sick now and then."""

    def __init__(self, name):
        super().__init__()
        self.name, self.number, self.states = name, 0, {}       # item -> (case, updated)
        self.way, self.page, self.asked, self.way_name = None, 1, 0, ""
        self.starts, self.watched = set(), True         # of windows: while sick, and of the first request after it
        self.behind = 0                                 # how often the page that was sick stood behind the last row: there a window may end
        self.windows = set()                            # all starts

    def begin(self, name, way, page):
        with self.lock:
            self.way, self.way_name, self.page, self.asked, self.starts, self.behind = way, name, page, 0, set(), 0

    def end(self):
        with self.lock:
            self.way, self.watched = None, False

    def choose(self, page, start, holds):
        """The way in which this request is answered, None: as it should be; and whether that is no page."""
        with self.lock:
            self.windows.add(start)
            if not self.way:
                if not self.watched:
                    self.starts.add(start)
                self.watched = True
                return None, False
            is_due = self.way_name not in SICK or page >= self.page
            self.asked += is_due
            self.behind += is_due and page > 1 and not holds
            if self.asked:
                self.starts.add(start)
            return (self.way, self.way_name in SICK) if is_due else (None, False)

    def publish(self):
        """A new case; some seconds later it is closed."""
        self.number += 1
        case, now = "%s%06d" % (self.name, self.number), int(time.time())
        states = []
        for stage, updated in (("received", now), ("closed", now + 4 + self.number % 5)):
            first, begin, end = vendor.STAGES[stage]
            item = json.dumps({"record_number": case, "ps_caption": first, "pss_caption_start": begin, "pss_caption_end": end,
                               "date": clocks.local_text(updated), "note1": "垃圾没人清理", "note5": "E0102"}, ensure_ascii=False)
            self.states[item] = (case, updated)
            states.append(State(updated, updated, item))
        self.add(states)


class Handler(server.Handler):
    def list(self, path, line, ask, names, client):
        if names == server.VENDOR and client == "nobody":
            self.answer(200, server.HTML, server.LOGIN_PAGE)
            return
        states, page, total = self.find(line, ask, names)
        rows = "[" + ",".join(state.item for state in states) + "]"
        text = '{"total":%d,"rows":%s}' % (total, rows) if names == server.VENDOR else rows
        way, is_sick = line.choose(page, ask.get(names[0], ""), bool(states))
        (way or whole)(self, page, text)
        if is_sick:
            return
        line.shown(states)
        for state in states:
            self.hotline.record.shown(*line.states[state.item])


class Shown(Record):
    def __init__(self, folder):
        super().__init__(folder)
        self.seen = set()
        for name, head in (("shown.csv", "case,updated"), ("outages.csv", "way,page,asked,starts,behind")):
            self.files[name] = open(self.path(name), "w", encoding="utf-8", buffering=1)
            self._line(name, head)

    def shown(self, case, updated):
        with self.lock:
            if (case, updated) not in self.seen:
                self.seen.add((case, updated))
                self._line("shown.csv", "%s,%s" % (case, clocks.utc_text(updated)))

    def outage(self, *parts):
        with self.lock:
            self._line("outages.csv", ",".join(str(part) for part in parts))


class Play:
    def __init__(self, options):
        self.record, self.options, self.trouble = Shown(options.work), options, []
        self.hotline = server.Hotline(clocks.Clock(), Faults(1, 0), self.record, options.hotline_user, read_secret(options.hotline_password_file))
        self.patients, self.poisoned, self.app = [Patient(name) for name in "abc"], Patient("d"), Patient("app")
        for line in self.patients + [self.poisoned]:
            self.hotline.vendor["/%s/payroll/list" % line.name] = line
        self.hotline.open311[APP_PATH] = self.app
        self.stop = threading.Event()

    def publish(self):
        while not self.stop.wait(EVERY):
            for line in self.patients + [self.poisoned]:
                line.publish()

    def app_cases(self):
        """Told long ago, closed while we look."""
        now = int(time.time())
        for number in range(OPEN):
            case, requested, states = "HL-%03d" % number, now - 7200 - number, []
            for stage, updated in (("open", requested), ("closed", now + 8 + number)):
                item = json.dumps({"service_request_id": case, "status": stage, "service_code": "E0102", "description": "垃圾没人清理",
                                   "requested_datetime": clocks.zone_text(requested), "updated_datetime": clocks.zone_text(updated)}, ensure_ascii=False)
                self.app.states[item] = (case, updated)
                states.append(State(updated, updated, item))
            self.app.add(states, requested)

    # ---- ways ----

    def wait(self, line, what, condition):
        until = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > until:
                raise Trouble("%s: %s: %s" % (line.name, line.way_name, what))
            time.sleep(0.02)

    def caught_up(self, line):
        """Waits until everything that is visible now was shown, or is no more."""
        due = line.present(time.time())
        self.wait(line, "rows that nobody asks for", lambda: not any(state in due and not state.shown for state in line.present(time.time())))

    def healthy(self, line, name, way):
        line.begin(name, way, 1)
        newest = line.rows[-1]                          # read slowly, it shows its second state only
        self.wait(line, "the newest row was not read", lambda: any(state.shown for state in newest.states) and line.asked > 2)
        line.end()
        say("sick: %s: %s" % (line.name, name))

    def sick(self, line, name, way, page):
        until = time.monotonic() + LEAST
        line.begin(name, way, page)
        self.wait(line, "not asked", lambda: line.asked >= TRIES and time.monotonic() > until)
        line.end()
        self.wait(line, "not asked again", lambda: line.watched)
        self.record.outage(name, page, line.asked, len(line.starts), line.behind)
        self.caught_up(line)
        say("sick: %s: %s: asked %d times in vain" % (line.name, name, line.asked))

    def ways(self, line, turn):
        for name, way in list(HEALTHY.items())[turn::len(self.patients)]:
            self.healthy(line, name, way)
        for number, (name, way) in enumerate(list(SICK.items())[turn::len(self.patients)]):
            self.sick(line, name, way, 1 if number % 2 or name in FIRST_ONLY else 2)

    def attempt(self, line, turn):
        try:
            self.ways(line, turn)
        except Trouble as trouble:
            self.trouble.append(trouble)

    def poison(self):
        self.wait(self.poisoned, "no windows", lambda: len(self.poisoned.windows) > 2)   # the very first one has no overlap
        self.poisoned.begin("500", SICK["500"], 2)
        self.record.text("poison", ["page 2"])

    def run(self):
        self.app_cases()
        threading.Thread(target=self.publish, daemon=True).start()
        self.wait(self.poisoned, "no rows", lambda: len(self.poisoned.present(time.time())) > PAGE)
        start(self.options.http, self.hotline)
        self.poison()
        threads = [threading.Thread(target=self.attempt, args=(line, turn)) for turn, line in enumerate(self.patients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.trouble:
            raise self.trouble[0]
        self.wait(self.poisoned, "not healed", lambda: os.path.exists(self.record.path("heal")))
        self.poisoned.end()
        self.wait(self.poisoned, "not asked again", lambda: self.poisoned.watched)
        self.record.outage("page 2 for ever", 2, self.poisoned.asked, len(self.poisoned.starts), 0)
        self.stop.set()
        for line in self.patients + [self.poisoned, self.app]:
            self.wait(line, "rows that nobody asked for", lambda: not line.waiting())
        self.record.done()
        return 0


def start(address, hotline):
    running = server.start(address, hotline)
    running.RequestHandlerClass = Handler


def run(options):
    return Play(options).run()
