#!/usr/bin/python3
"""
stumble.py NAME BATCHES TOPIC: kills a correlator with SIGKILL each time it has logged so many batches of the topic, until it has read all there is; its
loop starts it again. Prints how often.
"""

import sys
import time

import base

PATIENCE = 90.0


def read_all(database, topic):
    following = dict(base.rows(database, "SELECT partition, next_offset FROM ops.kafka_offset WHERE topic = %s", (topic,)))
    return all(following.get(partition, 0) >= high for partition, high in base.watermarks(topic).items())


def main():
    name, every, topic = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    database, kills, batches, end = base.connect(), 0, 0, time.monotonic() + PATIENCE
    with open(base.log_path(name), encoding="utf-8", errors="replace") as log:
        while time.monotonic() < end:
            line = log.readline()
            if '"batch"' in line and topic in line:
                batches += 1
                if batches % every == 0:
                    kills += base.kill(name)
            elif not line:
                if read_all(database, topic):
                    break
                time.sleep(0.0005 if batches % every else 0.01)
    print(kills)
    return 0


if __name__ == "__main__":
    sys.exit(main())
