"""city.py play: two days in Huli with a known truth."""

import os
import random
import sys
import time

import camera as cameras
import server
import vendor
from clock import Clock, local_text
from faults import Faults
from lines import Line, State
from mqtt import Publisher
from people import People
from record import Record
from world import Sighting, World

VENDOR_PATH, APP_PATH = "/payroll/list", "/requests.json"
DAYS, FALSE_ALARMS, UNKNOWN, BROKEN_ROWS = 2, 4, 4, 2


def say(text):
    print(text, flush=True)


def read_secret(path):
    if not path:
        return ""
    with open(path, encoding="utf-8") as file:
        return file.read().strip()


class Play:
    def __init__(self, options):
        self.options, self.random = options, random.Random(options.seed)
        self.clock, self.record = Clock(), Record(options.work)
        self.begin = self.clock.sim or self.clock.now()
        self.people = People(self.random)
        self.cameras = cameras.read_registry(options.devices)
        self.world = World(self.random, self.people, self.cameras, self.begin, DAYS, options.problems)
        password = read_secret(options.hotline_password_file)
        faults = Faults(options.seed, options.faults)
        self.hotline = server.Hotline(self.clock, faults, self.record, options.hotline_user, password)
        self.hotline.vendor[VENDOR_PATH] = self.vendor_line = Line()
        self.hotline.open311[APP_PATH] = self.app_line = Line()
        self.messages, self.truth, self.expected, self.spoken = [], [], set(), 0.0

    def prepare(self):
        self._cases()
        self._sightings()
        self.messages.sort(key=lambda message: message.at)
        self.record.text("truth.csv", ["subject,incident,group,category"] + self.truth)
        self.record.text("planted.txt", self.people.lines())

    def _tell(self, subject, problem, group):
        self.truth.append("%s,problem-%d,%s,%s" % (subject, problem.number, group, problem.kind.code))

    def _cases(self):
        first = self.options.seed % 99 * 10000
        for count, report in enumerate(sorted(self.world.reports, key=lambda report: report.at), first):
            app = report.channel == "app"
            case = vendor.make_case(self.random, self.people, report, vendor.case_number(self.random, app, report.at, count))
            (self.app_line if app else self.vendor_line).add(vendor.states(case, app, self.random))
            self._tell(vendor.subject(case, app), report.problem, report.channel)
            for event, last in vendor.events(case, app):
                self.record.event(event, last)
        for number in range(BROKEN_ROWS):
            at = int(self.begin + (0.2 + 0.3 * number) * DAYS * 86400)
            for item, why in vendor.broken_items(at):
                self.vendor_line.add([State(at, at, item)])
                self.record.broken(item, vendor.PLATFORM, why)

    def _extras(self):
        """False alarms and labels that nobody has mapped: no problem stands behind them."""
        for number in range(FALSE_ALARMS + UNKNOWN):
            begin = self.begin + self.random.uniform(0.05, 0.9) * DAYS * 86400
            alarm = number < FALSE_ALARMS
            label = "garbage" if alarm else self.random.choice(cameras.UNKNOWN_LABELS)
            yield Sighting(None, self.random.choice(self.cameras), begin, begin + 1800, None, alarm, label)

    def _sightings(self):
        first = True
        for sighting in self.world.sightings + list(self._extras()):
            messages = cameras.sighting_messages(self.random, sighting)
            if sighting.problem:
                self._tell(messages[0].event.rsplit(":", 1)[0], sighting.problem, "camera")
            if first:
                messages[0] = messages[0]._replace(retain=True, what="retained")
            first = False
            self.messages += messages
        for number, camera in enumerate(self.random.sample(self.cameras, min(2, len(self.cameras)))):
            at = self.begin + (0.3 + 0.3 * number) * DAYS * 86400
            for payload, why in cameras.broken_messages(self.random, camera, at):
                self.messages.append(cameras.Message(at, payload, None, why, False))
                self.record.broken(payload, cameras.PLATFORM, why)

    def run(self):
        options = self.options
        self.prepare()
        server.start(options.http, self.hotline)
        publisher = Publisher(options.mqtt, options.mqtt_user, options.mqtt_password_file)
        publisher.connect()
        publisher.wait_subscriber(options.prefix + "/available", options.wait)
        say("city: %d problems, %d reports by people, %d messages of %d cameras; hotline on %s" % (
            len(self.world.problems), len(self.world.reports), len(self.messages), len(self.cameras), options.http))
        self._publish(publisher)
        publisher.drain(120)
        publisher.close()
        if not server.wait_shown(self.hotline, self._progress_rows):
            print("city: %d rows were never asked for" % self.hotline.waiting(), file=sys.stderr)
            return 1
        self._finish()
        return 0

    def _publish(self, publisher):
        topic, reviews = self.options.prefix + "/events", self.options.prefix + "/reviews"
        for number, message in enumerate(self.messages):
            time.sleep(max(0.0, self.clock.wall(message.at)))
            publisher.publish(topic, message.payload, self._sent(message), message.retain)
            if number % 25 == 0:
                publisher.publish(reviews, b'{"type":"new","before":{},"after":{}}', lambda: self.record.count("other topics"))
            if time.monotonic() - self.spoken > 5:
                self.spoken = time.monotonic()
                say("city: %s, camera messages %d of %d" % (local_text(self.clock.now()), number + 1, len(self.messages)))

    def _sent(self, message):
        def done():
            self.record.count("camera messages")
            self.record.count("camera " + message.what)
            if message.event and message.event not in self.expected:
                self.expected.add(message.event)
                self.record.event(message.event, True, int(time.time() * 1000))
        return done

    def _progress_rows(self, waiting):
        if time.monotonic() - self.spoken > 5:
            self.spoken = time.monotonic()
            say("city: %s, %d rows not asked for yet" % (local_text(self.clock.now()), waiting))

    def _finish(self):
        summary = self.record.done(seed=self.options.seed, problems=len(self.world.problems), subjects=len(self.truth),
                                   reports=len(self.world.reports), requests=self.hotline.requests)
        say("city: done: %(events)d possible events, %(broken)d broken records, %(requests)d requests" % summary)


def run(options):
    if not os.path.exists(options.devices):
        print("city: no device registry %s" % options.devices, file=sys.stderr)
        return 2
    return Play(options).run()
