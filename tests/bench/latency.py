"""latency.py EVENTS.csv RATE: from publishing to the commit that made the event's incident row, by PostgreSQL's commit timestamps."""

import csv
import sys

import warehouse


def quantile(values, share):
    return values[min(len(values) - 1, int(len(values) * share))]


def main(path, rate):
    with open(path, encoding="utf-8") as file:
        sent = {row["id"]: int(row["sent_ms"]) for row in csv.DictReader(file) if row["sent_ms"]}
    with warehouse.connect() as base, base.cursor() as rows:
        rows.execute("SELECT id, extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000 FROM ods.record WHERE verdict = 'stored' AND id = ANY (%s)",
                     (list(sent),))
        waits = sorted(float(at) - sent[event] for event, at in rows.fetchall())
    print("MQTT publish to incident row, %5s events/s      p50 %6.0f ms   p95 %6.0f ms   p99 %6.0f ms   (%d of %d events)" %
          (rate, quantile(waits, 0.5), quantile(waits, 0.95), quantile(waits, 0.99), len(waits), len(sent)))


main(sys.argv[1], sys.argv[2])
