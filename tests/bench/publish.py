#!/usr/bin/python3
"""
publish.py devices FILE FIRST COUNT                     a registry of so many cameras, far enough apart that each event is a problem of its own
publish.py send FILE FIRST COUNT --rate R --sent CSV    an event of each, over MQTT: "event,ms since 1970" of just before its publish
publish.py judge CSV SEEN.csv CLIENTS                   from there to the row in the browser (tests/console/publish.mjs)
"""

import argparse
import csv
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../city"))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../system/lib"))

import base
import camera
import geo
from mqtt import Publisher

HEAD = "device_id,name,kind,lon,lat,crs,radius_m,place,category\n"
WIDE, APART_M = 60, 400.0


def devices(args):
    with open(args.file, "w", encoding="utf-8") as file:
        file.write(HEAD)
        for n in range(args.first, args.first + args.count):
            lon, lat = geo.move(118.0, 24.4, n % WIDE * APART_M, n // WIDE * APART_M)
            file.write("far-%04d,far %d,camera,%.7f,%.7f,wgs84,30,路口 %d,\n" % (n, n, lon, lat, n))


def send(args):
    publisher = Publisher("127.0.0.1:" + os.environ["HUB_PORT_MQTT"], "city", os.path.join(base.SECRETS, "mqtt-city"), "publish")
    publisher.connect()
    with open(args.sent, "w", encoding="utf-8") as file:
        began = time.monotonic()
        for n in range(args.count):
            time.sleep(max(0.0, began + n / args.rate - time.monotonic()))
            now = round(time.time(), 3)
            after = {"id": "%.3f-far%d" % (now, n), "camera": "far-%04d" % (args.first + n), "label": "hawker", "frame_time": now, "start_time": now, "end_time": None,
                     "top_score": 0.9, "score": 0.9, "false_positive": False, "entered_zones": ["road"], "has_snapshot": True, "thumbnail": None}
            made = camera.message("new", dict(after, top_score=0.5), after, now)
            at = time.time() * 1000
            publisher.publish("far/events", made.payload)
            file.write("%s,%.1f\n" % (made.event, at))
        publisher.drain(30)


def rows(path):
    with open(path, encoding="utf-8") as file:
        return {key: float(at) for key, at in csv.reader(file)}


def judge(args):
    sent, seen = rows(args.file), rows(args.first)
    incidents = dict(base.rows(base.connect(), "SELECT last_event, incident FROM dw.subject"))
    waits = sorted(seen[incidents[event]] - at for event, at in sent.items() if incidents.get(event) in seen)
    quantile = lambda share: waits[min(len(waits) - 1, int(len(waits) * share))] if waits else float("nan")
    print("MQTT publish to row in the browser, %5d clients      p50 %6.0f ms   p95 %6.0f ms   p99 %6.0f ms   (%d of %d events)" % (
        args.count, quantile(0.5), quantile(0.95), quantile(0.99), len(waits), len(sent)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("part", choices=("devices", "send", "judge"))
    parser.add_argument("file")
    parser.add_argument("first")
    parser.add_argument("count", type=int)
    parser.add_argument("--rate", type=float, default=5)
    parser.add_argument("--sent")
    args = parser.parse_args()
    if args.part != "judge":
        args.first = int(args.first)
    {"devices": devices, "send": send, "judge": judge}[args.part](args)


if __name__ == "__main__":
    main()
