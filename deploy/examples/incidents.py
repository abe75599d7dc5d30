#!/usr/bin/python3
"""Follows hub.incidents.v1: incidents.py [--once]. BROKERS, TOPIC and GROUP come from the environment."""

import json
import os
import sys

from confluent_kafka import Consumer, KafkaError

newest = {}  # incident: (epoch, version); yours is a table


def is_new(body):
    """At least once becomes once: repeats and what is older than what we have are dropped."""
    version = (body["epoch"], body["version"])
    if version <= newest.get(body["incident"], (0, 0)):
        return False
    newest[body["incident"]] = version
    return True


def main():
    once, ended = "--once" in sys.argv, set()
    consumer = Consumer({"bootstrap.servers": os.environ.get("BROKERS", "127.0.0.1:9092"), "group.id": os.environ.get("GROUP", "example-python"),
                         "auto.offset.reset": "earliest", "enable.partition.eof": once})
    partitions = []
    consumer.subscribe([os.environ.get("TOPIC", "hub.incidents.v1")], on_assign=lambda _, given: partitions.extend(given))
    while not once or not partitions or len(ended) < len(partitions):
        message = consumer.poll(1)
        if message is None:
            continue
        if message.error():
            if message.error().code() == KafkaError._PARTITION_EOF:
                ended.add(message.partition())
            continue
        body = json.loads(message.value())
        if is_new(body):
            print(body["feed"], body["incident"], "%d.%d" % (body["epoch"], body["version"]), body["change"], body["state"], body["title"], sep="\t", flush=True)
    consumer.close()


if __name__ == "__main__":
    main()
