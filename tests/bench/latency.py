"""
latency.py EVENTS.csv RATE: from publishing to the commit that made the event's incident row, by PostgreSQL's commit timestamps; what was published in the
first two seconds, when connections and caches are cold, apart.
"""

import csv
import sys

import warehouse

FIRST_MS = 2000


def quantile(values, share):
    return values[min(len(values) - 1, int(len(values) * share))]


def show(text, rate, waits, sent, limit):
    if waits:
        print("%-34s %5s events/s      p50 %6.0f ms   p95 %6.0f ms   p99 %6.0f ms   (%d of %d events%s)" %
              (text, rate, quantile(waits, 0.5), quantile(waits, 0.95), quantile(waits, 0.99), len(waits), sent, limit))


def main(path, rate):
    with open(path, encoding="utf-8") as file:
        sent = {row["id"]: int(row["sent_ms"]) for row in csv.DictReader(file) if row["sent_ms"]}
    with warehouse.connect() as base, base.cursor() as rows:
        rows.execute("SELECT id, extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000 FROM ods.record WHERE verdict = 'stored' AND id = ANY (%s)",
                     (list(sent),))
        waits = [(sent[event], float(at) - sent[event]) for event, at in rows.fetchall()]
    warm = min(sent.values()) + FIRST_MS
    for text, late, limit in (("MQTT publish to incident row,", True, "; p99 at most 150"), ("  apart, the first two seconds,", False, "")):
        show(text, rate, sorted(wait for at, wait in waits if (at >= warm) == late), sum((at >= warm) == late for at in sent.values()), limit)


main(sys.argv[1], sys.argv[2])
