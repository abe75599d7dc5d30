#!/usr/bin/python3
"""
rest.py ADDRESS [--each N]: the list of 50 among many incidents (million.sql), by each of its filters: median and 99th of 100 of N requests one behind the other over one connection,
how many fit, and what comes second: the page that goes on.
"""

import argparse
import http.client
import json
import time
import urllib.parse

ITEMS = "/v1/collections/incidents/items"
DAY = "2026-06-01"
CASES = [
    "", "state=open", "state=closed", "state=processing", "severity=critical", "severity=high,critical", "severity=info", "category=E0504", "category=E1701",
    "category=E0504,E0102", "platform=p09", "platform=p16", "platform=p09,p16", "zone=350203", "subdistrict=350206003", "grid=第77网格", "overdue=true", "overdue=false",
    "suggested=true", "suggested=false", "merged=true", "q=经营", "q=塌陷", "q=枋湖南路8号", "q=湖", "q=NUMBER", "q=没有的字", "bbox=118.100,24.500,118.102,24.502",
    "bbox=118.0,24.4,118.3,24.7", "datetime=%s/%sT12:00:00Z" % (DAY, DAY), "datetime=2025-01-01/2025-12-31", "sort=deadline", "sort=-severity", "sort=-opened",
    "sort=deadline&state=open", "sort=-severity&state=open", "sort=-opened&state=open", "sort=deadline&category=E1701", "sort=-severity&platform=p16", "sort=-opened&q=塌陷",
    "state=open&severity=high,critical&platform=p09", "state=open&category=E0504&subdistrict=350206003", "state=open&overdue=true&sort=deadline",
    "state=open&q=枋湖南路", "state=closed&grid=第77网格", "state=open&bbox=118.100,24.500,118.110,24.510", "state=suspended", "category=none",
]


class Asker:
    def __init__(self, address):
        self.connection = http.client.HTTPConnection(address, timeout=120)

    def ask(self, path):
        """(milliseconds, document)"""
        began = time.monotonic()
        self.connection.request("GET", path)
        answer = self.connection.getresponse()
        text = answer.read()
        taken = (time.monotonic() - began) * 1000
        if answer.status != 200:
            raise SystemExit("%s: %d %s" % (path, answer.status, text[:300]))
        return taken, json.loads(text)


def measure(asker, path, each):
    """Fewer of what takes long: ten at least, or ten seconds."""
    times, document = [], None
    while len(times) < each and (len(times) < 10 or sum(times) < 10000):
        taken, document = asker.ask(path)
        times.append(taken)
    times.sort()
    return times[len(times) // 2], times[min(len(times) - 1, len(times) * 99 // 100)], len(times), document


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("--each", type=int, default=50)
    parser.add_argument("--only")
    args = parser.parse_args()
    asker, slowest = Asker(args.address), 0.0
    number = asker.ask(ITEMS + "?limit=1")[1]["features"][0]["properties"]["number"]
    print("%-62s %9s %9s %9s %9s" % ("list of 50 by", "p50 ms", "p99 ms", "fit", "next p50"))
    for case in CASES if args.only is None else [args.only]:
        query = urllib.parse.quote(case.replace("NUMBER", number), safe="=&,/:.-")
        path = "%s?%s" % (ITEMS, query) if query else ITEMS
        median, late, asked, document = measure(asker, path, args.each)
        further = [link["href"] for link in document["links"] if link["rel"] == "next"]
        onwards = measure(asker, further[0], args.each)[0] if further else None
        slowest = max(slowest, late)
        print("%-62s %9.1f %9.1f %9s %9s%s" % (case or "(nothing)", median, late, document.get("numberMatched", "more"), "%.1f" % onwards if further else "-",
                                               "" if asked == args.each else "  (%d requests)" % asked), flush=True)
    print("slowest p99 %.1f ms" % slowest)


if __name__ == "__main__":
    main()
