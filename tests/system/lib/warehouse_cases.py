#!/usr/bin/python3
"""
warehouse_cases.py log FOLDER      a log of cases made by hand, for `test-wire load`
warehouse_cases.py check           what the warehouse makes of them, against what is written here

Every case below says what happened, hour by hour in Shanghai, and which flags a person who reads it gives it as of 5 March 2024. Cases lie a kilometre apart; what
is to stand together is merged by command.
"""

import hashlib
import hmac
import json
import os
import re
import sys
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal

SHANGHAI = timezone(timedelta(hours=8))
AS_OF = "2024-03-05 00:00:00+08"
ZONE, OTHER = "350206", "350203"

FILED = "inst need_dispatch"
SENT = FILED + " dispatch"
DISPOSED, DISPOSED_LATE = " need_dispose dispose intime_dispose", " need_dispose dispose overtime_dispose"
CLOSED, CLOSED_LATE = " need_archive archive intime_archive", " need_archive archive overtime_archive"
FINE = SENT + DISPOSED + CLOSED
LATE = SENT + DISPOSED_LATE + CLOSED_LATE
OVERDUE = SENT + " need_dispose to_dispose overtime_to_dispose need_archive overtime_to_archive"
WAITING = SENT + " to_dispose intime_to_dispose intime_to_archive"

HULI, HESHAN, DIANQIAN = "湖里中队", "禾山中队", "殿前中队"
CASES = []


def case(name, flags, month, steps, platform="p12", unit=HULI, sub="350206001", category="E0504", zone=ZONE, sensor=False, far=None, due=None, orders=(), **more):
    """flags None: not filed, so no row. steps: "MM-DD HH:MM state [deadline=MM-DDTHH:MM] [outcome=..]", the first year 2024; orders: what operators say."""
    CASES.append(dict(name=name, flags=flags, month=month, steps=steps, platform=platform, unit=unit, sub=sub, category=category, zone=zone, sensor=sensor,
                      far=len(CASES) if far is None else far, due=due, orders=orders, **more))


def went(*rest, deadline="02-06T09:00"):
    return ["02-01 09:00 received deadline=" + deadline, "02-01 09:30 filed", "02-01 10:00 dispatched", *rest]


# ---- one by one ----
case("plain", FINE, "2024-02", went("02-01 11:00 processing", "02-02 10:00 feedback", "02-02 11:00 verifying", "02-02 15:00 closed"))
case("late", LATE, "2024-02", went("02-07 10:00 feedback", "02-07 15:00 closed"))
case("disposed in time, closed late", SENT + DISPOSED + CLOSED_LATE, "2024-02", went("02-04 10:00 feedback", "02-08 15:00 closed"))
case("overdue", OVERDUE, "2024-02", went(), said='-1+1<b>"&甲"')
case("not due yet", WAITING, "2024-02", went(deadline="03-20T09:00"))
case("at the very deadline", FINE, "2024-02", went("02-06 09:00 feedback", "02-06 09:00 closed"))
case("suspended now", SENT + " hang his_hang", "2024-02", went("02-05 09:00 suspended"))
case("suspended, then done", FINE + " his_hang", "2024-02", went("02-03 09:00 suspended", "02-04 09:00 processing", "02-05 09:00 closed"))
case("extended", FINE + " postpone", "2024-02", went("02-05 09:00 processing deadline=02-12T09:00", "02-10 09:00 closed"))
case("extended, and late all the same", LATE + " postpone", "2024-02", went("02-05 09:00 processing deadline=02-08T09:00", "02-10 09:00 closed"))
case("reworked", FINE + " rework", "2024-02", went("02-02 09:00 feedback", "02-02 10:00 verifying", "02-03 09:00 dispatched", "02-04 09:00 feedback", "02-05 09:00 closed"))
case("reworked twice, so late", LATE + " rework multi_rework", "2024-02",
     went("02-02 09:00 feedback", "02-03 09:00 dispatched", "02-04 09:00 feedback", "02-05 09:00 processing", "02-07 09:00 closed"))
case("reopened by its platform", FINE + " rework", "2024-02", went("02-02 09:00 closed", "02-03 09:00 processing reopened", "02-05 09:00 closed"))
case("reopened and open", OVERDUE + " rework", "2024-02", went("02-02 09:00 closed", "02-03 09:00 processing reopened"))
case("unfounded", "inst cancel", "2024-02", went("02-02 09:00 closed outcome=unfounded"))
case("void", "inst cancel", "2024-02", went("02-02 09:00 void"), at_sub=None)
case("never filed", None, None, ["02-01 09:00 received deadline=02-06T09:00"])
case("unfounded before it was filed", None, None, ["02-01 09:00 received", "02-01 12:00 closed outcome=unfounded"])
case("told only when it was over", FILED + DISPOSED + CLOSED, "2024-02", ["02-01 09:00 received deadline=02-06T09:00", "02-03 09:00 closed outcome=done"])
case("a camera alone", None, None, ["02-01 09:00 received", "02-01 10:00 closed"], platform="p09", sensor=True, unit=None)

# ---- months ----
case("filed in the last second of January", FINE, "2024-01", ["01-31 23:59 received deadline=02-06T09:00", "01-31 23:59:59 filed", "02-01 10:00 dispatched", "02-02 10:00 closed"])
case("filed in the first second of February", FINE, "2024-02", ["01-31 23:59 received deadline=02-06T09:00", "02-01 00:00 filed", "02-01 10:00 dispatched", "02-02 10:00 closed"])
case("closed in March", LATE, "2024-02", ["02-29 23:00 received deadline=03-01T00:00", "02-29 23:30 filed", "02-29 23:40 dispatched", "03-01 00:30 closed"])
# seven working days from Thursday the 8th pass over Spring Festival: the 23rd at 10:00. By the calendar it would have been the 15th.
case("seven working days", FINE, "2024-02", ["02-08 10:00 received", "02-08 10:05 filed", "02-08 10:10 dispatched", "02-22 09:00 closed"], category="E0110", due="2024-02-23 10:00:00+08:00")
case("seven working days and an hour", LATE, "2024-02", ["02-08 10:00 received", "02-08 10:05 filed", "02-08 10:10 dispatched", "02-23 11:00 closed"], category="E0110", due="2024-02-23 10:00:00+08:00")
case("known late", FINE, "2024-02", went("02-03 09:00 closed received=03-02T09:00"))

# ---- people ----
case("merged: both done", FINE + " shared", "2024-02", went("02-02 10:00 closed"), unit=HESHAN, orders=["03-03 10:00 merge the other of two"], reports=2)
case("the other of two", "merged", None, ["02-01 12:00 received deadline=02-07T09:00", "02-03 10:00 closed"], platform="p01")
case("merged: one still open", OVERDUE + " shared", "2024-02", went("02-02 10:00 closed"), orders=["03-03 10:10 merge the open one"], reports=2)
case("the open one", "merged", None, ["02-01 12:00 received deadline=02-07T09:00", "02-01 13:00 processing"], platform="p01")
case("merged, the other is only a duplicate", FINE + " shared", "2024-02", went("02-02 10:00 closed"), orders=["03-03 10:20 merge the duplicate"], reports=2)
case("the duplicate", "merged", None, ["02-01 12:00 received", "02-01 13:00 closed outcome=duplicate"], platform="p01")
case("merged and split again", OVERDUE, "2024-02", went(), orders=["03-03 10:30 merge the parted one", "03-03 10:40 split the parted one"])
case("the parted one", FINE, "2024-02", went("02-02 10:00 closed"), platform="p01", unit=HESHAN)
case("closed by an operator", FINE, "2024-02", went("02-02 09:00 processing", deadline="03-20T09:00"), orders=["03-03 11:00 close"])
case("rejected by an operator", "inst cancel", "2024-02", went(), orders=["03-03 11:10 reject"])
case("assigned by an operator", OVERDUE, "2024-03", ["02-01 09:00 received deadline=02-06T09:00"], unit=HESHAN, told_unit=None, orders=["03-03 11:20 assign"])
case("put right by hand", FINE, "2024-02", went("02-02 10:00 closed"), unit=HESHAN, told_unit=HULI, corrected=("unit", HESHAN))

# ---- again, and elsewhere ----
case("before", FINE, "2024-02", went("02-02 10:00 closed"), far=90, category="E0102", said="枋湖路路口垃圾堆放无人清理")
case("again at the same place", FINE + " recur", "2024-02", ["02-20 09:00 received deadline=02-26T09:00", "02-20 09:30 filed", "02-20 10:00 dispatched", "02-21 10:00 closed"], far=90, category="E0102", said="枋湖路路口垃圾堆放无人清理")
case("a neighbour district's", FINE, "2024-02", went("02-02 10:00 closed"), zone=OTHER, sub="350203001", unit="思明中队")

# ---- what is told apart with care, all of one squad: seventeen of February, one of January ----
DONE_WITHOUT = CLOSED       # closed, and there was nothing to dispose of


def squad(name, flags, *rest, month="2024-02", deadline="02-06T09:00", **more):
    case(name, flags, month, went(*rest, deadline=deadline), unit=DIANQIAN, **more)


squad("referred to another office", SENT + DONE_WITHOUT, "02-03 09:00 closed outcome=referred")
case("a duplicate of what never came", FILED + DONE_WITHOUT, "2024-02", ["02-01 09:00 received deadline=02-06T09:00", "02-01 09:30 filed", "02-03 09:00 closed outcome=duplicate"], unit=DIANQIAN)
squad("suspended twice, then done", FINE + " his_hang", "02-02 09:00 suspended", "02-03 09:00 processing", "02-04 09:00 suspended", "02-05 09:00 processing", "02-05 15:00 closed")
squad("suspended past its deadline: the clock does not stop", LATE + " his_hang", "02-05 09:00 suspended", "02-08 09:00 processing", "02-09 09:00 closed")
squad("suspended and put off, then done", FINE + " postpone his_hang", "02-05 09:00 suspended", "02-08 09:00 processing deadline=02-20T09:00", "02-15 09:00 closed")
squad("opened again by an operator", OVERDUE + " rework", "02-02 09:00 closed", orders=["03-03 12:00 reopen"])
squad("merged, and the merge undone", OVERDUE, orders=["03-03 12:10 merge the one given back", "03-03 12:20 undo the one given back"])
squad("the one given back", FINE, "02-02 10:00 closed", platform="p01")
squad("void, then alive again", FINE, "02-02 09:00 void", "02-03 09:00 processing", "02-05 09:00 closed")
squad("due in the last second of February", FINE, "02-20 09:00 closed", deadline="02-29T23:59:59", due="2024-02-29 23:59:59+08:00", due_month="2024-02")
squad("due in the first second of March", FINE, "02-20 09:00 closed", deadline="03-01T00:00", due="2024-03-01 00:00:00+08:00", due_month="2024-03")
# Sunday the 18th is worked, for Spring Festival: from there seven working days are the 19th to 23rd, 26th, 27th. From Monday the 12th, which is free: the 18th is the first
# of them, the 26th the seventh, and what comes on a free day has that whole day.
case("reported on a Sunday that is worked", FINE, "2024-02", ["02-18 10:00 received", "02-18 10:05 filed", "02-18 10:10 dispatched", "02-27 09:59 closed"], unit=DIANQIAN, category="E0110",
     due="2024-02-27 10:00:00+08:00")
case("reported on a holiday", FINE, "2024-02", ["02-12 10:00 received", "02-12 10:05 filed", "02-12 10:10 dispatched", "02-26 23:59 closed"], unit=DIANQIAN, category="E0110",
     due="2024-02-27 00:00:00+08:00")
case("merged over the month's end", FINE + " shared", "2024-01", ["01-31 20:00 received deadline=02-06T09:00", "01-31 23:50 filed", "02-01 08:00 dispatched", "02-02 10:00 closed"], unit=DIANQIAN,
     orders=["03-03 12:30 merge its twin of February"], reports=2)
case("its twin of February", "merged", None, ["02-01 00:10 received deadline=02-07T09:00", "02-01 00:20 filed", "02-03 10:00 closed"], platform="p04", unit=None)
squad("of three platforms", FINE + " shared", "02-02 10:00 closed", orders=["03-03 12:40 merge the second of three", "03-03 12:50 merge the third of three"], reports=3)
case("the second of three", "merged", None, ["02-01 12:00 received deadline=02-07T09:00", "02-03 10:00 closed"], platform="p01", unit=None)
case("the third of three", "merged", None, ["02-01 13:00 received deadline=02-07T09:00", "02-03 11:00 closed"], platform="p04", unit=None)
squad("closed by its crew, while a camera still sees it", OVERDUE + " shared", "02-02 10:00 closed", orders=["03-03 13:00 merge the camera that sees it"], reports=2)
case("the camera that sees it", "merged", None, ["02-01 12:00 received"], platform="p09", sensor=True, unit=None)

squad("void, and split from what it was merged with", "inst cancel", "02-02 09:00 void", at_sub=None, reports=0)
squad("what the void one was merged with", FINE, "02-02 10:00 closed", orders=["03-03 13:10 merge void, and split from what it was merged with",
                                                                               "03-03 13:20 split void, and split from what it was merged with"])

# The rates of the definitions, once more and by hand: (numerator, denominator) of flags.
RATES = {"dispose_rate": ("dispose", "need_dispose"), "intime_dispose_rate": ("intime_dispose", "need_dispose"), "archive_rate": ("archive", "need_archive"),
         "intime_archive_rate": ("intime_archive", "need_archive"), "rework_rate": ("rework", "need_archive"), "postpone_rate": ("postpone", "need_dispose"),
         "hang_rate": ("hang", "inst"), "overtime_to_dispose_rate": ("overtime_to_dispose", "need_dispose"), "dispatch_rate": ("dispatch", "need_dispatch"),
         "recur_rate": ("recur", "inst"), "shared_rate": ("shared", "inst")}


def moment(text, year="2024"):
    day, hour = text.replace("T", " ").split()
    return datetime.strptime("%s-%s %s" % (year, day, hour if hour.count(":") == 2 else hour + ":00"), "%Y-%m-%d %H:%M:%S").replace(tzinfo=SHANGHAI)


def utc(at):
    return at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def subject(one):
    return "%s::%s" % (one["platform"], re.sub("[,:']", "", one["name"].replace(" ", "_")))


def events(one):
    first, deadline = moment(" ".join(one["steps"][0].split()[:2])), None
    for number, step in enumerate(one["steps"], 1):
        day, hour, state, *words = step.split()
        said = dict(word.split("=") if "=" in word else (word, "yes") for word in words)
        at, deadline = moment(day + " " + hour), said.get("deadline", deadline)
        received = moment(said["received"]) if "received" in said else at + timedelta(seconds=20)
        time = {"occurred": utc(first), "reported": utc(first), "updated": utc(at), "received": utc(received)}
        if deadline:
            time["deadline"] = utc(moment(deadline))
        if state == "closed":
            time["closed"] = utc(at)
        status = {"state": state}
        if "outcome" in said:
            status["outcome"] = said["outcome"]
        if "reopened" in said:
            status["reopened"] = True
        made = {"id": "%s:%d" % (subject(one), number), "subject": subject(one), "kind": "report", "platform": one["platform"], "instance": "hand", "zone": one["zone"],
                "source": {"id": subject(one).split("::")[1], "revision": str(number)}, "time": time, "status": status,
                "category": {"code": one["category"], "method": "code"}, "severity": "low", "title": one.get("said", one["name"]), "description": one.get("said", one["name"]),
                "position": dict(zip(("lon", "lat"), place(one["far"]))) | {"accuracy_m": 10, "method": "gps"},
                "place": {"address": one.get("said", one["name"]), "subdistrict": one["sub"]}, "raw": {"sha256": hashlib.sha256(step.encode()).hexdigest(), "bytes": 1}}
        unit = one.get("told_unit", one["unit"])
        if unit:
            made["org"] = {"responsible": unit}
        if one["sensor"]:
            made["objects"] = [{"kind": "camera", "id": "c1"}]
        yield received, made


def place(far):
    """Rows of a thousand, 300 m apart from each other; the first ten of a row a kilometre."""
    return (round(118.0 + far % 10 * 0.01, 6), round(24.0 + far // 10 * 0.01, 6)) if far < 100 else (round(118.0 + far % 1000 * 0.003, 6), round(25.0 + far // 1000 * 0.003, 6))


def named(name):
    return next(one for one in CASES if one["name"] == name)


def orders(one):
    for order in one["orders"]:
        day, hour, verb, *rest = order.split()
        at, other = moment(day + " " + hour), named(" ".join(rest)) if rest else None
        names = {"merge": [one, other], "split": [other]}.get(verb, [one])
        made = {"id": "cmd:%s-%s" % (verb, subject(other or one).split("::")[1]), "kind": "command", "zone": one["zone"], "verb": verb, "by": "user:lin", "at": utc(at),
                "events": [subject(named_one) + ":1" for named_one in names]}
        if verb == "assign":
            made["args"] = {"org": one["unit"]}
        if verb == "undo":
            made["args"] = {"command": "cmd:merge-%s" % subject(other).split("::")[1]}
        yield at, made


def in_order(cases):
    """As the hub receives them."""
    made = [item for one in cases for item in (*events(one), *orders(one))]
    return [value for _, value in sorted(made, key=lambda item: item[0])]


def told(value):
    return value["at"] if value["kind"] == "command" else value["time"]["received"]


class Run:
    """An instance's run in a zone: it numbers what it sends, and before each event says in a tick what it sent in the last one's hour; so its zone knows the time."""

    def __init__(self, zone, instance="hand"):
        self.zone, self.instance, self.name = zone, instance, "%s-%s" % (instance, zone)
        self.partition, self.seq, self.hour, self.count = 0 if zone == ZONE else 1, 0, None, 0

    def _send(self, value):
        self.seq += 1
        return record(self.partition, self.zone, {"hub_run": self.name, "hub_seq": self.seq, "hub_instance": self.instance}, json.dumps(value, ensure_ascii=False))

    def tick(self, at, final=False):
        if not self.hour:
            return
        counts = dict.fromkeys(("rejected", "ignored", "repeated"), 0) | dict.fromkeys(("records", "items", "published"), self.count)
        yield self._send({"kind": "tick", "id": "tick:%s:%s:%d" % (self.instance, self.name, self.seq + 1), "instance": self.instance, "zone": self.zone, "run": self.name, "at": at,
                          "acked": self.seq, "final": final, "hour": self.hour, **counts})

    def event(self, value):
        hour = told(value)[:13] + ":00:00.000Z"
        yield from self.tick(told(value))
        self.count = self.count + 1 if hour == self.hour else 1
        self.hour = hour
        yield self._send(value)


def key_read():
    with open(os.path.join(os.environ["HUB_SECRETS"], "commands.key"), encoding="utf-8") as file:
        version, key = file.read().split()
    return version, bytes.fromhex(key)


def record(partition, key, headers, value):
    text = value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
    return "%d\t0\t%s\t%s\t%s\n" % (partition, key, "".join("%s=%s;" % item for item in headers.items()), text)


def command_record(value, key):
    line = json.dumps(value, ensure_ascii=False)
    return record(0 if value["zone"] == ZONE else 1, value["zone"], {"hub_mac": "%s:%s" % (key[0], hmac.new(key[1], line.encode(), hashlib.sha256).hexdigest())}, line)


def records(values, instance="hand"):
    """Lines for `test-wire load`: one zone a partition, each a run of the instance."""
    key = key_read()
    runs = {zone: Run(zone, instance) for zone in (ZONE, OTHER)}
    for value in values:
        run = runs[value["zone"]]
        if value["kind"] != "command":
            yield from run.event(value)
        else:
            yield command_record(value, key)
    for run in runs.values():
        yield from run.tick(told(values[-1]), final=True)


def zones_write(folder):
    with open(os.path.join(folder, "zones.yaml"), "w", encoding="utf-8") as file:
        file.write('"%s": { name: "湖里区", partition: 0 }\n"%s": { name: "思明区", partition: 1 }\n' % (ZONE, OTHER))


def square(level, region, name, lon, lat, half=0.004):
    corners = [[round(lon + east * half, 6), round(lat + north * half, 6)] for east, north in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]
    return {"type": "Feature", "properties": {"level": level, "id": region, "name": name}, "geometry": {"type": "Polygon", "coordinates": [corners]}}


def told_again(one):
    """Its platform tells its last step once more, weeks later, and where it lies as ever."""
    _, value = list(events(one))[-1]
    at = utc(moment("03-20 09:00"))
    return value | {"id": subject(one) + ":again", "instance": "again", "source": value["source"] | {"revision": "again"}, "time": value["time"] | {"updated": at, "received": at}}


def log(folder):
    os.makedirs(folder, exist_ok=True)
    zones_write(folder)
    one = square("subdistrict", "350206001", "湖里街道", 118.05, 24.02, 0.0099)
    grids = [square("grid", "G%d" % number, "第%d网格" % number, 118.1 + number / 100, 24.1) for number in (1, 2)]
    for name, features in (("regions", [one]), ("grids", grids), ("broken", [one, {"type": "Feature", "properties": {"level": "grid"}, "geometry": None}])):
        with open(os.path.join(folder, name + ".geojson"), "w", encoding="utf-8") as file:
            json.dump({"type": "FeatureCollection", "features": features}, file, ensure_ascii=False)
    with open(os.path.join(folder, "events.tsv"), "w", encoding="utf-8") as file:
        file.writelines(records(in_order(CASES)))
    with open(os.path.join(folder, "again.tsv"), "w", encoding="utf-8") as file:
        file.writelines(records([told_again(named("late"))], "again"))


# ---- what the warehouse says ----

def flags_check(verdict, database):
    cursor = database.cursor()
    cursor.execute("SELECT f.*, s.subject FROM mart.case_flags f JOIN dw.subject s USING (incident) JOIN dw.incident i USING (incident) WHERE i.founding LIKE s.subject || ':%%'")
    columns = [column.name for column in cursor.description]
    rows = {row[-1]: dict(zip(columns, row)) for row in cursor.fetchall()}
    for one in CASES:
        row = rows.pop(subject(one), None)
        if one["flags"] in (None, "merged"):
            verdict.check(row is None, "%s: %s" % (one["name"], "not filed, no row" if not one["flags"] else "within its survivor"), row and row["state"])
            continue
        said, want = row and {column[:-4] for column in columns if column.endswith("_num") and column != "report_num" and row[column]}, set(one["flags"].split())
        told = row and (said, str(row["month"])[:7], row["first_unit"], row["report_num"])
        due = (not one["due"] or row["dispose_deadline"] == datetime.fromisoformat(one["due"])) and one.get("due_month") in (None, str(row["due_month"])[:7])
        verdict.check(row and told == (want, one["month"], one["unit"], one.get("reports", int(one["name"] != "void"))) and due, "%s: %s" % (one["name"], one["flags"]), told)
    verdict.check(not rows and len(CASES) >= 30, "%d cases, and none beside them" % len(CASES), list(rows))


def pct(part, whole):
    return (Decimal(100 * part) / whole).quantize(Decimal("0.01"), ROUND_HALF_UP) if whole else None


def sums_check(verdict, database, cases):
    """The views add up what the flags say, by whatever is asked for; nothing to divide by is no figure."""
    import base
    filed = [one for one in cases if one["flags"] not in (None, "merged")]
    for view, key, of in (("unit", "unit", lambda one: one["unit"]), ("subdistrict", "subdistrict", lambda one: one.get("at_sub", one["sub"])), ("platform", "platform", lambda one: one.get("first", one["platform"])),
                          ("category", "category", lambda one: one["category"]), ("all", "zone", lambda one: one["zone"])):
        want = {}
        for one in filed:
            want.setdefault((one["month"], of(one)), []).append(set(one["flags"].split()))
        said = {(str(row["month"])[:7], row[key]): row for row, in base.rows(database, "SELECT to_jsonb(v) FROM mart.kpi_month_%s v" % view)}
        wrong = [] if said.keys() == want.keys() else [said.keys() ^ want.keys()]
        for place, flags in want.items():
            count = lambda flag, flags=flags: sum(flag in one for one in flags)  # noqa: E731
            for rate, (part, whole) in RATES.items():
                told = said[place][rate]
                if (count(part), count(whole)) != (said[place][part + "_num"], said[place][whole + "_num"]) or (None if told is None else Decimal(str(told))) != pct(count(part), count(whole)):
                    wrong.append((place, rate, count(part), count(whole), told))
        verdict.check(not wrong, "months by %s: %d rows" % (view, len(want)), wrong[:3])


def rows_are(verdict, database, text, query, want):
    import base
    said = [tuple(row) for row in base.rows(database, query)]
    verdict.check(said == want, text, said)


def as_of(database, moment_text):
    with database.cursor() as cursor:
        cursor.execute("SET hub.as_of = %s", (moment_text,))


def others_check(verdict, database):
    """Each line counted on fingers from the cases above."""
    # February of Dianqian's squad: 17 filed, of which one is void; 13 closed, one of them late: 12 of 16. Huli's does less well.
    rows_are(verdict, database, "the other squad's month", "SELECT inst_num, need_archive_num, archive_num, intime_archive_num, rework_num, intime_archive_rate FROM mart.bulletin_month"
             " WHERE month = '2024-02-01' AND unit = '殿前中队'", [(17, 16, 13, 12, 1, Decimal("75.00"))])
    # February of Huli's first squad: 29 filed, of which 1 suspended, 3 void, 1 not due yet: 24 must be closed; January had one.
    rows_are(verdict, database, "the bulletin against January", "SELECT inst_num, need_archive_num, inst_mom_pct FROM mart.bulletin_month WHERE month = '2024-02-01' AND unit = '湖里中队'",
             [(29, 24, Decimal("2800.00"))])
    rows_are(verdict, database, "ties share a rank", "SELECT unit, rank FROM mart.bulletin_month WHERE month = '2024-02-01' AND NOT total ORDER BY rank, unit",
             [("思明中队", 1), (HESHAN, 1), (DIANQIAN, 3), (HULI, 4)])
    rows_are(verdict, database, "what came back, how soon and how near", "SELECT s.subject, gap::text, metres FROM mart.repeat_incident r JOIN dw.subject s USING (incident)",
             [("p12::again_at_the_same_place", "17 days 23:30:00", Decimal("0.0"))])
    rows_are(verdict, database, "several platforms", "SELECT platforms, incidents FROM mart.seen_by_several WHERE month = '2024-02-01' AND zone = '350206' AND platforms > 1 ORDER BY 1", [(2, 4), (3, 1)])
    rows_are(verdict, database, "who was first", "SELECT to_char(month, 'YYYY-MM'), platform, shared_incidents, first, median_minutes_behind FROM mart.first_reporter ORDER BY 1, 2",
             [("2024-01", "p04", 1, 0, Decimal("250.0")), ("2024-01", "p12", 1, 1, None),
              ("2024-02", "p01", 4, 0, Decimal("180.0")), ("2024-02", "p04", 1, 0, Decimal("240.0")), ("2024-02", "p09", 1, 0, Decimal("180.0")), ("2024-02", "p12", 5, 5, None)])
    rows_are(verdict, database, "down to the message", """SELECT event, topic, partition, source_ref, sha256 FROM mart.lineage WHERE subject = 'p12::plain' AND state = 'closed'""",
             [("p12::plain:7", "hub.events.v1", 0, "plain", hashlib.sha256(named("plain")["steps"][-1].encode()).hexdigest())])
    rows_are(verdict, database, "the ledger by hour", "SELECT sum(published) > 150, sum(published) = sum(stored), sum(unexplained), sum(missing) FROM mart.ledger_hour", [(True, True, 0, 0)])


def same_then(verdict, database, moments):
    """What was as it is now is taken from what is kept ready, not made anew: it comes to the same."""
    import base
    for moment_text in moments:
        rows = base.rows(database, """WITH quick AS (SELECT * FROM mart.incident_at(%(at)s)), slow AS (SELECT * FROM mart.incident_made(%(at)s, NULL)),
                         reports AS (SELECT * FROM mart.report_at(%(at)s)), anew AS (SELECT * FROM dw.report_stage_at(%(at)s))
                         SELECT 'incident', incident FROM ((TABLE quick EXCEPT ALL TABLE slow) UNION ALL (TABLE slow EXCEPT ALL TABLE quick)) x
                         UNION ALL SELECT 'report', subject FROM ((TABLE reports EXCEPT ALL TABLE anew) UNION ALL (TABLE anew EXCEPT ALL TABLE reports)) y LIMIT 5""", {"at": moment_text})
        verdict.check(not rows, "as it was on %s, quickly and slowly" % moment_text, rows)


def history_check(verdict, database):
    """Links and states as they were: on 3 March two were merged at half past ten and parted ten minutes later."""
    for hour, together in (("10:25", False), ("10:35", True), ("10:45", False)):
        rows_are(verdict, database, "who stood together at %s" % hour, "SELECT count(DISTINCT incident), count(*) FROM dw.link_at('2024-03-03 %s+08')"
                 " WHERE subject IN ('p12::merged_and_split_again', 'p01::the_parted_one')" % hour, [(1 if together else 2, 2)])
    told = """SELECT h.state FROM unnest(ARRAY['2024-02-01 09:10', '2024-02-01 09:40', '2024-02-01 10:10', '2024-02-02 10:30', '2024-02-02 15:30']::timestamptz[]) WITH ORDINALITY AS m (at, n)
              CROSS JOIN LATERAL dw.status_at(m.at) h JOIN dw.subject s USING (incident) WHERE s.subject = 'p12::plain' ORDER BY %s"""
    rows_are(verdict, database, "what state it was in", told % "m.n", [("received",), ("filed",), ("dispatched",), ("feedback",), ("closed",)])
    rows_are(verdict, database, "each in a later version", told % "h.version", [("received",), ("filed",), ("dispatched",), ("feedback",), ("closed",)])


def moments_check(verdict, database):
    """What was known then; and what was published, whatever comes after."""
    import base
    flag = "SELECT archive_num FROM mart.case_flags f JOIN dw.subject s USING (incident) WHERE s.subject = 'p12::known_late'"
    as_of(database, "2024-03-02 08:00:00+08")
    rows_are(verdict, database, "on 2 March at eight nobody knew that it was closed", flag, [(0,)])
    rows_are(verdict, database, "nor had anybody merged", "SELECT count(*) FROM mart.case_flags WHERE shared_num = 1", [(0,)])
    as_of(database, "")
    rows_are(verdict, database, "kept ready is what would be made anew", """SELECT count(*) FROM ((TABLE mart.incident_now EXCEPT SELECT * FROM mart.incident_at('infinity'))
             UNION ALL (SELECT * FROM mart.incident_at('infinity') EXCEPT TABLE mart.incident_now)) x""", [(0,)])
    same_then(verdict, database, ("2024-01-31 23:59:30+08", "2024-02-10 12:00+08", "2024-03-03 10:35+08", "2024-03-03 13:15+08", "2024-03-04 12:00+08"))
    published = "SELECT * FROM mart.bulletin_month ORDER BY month, total, unit"
    as_of(database, AS_OF)
    base.one(database, "SELECT mart.freeze(%s)", (AS_OF,))
    before = base.rows(database, published)
    base.rows(database, """INSERT INTO dw.correction (zone, subject, field, value, at) VALUES ('350206', 'p12::plain', 'unit', '思明中队', '2024-03-04'),
                                  ('350206', 'p12::late', 'deadline', '2024-02-28 00:00:00+08', '2024-03-04') RETURNING 1""")
    base.one(database, "SELECT (mart.refresh(true)).cases")
    verdict.check(before == base.rows(database, published), "a bulletin that was published stays as it was when somebody puts right what it counted")
    as_of(database, "")
    rows_are(verdict, database, "and now it is put right", "SELECT first_unit, dispose_deadline = '2024-02-28 00:00:00+08' FROM mart.case_flags f JOIN dw.subject s USING (incident)"
             " WHERE s.subject IN ('p12::plain', 'p12::late') ORDER BY s.subject", [(HULI, True), ("思明中队", False)])


def check():
    import base
    verdict, database = base.Verdict(), base.connect()
    as_of(database, AS_OF)
    flags_check(verdict, database)
    sums_check(verdict, database, CASES)
    others_check(verdict, database)
    history_check(verdict, database)
    moments_check(verdict, database)
    return 1 if verdict.failed else 0


if __name__ == "__main__":
    sys.exit(log(sys.argv[2]) if sys.argv[1] == "log" else check())
