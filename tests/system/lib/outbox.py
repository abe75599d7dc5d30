#!/usr/bin/python3
"""
outbox.py [TOPIC]: the incident topic equals the outbox (messages, section 5): repeats of (incident, epoch, version) dropped, the same set, the
same bytes, versions rising, and the number in front is the row's own.
"""

import hashlib
import json
import re
import sys

import base

FEED = re.compile(r'^\{"feed": ?(\d+), ?(.*)$', re.S)


def digest(feed, payload):
    return hashlib.md5(b"%d %s" % (feed, payload.encode())).digest()


def read_topic(records, keep=lambda made: None):
    """({key: digest}, repeats, what is wrong, {incident: keep(its highest version)}) of records in the order of the log."""
    found, repeats, wrong, newest, highest = {}, 0, [], {}, {}
    for partition, offset, key, _, value in records:
        match = FEED.match(value)
        if not match:
            wrong.append("%d:%d has no feed in front" % (partition, offset))
            continue
        payload = "{" + match.group(2)
        made = json.loads(value)
        name, version = sys.intern(made["incident"]), (made["epoch"], made["version"])
        if key != name:
            wrong.append("%d:%d has key %s" % (partition, offset, key))
        if (name, *version) in found:
            repeats += 1
            if found[(name, *version)] != digest(int(match.group(1)), payload):
                wrong.append("%s version %d twice with other bytes" % (name, version[1]))
            continue
        if newest.get(name, (0, 0)) >= version:
            wrong.append("%s: version %s after %s" % (name, version, newest[name]))
        else:
            newest[name], highest[name] = version, keep(made)
        found[(name, *version)] = digest(int(match.group(1)), payload)
    return found, repeats, wrong, highest


def main():
    topic = sys.argv[1] if len(sys.argv) > 1 else "hub.incidents.v1"
    verdict, database = base.Verdict(), base.connect()
    found, repeats, wrong, _ = read_topic(base.dump(topic))
    stored = {(incident, epoch, version): digest(feed, payload) for incident, epoch, version, feed, payload
              in base.rows(database, "SELECT incident, epoch, version, feed, payload FROM ops.outbox")}
    verdict.check(not wrong, "versions rise and repeats are the same bytes (%d versions, %d repeats)" % (len(found), repeats), wrong[:3])
    verdict.check(found.keys() == stored.keys(), "the topic holds the outbox's versions, no more and no less",
                  "only topic %s, only outbox %s" % (sorted(found.keys() - stored.keys())[:3], sorted(stored.keys() - found.keys())[:3]))
    other = [key for key in found.keys() & stored.keys() if found[key] != stored[key]]
    verdict.check(not other, "the same bytes and the same numbers", other[:3])
    verdict.check(bool(stored), "there are versions at all")
    return 1 if verdict.failed else 0


if __name__ == "__main__":
    sys.exit(main())
