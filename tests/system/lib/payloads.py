#!/usr/bin/python3
"""payloads.py: ops.version_payload makes of the rows what the correlator wrote: for every incident whose newest version the correlator made."""

import json
import sys

import base


def main():
    verdict = base.Verdict()
    text = """SELECT o.payload, ops.version_payload(i.incident, i.epoch, o.payload::json ->> 'change') FROM dw.incident i
              JOIN ops.outbox o USING (incident, epoch, version) JOIN dw.incident_status s USING (incident, epoch, version)
              WHERE s.cause <> 'hub epoch settle'"""
    pairs = [(json.loads(payload), json.loads(made)) for payload, made in base.rows(base.connect(), text)]
    for wrote, made in pairs:
        made["at"] = wrote["at"]  # the zone's time has gone on
    other = [(wrote, made) for wrote, made in pairs if wrote != made]
    verdict.check(pairs and not other, "the same members and values (%d incidents)" % len(pairs), other[:1])
    return verdict.failed


if __name__ == "__main__":
    sys.exit(main())
