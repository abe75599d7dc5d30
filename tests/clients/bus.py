"""What the hub has made of it: its topics, read by kafka-python; and what is claimed of them."""

import collections
import importlib.metadata
import json
import os
import sys
import time

import kafka

PREFIX = "hub"


class Bus:
    def __init__(self):
        self.brokers = "127.0.0.1:" + os.environ["HUB_PORT_KAFKA"]
        self.reader = kafka.KafkaConsumer(bootstrap_servers=self.brokers, auto_offset_reset="earliest", enable_auto_commit=False, group_id=None)
        self.reader.subscribe([PREFIX + ".events.v1", PREFIX + ".rejected.v1"])
        self.events, self.texts, self.rejected, self.failed, self.library = collections.defaultdict(list), [], collections.Counter(), 0, ""

    def read(self, milliseconds=200):
        for batch in self.reader.poll(timeout_ms=milliseconds).values():
            for message in batch:
                self.keep(message)

    def keep(self, message):
        headers = {name: value.decode("utf-8", "replace") for name, value in message.headers}
        if message.topic.endswith(".rejected.v1"):
            self.rejected[(headers["hub_instance"], headers["hub_reason"])] += 1
            return
        event = json.loads(message.value)
        if "subject" in event:
            self.texts.append(message.value.decode())
            self.events[event["subject"]].append(event)

    def wait(self, subject, count=1, seconds=30):
        """The events of a subject, when there are so many of them, or when time is over."""
        end = time.monotonic() + seconds
        while len(self.events[subject]) < count and time.monotonic() < end:
            self.read()
        return self.events[subject]

    def client(self, library):
        self.library = "%s %s" % (library, importlib.metadata.version(library))

    def claim(self, text, truth, seen=""):
        self.failed += not truth
        print("%s: %s: %s%s" % ("ok" if truth else "FAILED", self.library, text, "" if truth else ": %s" % (seen,)), flush=True)

    def claim_event(self, text, subject, members, count=1):
        """The newest event of a subject, and members of it by dotted path: a value, or what says whether it is right."""
        events = self.wait(subject, count)
        if len(events) != count:
            self.claim(text, False, "%d events of %s" % (len(events), subject))
            return
        wrong = {path: at(events[-1], path) for path, value in members.items() if not right(at(events[-1], path), value)}
        self.claim(text, not wrong, wrong)

    def claim_rest(self, expected):
        """What was rejected, (instance, reason) to how often; and nothing came twice."""
        end = time.monotonic() + 30
        while sum(self.rejected.values()) < sum(expected.values()) and time.monotonic() < end:
            self.read()
        self.read(1000)
        self.library = "all"
        self.claim("nothing was rejected but what had to be", dict(self.rejected) == expected, dict(self.rejected))
        ids = collections.Counter(event["id"] for events in self.events.values() for event in events)
        twice = [name for name, count in ids.items() if count > 1]
        self.claim("of %d events none came twice" % len(ids), not twice, twice)

    def end(self):
        self.reader.close()
        sys.exit(1 if self.failed else 0)


def at(event, path):
    for name in path.split("."):
        event = event.get(name) if isinstance(event, dict) else None
    return event


def right(seen, value):
    return value(seen) if callable(value) else seen == value
