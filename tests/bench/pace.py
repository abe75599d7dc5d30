"""
pace.py send COUNT RATE            camera messages on stdout, one a line, so many a second; each is of a thing of its own that is named after when it was sent
pace.py hear INSTANCE COUNT RATE   the log's events on stdin, until so many of them came: from there to here, but for those of the first two seconds
"""

import json
import re
import sys
import time

import records

FIRST_S = 2
SENT = re.compile(rb'^\{"id":"[a-z0-9]+::(\d+\.\d{6})-')


def send(count, rate):
    pattern = json.dumps({"type": "update", "before": None, "after": dict(records.sighting(0), id="<id>", start_time=1.5, frame_time=1.5)}, separators=(",", ":"))
    pattern = pattern.replace("1.5", "%.6f").replace("<id>", "%.6f-%06d")
    began = time.time()
    for number in range(count):
        wait = began + number / rate - time.time()
        if wait > 0:
            time.sleep(wait)
        now = time.time()
        sys.stdout.write(pattern % ((now, number) + (now,) * (pattern.count("%.6f") - 1)) + "\n")
        sys.stdout.flush()


def hear(instance, count, rate):
    mark, sent, waits = b'"instance":"%s"' % instance.encode(), [], []
    for line in sys.stdin.buffer:
        found = mark in line and SENT.match(line)
        if found:
            sent.append(float(found.group(1)))
            waits.append(time.time() - sent[-1])
        if len(waits) == count:
            break
    warm = sorted(wait * 1000 for wait, at in zip(waits, sent) if at >= min(sent) + FIRST_S)
    quantile = lambda share: warm[min(len(warm) - 1, int(len(warm) * share))]
    if not warm:
        sys.exit("pace: %d of %d were heard" % (len(waits), count))
    print("%-34s %5d events/s      p50 %6.1f ms   p95 %6.1f ms   p99 %6.1f ms   (%d of %d events, sent in %.1f s; a program by hand in Go 10.2, p99 14.6)" % (
        "  MQTT publish to Kafka,", rate, quantile(0.5), quantile(0.95), quantile(0.99), len(warm), count, max(sent) - min(sent)))


def main(part, *arguments):
    if part == "send":
        send(int(arguments[0]), float(arguments[1]))
    else:
        hear(arguments[0], int(arguments[1]), float(arguments[2]))


main(*sys.argv[1:])
