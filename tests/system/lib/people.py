#!/usr/bin/python3
"""people.py STEP: people at hub serve, as browsers and machines come to it. What lasts from step to step stands in $TEST/people.json."""

import http.client
import json
import os
import resource
import socket
import subprocess
import sys
import time
import urllib.parse

import base
import spec
import stream
from issuer import Issuer

STATE = os.path.join(base.TEST, "people.json")
PORT, SHORT = os.environ["HUB_PORT_SERVE"], os.environ["PORT_SHORT"]


class Person:
    """One browser, or one machine with a key."""

    def __init__(self, port=PORT, key=None):
        self.port, self.key, self.cookie, self.csrf = port, key, None, None

    def ask(self, method, path, body=None, **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items() if value is not None}
        if self.cookie:
            sent["Cookie"] = self.cookie
        if self.key:
            sent["Authorization"] = "Bearer " + self.key
        if self.csrf and method != "GET" and "X_CSRF_Token" not in headers:
            sent["X-CSRF-Token"] = self.csrf
        if body is not None:
            body = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", int(self.port), timeout=30)
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, answer.headers, json.loads(text) if text[:1] == b"{" else None

    def login(self, name, password=None):
        status, headers, _ = self.ask("POST", "/v1/session", {"user": name, "password": password or os.environ["PASSWORD"]})
        if status == 204:
            self.take(headers)
        return status

    def take(self, headers):
        self.cookie = headers["Set-Cookie"].split(";")[0]
        self.csrf = self.ask("GET", "/v1/me")[2]["csrf"]
        return self

    def incidents(self):
        """By the title of its reports: id and ETag."""
        features = self.ask("GET", "/v1/collections/incidents/items?limit=100")[2]["features"]
        return {one["properties"]["title"]: (one["id"], '"%d.%d"' % (one["properties"]["epoch"], one["properties"]["version"])) for one in features}

    def order(self, body, seen=None, key=None):
        return self.ask("POST", "/v1/commands", body, If_Match=seen, Idempotency_Key=key or os.urandom(8).hex())

    def outcome(self, command):
        until = time.monotonic() + 30
        while time.monotonic() < until:
            status, _, told = self.ask("GET", "/v1/commands/%s?wait=5" % command)
            if status == 200 and told["state"] != "waiting":
                return told
        raise SystemExit("%s stays undecided" % command)

    def done(self, body, seen=None, key=None):
        """The outcome of a command that is taken."""
        status, headers, told = self.order(body, seen, key)
        if status != 202 or headers["Location"] != "/v1/commands/" + told["command"]:
            raise SystemExit("%s: %s %s" % (body, status, told))
        return self.outcome(told["command"])


    def listen(self, words=""):
        """The stream, event by event."""
        return stream.Asked("127.0.0.1:%s" % self.port, words, "Authorization: Bearer %s\r\n" % self.key if self.key else "Cookie: %s\r\n" % self.cookie)


def person(name):
    one = Person()
    if one.login(name) != 204:
        raise SystemExit("%s is not let in" % name)
    return one


def key_of(name):
    with open(os.path.join(base.TEST, name), encoding="utf-8") as file:
        return file.read().strip()


def state(**more):
    kept = {}
    if os.path.exists(STATE):
        with open(STATE, encoding="utf-8") as file:
            kept = json.load(file)
    kept.update(more)
    with open(STATE, "w", encoding="utf-8") as file:
        json.dump(kept, file)
    return kept


def is_open(verdict):
    for port in PORT, SHORT:
        verdict.check(Person(port).ask("GET", "/v1/")[0] == 200, "port %s" % port, [])


def may(verdict, link):
    nobody, lin, chen = Person(), person("lin"), person("chen")
    here, there = chen.incidents()["店外经营占道"], chen.incidents()["井盖缺失"]
    close = {"verb": "close", "incident": here[0]}
    for method, path in ("GET", "/v1/me"), ("GET", "/v1/collections/incidents/items"), ("POST", "/v1/commands"), ("GET", "/v1/commands/cmd:x"):
        verdict.check(nobody.ask(method, path, close if method == "POST" else None)[0] == 401, "a stranger: %s %s" % (method, path), [])
    path = urllib.parse.urlsplit(link)
    status, headers, _ = nobody.ask("GET", "%s?%s" % (path.path, path.query))
    verdict.check(status == 303 and headers["Location"] == "/" and "HttpOnly" in headers["Set-Cookie"] and "SameSite=Strict" in headers["Set-Cookie"],
                  "a link lets in", [status])
    wall = Person().take(headers)
    verdict.check(wall.ask("GET", "/v1/me")[2]["role"] == "viewer", "as a viewer", [])
    verdict.check(nobody.ask("GET", "%s?%s" % (path.path, path.query))[0] == 401, "once", [])
    verdict.check(wall.order(close, here[1])[0] == 403, "a viewer orders nothing", [])
    verdict.check(Person(key=key_of("robot")).order(close, here[1])[0] == 403, "nor does a key of that role", [])
    verdict.check(Person(key="hub_" + "a" * 52).ask("GET", "/v1/me")[0] == 401, "a key that is none", [])
    verdict.check("井盖缺失" not in lin.incidents() and len(lin.incidents()) == 3, "another zone's incident is not in the list", sorted(lin.incidents()))
    verdict.check(lin.ask("GET", "/v1/collections/incidents/items/" + there[0])[0] == 404, "nor by its id", [])
    verdict.check(lin.order({"verb": "close", "incident": there[0]}, there[1])[0] == 404, "nor to be ordered", [])
    verdict.check(chen.ask("GET", "/v1/collections/incidents/items/" + there[0])[0] == 200, "for who sees all it is", [])
    forged = {"a token of another session": dict(X_CSRF_Token=chen.csrf), "no token": dict(X_CSRF_Token=None),
              "another origin": dict(Origin="http://evil.example"), "a browser that says so": dict(Sec_Fetch_Site="cross-site")}
    for text, headers in forged.items():
        status = lin.ask("POST", "/v1/commands", close, If_Match=here[1], Idempotency_Key="forged", **headers)[0]
        verdict.check(status == 403, text, [status])
    verdict.check(base.one(base.connect(), "SELECT count(*) FROM ops.command") == 0, "nothing of it was ordered", [])


def order(verdict):
    lin, wu, chen, desk = person("lin"), person("wu"), person("chen"), Person(key=key_of("desk"))
    seen = lin.incidents()
    (one, one_seen), (two, two_seen), (tree, tree_seen) = seen["店外经营占道"], seen["路面塌陷有坑"], seen["树木倒伏挡路"]
    founding = base.one(base.connect(), "SELECT founding FROM dw.incident WHERE incident = %s", [two])
    merge = {"verb": "merge", "incidents": [one, two], "note": "电话13812345678"}
    verdict.check(lin.order(merge)[0] == 428, "without what was seen", [])
    verdict.check(lin.ask("POST", "/v1/commands", merge, If_Match=one_seen)[0] == 400, "without a key", [])
    for wrong in {"verb": "dance"}, {"verb": "close"}, dict(merge, more=1), dict(merge, events=["a"]), {"verb": "merge", "incidents": [one]}, \
            {"verb": "assign", "incident": one}, {"verb": "close", "incident": one, "args": {"org": "x"}}, {"verb": "undo"}, {"verb": 7}:
        status, _, told = lin.order(wrong, one_seen)
        verdict.check(status == 400 and told["errors"][0]["detail"], "no command: %s" % wrong, [status, told])
    verdict.check(lin.order(dict(merge, incidents=[one, "i-" + "0" * 26]), one_seen)[0] == 404, "an incident that is none", [])

    told = lin.done(merge, one_seen, "first")
    verdict.check(told["state"] == "done" and told["incident"] == one and told["by"] == "user:lin" and told["version"], "a merge", [told])
    status, _, again = lin.order(merge, one_seen, "first")
    verdict.check(status == 202 and again["command"] == told["command"], "the same again is the same", [status, again])
    verdict.check(lin.order(dict(merge, note="x"), one_seen, "first")[0] == 422, "another one under its key is none", [])
    verdict.check(wu.ask("GET", "/v1/commands/" + told["command"])[0] == 200, "others of the zone read what became of it", [])
    status, headers, _ = wu.order({"verb": "close", "incident": one}, one_seen)
    verdict.check(status == 412 and headers["ETag"] == lin.incidents()["店外经营占道"][1], "who saw it as it was before is told so", [status])
    verdict.check(lin.order({"verb": "close", "incident": two}, two_seen)[0] == 409, "the one that is gone takes no orders", [])
    apart = lin.done({"verb": "apart", "incidents": [one, tree]}, lin.incidents()["店外经营占道"][1])
    verdict.check(apart["state"] == "done", "two that are not one", [apart])
    apart = lin.done({"verb": "undo", "command": apart["command"]})
    verdict.check(apart["state"] == "done", "or may be", [apart])
    state(merge=merge, seen=one_seen, command=told["command"])

    split = lin.done({"verb": "split", "incident": one, "events": [founding]}, lin.incidents()["店外经营占道"][1])
    verdict.check(split["state"] == "done" and split["incident"] not in (one, two), "a split", [split])
    alone = lin.done({"verb": "split", "incident": tree, "events": [base.one(base.connect(), "SELECT founding FROM dw.incident WHERE incident = %s", [tree])]}, tree_seen)
    verdict.check(alone["state"] == "refused" and alone["reason_words"]["zh"] != "未执行", "a split that leaves nothing is refused in words", [alone])
    verdict.check(wu.order({"verb": "undo", "command": split["command"]})[0] == 403, "what another said a dispatcher does not take back", [])
    verdict.check(wu.order({"verb": "undo", "command": "cmd:none"})[0] == 404, "nor what nobody said", [])
    verdict.check(lin.done({"verb": "undo", "command": split["command"]})["state"] == "done", "who said it does", [])
    verdict.check(chen.done({"verb": "undo", "command": told["command"]})["state"] == "done", "and a supervisor", [])

    given = desk.done({"verb": "assign", "incident": tree, "args": {"org": "禾山中队"}}, lin.incidents()["树木倒伏挡路"][1])
    shown = lin.ask("GET", "/v1/collections/incidents/items/" + tree)[2]["properties"]
    verdict.check(given["state"] == "done" and shown["assigned_to"] == {"org": "禾山中队", "by": "key:desk", "at": given["at"]}, "everybody sees who got it",
                  [given, shown.get("assigned_to")])
    verdict.check(lin.done({"verb": "note", "incident": tree, "note": "看过"})["state"] == "done", "a note needs nothing seen", [])
    counts = base.rows(base.connect(), "SELECT count(*), count(*) FILTER (WHERE note LIKE '%%138%%') FROM ops.command WHERE verb = 'merge'")[0]
    verdict.check(counts == (1, 0), "one merge, without a citizen's number", [counts])


def again(verdict):
    kept, lin = state(), person("lin")
    status, _, told = lin.order(kept["merge"], kept["seen"], "first")
    verdict.check(status == 202 and told["command"] == kept["command"], "the same command", [status, told])
    verdict.check(lin.outcome(kept["command"])["state"] == "done", "which was done", [])
    verdict.check(base.one(base.connect(), "SELECT count(*) FROM ods.record WHERE id = %s", [kept["command"]]) == 1, "and came once", [])


def away(verdict):
    lin = person("lin")
    note = {"verb": "note", "incident": lin.incidents()["树木倒伏挡路"][0], "note": "断线"}
    status, headers, told = lin.order(note, key="away")
    verdict.check(status == 503 and headers["Retry-After"] and told["type"] == "/problems/kafka-away", "it says so", [status, told])
    verdict.check(lin.ask("GET", "/v1/me")[0] == 200, "all else goes on", [])


def back(verdict):
    lin = person("lin")
    note = {"verb": "note", "incident": lin.incidents()["树木倒伏挡路"][0], "note": "断线"}
    until, status = time.monotonic() + 40, 503
    while status == 503 and time.monotonic() < until:
        status, _, told = lin.order(note, key="away")
    verdict.check(status == 202 and lin.outcome(told["command"])["state"] == "done", "the same again is taken", [status, told])
    verdict.check(base.one(base.connect(), "SELECT count(*) FROM ops.command WHERE note = '断线'") == 1, "once", [])


def until_out(person):
    """Asks ever again, more seldom than the limit of requests, until he is nobody."""
    until, status = time.monotonic() + 30, 200
    while status == 200 and time.monotonic() < until:
        time.sleep(0.05)
        status = person.ask("GET", "/v1/me")[0]
    return status


def short(verdict):
    lin = Person(SHORT)
    was_in = lin.login("lin") == 204
    heard = lin.listen()
    status = until_out(lin)
    verdict.check(heard.event("nothing")[0] is None, "and so is its stream", [])
    verdict.check(was_in and status == 401, "it is over, though it was used all the time", [status])


def slow(verdict):
    lin, silent = person("lin"), []
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    for _ in range(1000):
        one = socket.create_connection(("127.0.0.1", int(PORT)), 10)
        one.sendall(b"GET /v1/me HTTP/1.1\r\nHost: hub\r\nX-Slow: ")
        silent.append(one)
    verdict.check(lin.ask("GET", "/v1/me")[0] == 200, "who says what he wants is heard", [])
    for one in silent:
        one.close()


def come(issuer, person, cookie=None):
    """By the issuer's door and back: the answer."""
    status, headers, _ = person.ask("GET", "/v1/session/oidc")
    if status != 303:
        return status, headers, None
    return person.ask("GET", issuer.enter(headers["Location"]), Cookie=cookie or headers["Set-Cookie"].split(";")[0])


def vouched(verdict):
    issuer = Issuer(os.environ["PORT_ISSUER"], "hub", "s3cret/+")
    issuer.claims = {"preferred_username": "陈晓", "groups": ["staff", "hub-desk"], "districts": ["350206", "999999"]}
    lin = Person()
    status, headers, _ = come(issuer, lin)
    verdict.check(status == 303 and headers["Location"] == "/", "who the issuer vouches for is in", [status])
    if status == 303:
        lin.cookie = next(one.split(";")[0] for one in headers.get_all("Set-Cookie") if one.startswith("hub_session="))
    me = lin.ask("GET", "/v1/me")[2]
    verdict.check(me.get("id") == "oidc:陈晓" and me.get("role") == "dispatcher" and me.get("zones") == ["350206"], "as his claims say", [me])
    verdict.check(come(issuer, Person(), "hub_login=" + "a" * 52)[0] == 401, "another browser's login is not his", [])
    for text, spoil in {"another client's": {"aud": "other"}, "an old one": {"exp": 1}, "another login's": {"nonce": "x"}, "another issuer's": {"iss": "http://x"}}.items():
        issuer.spoil = spoil
        verdict.check(come(issuer, Person())[0] == 401, "a token: " + text, [])
    issuer.spoil = {"groups": ["staff"]}
    verdict.check(come(issuer, Person())[0] == 403, "who has no group of ours is nobody", [])
    issuer.spoil = {"districts": []}
    verdict.check(come(issuer, Person())[0] == 403, "nor who has no zone", [])
    issuer.server.shutdown()
    issuer.server.server_close()
    verdict.check(Person().ask("GET", "/v1/session/oidc")[0] == 503, "an issuer that is away", [])


def forms(verdict):
    """What is told of who asks, and the stream's frames, as schemas/openapi.yaml has them."""
    lin, chen, form = person("lin"), person("chen"), spec.Spec()
    for text, one, is_session in ("a session", lin, True), ("a key", Person(key=key_of("desk")), False), ("a wall", wall(), False):
        me = one.ask("GET", "/v1/me")[2]
        wrong = spec.errors(form.answer("/v1/me", "get", 200)[1], me)
        verdict.check(not wrong and ("csrf" in me) == ("expires" in me) == is_session, "%s is told who it is" % text, [wrong, me])
    for one, words, wanted in (lin, "?after=0", ("hello", "incident", "incident", "incident", "health")), (lin, "?after=0&severity=critical", ("hello", "mark")), \
            (lin, "?after=999999", ("hello", "reset")), (chen, "", ("hello", "health")), (wall(), "?after=0", ("hello", "incident", "incident")):
        heard = one.listen(words)
        for name in wanted:
            event, number, data = heard.event(name)
            wrong = spec.errors(form.frame(name), data)
            verdict.check(event == name and not wrong and (number >= 0) == (name not in ("hello", "health")), "a frame: %s" % name, [wrong, event, number, data])


def wall():
    """By a viewer's key in its address, as a screen begins that nobody logs in at."""
    one = Person()
    status, headers, _ = one.ask("GET", "/v1/session/link?key=" + key_of("robot"))
    if status != 303 or headers["Location"] != "/?wall":
        raise SystemExit("no wall: %s" % status)
    one.cookie = headers["Set-Cookie"].split(";")[0]
    return one


def revoked(verdict):
    """Streams end whose right has: of who is removed, of a key that is, of who sees other zones now. Others go on."""
    lin, wu, chen, screen = person("lin"), person("wu"), person("chen"), wall()
    heard = {name: one.listen("?after=0") for name, one in (("lin", lin), ("wu", wu), ("chen", chen), ("a wall", screen))}
    for name, one in heard.items():
        verdict.check(one.event("incident")[0] == "incident", "%s listens" % name)
    for words in ("remove", "lin"), ("add", "wu", "--role", "dispatcher", "--zones", "350203"), ("key", "robot", "--remove"):
        subprocess.run([os.environ["HUB"], "user", *words], check=True)
    verdict.check(until_out(lin) == 401, "who is removed is out at once", [])
    for name in "lin", "wu", "a wall":
        verdict.check(heard[name].event("nothing")[0] is None, "%s hears no more" % name)
    verdict.check(wu.listen().status == 200 and lin.listen().status == 401 and screen.listen().status == 401, "and who comes again is asked anew")
    subprocess.run([os.environ["HUB"], "user", "add", "chen", "--role", "viewer"], check=True)
    verdict.check(heard["chen"].event("health", "incident")[0] is not None, "who may still goes on, under another role, too")


def guess(verdict):
    statuses = [Person().login("chen", "guess%d" % i) for i in range(4)]
    verdict.check(statuses == [401, 401, 401, 429], "three tries", statuses)
    status, headers, _ = Person().ask("POST", "/v1/session", {"user": "chen", "password": os.environ["PASSWORD"]})
    verdict.check(status == 429 and int(headers["Retry-After"]) > 0, "then the right one must wait, too", [status])


def main():
    steps = {"open": is_open, "may": may, "order": order, "again": again, "away": away, "back": back, "short": short, "slow": slow, "guess": guess, "vouched": vouched,
             "forms": forms, "revoked": revoked}
    verdict = base.Verdict()
    try:
        steps[sys.argv[1]](verdict, *sys.argv[2:])
    except OSError as error:
        verdict.check(False, "an answer", [error])
    return verdict.failed


if __name__ == "__main__":
    sys.exit(main())
