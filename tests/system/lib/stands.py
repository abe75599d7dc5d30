#!/usr/bin/python3
"""
stands.py OPERATORS.json LATER PLAIN: what operators said (districts.py) holds in the warehouse: the merged cases stand in one incident, the parted one with none of
those whom it left, and the links say so; at least LATER events of the first zone came after the commands, some of them of those very cases. PLAIN: what `hub decide`
makes of the first zone's log without commands, where none of it holds.
"""

import json
import sys

import base
from operators import standing

LINKS = """SELECT l.subject, l.incident, l.decision, l.linked_by, s.incident, m.rule FROM dw.link l JOIN dw.subject s USING (zone, subject)
           JOIN dw_1.pair_rule m ON m.zone = l.zone AND l.subject IN (m.one, m.other) AND m.command = l.linked_by
           WHERE l.zone = %s AND l.unlinked_at IS NULL AND l.linked_by LIKE 'cmd:%%'"""
AFTER = """SELECT count(*), count(*) FILTER (WHERE r.subject = ANY (%s)) FROM ods.record r JOIN ops.command c
           ON c.zone = r.zone AND c.verb = 'split' AND r.partition = c.partition AND r."offset" > c."offset"
           WHERE r.topic = 'hub.events.v1' AND r.zone = %s AND r.verdict = 'stored'"""


def zone_check(verdict, database, zone, said):
    where = dict(base.rows(database, "SELECT subject, incident FROM dw.subject WHERE zone = %s", (zone,)))
    one, other = said["merged"]
    verdict.check(where[one] == where[other], "%s: the merged cases stand together" % zone, [one, other])
    together = [subject for subject in said["stayed"] if where[subject] == where[said["parted"]]]
    verdict.check(not together, "%s: the parted one stands apart" % zone, together)
    links = {row[0]: row[1:] for row in base.rows(database, LINKS, (zone,))}
    fine = all(incident == stands and decision == "command" for incident, decision, _, stands, _ in links.values())
    rules = {name: links.get(name, (None,) * 5)[4] for name in (other, said["parted"])}
    verdict.check(fine and rules == {other: "must", said["parted"]: "cannot"}, "%s: the links say so" % zone, links)


def main():
    verdict, database = base.Verdict(), base.connect()
    with open(sys.argv[1], encoding="utf-8") as file:
        operators = json.load(file)
    for zone, said in operators.items():
        zone_check(verdict, database, zone, said)
    zone, said = next(iter(operators.items()))
    after, own = base.rows(database, AFTER, (said["merged"] + [said["parted"]], zone))[0]
    verdict.check(after >= int(sys.argv[2]) and own >= 1000, "%s: %d events came after the commands, %d of those cases" % (zone, after, own))
    with open(sys.argv[3], encoding="utf-8") as file:
        where = standing(file.read())
    verdict.check(where[said["merged"][0]] != where[said["merged"][1]] and where[said["parted"]] in [where[subject] for subject in said["stayed"]],
                  "%s: without the commands it would be otherwise" % zone)
    return 1 if verdict.failed else 0


if __name__ == "__main__":
    sys.exit(main())
