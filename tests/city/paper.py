"""
city.py paper: the same city as play, without services and clock. Each platform's own payloads, with the time at which the hub would have received
them, go through its adapter (`hub replay`); the canonical events stand in DIR/events.ndjson in the order in which they came, the truth in DIR/truth.csv.
"""

import json
import os
import random
import subprocess
import sys

import camera as cameras
import clock as clocks
import grid
import ident
import letters
import vendor
from people import People
from world import HOUR, World

HERE = os.path.dirname(os.path.abspath(__file__))
POLL = 60.0                                     # seconds until somebody asks
NOTES = {"note1": "title", "note2": "description", "note3": "address", "note4": "category", "note5": "category_code", "note6": "lon", "note7": "lat",
         "note8": "reporter", "note9": "phone", "note10": "channel", "note11": "community"}
# instance -> adapter, platform, options; as in deploy/config/hub.yaml
INSTANCES = {
    "citybrain": ("citybrain", "p09", {"devices": "devices.csv", "categories": {
        "hawker": "E0501", "outstore": "E0504", "garbage": "E0102", "ebike": "E0506", "water": "E0406", "material": "E0507", "vehicle": "E0505"}}),
    "hotline": ("hotline", "p01", {"profile": "vendor", "crs": "gcj02", "accuracy_m": 30, "items": "rows", "notes": NOTES}),
    "citizen": ("hotline", "p01", {"profile": "open311", "crs": "gcj02", "accuracy_m": 30, "space": "app", "members": {"channel": "channel"}}),
    "grid": ("grid", "p12", {"crs": "gcj02", "accuracy_m": 20}),
    "envletter": ("envletter", "p03", {}),
}


class Paper:
    def __init__(self, options):
        self.options, self.random = options, random.Random(options.seed)
        self.begin, self.length = clocks.read_time(options.start), options.days * 24 * HOUR
        self.people = People(self.random)
        self.cameras = cameras.read_registry(options.devices)
        self.world = World(self.random, self.people, self.cameras, self.begin, options.days, options.problems)
        self.records = {name: [] for name in INSTANCES}
        self.truth = []

    def _record(self, instance, received, data, channel, position, content_type="application/json", **more):
        self.records[instance].append((received, data, {"channel": channel, "position": position, "content_type": content_type, **more}))

    def _tell(self, subject, problem, group):
        self.truth.append("%s,problem-%d,%s,%s" % (subject, problem.number, group, problem.kind.code))

    def _cases(self):
        for count, report in enumerate(sorted(self.world.reports, key=lambda report: report.at)):
            app = report.channel == "app"
            case = vendor.make_case(self.random, self.people, report, vendor.case_number(self.random, app, report.at, count))
            self._tell(vendor.subject(case, app), report.problem, report.channel)
            for state in vendor.states(case, app, self.random):
                page = "[%s]" if app else '{"total": 1, "rows": [%s]}'
                name = "citizen" if app else "hotline"
                self._record(name, state.visible + self.random.uniform(1, POLL), (page % state.item).encode(), name, "page 1")

    def _sightings(self):
        for sighting in self.world.sightings + list(cameras.extras(self.random, self.cameras, self.begin, self.length)):
            made = cameras.sighting_messages(self.random, sighting)
            if sighting.problem:
                self._tell(made[0].event.rsplit(":", 1)[0], sighting.problem, "camera")
            for message in made:
                self._record("citybrain", message.at + 0.2, message.payload, "frigate/events", "frigate/events")

    def _inspections(self):
        for count, inspection in enumerate(sorted(self.world.inspections, key=lambda inspection: inspection.at), 1):
            number = grid.case_number(inspection.at, count)
            self._tell(ident.subject_id(grid.PLATFORM, "", number), inspection.problem, inspection.channel)
            for offset, message in enumerate(grid.messages(self.random, number, inspection)):
                sequence = "0/%d" % (count * 100 + offset)
                self._record("grid", message.at + 0.2, message.value, "cases", "cases/" + sequence, sequence=sequence)

    def _letters(self):
        for batch in letters.batches(self.random, self.world.letters, self.begin + self.length):
            for row in batch.rows:
                if row.state == 1:
                    self._tell(letters.subject(row), row.letter.problem, "letter")
            self._record("envletter", batch.at + 5, letters.content(batch), batch.name, batch.name, "text/csv")

    def _write(self, instance):
        """A folder as `hub record` leaves it."""
        adapter, platform, options = INSTANCES[instance]
        folder = os.path.join(self.options.work, instance)
        os.makedirs(folder, exist_ok=True)
        if "devices" in options:
            options = dict(options, devices=os.path.abspath(self.options.devices))
        with open(os.path.join(folder, "meta.ndjson"), "w", encoding="utf-8") as meta:
            for number, (received, data, about) in enumerate(sorted(self.records[instance], key=lambda record: record[0]), 1):
                name = "input.%06d" % number
                with open(os.path.join(folder, name), "wb") as file:
                    file.write(data)
                meta.write(json.dumps(dict(about, file=name, received=clocks.utc_text(received)), ensure_ascii=False) + "\n")
        for name, text in (("recording.json", {"adapter": adapter, "instance": instance, "platform": platform, "zone": "350206"}), ("options.yaml", options)):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                json.dump(text, file, ensure_ascii=False)
        return folder

    def _translate(self, instance):
        done = subprocess.run([self.options.hub, "replay", self._write(instance)], capture_output=True, text=True, check=False)
        refused = [line for line in done.stderr.splitlines() if '"verdict":"rejected"' in line.replace(" ", "")]
        if done.returncode != 0 or refused:
            raise OSError("hub replay of %s: exit %d, %s" % (instance, done.returncode, (refused or [done.stderr[-500:]])[0]))
        return [(json.loads(line)["time"]["received"], number, line) for number, line in enumerate(done.stdout.splitlines())]

    def run(self):
        self._cases()
        self._sightings()
        self._inspections()
        self._letters()
        os.makedirs(self.options.work, exist_ok=True)
        events = sorted((at, instance, number, line) for instance in INSTANCES for at, number, line in self._translate(instance))
        for name, lines in (("events.ndjson", [event[3] for event in events]), ("truth.csv", ["subject,incident,group,category"] + self.truth)):
            with open(os.path.join(self.options.work, name), "w", encoding="utf-8") as file:
                file.writelines(line + "\n" for line in lines)
        print("city: %d problems, %d subjects, %d events" % (len(self.world.problems), len(self.truth), len(events)))
        return 0


def run(options):
    for path, what in ((options.devices, "device registry"), (options.hub, "hub")):
        if not os.path.exists(path):
            print("city: no %s %s" % (what, path), file=sys.stderr)
            return 2
    return Paper(options).run()
