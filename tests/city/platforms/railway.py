"""
Cameras on towers along the railway: ONVIF's events over MQTT, states that repeat, a property that is deleted, counters and broken JSON; a centre that pushes Hikvision's
notices and, of the thermal cameras, alerts with their pictures, each second the same.
"""

import json
import math

import clock as clocks
import geo
import ident
import stories
from world import unsolved

PLATFORM, PREFIX = "p10", "rail"
REACH, NEAR = 600, 60                                   # metres: what a tower's camera tells a bearing of; what it sees at its foot
# Code of a problem -> the rule of ONVIF (option `categories` knows it), the event of the centre (the shared table does), its type
RULES = {"E2128": ("trackside-object", "铁路沿线隐患", 254104), "E0101": ("new-roof", "违章搭建", 254109), "E0507": ("loose-material", "乱堆物料", 254111)}
MACS = {name: "28:57:be:00:0a:" + name[-2:] for name in stories.TOWERS}
REPEATS, HEARTBEATS = 4, 6
BOUNDARY = "MIME_boundary"


def nearest(problem):
    """The tower that sees it, metres and degrees from north; None: none does."""
    found = min(stories.TOWERS, key=lambda name: geo.distance(problem.lon, problem.lat, *stories.TOWERS[name]))
    lon, lat = stories.TOWERS[found]
    metres = geo.distance(problem.lon, problem.lat, lon, lat)
    degrees = math.degrees(math.atan2((problem.lon - lon) * math.cos(math.radians(lat)), problem.lat - lat)) % 360
    return (found, metres, degrees) if metres < REACH else None


def span(town, problem):
    """When it is seen first, and when no longer."""
    begin = problem.begin + town.random.uniform(0.02, 0.3) * (problem.last - problem.begin)
    return begin, problem.end - town.random.uniform(0, 1800)


def told(town, subject, problem):
    town.tell(subject, problem)
    town.ends(subject, "received" if unsolved(problem) else "closed")


# ---- ONVIF ----

class Tower:
    """One rule of one camera: its topic, and what it says of an object. Without an object it is a property of the rule."""

    def __init__(self, town, camera, rule, thing=None):
        self.town, self.camera, self.rule, self.thing = town, camera, rule, thing
        values = "%s/1/%s" % (camera, rule)
        self.topic = "%s/onvif-ej/RuleEngine/FieldDetector/ObjectsInside/&%s" % (PREFIX, values)
        self.source_id = "/".join(filter(None, (PREFIX, values, thing)))
        self.subject = ident.subject_id(PLATFORM, "", self.source_id)

    def payload(self, at, on, data):
        """Quotes around numbers and flags are there now, now not."""
        quoted = self.town.random.random() < 0.5
        data = dict(data, State=("true" if on else "false") if quoted else on)
        if self.thing:
            data["ObjectId"] = self.thing if quoted else int(self.thing)
        source = {"VideoSource": self.camera, "AnalyticsConfiguration": "1" if quoted else 1, "Rule": self.rule}
        return json.dumps({"UtcTime": clocks.utc_text(at), "Source": source, "Data": data}).encode()

    def say(self, at, payload, event=None, what="states", retain=False):
        def done():
            self.town.count(what)
            if event:
                self.town.must(event)
        self.town.step(at, lambda: self.town.publish(self.topic, payload, done, retain))

    def event(self, at, on):
        return ident.event_id(PLATFORM, "", self.source_id, "%s-%s" % ("true" if on else "false", clocks.utc_text(at)))

    def stay(self, begin, end, data):
        """It begins, and says so again and again."""
        self.say(begin, self.payload(begin, True, data), self.event(begin, True))
        for number in range(REPEATS):
            at = begin + (end - begin) * (number + 1) / (REPEATS + 1)
            self.say(at, self.payload(at, True, data), what="states again")

    def leave(self, end):
        payload = self.payload(end, False, {})
        self.say(end, payload, self.event(end, False))
        self.say(end + 60, payload, what="states again")


def film(town, problem, camera, aim, number):
    tower = Tower(town, camera, RULES[problem.kind.code][0], "%d" % number)
    begin, end = span(town, problem)
    tower.stay(begin, end, aim)
    if not unsolved(problem):
        tower.leave(end)
    told(town, tower.subject, problem)


def film_property(town, problem, camera, number):
    """A rule that was made for one place, and taken away: the broker forgets it, twice."""
    tower = Tower(town, camera, "%s-%d" % (RULES[problem.kind.code][0], number))
    begin, end = span(town, problem)
    tower.say(begin, tower.payload(begin, True, {}), tower.subject + ":*1", retain=True)
    tower.say(begin + 600, tower.payload(begin + 600, True, {}), what="states again", retain=True)
    tower.say(end, b"", tower.subject + ":*2", "deletions", retain=True)
    tower.say(end + 60, b"", what="deletions again", retain=True)
    told(town, tower.subject, problem)


def rumour(town):
    """What is no hazard, and what is no message: a false alarm of a few minutes, birds, counters, a sensor, JSON as the standard's examples have it."""
    camera = sorted(stories.TOWERS)[0]
    alarm, birds = Tower(town, camera, RULES["E2128"][0], "%d" % town.number(9000)), Tower(town, camera, "birds", "%d" % town.number(9001))
    at = town.at(0.22)
    alarm.stay(at, at + 300, {})
    alarm.leave(at + 320)
    birds.say(at, birds.payload(at, True, {}), what="ignored")
    birds.say(at + 5, json.dumps({"UtcTime": clocks.utc_text(at + 5), "Source": {"VideoSource": camera, "Rule": "Counter"}, "Data": {"Count": 5}}).encode(), what="ignored")
    birds.say(at + 9, json.dumps({"UtcTime": clocks.utc_text(at + 9), "Source": {"SensorID": "t1"}, "Data": {"Value": 28.65, "Threshold": 25.15}}).encode(), what="ignored")
    whole = alarm.payload(at, True, {"Line": "%d" % town.seed})
    wrong = ((whole[:town.random.randint(20, len(whole) - 2)], "cut"), (whole.replace(b', "Source"', b'\n "Source"'), "no comma"),
             (whole.replace(b'"UtcTime": "20', b'"UtcTime": "3x'), "no time"))
    for number, (bad, why) in enumerate(wrong):
        town.step(at + 30 + number, lambda b=bad, w=why: town.publish(alarm.topic, b, lambda: town.broken(b, w)))


# ---- the centre ----

def texts(value):
    """As the adapter sets an item aside: JSON whose numbers are texts, without blanks."""
    if isinstance(value, dict):
        return {name: texts(inside) for name, inside in value.items()}
    return [texts(inside) for inside in value] if isinstance(value, list) else value if isinstance(value, str) else str(value)


class Centre:
    def __init__(self, town):
        self.town, self.door = town, town.door("/isecure/eventRcv", headers={"Content-Type": "application/json"})

    def item(self, number, camera, code, status, begin, now):
        _, name, kind = RULES[code]
        said = json.dumps({"soundText": "根节点，%s发生%s报警" % (camera, name)}, ensure_ascii=False) + "\n"
        return {"eventDetails": [{"ability": "event_fpms", "eventType": kind, "locationName": "", "srcIndex": camera, "srcName": camera, "srcType": "camera"}], "eventId": number,
                "eventLvl": 2, "eventName": name, "eventType": 0, "happenTime": clocks.zone_text(begin), "linkageAcion": [{"content": said, "linkageType": "alertByEventInfo"}],
                "srcIndex": "rule-%d" % kind, "srcName": name, "srcType": "eventRule", "status": status, "stopTime": clocks.zone_text(now), "timeout": 30}

    def notify(self, at, items, events=(), broken=None):
        body = json.dumps({"method": "OnEventNotify", "params": {"ability": "event_fpms", "events": items, "sendTime": clocks.zone_text(at)}}, ensure_ascii=False)

        def done(_):
            self.town.count("notices")
            for event in events:
                self.town.must(event)
            if broken:
                self.town.broken(json.dumps(texts(broken), ensure_ascii=False, separators=(",", ":")).encode(), "status")
        self.town.step(at, lambda: self.door.send(body, done=done))

    def watch(self, problem, camera, number):
        number, (begin, end), code = "RAIL%08d" % number, span(self.town, problem), problem.kind.code
        begin, end = float(int(begin)), float(int(end))

        def event(status, at):
            return ident.event_id(PLATFORM, "", number, "%d-%s" % (status, clocks.zone_text(at)))
        bad = self.item(number + "X", camera, code, 99, begin, begin)
        self.notify(begin, [self.item(number, camera, code, 1, begin, begin), bad], [event(1, begin)], bad)
        self.notify(begin + 900, [self.item(number, camera, code, 3, begin, begin), self.item(number, camera, code, 5, begin, begin)])
        if not unsolved(problem):
            self.notify(end, [self.item(number, camera, code, 2, begin, end)], [event(2, end)])
        told(self.town, ident.subject_id(PLATFORM, "", number), problem)

    # ---- thermal cameras: ISAPI ----

    def alert(self, at, camera, state, count, event=None, kind="fielddetection", picture=False):
        xml = ('<?xml version="1.0" encoding="UTF-8"?>\n<EventNotificationAlert version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema">\n<ipAddress>10.6.1.21</ipAddress>\n<portNo>443</portNo>\n'
               '<macAddress>%s</macAddress>\n<channelID>1</channelID>\n<dateTime>%s</dateTime>\n<activePostCount>%d</activePostCount>\n<eventType>%s</eventType>\n<eventState>%s</eventState>\n'
               '<eventDescription>%s alarm</eventDescription>\n</EventNotificationAlert>\n' % (MACS[camera], clocks.zone_text(at), count, kind, state, kind)).encode()
        body, headers = xml, {"Content-Type": "application/xml"}
        if picture:
            jpeg = b"\xff\xd8\xff\xe0" + bytes(self.town.random.getrandbits(8) for _ in range(600)) + b"\xff\xd9"
            body = b"".join(b"--%s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s\r\n" % (BOUNDARY.encode(), what, len(part), part)
                            for what, part in ((b"application/xml", xml), (b"image/jpeg", jpeg))) + b"--%s--\r\n" % BOUNDARY.encode()
            headers = {"Content-Type": "multipart/form-data; boundary=" + BOUNDARY}

        def done(_):
            self.town.count("alerts" if event else "alerts again")
            if event:
                self.town.must(event)
        self.town.step(at, lambda: self.door.send(body, path="/isapi/alarm", headers=headers, done=done))

    def feel(self, problem, camera):
        """A camera has one such state at a time, so of one problem, and of one that ends: the next play would find it still so."""
        source, (begin, end) = "%s/1/fielddetection" % MACS[camera], span(self.town, problem)
        for number in range(REPEATS):
            at = begin + number
            self.alert(at, camera, "active", number + 1, None if number else ident.event_id(PLATFORM, "", source, "active-" + clocks.zone_text(at)), picture=not number)
        self.alert(end, camera, "inactive", REPEATS, ident.event_id(PLATFORM, "", source, "inactive-" + clocks.zone_text(end)))
        told(self.town, ident.subject_id(PLATFORM, "", source), problem)


def prepare(town):
    centre, felt, deleted = Centre(town), set(), False
    town.subscribed(PREFIX + "/onvif-ej/Monitoring/EndOfBoot")
    for count, problem in enumerate(town.problems(*RULES)):
        tower = nearest(problem)
        if problem.kind.code not in RULES or not tower:
            continue
        camera, metres, degrees = tower
        at_foot, number = metres < NEAR, town.number(count)
        if at_foot and not deleted and not unsolved(problem) and problem.kind.code == "E2128":
            deleted = True
            film_property(town, problem, camera, number)
        else:
            film(town, problem, camera, {} if at_foot else {"Bearing": "%.1f" % degrees, "Range": "%.0f" % metres}, number)
        if at_foot and count % 2:
            centre.watch(problem, camera, number)
        elif at_foot and problem.kind.code == "E2128" and camera not in felt and not unsolved(problem):
            felt.add(camera)
            centre.feel(problem, camera)
    for number in range(HEARTBEATS):
        centre.alert(town.at(0.1 + 0.15 * number), sorted(MACS)[number % len(MACS)], "inactive", 0, kind="videoloss")
    rumour(town)
