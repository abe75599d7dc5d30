#!/usr/bin/python3
"""
hub serve asked as a client would: write | read | wrong | merged | ordered | pages. write: the reports and ticks of the test, one JSON a line. The others ask $SERVE and hold
every answer against schemas/openapi.yaml.
"""

import datetime
import json
import os
import select
import socket
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import base
import spec

ATTACK = "'; DROP TABLE dw.incident; -- <script>alert(1)</script> & \"x\""
HUNDRED = 100 << 20
EVENTS = "/v1/collections/events/items"
ITEMS = "/v1/collections/incidents/items"


# ---- what lies in the log ----

def moment(minutes):
    return (datetime.datetime.utcnow() - datetime.timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def report(name, title, category, lon, minutes, **more):
    at = moment(minutes)
    return {"id": "p12::%s:1" % name, "subject": "p12::" + name, "kind": "report", "platform": "p12", "instance": "grid", "zone": "350206",
            "source": {"id": name, "revision": "1"}, "time": {"occurred": at, "received": at, **more.pop("time", {})}, "status": {"state": "received"},
            "category": {"code": category, "method": "code"}, "severity": more.pop("severity", "medium"), "title": title,
            "position": {"lon": lon, "lat": 24.5, "accuracy_m": 5, "method": "gps"}, "raw": {"sha256": "0" * 64, "bytes": 1}, **more}


def write():
    place = {"address": "湖里区枋湖南路8号", "subdistrict": "350206003", "grid": "枋湖社区第3网格"}
    late = {"deadline": moment(5)}
    lines = [report("a", "店外经营占道", "E0504", 118.1000, 50, description="水果店把货摊摆到人行道上，行人绕行", place=place, severity="high", time=late,
                    reporter={"kind": "citizen", "id": "p1:abcdefghijklmnopqrstuvwxyz", "name": "陈*"}),
             report("b", "店外经营占道", "E0504", 118.1000, 40, description="水果店把货摊摆到人行道上，行人绕行", place=place),
             report("c", "路面塌陷", "E0110", 118.1300, 30),
             report("d", "路面破损", "E0110", 118.1800, 20),
             report("e", ATTACK, "E0102", 118.1500, 10, description=ATTACK, place={"address": ATTACK}),
             {"kind": "tick", "id": "tick:grid:r1:9", "instance": "grid", "zone": "350206", "run": "r1", "at": moment(0), "acked": 8, "final": False,
              "hour": moment(0)[:14] + "00:00.000Z", "records": 5, "items": 5, "published": 5, "rejected": 0, "ignored": 0, "repeated": 0,
              "source": {"state": "reading", "lag": 0}}]
    for line in lines:
        print(json.dumps(line, ensure_ascii=False))


# ---- asking ----

class Client:
    def __init__(self, verdict):
        self.verdict = verdict
        self.base = os.environ["SERVE"]
        self.spec = spec.Spec()

    def ask(self, path, query=None, method="GET", body=None, headers=None):
        """Status, headers, document (or bytes)."""
        address = self.base + urllib.parse.quote(path, safe="/%.~-_:") + ("?" + urllib.parse.urlencode(query) if query else "")
        request = urllib.request.Request(address, method=method, data=body, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.headers, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            text = error.read()
            return error.code, error.headers, json.loads(text) if text.startswith(b"{") else text

    def hold(self, template, method, status, answer, asked=""):
        """A document that has the form that its path has for this status; every answer has an id."""
        got, headers, document = answer
        kind, schema = self.spec.answer(template, method, status)
        self.verdict.check(got == status and headers["Content-Type"].split(";")[0] == kind.split(";")[0] and headers["X-Request-Id"],
                           "%s answers %d as %s" % (template, status, kind), (got, headers.items(), document))
        errors = spec.errors(schema, document)
        self.verdict.check(not errors, "%s %s has its form" % (template, asked), errors[:3])
        return document

    def get(self, template, query=None, **parts):
        return self.hold(template, "get", 200, self.ask(template.format(**parts), query), query or "")

    def order(self, status, body, **headers):
        """POST /v1/commands, each time under another key unless it is told."""
        sent = {"Content-Type": "application/json", "Idempotency-Key": os.urandom(8).hex(), **{name.replace("_", "-"): value for name, value in headers.items()}}
        answer = self.ask("/v1/commands", method="POST", body=json.dumps(body).encode(), headers={name: value for name, value in sent.items() if value})
        return self.hold("/v1/commands", "post", status, answer, body)

    def outcome(self, given):
        """What became of it; while it is undecided it has its form, too."""
        until = time.monotonic() + 60
        while True:
            told = self.get("/v1/commands/{id}", {"wait": 5}, id=given["command"])
            if told["state"] != "waiting" or time.monotonic() > until:
                return told

    def problem(self, status, slug, path, query=None, **more):
        got, headers, document = self.ask(path, query, **more)
        fine = isinstance(document, dict) and got == status and document.get("type") == "/problems/" + slug
        self.verdict.check(fine and headers["Content-Type"] == "application/problem+json", "%s %s is %d %s" % (path[:60], str(query)[:60], status, slug),
                           (got, str(document)[:200]))
        return document

    def found(self, **query):
        return sorted(feature["properties"]["title"] for feature in self.get(ITEMS, query)["features"])


# ---- reads ----

def filters(client, check):
    shop, hole, broken = "店外经营占道", "路面塌陷", "路面破损"
    everything = sorted([shop, hole, broken, ATTACK])
    cases = [({}, everything), ({"state": "open"}, everything), ({"state": "closed"}, []), ({"state": "received"}, everything), ({"state": "void,closed"}, []),
             ({"severity": "high"}, [shop]), ({"severity": "critical,high"}, [shop]), ({"category": "E0504"}, [shop]), ({"category": "E0504,E0102"}, sorted([shop, ATTACK])),
             ({"platform": "p12"}, everything), ({"platform": "p01"}, []), ({"zone": "350206"}, everything), ({"zone": "350203"}, []),
             ({"subdistrict": "350206003", "category": "E0504"}, [shop]), ({"grid": "枋湖社区第3网格"}, [shop]), ({"overdue": "true"}, [shop]),
             ({"overdue": "false"}, sorted([hole, broken, ATTACK])), ({"q": "枋湖南路"}, [shop]), ({"q": "路面"}, sorted([hole, broken])), ({"q": "路面 塌陷"}, [hole]),
             ({"q": "占"}, [shop]), ({"q": "alert(1)"}, [ATTACK]), ({"q": "ALERT"}, [ATTACK]), ({"q": "100%"}, []), ({"q": "路_"}, []),
             ({"bbox": "118.09,24.49,118.11,24.51"}, [shop]), ({"bbox": "118.17,24.49,118.11,24.51"}, sorted([shop, broken])),
             ({"datetime": "%s/.." % moment(25)}, sorted([broken, ATTACK])), ({"datetime": "../%s" % moment(35)}, [shop])]
    for query, want in cases:
        got = client.found(**query)
        check(got == want, "the list by %s" % query, (got, want))
    first = client.get(ITEMS)["features"]
    for one in first:
        check(client.found(q=one["properties"]["number"]) == [one["properties"]["title"]], "by its number", one["id"])
        check(client.found(q=one["properties"]["number"][9:]) == [one["properties"]["title"]], "by its number's end", one["id"])


def detail(client, check, shop):
    document = client.get("/v1/incidents/{id}", id=shop["id"])
    reports = {one["subject"]: one for one in document["reports"]}
    check(sorted(reports) == ["p12::a", "p12::b"], "both reports stand there", sorted(reports))
    joined = reports["p12::b"]
    check(reports["p12::a"]["founding"] and not joined["founding"], "the first one founded it")
    check(joined["description"].startswith("水果店") and joined["place"]["address"] == "湖里区枋湖南路8号", "with its full text", joined)
    check(sum(reason["points"] for reason in joined["link"]["reasons"]) == joined["link"]["score"], "its points add up", joined["link"])
    check(joined["link"]["score"] >= joined["link"]["threshold"] and joined["distance_m"] == 0 and joined["revisions"] == 1, "it joined by them", joined)
    words = {reason["feature"]: reason["words"] for reason in joined["link"]["reasons"]}
    check(words["category"] == {"zh": "类别相同", "en": "the same category"}, "in words", words)
    check([one["kind"] for one in document["history"]].count("report") == 2 and document["commands"] == [], "its history", document["history"])
    check(document["limit"]["light"] == "red", "it is late", document["limit"])


def read():
    verdict = base.Verdict()
    client, check = Client(verdict), verdict.check
    me = client.get("/v1/me")
    check((me["id"], me["role"], me["by"], me["all_zones"]) == ("user:anybody", "administrator", "anybody", True) and "350206" in me["zones"], "who asks", me)
    for path in ("/v1/", "/v1/conformance", "/v1/collections", "/v1/collections/incidents", "/v1/collections/events"):
        client.get(path)
    told = client.get("/v1/openapi.json")
    check(told == json.loads(json.dumps(client.spec.document)), "the interface tells its own description", "it differs from schemas/openapi.yaml")
    filters(client, check)
    page = client.get(ITEMS, {"sort": "-severity"})
    shop = page["features"][0]
    check(shop["properties"]["severity"] == "high" and shop["geometry"]["coordinates"] == [118.1, 24.5], "the gravest first", shop)
    check(page["numberMatched"] == 4 and page["feed"] == base.one(base.connect(), "SELECT feed FROM ops.feed_head"), "how many, and the stream's head", page["feed"])
    check(client.get(ITEMS, {"sort": "deadline"})["features"][0]["id"] == shop["id"], "the earliest deadline first")
    one = client.get(ITEMS + "/{id}", id=shop["id"])
    check(one["properties"] == {**shop["properties"], "limit": one["properties"]["limit"]}, "one of them is as in the list", one)
    check(client.ask(ITEMS + "/" + shop["id"])[1]["ETag"] == '"1.%d"' % shop["properties"]["version"], "with its version as ETag")
    detail(client, check, shop)
    attack = client.get(ITEMS, {"category": "E0102"})["features"][0]
    check(attack["properties"]["title"] == ATTACK, "an attack is a title", attack)
    check(client.get("/v1/incidents/{id}", id=attack["id"])["reports"][0]["description"] == ATTACK, "and a text")
    events = client.get(EVENTS)["features"]
    check(len(events) == 5 and len(client.get(EVENTS, {"incident": shop["id"]})["features"]) == 2, "events, and those of an incident", len(events))
    check([e["id"] for e in client.get(EVENTS, {"subject": "p12::c"})["features"]] == ["p12::c:1"], "and of a case")
    rest(client, check)
    return verdict.failed


def rest(client, check):
    facets = client.get("/v1/facets", {"state": "open"})
    check(facets["total"] == facets["open"] == 4 and facets["overdue"] == 1 and facets["platform"] == {"p12": 4}, "facets", facets)
    check(sum(facets["severity"].values()) == 4 and {"code": "E0110", "count": 2} == {k: v for k, v in facets["category"][0].items() if k != "name"}, "with counts", facets)
    figures = client.get("/v1/figures")
    check((figures["open"], figures["late"], figures["new_hour"]) == (4, 1, 4), "figures", figures)
    platforms = {one["platform"]: one for one in client.get("/v1/platforms")}
    check(len(platforms) == 16 and platforms["p01"]["light"] == "grey", "all sixteen platforms", len(platforms))
    check(platforms["p12"]["light"] == "green" and platforms["p12"]["published_today"] == 5 and "last_event" in platforms["p12"], "the one that ticks is well", platforms["p12"])
    check({"code": "E0504", "name": "店外经营"}.items() <= [one for one in client.get("/v1/categories") if one["code"] == "E0504"][0].items(), "categories")
    check(len(client.get("/v1/regions")["features"]) > 3, "regions")
    found = client.get("/v1/find", {"number": "a"})
    check([case["subject"] for case in found["cases"]] == ["p12::a"] and [event["event"] for event in found["events"]] == ["p12::a:1"], "a number is found", found)
    check(client.get("/v1/find", {"number": ATTACK})["cases"] == [], "and an attack is none")


# ---- what is wrong ----

def wrong():
    verdict = base.Verdict()
    client = Client(verdict)
    none = "i-" + "0" * 26
    for query in ({"limit": "0"}, {"limit": "1001"}, {"limit": "x"}, {"limt": "5"}, {"state": "opened"}, {"severity": "high,"}, {"bbox": "1,2,3"}, {"bbox": "1,2,3,NaN"},
                  {"bbox": "118,25,119,24"}, {"bbox": "118,-91,119,24"}, {"datetime": "yesterday"}, {"datetime": "2023-12-06/2023-12-05"}, {"datetime": ".."}, {"overdue": "1"},
                  {"sort": "title"}, {"after": "zz"}, {"after": "00"}, {"after": b"-updated|x|i-1".hex()}, {"after": b"-opened|2023-12-05|i-1".hex()},
                  {"q": " ".join("abcdefghi")}, {"q": "x" * 65}, {"category": ",".join(["E01"] * 33)}, {"q": b"\xff\xfe"}):
        client.problem(400, "bad-argument", ITEMS, query)
    client.problem(400, "bad-argument", ITEMS, [("limit", "1"), ("limit", "2")])
    client.problem(400, "bad-argument", "/v1/find")
    client.problem(404, "not-found", "/v1/incidents/" + none)
    client.problem(404, "not-found", ITEMS + "/" + none)
    client.problem(404, "not-found", "/v1/incidents/' OR 1=1 --")
    client.problem(404, "not-found", "/v1/../etc/passwd")
    client.problem(404, "not-found", "/v1/%2e%2e/%2e%2e/etc/passwd")
    client.problem(404, "not-found", "/v1/incidents/%2e%2e%2fsecret")
    client.problem(405, "bad-method", ITEMS, method="DELETE")
    told = client.order(413, {"verb": "note", "note": "x" * 65536})
    verdict.check(told["type"] == "/problems/too-large", "a body over 64 KiB is refused", told)
    floods(verdict)
    return verdict.failed


def flood(length, piece, most=HUNDRED):
    """A body without measure, or of `most` bytes, until the server has had enough: (bytes that it took, what it said)."""
    address = urllib.parse.urlsplit(os.environ["SERVE"])
    client, sent, heard = socket.create_connection((address.hostname, address.port), 30), 0, b""
    with client:
        client.sendall(("POST /v1/commands HTTP/1.1\r\nHost: hub\r\nContent-Type: application/json\r\nIdempotency-Key: flood\r\n%s\r\n\r\n" % length).encode())
        try:
            while sent < most and not select.select([client], [], [], 0)[0]:
                client.sendall(piece)
                sent += len(piece)
            client.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        try:
            while more := client.recv(65536):
                heard += more
        except OSError:
            pass
    return sent, heard


def floods(verdict):
    """100 MB. Whose length is told hears why it is not read; whose is not is heard out for twice what a body may have, told why if it ends there, and no further."""
    sent, heard = flood("Content-Length: %d" % HUNDRED, b"x" * 65536)
    verdict.check(heard.startswith(b"HTTP/1.1 413 ") and b"/problems/too-large" in heard and sent < HUNDRED // 5, "100 MB are refused early", (sent, heard[:300]))
    sent, heard = flood("Transfer-Encoding: chunked", b"10000\r\n" + b"x" * 65536 + b"\r\n")
    verdict.check(b" 202 " not in heard and b" 200 " not in heard and sent < HUNDRED // 5, "where nobody says how long it will be, the line is cut", (sent, heard[:300]))
    sent, heard = flood("Transfer-Encoding: chunked", b"18000\r\n" + b"x" * 98304 + b"\r\n0\r\n\r\n", 1)
    verdict.check(heard.startswith(b"HTTP/1.1 413 ") and b"/problems/too-large" in heard, "and who ends before that hears why", (sent, heard[:300]))


# ---- after a merge ----

def merged():
    verdict = base.Verdict()
    client, check = Client(verdict), verdict.check
    gone, = base.rows(base.connect(), "SELECT incident, merged_into FROM dw.incident WHERE merged_into IS NOT NULL")
    check(len(client.found()) == 3 and len(client.found(merged="true")) == 4, "the list leaves out what was merged")
    one = client.get(ITEMS + "/{id}", id=gone[0])
    canonical = [link["href"] for link in one["links"] if link["rel"] == "canonical"]
    check(one["properties"]["merged_into"] == gone[1] and canonical == [ITEMS + "/" + gone[1]], "it names who it went into", one)
    survivor = client.get("/v1/incidents/{id}", id=gone[1])
    check([other["incident"] for other in survivor["merged"]] == [gone[0]] and len(survivor["reports"]) == 2, "whom it holds now", survivor["merged"])
    command, = survivor["commands"]
    check((command["verb"], command["by"], command["note"], command["state"]) == ("merge", "user:lin", "同一处", "done"), "the command stands there", command)
    check("command" in [entry["kind"] for entry in survivor["history"]], "in the history, too", survivor["history"])
    moved = [one["link"] for one in survivor["reports"] if one["link"]["decision"] == "command"]
    check([link["linked_by"] for link in moved] == [command["id"]], "the report was put there by it", moved)
    check(len(client.get("/v1/incidents/{id}", id=gone[0])["ended"]) == 1, "and its old link has ended")
    return verdict.failed


# ---- what is ordered ----

def ordered():
    verdict = base.Verdict()
    client, check = Client(verdict), verdict.check
    shop, = client.get(ITEMS, {"category": "E0504"})["features"]
    seen = '"%d.%d"' % (shop["properties"]["epoch"], shop["properties"]["version"])
    gone, = base.rows(base.connect(), "SELECT incident FROM dw.incident WHERE merged_into IS NOT NULL")
    note, close = ({"verb": verb, "incident": shop["id"], "note": "看过"} for verb in ("note", "close"))

    given = client.order(202, note, Idempotency_Key="first")
    told = client.outcome(given)
    check((told["state"], told["verb"], told["by"], told["incident"]) == ("done", "note", "user:anybody", shop["id"]), "a note is done", told)
    check(client.order(202, note, Idempotency_Key="first")["command"] == given["command"], "the same again is the same")
    told = client.outcome(client.order(202, {"verb": "reopen", "incident": shop["id"]}, If_Match=seen))
    check(told["state"] == "refused" and told["reason_words"]["en"] == told["reason"], "what is open is not opened again, in words", told)

    for status, slug, body, headers in ((400, "bad-argument", note, {"Idempotency_Key": None}), (400, "bad-body", {**note, "more": 1}, {}), (400, "bad-body", {"verb": "dance"}, {}),
                                        (401, "unauthenticated", note, {"Authorization": "Bearer hub_none"}), (403, "cross-site", note, {"Origin": "http://evil.example"}),
                                        (404, "not-found", {**note, "incident": "i-" + "0" * 26}, {}), (404, "not-found", {"verb": "undo", "command": "cmd:none"}, {}),
                                        (409, "conflict", {**close, "incident": gone[0]}, {"If_Match": seen}), (412, "stale", close, {"If_Match": '"1.999"'}),
                                        (415, "bad-body", note, {"Content_Type": "text/plain"}), (422, "conflict", {**note, "note": "x"}, {"Idempotency_Key": "first"}),
                                        (428, "precondition-required", close, {})):
        told = client.order(status, body, **headers)
        check(told["type"] == "/problems/" + slug and told["status"] == status, "%d is %s" % (status, slug), told)
    return verdict.failed


def pages():
    verdict = base.Verdict()
    client, check = Client(verdict), verdict.check
    for sort in ("-updated", "deadline", "-severity", "-opened"):
        seen, page = [], client.get(ITEMS, {"limit": 1, "sort": sort, "merged": "true"})
        for _ in range(9):
            seen += [feature["id"] for feature in page["features"]]
            further = [link["href"] for link in page["links"] if link["rel"] == "next"]
            if not further:
                break
            with urllib.request.urlopen(client.base + further[0], timeout=30) as answer:
                page = json.loads(answer.read())
        whole = [feature["id"] for feature in client.get(ITEMS, {"sort": sort, "merged": "true"})["features"]]
        check(seen == whole and len(whole) == 4, "page by page by %s: each once, in order" % sort, (seen, whole))
    return verdict.failed


if __name__ == "__main__":
    sys.exit({"write": write, "read": read, "wrong": wrong, "merged": merged, "ordered": ordered, "pages": pages}[sys.argv[1]]())
