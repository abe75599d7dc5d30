#!/usr/bin/python3
"""
districts.py CLONE FOLDER SEED: one log of several districts, for `test-wire load`, made of a city's events. Each problem belongs to one zone; two zones share a
partition. Repeats, ticks and bytes that are no event stand among them. In each zone operators merge two cases that the rules hold apart and split one from those
whom it joined; the rest of the city follows, and what would undo both (tests/property/operators.py), in the first zone 10,000 events; and at the end a merge of
those whom the split parted, which is to be refused.

FOLDER/zones.yaml, events.tsv, rejected.tsv, truth.csv, and operators.json: {zone: {merged, parted, stayed}}.
"""

import csv
import hashlib
import hmac
import json
import os
import random
import sys
import zlib

sys.path.insert(0, os.path.join(sys.argv[1], "tests/property"))
import city_log  # noqa: E402
import operators  # noqa: E402

HUB = os.environ["HUB"]
ZONES = {"350206": 0, "350203": 1, "350205": 2, "350211": 3, "350212": 4, "350213": 5, "350200": 5}
LATER = {"350206": 10000}
DAYS, PROBLEMS, LATER_ELSEWHERE, BEFORE = 10, 900, 100, 0.6
REPEATED, BROKEN, TICKED = 0.02, 0.005, 0.004


def write_zones(folder):
    with open(os.path.join(folder, "zones.yaml"), "w", encoding="utf-8") as file:
        for zone, partition in ZONES.items():
            file.write('"%s": { name: "%s", partition: %d }\n' % (zone, zone, partition))


def by_zone(lines, folder):
    """All reports of a problem in one zone; those of none by their subject."""
    with open(os.path.join(folder, "truth.csv"), encoding="utf-8") as file:
        problems = {row["subject"]: int(row["incident"].split("-")[1]) for row in csv.DictReader(file)}
    names, parts = list(ZONES), {zone: [] for zone in ZONES}
    for line in lines:
        subject = json.loads(line)["subject"]
        zone = names[problems.get(subject, zlib.crc32(subject.encode())) % len(names)]
        parts[zone].append(line.replace('"zone":"350206"', '"zone":"%s"' % zone))
    return parts


def received(line):
    return json.loads(line)["time"]["received"]


def tick(zone, number, at):
    return json.dumps({"kind": "tick", "id": "tick:city:%s:%d" % (zone, number), "instance": "city", "zone": zone, "run": zone, "at": at, "acked": number,
                       "final": False, "hour": at[:14] + "00:00.000Z", "records": number, "items": number, "published": number, "rejected": 0, "ignored": 0,
                       "repeated": 0}) + "\n"


def stirred(zone, lines, chance):
    """With ticks, and some events once more, which are duplicates."""
    for number, line in enumerate(lines):
        yield line
        if chance.random() < REPEATED:
            yield lines[chance.randrange(max(0, number - 500), number + 1)]
        if chance.random() < TICKED:
            yield tick(zone, number + 1, received(line))


def zone_log(zone, lines, chance):
    """The zone's log, and what its operators said."""
    half = int(len(lines) * BEFORE)
    before, rest = list(stirred(zone, lines[:half], chance)), list(stirred(zone, lines[half:], chance))
    one, other, leaving, stayed = operators.choose(before, city_log.decide(HUB, before))
    orders = [operators.command(verb + "-" + zone, verb, [event["id"] for event in events], zone, received(lines[half]))
              for verb, events in (("merge", [one, other]), ("split", [leaving]))]
    after = operators.later([one, other, leaving], chance, LATER.get(zone, LATER_ELSEWHERE), first=int(zone) * 100000)
    refused = operators.command("again-" + zone, "merge", [stayed[0] + ":1", leaving["id"]], zone, operators.at(80000))
    return before + orders + rest + list(after) + [refused], {"merged": [one["subject"], other["subject"]], "parted": leaving["subject"], "stayed": stayed}


def interleaved(logs, chance):
    """Each in its own order, among each other by chance."""
    turns = [log for log in logs for _ in log]
    chance.shuffle(turns)
    at = {id(log): iter(log) for log in logs}
    return [next(at[id(log)]) for log in turns]


def key_read():
    with open(os.path.join(os.environ["HUB_SECRETS"], "commands.key"), encoding="utf-8") as file:
        version, key = file.read().split()
    return version, bytes.fromhex(key)


def escape(text):
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def record(partition, key, headers, value):
    return "%d\t0\t%s\t%s\t%s\n" % (partition, key, "".join("%s=%s;" % item for item in headers.items()), escape(value))


def records(partition, logs, chance):
    version, key = key_read()
    for number, line in enumerate(interleaved(logs, chance), 1):
        line, made = line.rstrip("\n"), json.loads(line)
        headers = {"hub_run": "city-%d" % partition, "hub_seq": number}
        if made["kind"] == "command":
            headers = {"hub_mac": "%s:%s" % (version, hmac.new(key, line.encode(), hashlib.sha256).hexdigest())}
        yield record(partition, made["zone"], headers, line)
        if chance.random() < BROKEN:
            yield record(partition, made["zone"], {}, line[:len(line) // 2])


def rejected(count=300):
    for number in range(count):
        yield record(number % 6, "city", {"hub_instance": "city", "hub_platform": "p01", "hub_zone": "350206", "hub_run": "city-r", "hub_seq": number + 1,
                                          "hub_reason": "not_json", "hub_text": "line 1", "hub_received": "2023-12-05T01:00:00.000Z", "hub_size": 5,
                                          "hub_key_version": 1}, "sealed %d" % number)


def main(clone, folder, seed):
    chance = random.Random(seed)
    os.makedirs(folder, exist_ok=True)
    write_zones(folder)
    parts = by_zone(city_log.city(HUB, clone, folder, seed, DAYS, PROBLEMS), folder)
    logs, said = {}, {}
    for zone, lines in parts.items():
        logs[zone], said[zone] = zone_log(zone, lines, chance)
    with open(os.path.join(folder, "events.tsv"), "w", encoding="utf-8") as file:
        for partition in sorted(set(ZONES.values())):
            file.writelines(records(partition, [logs[zone] for zone in ZONES if ZONES[zone] == partition], chance))
    with open(os.path.join(folder, "rejected.tsv"), "w", encoding="utf-8") as file:
        file.writelines(rejected())
    with open(os.path.join(folder, "operators.json"), "w", encoding="utf-8") as file:
        json.dump(said, file)
    print("districts: %s" % ", ".join("%s %d" % (zone, len(log)) for zone, log in logs.items()))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
