"""city.py play: some days in Huli with a known truth."""

import os
import random
import sys
import time

import broker
import camera as cameras
import grid
import ident
import letters
import server
import stories
import town
import vendor
from clock import Clock, local_text
from faults import Faults
from lines import Line, State
from mqtt import Publisher, Trouble
from people import People
from record import Record
from world import HOUR, World

VENDOR_PATH, APP_PATH = "/payroll/list", "/requests.json"
DAYS, BROKEN_ROWS = 5, 2


def say(text):
    print(text, flush=True)


def read_secret(path):
    if not path:
        return ""
    with open(path, encoding="utf-8") as file:
        return file.read().strip()


class Play:
    """What has to be done when: `steps`, (at, what, do), in order of time."""

    def __init__(self, options):
        self.options, self.random = options, random.Random(options.seed)
        self.clock, self.record = Clock(), Record(options.work)
        self.begin, self.length = self.clock.sim or self.clock.now(), options.days * 24 * HOUR
        self.people = People(self.random)
        self.cameras = cameras.read_registry(options.devices)
        self.world = World(self.random, self.people, self.cameras, self.begin, options.days, options.problems)
        self.names = town.chosen(options.platforms)
        if self.names:
            stories.Stories(self.world, random.Random("stories of %d" % options.seed), self.people).tell()
        password = read_secret(options.hotline_password_file)
        faults = Faults(options.seed, options.faults)
        self.hotline = server.Hotline(self.clock, faults, self.record, options.hotline_user, password)
        self.hotline.vendor[VENDOR_PATH] = self.vendor_line = Line()
        self.hotline.open311[APP_PATH] = self.app_line = Line()
        self.steps, self.truth, self.expected, self.spoken = [], [], set(), 0.0
        self.feed, self.bad = None, {}
        self.publisher, self.feeds, self.subscribed, self.towns = None, [], [], []
        self.doors = dict(door.split("=", 1) for door in options.door)

    def prepare(self):
        self._cases()
        self._sightings()
        if self.options.kafka:
            self._inspections()
        if self.options.letters:
            self._letters()
        for name in self.names:
            self.towns.append(town.Town(self, name))
            town.module(name).prepare(self.towns[-1])
        self.steps.sort(key=lambda step: step[0])
        self.record.text("truth.csv", ["subject,incident,group,category"] + self.truth)
        self.record.text("planted.txt", self.people.lines())

    def tell(self, subject, problem, group):
        self.truth.append("%s,problem-%d,%s,%s" % (subject, problem.number, group, problem.kind.code))

    def _at(self, share):
        return self.begin + share * self.length

    # ---- the hotline ----

    def _cases(self):
        first = self.options.seed % 99 * 10000
        for count, report in enumerate(sorted(self.world.reports, key=lambda report: report.at), first):
            app = report.channel == "app"
            case = vendor.make_case(self.random, self.people, report, vendor.case_number(self.random, app, report.at, count))
            states = vendor.states(case, app, self.random)
            (self.app_line if app else self.vendor_line).add(states, report.occurred)
            self.tell(vendor.subject(case, app), report.problem, report.channel)
            for event, last in vendor.events(case, app, states):
                self.record.event(event, last)
        for number in range(BROKEN_ROWS):
            at = int(self._at(0.2 + 0.3 * number))
            for item, why in vendor.broken_items(at):
                self.vendor_line.add([State(at, at, item)])
                self.record.broken(item, vendor.PLATFORM, why)

    # ---- the cameras ----

    def _sightings(self):
        messages, first = [], True
        for sighting in self.world.sightings + list(cameras.extras(self.random, self.cameras, self.begin, self.length)):
            made = cameras.sighting_messages(self.random, sighting)
            if sighting.problem:
                self.tell(made[0].event.rsplit(":", 1)[0], sighting.problem, "camera")
            if first:
                made[0] = made[0]._replace(retain=True, what="retained")
            first = False
            messages += made
        for number, camera in enumerate(self.random.sample(self.cameras, min(2, len(self.cameras)))):
            at = self._at(0.3 + 0.3 * number)
            for payload, why in cameras.broken_messages(self.random, camera, at):
                messages.append(cameras.Message(at, payload, None, why, False))
                self.bad[payload] = why
        for number, message in enumerate(messages):
            self.steps.append((message.at, "camera messages", lambda m=message, other=number % 25 == 0: self._film(m, other)))

    def _film(self, message, other):
        topic, reviews = self.options.prefix + "/events", self.options.prefix + "/reviews"
        self.publisher.publish(topic, message.payload, self._sent(message), message.retain)
        if other:
            self.publisher.publish(reviews, b'{"type":"new","before":{},"after":{}}', lambda: self.record.count("other topics"))

    def _sent(self, message):
        def done():
            self.record.count("camera messages")
            self.record.count("camera " + message.what)
            if message.event:
                self._must(message.event)
            if message.payload in self.bad:
                self.record.broken(message.payload, cameras.PLATFORM, self.bad[message.payload])
        return done

    def _must(self, event):
        if event not in self.expected:
            self.expected.add(event)
            self.record.event(event, True, int(time.time() * 1000))

    # ---- the grid platform ----

    def _inspections(self):
        seed = self.options.seed % 99 * 1000
        found = sorted(self.world.inspections, key=lambda inspection: inspection.at)
        messages = []
        for count, inspection in enumerate(found, seed + 1):
            number = grid.case_number(inspection.at, count)
            messages += grid.messages(self.random, number, inspection)
            self.tell(ident.subject_id(grid.PLATFORM, "", number), inspection.problem, inspection.channel)
        if found:
            lost = found[0]._replace(at=self._at(0.4), occurred=self._at(0.4) - 600, lon=118.19, lat=24.48)
            messages += grid.deleted(self.random, grid.case_number(lost.at, seed + 999), lost)
            for message, why in grid.broken(grid.case_number(lost.at, seed + 998), lost):
                messages.append(message)
                self.record.broken(message.value, grid.PLATFORM, why)
        for message in messages:
            self.steps.append((message.at, "grid messages", lambda m=message: self._inspect(m)))

    def _inspect(self, message):
        def done(partition, offset):
            self.record.count("grid messages")
            self.record.count("grid " + message.what)
            if message.case:
                self._must(grid.event_id(message, self.options.grid_topic, partition, offset))
        self.feed.publish(message.key, message.value, done)

    # ---- the letters ----

    def _letters(self):
        made = letters.batches(self.random, self.world.letters, self.begin + self.length)
        for number, batch in enumerate(made):
            broken = [letters.broken_row(batch)] if number == 0 else []
            for row in batch.rows:
                if row.state == 1:
                    self.tell(letters.subject(row), row.letter.problem, "letter")
            self.steps.append((batch.at, "letters", lambda b=batch, bad=broken: self._drop(b, bad)))

    def _drop(self, batch, broken):
        letters.drop(self.options.letters, batch.name, letters.content(batch, broken))
        for row in broken:
            self.record.broken(letters.item(row), letters.PLATFORM, "no number")
        for row in batch.rows:
            self.record.count("letters")
            self._must("%s:*%d" % (letters.subject(row), row.state))

    # ---- play ----

    def run(self):
        options = self.options
        self.prepare()
        server.start(options.http, self.hotline)
        if options.kafka:
            self.feed = broker.Feed(options, options.grid_topic, grid.PARTITIONS)
            self.feeds.append(self.feed)
        self.publisher = Publisher(options.mqtt, options.mqtt_user, options.mqtt_password_file)
        self.publisher.connect()
        self.publisher.wait_subscriber(options.prefix + "/available", options.wait)
        for topic in self.subscribed:
            self.publisher.wait_subscriber(topic, options.wait, "")
        say("city: %d problems; %d reports by people, %d by inspectors, %d letters, %d cameras; hotline on %s" % (
            len(self.world.problems), len(self.world.reports), len(self.world.inspections), len(self.world.letters), len(self.cameras), options.http))
        if self.names:
            say("city: and " + ", ".join(self.names))
        self._play()
        self.publisher.drain(120)
        self.publisher.close()
        for feed in self.feeds:
            feed.drain(120)
        if not server.wait_shown(self.hotline, self._progress_rows, more=self._untaken):
            print("city: %d rows were never asked for, %d things never taken" % (self.hotline.waiting(), self._untaken()), file=sys.stderr)
            return 1
        self._finish()
        return 0

    def _untaken(self):
        """What the platforms beside the first four could not get rid of yet."""
        waiting = 0
        for one in self.towns:
            for part in one.parts:
                if getattr(part, "failed", None):
                    raise Trouble("%s: %s" % (one.name, part.failed))
                waiting += part.waiting()
        return waiting

    def _play(self):
        for number, (at, _, do) in enumerate(self.steps, 1):
            time.sleep(max(0.0, self.clock.wall(at)))
            do()
            if time.monotonic() - self.spoken > 5:
                self.spoken = time.monotonic()
                say("city: %s, %d of %d messages, files and pages" % (local_text(self.clock.now()), number, len(self.steps)))

    def _progress_rows(self, waiting):
        if time.monotonic() - self.spoken > 5:
            self.spoken = time.monotonic()
            say("city: %s, %d things not asked for yet" % (local_text(self.clock.now()), waiting))

    def _finish(self):
        for one in self.towns:
            for part in one.parts:
                for what, name in (("unanswered", "unanswered"), ("refused", "told to come again"), ("resent", "sent again"), ("calls", "calls")):
                    one.count(name, getattr(part, what, 0))
        summary = self.record.done(seed=self.options.seed, problems=len(self.world.problems), subjects=len(self.truth),
                                   reports=len(self.world.reports), requests=self.hotline.requests)
        say("city: done: %(events)d possible events, %(broken)d broken records, %(requests)d requests" % summary)


def run(options):
    if not os.path.exists(options.devices):
        print("city: no device registry %s" % options.devices, file=sys.stderr)
        return 2
    return Play(options).run()
