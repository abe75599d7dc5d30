"""Property companies: signed webhooks (Standard Webhooks) of the stages of building without leave; registrations, patrols, one that comes twice, one forged, one without a number."""

import base64
import hashlib
import hmac
import json

import clock as clocks
import ident
import stories
from world import HOUR, unsolved

PLATFORM = "p14"
COMPANIES = {"金林湾花园": ("/360/jinlinwan", ""), "海天花园": ("/360/haitian", "haitian"), "禹洲新村": ("/360/jinlinwan", "")}
STAGES = (("发现", 0.0), ("责令整改", 0.3), ("整改", 0.7))          # by share of the time between the finding and the end


def document(number, place, stage, kind, at, found, room):
    data = {"caseNo": number, "estate": place[0], "building": place[1], "room": room, "stage": stage, "kind": kind, "area_m2": 6.4,
            "foundAt": clocks.local_text(found)[:16], "photos": ["https://jlw.example.cn/p/%s.jpg" % number]}
    return json.dumps({"type": "patrol.found", "timestamp": clocks.zone_text(at), "data": {name: value for name, value in data.items() if value is not None}}, ensure_ascii=False)


def signature(town, delivery, secret):
    """Signed anew at each attempt, under the time of the attempt."""
    def sign(body):
        when = "%d" % town.clock.now()
        mac = hmac.new(secret, b".".join((delivery.encode(), when.encode(), body)), hashlib.sha256)
        return {"webhook-id": delivery, "webhook-timestamp": when, "webhook-signature": "v1," + base64.b64encode(mac.digest()).decode()}
    return sign


class Company:
    def __init__(self, town):
        self.town, self.door, self.count = town, town.door(headers={"Content-Type": "application/json"}), 0
        self.secret = base64.b64decode(town.secret()[len("whsec_"):])

    def push(self, at, place, number, body, secret=None, done=None, refused=None, twice=False):
        town, (path, space) = self.town, COMPANIES[place[0]]
        self.count += 1
        delivery = "msg_%d_%d" % (town.seed, self.count)
        made = ident.event_id(PLATFORM, space, number, delivery) if number else None
        taken = done or (lambda reply: town.must(made) if made else town.count("ignored"))
        for _ in range(2 if twice else 1):
            town.step(at, lambda: self.door.send(body, path=path, sign=signature(town, delivery, secret or self.secret), done=taken, refused=refused))


def case(company, town, problem, place, number):
    kind = "违章搭建" + town.random.choice(problem.place["thing"])
    found, room = town.report(problem).at, "%d0%d" % (town.random.randint(2, 18), town.random.randint(1, 4))
    steps = [(stage, found + share * (problem.end - found)) for stage, share in STAGES]
    if not unsolved(problem):
        steps += [("销号", problem.end + HOUR), ("重新搭建", problem.end + 3 * HOUR), ("销号", problem.end + 5 * HOUR)]
    _, space = COMPANIES[place[0]]
    steps = [step for step in steps if step[1] < town.begin + town.length]
    for count, (stage, at) in enumerate(steps):
        company.push(at, place, number, document(number, place, stage, kind, at, found, room), twice=count == 1)
    subject = ident.subject_id(PLATFORM, space, number)
    town.tell(subject, problem)
    town.ends(subject, {"发现": "received", "责令整改": "dispatched", "整改": "processing", "销号": "closed", "重新搭建": "received"}[steps[-1][0]])


def prepare(town):
    company, places = Company(town), {spot: place for place, spot in stories.ESTATES.items()}
    for count, problem in enumerate(town.problems("E0101", share=0.0), 1):
        case(company, town, problem, places[(problem.lon, problem.lat)], "JLW-2023-%06d" % town.number(count))
    place = ("金林湾花园", "12")
    for count in range(6):
        at = town.at(0.05 + 0.13 * count)
        if count % 2:
            company.push(at, place, None, document("JLW-XJ-%06d" % town.number(count), place, "巡查", None, at, at, None))
        else:
            number = "ZX-%06d" % town.number(count)
            company.push(at, place, number, document(number, place, "装修备案", "室内装修", at, at, "1203"))
    at, forged = town.at(0.35), document("JLW-forged", place, "发现", "封阳台搭建", town.at(0.35), town.at(0.35), "101")
    company.push(at, place, None, forged, secret=b"somebody else's own word", done=lambda reply: town.count("forged, and taken"),
                 refused=lambda reply: town.broken(forged, "forged"))
    bad = document(None, place, "发现", "封阳台搭建", town.at(0.45), town.at(0.45), "102")
    company.push(town.at(0.45), place, None, bad, done=lambda reply: town.broken(bad, "no number"))
