#!/usr/bin/python3
"""
wall.py [--seconds S] [--rate R] [--open N]: a city that changes and stays as large as it is, for a screen that is looked at for long (89_wall.sh).

Versions into ops.outbox with their numbers, as the relay gives them: no Kafka, no correlator, so that a machine has its time for the browser.
First N incidents are opened; then R changes a second: one in ten opens an incident, one in ten shuts one, the rest bring a report or a state.
"""

import argparse
import datetime
import json
import random
import sys
import time

import base

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
KINDS = (("E0504", "店外经营", "medium", "沿街店铺占道经营"), ("E0102", "暴露垃圾", "low", "垃圾堆放无人清运"), ("E0505", "机动车乱停放", "low", "车辆占用人行道停放"),
         ("E0110", "道路破损", "high", "路面坑洼"), ("E0406", "道路积水", "high", "下穿通道积水"), ("E0403", "燃气管道破裂", "critical", "闻到燃气味"))
WEIGHTS = (30, 24, 24, 6, 3, 1)
ROADS = ("枋湖南路", "金湖路", "嘉禾路", "湖里大道", "悦华路", "台湾街", "吕岭路", "安岭路", "五缘湾道", "金山路", "翔云一路", "长浩路")
AREAS = ("350206001", "350206002", "350206003", "350206004", "350206005")
STATES = ("filed", "dispatched", "processing", "verifying")
PLATFORMS = ["p%02d" % i for i in range(1, 17)]
FILL = 500


def stamp(minutes=0.0):
    at = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=minutes)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (at.microsecond // 1000)


class City:
    def __init__(self, seed):
        self.random, self.open, self.made = random.Random(seed), [], 0

    def new(self):
        rng = self.random
        self.made += 1
        code, name, severity, title = rng.choices(KINDS, WEIGHTS)[0]
        address = "%s%d号" % (rng.choice(ROADS), rng.randint(1, 400))
        incident = {"incident": "i-" + "".join(rng.choice(ALPHABET) for _ in range(26)), "number": "%s-%08d" % (stamp()[:10].replace("-", ""), self.made), "epoch": 1, "version": 0,
                    "zone": "350206", "state": "received", "severity": severity, "category": {"code": code, "name": name}, "title": address + title, "opened": stamp(),
                    "deadline": stamp(-rng.uniform(2, 240)), "founding": "p01::%d:1" % self.made, "reports": 1, "platforms": [rng.choice(PLATFORMS)], "newest": [], "rules": "sha256:0",
                    "place": {"address": address, "subdistrict": rng.choice(AREAS)}, "position": {"lon": round(rng.uniform(118.085, 118.19), 6), "lat": round(rng.uniform(24.482, 24.555), 6)}}
        self.open.append(incident)
        return self.version(incident, "opened")

    def version(self, incident, change, **members):
        incident.update(members, version=incident["version"] + 1, change=change, at=stamp(), updated=stamp())
        return json.dumps(incident, ensure_ascii=False, separators=(",", ":")), incident

    def change(self, most):
        rng = self.random
        if rng.random() < 0.2:
            if len(self.open) < most:
                return self.new()
            at = rng.randrange(len(self.open))
            self.open[at], self.open[-1] = self.open[-1], self.open[at]
            return self.version(self.open.pop(), "closed", state="closed", closed=stamp())
        incident = rng.choice(self.open)
        if rng.random() < 0.5:
            return self.version(incident, "updated", state=rng.choice(STATES))
        platforms = sorted({*incident["platforms"], rng.choice(PLATFORMS)})[:4]
        return self.version(incident, "joined", reports=incident["reports"] + 1, platforms=platforms)


def put(database, versions):
    """All of them, and their numbers, in one transaction."""
    with database.cursor() as cursor:
        rows = ",".join(cursor.mogrify("(%s,%s,%s,%s,%s,%s)", (body["zone"], body["incident"], 1, number, text, at)).decode() for at, (text, body, number) in enumerate(versions))
        cursor.execute("WITH head AS (UPDATE ops.feed_head SET feed = feed + %d RETURNING feed - %d AS before) INSERT INTO ops.outbox (zone, incident, epoch, version, payload, feed)"
                       " SELECT zone, incident, epoch, version, payload, before + 1 + at FROM head, (VALUES %s) AS v (zone, incident, epoch, version, payload, at)"
                       % (len(versions), len(versions), rows))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--open", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    city, database, done = City(args.seed), base.connect(), 0

    def one(version):
        return (*version, version[1]["version"])

    for _ in range(0, args.open, FILL):
        put(database, [one(city.new()) for _ in range(FILL)])
    print("open", flush=True)
    began = time.monotonic()
    while time.monotonic() < began + args.seconds:
        due = int((time.monotonic() - began) * args.rate) - done
        if due > 0:
            put(database, [one(city.change(args.open + 50)) for _ in range(due)])
            done += due
        time.sleep(0.1)
    print("%d changes in %.0f s, %d open" % (done, time.monotonic() - began, len(city.open)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
