"""Weeks of sixteen platforms' reports that live by chance, in two zones, and a year before a few of them: each a list of steps, with what was ordered of them. Of these
warehouse_truth.py makes the figures and `log_write` the log."""

import hashlib
import random
import zlib
from datetime import datetime, timedelta

import warehouse_cases as cases

BEGIN, AS_OF = datetime(2024, 1, 20, tzinfo=cases.SHANGHAI), datetime(2024, 3, 10, tzinfo=cases.SHANGHAI)
DAYS, QUIET = 46, timedelta(days=1)     # reports come in so many days; nothing happens in the last one but what operators say
UNITS = {cases.ZONE: ("湖里中队", "禾山中队", "殿前中队", "江头中队", "金山中队"), cases.OTHER: ("思明中队", "莲前中队")}
TIED = ("并列甲队", "并列乙队")         # these two live the same lives
SUBDISTRICTS = tuple("%d" % (350206001 + number) for number in range(5))
ROADS = ("枋湖路", "仙岳路", "嘉禾路", "湖里大道", "兴隆路", "华昌路", "南山路", "金尚路", "吕岭路", "县黄路")
CALLERS = 997           # of the hotline: each reports by chance, a few of them often
SPOT_STEP = 0.00009     # of a degree of latitude: ten metres, near enough to tell 40 from 60

# platform: weight, what it reports (category, channel), whether a device does so alone, whether it names a unit
PLATFORMS = {
    "p01": (14, (("E0504", "热线"), ("E0501", "热线"), ("E2125", "百姓金点子"), ("E2199", "热线"), ("E0110", "热线")), False, False),
    "p02": (5, (("E2112", "信访"), ("E0301", "信访")), False, True),
    "p03": (2, (("E2113", "来信"), ("E0301", "来信")), False, True),
    "p04": (16, (("E0102", "巡查"), ("P01", "巡查"), ("P02", "巡查"), ("E0504", "巡查"), ("E0110", "巡查")), False, True),
    "p05": (4, (("E2114", "航摄"), ("E2115", "航摄")), False, True),
    "p07": (3, (("E0116", "sensor"), ("E0302", "sensor")), True, False),
    "p08": (5, (("E2104", "运营"),), False, True),
    "p09": (9, (("E0504", "ai"), ("E0507", "ai"), ("E0505", "ai")), True, False),
    "p10": (3, (("E2128", "ai"),), True, False),
    "p11": (4, (("E2108", "巡查"), ("E0507", "巡查")), False, True),
    "p12": (18, (("E0504", "网格员巡查"), ("E0501", "网格员巡查"), ("E0102", "网格员巡查"), ("E0507", "企服办派发"), ("E2124", "企服办派发")), False, True),
    "p13": (3, (("E0501", "摊规点"),), False, True),
    "p14": (4, (("E2114", "巡查"), ("E2121", "巡查")), False, True),
    "p15": (6, (("E0202", "执法"), ("E0504", "执法")), False, True),
    "p16": (4, (("E2111", "微博"), ("E2199", "论坛")), False, False),
}
NOT_REPORTS = {"p06": ("warning", "E2110"), "p13": ("registry", "E2119"), "p15": ("registry", "E2117"), "p07": ("health", None)}
QUALITIES = (("encoding_repaired", 0.02), ("clock_missing", 0.01), ("out_of_district", 0.02), ("late", 0.03))


class Life:
    """One report's steps, made by chance: (at, state, outcome, reopened, deadline); deadline None where its platform tells none."""

    def __init__(self, chance, first, sensor=False, due=True):
        self.chance, self.first, self.at, self.steps = chance, first, first, []
        self.deadline = first + timedelta(hours=chance.randint(12, 200)) if due else None
        self.step("received")
        self.sense() if sensor else self.live()
        self.steps = [step for step in self.steps if step[0] < AS_OF - QUIET]

    def step(self, state, outcome=None, reopened=False, least=10, most=600):
        self.steps.append((self.at, state, outcome, reopened, self.deadline))
        self.at += timedelta(minutes=self.chance.randint(least, most))

    def happens(self, share):
        return self.chance.random() < share

    def sense(self):
        """A device sees it, perhaps again, and loses sight of it."""
        while self.happens(0.3):
            self.step("received")
        if self.happens(0.9):
            self.step("closed", self.chance.choice((None, "done", "done", "false_alarm")))

    def live(self):
        if self.happens(0.06):
            return self.step("closed", self.chance.choice(("unfounded", "duplicate", "referred", "withdrawn"))) if self.happens(0.6) else None
        self.step("filed")
        if self.happens(0.03):
            return self.step(self.chance.choice(("void", "rejected")))
        self.step("dispatched", most=2000)
        if not self.work():
            return None
        self.step("closed", self.chance.choice((None, "done")))
        if self.happens(0.05):
            self.step("processing", reopened=True, most=2000)
            if self.happens(0.7):
                self.step("closed")
        return None

    def work(self):
        """Until it is verified: True; or left, or given up."""
        while True:
            if self.happens(0.08):
                self.step("suspended", most=6000)
                if self.happens(0.3):
                    return False
            if self.deadline and self.happens(0.1):
                self.deadline += timedelta(hours=self.chance.randint(24, 96))
            if self.happens(0.15):
                return False
            self.step("processing", most=3000)
            if self.happens(0.04):
                self.step("closed", self.chance.choice(("unfounded", "referred")))
                return False
            self.step("feedback", most=2000)
            self.step("verifying")
            if self.happens(0.85):
                return True
            self.step("dispatched")


class City:
    """reports: dicts; groups: lists of them that are one incident in the end, the survivor first; orders: (at, zone, verb, reports); others: what is no report."""

    def __init__(self, size, seed):
        self.chance, self.reports, self.groups, self.orders, self.others, self.places = random.Random(seed), [], [], [], [], 0
        names, weights = list(PLATFORMS), [PLATFORMS[name][0] for name in PLATFORMS]
        for _ in range(size):
            platform = self.chance.choices(names, weights)[0]
            zone = cases.OTHER if self.chance.random() < 0.1 else cases.ZONE
            begin = BEGIN.replace(year=2023) if self.chance.random() < 0.06 else BEGIN
            self.tell(platform, zone, begin + timedelta(minutes=self.chance.randint(0, DAYS * 1440)))
        self.tie()
        for number in range(size // 50):
            self.other(number)

    def report(self, platform, zone, first, **more):
        weight, kinds, sensor, told = PLATFORMS[platform]
        chance, number = self.chance, len(self.reports)
        category, channel = chance.choice(kinds)
        one = dict(name="c%d" % number, number=number, platform=platform, zone=zone, category=category, channel=channel, sensor=sensor, sub=chance.choice(SUBDISTRICTS),
                   unit=chance.choice(UNITS[zone]) if told else None, accuracy=chance.choice((5, 10, 30)), placed=chance.random() > 0.03, told=chance.random() > 0.03,
                   method=chance.choice(("code", "name", "alias")), delay=chance.choice((2, 20, 20, 300)), spot=number, north=0,
                   quality=[mark for mark, share in QUALITIES if chance.random() < share]) | more
        one["life"] = more.get("life") or Life(chance, first, sensor, chance.random() > 0.1)
        self.reports.append(one)
        return one

    def tell(self, platform, zone, first):
        """A problem: reported once, or by several, or twice and parted again, or again after it was closed."""
        one = self.report(platform, zone, first)
        story = self.chance.random()
        early = AS_OF - timedelta(days=5) - first
        if first.year < AS_OF.year or early < timedelta(0):
            self.groups.append([one])
        elif story < 0.06:
            self.join(one, self.twins(one, self.chance.choice((1, 1, 2, 3))))
        elif story < 0.07:
            twin, = self.twins(one, 1)
            self.order(6, "merge", one, twin)
            self.order(5.5, "split", twin)
            self.groups += [[one], [twin]]
        else:
            self.groups.append([one])
            if story < 0.12 and not one["sensor"]:
                self.again(one)

    def twins(self, one, size):
        return [self.report(self.chance.choice([name for name in PLATFORMS if name != one["platform"]]), one["zone"], one["life"].first + timedelta(minutes=self.chance.randint(30, 600)),
                            category=one["category"], sub=one["sub"]) for _ in range(size)]

    def join(self, one, twins):
        for number, twin in enumerate(twins):
            self.order(5 - number / 2, "merge", one, twin)
        self.groups.append([one, *twins])

    def order(self, hours, verb, *reports):
        self.orders.append((AS_OF - timedelta(hours=hours), verb, reports))

    def again(self, one):
        """The same words at the same spot, or some metres on, days after it was closed: some sooner, some nearer than counts as repeated."""
        at, state, outcome = one["life"].steps[-1][:3]
        if state != "closed" or outcome not in (None, "done") or not one["placed"]:
            return
        first = at + timedelta(hours=self.chance.choice((5, 50, 200, 500, 700, 740, 900)))
        if first < AS_OF - timedelta(days=2):
            self.groups.append([self.report(one["platform"], one["zone"], first, category=one["category"], sub=one["sub"], spot=one["spot"], placed=True, told=one["told"], sensor=False,
                                            accuracy=one["accuracy"], north=self.chance.choice((0, 2, 4, 6)), of=one)])

    def tie(self):
        for number in range(4):
            first = datetime(2024, 2, 3 + number, 9, tzinfo=cases.SHANGHAI)
            life = Life(random.Random(number), first)
            for unit in TIED:
                self.groups.append([self.report("p04", cases.ZONE, first, unit=unit, life=life)])

    def other(self, number):
        platform = self.chance.choice(list(NOT_REPORTS))
        kind, category = NOT_REPORTS[platform]
        at = BEGIN + timedelta(minutes=self.chance.randint(0, DAYS * 1440))
        value = {"kind": kind, "platform": platform, "zone": cases.ZONE, "subject": "%s::o%d" % (platform, number), "time": {"occurred": cases.utc(at), "received": cases.utc(at)},
                 "status": {"state": "filed"}, "severity": "low", "title": "其他%d" % number}
        if category:
            value["category"] = {"code": category, "method": "rule"}
        if kind != "warning":
            value["objects"] = [{"kind": "device" if kind == "health" else "stall", "id": "o%d" % number}]
        self.others.append((at, value))


def subject(one):
    return "%s::%s" % (one["platform"], one["name"])


def grid(one):
    """Five of them a subdistrict."""
    return "%s第%d网格" % (one["sub"], one["spot"] % 5 + 1)


def spot(one):
    lon, lat = cases.place(100 + one["spot"])
    return lon, round(lat + one["north"] * SPOT_STEP, 6)


def raw(name, number):
    return hashlib.sha256(("%s %d" % (name, number)).encode()).hexdigest()


def values(one):
    """Its canonical events: (received, value)."""
    first, where = one["life"].first, "%s%d号" % (ROADS[one["spot"] % len(ROADS)], one["spot"] + 1)
    for number, (at, state, outcome, reopened, deadline) in enumerate(one["life"].steps, 1):
        received = at + timedelta(seconds=one["delay"])
        time = {"occurred": first, "reported": first, "updated": at, "received": received} | ({"deadline": deadline} if deadline else {}) | ({"closed": at} if state == "closed" else {})
        status = {"state": state} | ({"outcome": outcome} if outcome else {}) | ({"reopened": True} if reopened else {})
        made = {"kind": "report", "platform": one["platform"], "zone": one["zone"], "subject": subject(one), "revision": number, "time": {key: cases.utc(moment) for key, moment in time.items()},
                "status": status, "category": {"code": one["category"], "method": one["method"]}, "severity": "low", "title": where + "的问题", "place": {"address": where, "subdistrict": one["sub"], "grid": grid(one)}}
        if one["told"]:
            made["description"] = where + "的问题，请处理"
        if one["placed"]:
            made["position"] = dict(zip(("lon", "lat"), spot(one))) | {"accuracy_m": one["accuracy"], "method": "gps"}
        if one["unit"]:
            made["org"] = {"responsible": one["unit"]}
        if one["platform"] == "p01":
            made["reporter"] = {"id": "p1:" + hashlib.sha256(b"caller %d" % (one["number"] % CALLERS)).hexdigest()[:26]}
        if one["sensor"]:
            made["objects"] = [{"kind": "camera", "id": "k%d" % one["number"]}]
        if one["quality"]:
            made["quality"] = one["quality"]
        made["source"] = {"channel": one["channel"]}
        yield received, made


def twice(event):
    """Whether its platform's instance publishes this one again, for it did not hear that it had arrived."""
    return zlib.crc32(event.encode()) % 97 == 0


def whole(value):
    """An event with what every event has."""
    revision = value.pop("revision", 1)
    return {"id": "%s:%d" % (value["subject"], revision), "instance": value["platform"]} | value | {
        "source": {"id": value["subject"].split("::")[1], "revision": str(revision)} | value.get("source", {}), "raw": {"sha256": raw(value["subject"], revision), "bytes": 1}}


def command(at, verb, reports):
    return {"id": "cmd:%s-%s" % (verb, reports[-1]["name"]), "kind": "command", "zone": reports[0]["zone"], "verb": verb, "by": "user:lin", "at": cases.utc(at),
            "events": [subject(one) + ":1" for one in reports]}


class Run(cases.Run):
    """A platform's instance in a zone. A tick comes when the zone's hour, or that of what it sends, is another: zone time is an hour behind at most."""

    def __init__(self, zone, platform, hours):
        super().__init__(zone, platform)
        self.hours = hours      # of the zones, shared by their runs

    def event(self, value):
        hour = cases.told(value)[:13] + ":00:00.000Z"
        if hour != self.hour:
            yield from self.tick(cases.told(value))
            self.hour, self.count = hour, 0
        if self.hours.get(self.zone) != hour:
            self.hours[self.zone] = hour
            yield from self.tick(cases.told(value))
        self.count += 1
        yield self._send(value)


def log_write(city, file):
    """Lines for `test-wire load`, in the order in which the hub receives them."""
    made = [(at, value) for one in city.reports for at, value in values(one)] + city.others + [(at, command(at, verb, reports)) for at, verb, reports in city.orders]
    runs, hours, events = {}, {}, 0
    key = cases.key_read()
    for at, value in sorted(made, key=lambda item: item[0]):
        if value["kind"] == "command":
            file.write(cases.command_record(value, key))
            continue
        where = value["zone"], value["platform"]
        run = runs[where] if where in runs else runs.setdefault(where, Run(*where, hours))
        event = whole(value)
        for _ in range(1 + twice(event["id"])):
            file.writelines(run.event(event))
        events += 1
    for run in runs.values():
        file.writelines(run.tick(cases.utc(AS_OF), final=True))
    return events


