"""
city.py load: cheap events at a steady rate, for the kill test and the bench: in turn over two camera platforms (MQTT), two hotlines (HTTP) and, where
they are named, a grid platform (Kafka) and a folder of letters. Events come in pairs of one subject at the cameras (new, then an update); elsewhere
every case has one state. Neighbouring subjects lie close enough to be candidates of one another. At high rates several processes publish the cameras' events, each
subject always the same one.
"""

import itertools
import json
import math
import multiprocessing
import os
import random
import sys
import time

import broker
import camera as cameras
import geo
import grid
import ident
import letters
import server
import vendor
from clock import Clock, local_text
from faults import Faults
from lines import Line, State
from mqtt import Publisher, Trouble
from play import read_secret, say
from record import Record
from revision import revision

PLACES, ABREAST = 40, 8                         # where things happen, so many in a row at least
PAIR, LETTERS = 2, 25                           # LETTERS: in one file
ONE_CAN, PATIENCE = 1500, 300                   # events a second that one process publishes surely
CENTRE = {"lon": 118.13, "lat": 24.51}
REGISTRY_HEAD = "device_id,name,kind,lon,lat,crs,radius_m,place,category"


def arguments(parser):
    parser.add_argument("--events", type=int, default=20000)
    parser.add_argument("--rate", type=float, default=200.0, help="events a second, all together: 1 to 5000")
    parser.add_argument("--prefixes", default="brain-a,brain-b", help="MQTT topic prefixes")
    parser.add_argument("--hotlines", default="line-c,line-d", help="names of the HTTP lists")
    parser.add_argument("--kafka", metavar="HOST:PORT", help="with --grid-topic: the grid platform's broker")
    parser.add_argument("--grid-topic", metavar="TOPIC")
    parser.add_argument("--letters", metavar="DIR", help="where lists of letters are dropped")
    parser.add_argument("--broken", type=int, default=20, help="records to be rejected, among the others")
    parser.add_argument("--first", type=int, default=1, help="number of the run, part of all ids")
    parser.add_argument("--until", metavar="FILE", help="goes on beyond --events until this file is there")
    parser.add_argument("--places", type=int, default=PLACES, help="where it happens, each with a camera a platform: the more there are, the fewer candidates an event has")
    parser.add_argument("--most", metavar="FILE", help="waits before it sends more than this file says, until it says more")
    parser.add_argument("--prepare", action="store_true", help="write the registries and end")


def names(text):
    return [name for name in text.split(",") if name]


class Load:
    def __init__(self, options):
        self.options, self.random = options, random.Random(options.seed)
        self.clock, self.record = Clock(), Record(options.work)
        self.prefixes, self.hotlines = names(options.prefixes), names(options.hotlines)
        self.lines, self.publisher, self.feed, self.open, self.list = {}, None, None, {}, []
        self.places, self.abreast = options.places, max(ABREAST, math.isqrt(options.places))
        self.most = 0 if options.most else sys.maxsize
        self.hands, self.hand = (int(options.rate // ONE_CAN) + 1 if self.prefixes else 1), 0
        self.begin, self.done = multiprocessing.Value("d", 0.0), multiprocessing.SimpleQueue()
        password = read_secret(options.hotline_password_file)
        self.hotline = server.Hotline(self.clock, Faults(options.seed, options.faults), self.record, options.hotline_user, password)
        for name in self.hotlines:
            self.lines[name] = self.hotline.vendor["/%s/payroll/list" % name] = Line()

    def prepare(self):
        for prefix in self.prefixes:
            rows = ["%s-%02d,%s %d,camera,%.7f,%.7f,wgs84,60,路口 %d," % (prefix, n, prefix, n, *self.place(n), n) for n in range(self.places)]
            self.record.text(prefix + ".csv", [REGISTRY_HEAD] + rows)

    def place(self, number):
        return geo.move(CENTRE["lon"], CENTRE["lat"], number % self.abreast * 300.0, number // self.abreast * 300.0)

    def camera_event(self, prefix, number):
        """Of two neighbouring numbers the first is new, the second an update of the same object."""
        subject, update = divmod(number, PAIR)
        now = round(self.clock.now(), 3)
        begin = self.open.setdefault((prefix, subject), now) if update == 0 else self.open.pop((prefix, subject), now)
        object_id = "%d.%06d-%s" % (self.options.first, subject, prefix)
        after = {"id": object_id, "camera": "%s-%02d" % (prefix, subject % self.places), "label": ("hawker", "garbage", "outstore")[subject % 3],
                 "frame_time": now, "start_time": begin, "end_time": None, "top_score": 0.8 if update else 0.6, "false_positive": False,
                 "entered_zones": ["road"], "has_snapshot": True, "thumbnail": None}
        made = cameras.message("update" if update else "new", dict(after, top_score=0.5), after, now)
        self.publisher.publish(prefix + "/events", made.payload, self._acknowledged(made.event))

    def _acknowledged(self, event):
        at = int(time.time() * 1000)
        return lambda: self.record.event(event, True, at)

    def line_event(self, name, number):
        now = int(self.clock.now())
        case = "%s%d%07d" % (name, self.options.first, number)
        lon, lat = self.place(number % self.places)
        lon, lat = geo.move(lon, lat, self.random.uniform(-30, 30), self.random.uniform(-30, 30))
        first, begin, end = vendor.STAGES["received"]
        item = {"record_number": case, "ps_caption": first, "pss_caption_start": begin, "pss_caption_end": end, "date": local_text(now),
                "requested_datetime": local_text(now - 60), "note1": ("流动摊贩占道", "垃圾没人清理", "店外经营")[number % 3],
                "note2": "路口%d附近，第%d次反映。" % (number % self.places, number), "note3": "湖里区枋湖南路", "note4": "其他",
                "note5": ("E0501", "E0102", "E0504")[number % 3], "note6": "%.7f" % lon, "note7": "%.7f" % lat, "note10": "电话"}
        text = json.dumps(item, ensure_ascii=False)
        self.lines[name].add([State(now, now, text)])
        self.record.event(ident.event_id(vendor.PLATFORM, "", case, revision(text, False)), True, int(time.time() * 1000))

    def grid_event(self, topic, number):
        lon, lat = geo.to_gcj02(*self.place(number % self.places))
        case = "GRID%d%07d" % (self.options.first, number)
        value = json.dumps({"eventNo": case, "typeStr": ("流动摊贩", "暴露垃圾", "店外经营")[number % 3], "addTime": local_text(self.clock.now() - 60), "status": 1,
                            "statusStr": "待受理", "sourceStr": "网格员巡查", "longitude": "%.6f" % lon, "latitude": lat}, ensure_ascii=False).encode()
        message, at = grid.Message(0, case.encode(), value, case, "1", "received"), int(time.time() * 1000)
        self.feed.publish(message.key, value, lambda p, o: self.record.event(grid.event_id(message, topic, p, o), True, at))

    def letter_event(self, folder, number):
        day = local_text(self.clock.now())[:10].replace("-", "")
        text = "路口%d附近，第%d次来信，垃圾堆放无人清理。" % (number % self.places, number)
        block = number // 10000         # a receipt number ends in four digits
        receipt = "X%d%c%c%s%04d" % (self.options.first % 10, ord("F") + block // 17, ord("J") + block % 17, day, number % 10000)
        self.list.append((number % LETTERS + 1, receipt, text, "湖里区", "垃圾", "", "", "", "正在办理", ""))
        if number % LETTERS == LETTERS - 1:
            self.list_drop(folder, number // LETTERS)

    def list_drop(self, folder, number):
        """A letter counts when its file has its name."""
        rows, self.list = self.list, []
        letters.drop(folder, "load-%d-%05d.csv" % (self.options.first, number), "".join(map(letters.line, (letters.HEADER, *rows))).encode("gb18030"))
        for row in rows:
            self.record.event("%s:*1" % ident.subject_id(letters.PLATFORM, "", row[1]), True, int(time.time() * 1000))

    def broken_event(self, number):
        if self.options.letters and number % 4 == 3:
            row = ("%d" % (number + 1), "no number %d" % number, "来信没有编号", "湖里区", "垃圾", "", "", "", "正在办理", "")
            letters.drop(self.options.letters, "broken-%d-%05d.csv" % (self.options.first, number), letters.item(row).encode("gb18030"))
            self.record.broken(letters.item(row), letters.PLATFORM, "words for a number")
        elif self.feed and number % 4 == 1:
            payload = b'{"eventNo": "broken-%d-%d"' % (self.options.first, number)
            self.feed.publish(b"broken", payload, lambda p, o: self.record.broken(payload, grid.PLATFORM, "cut"))
        elif self.prefixes and number % 2 == 0:
            payload = ('{"type": "new", "after": {"id": "broken-%d-%d"' % (self.options.first, number)).encode()
            done = lambda: self.record.broken(payload, cameras.PLATFORM, "cut")  # noqa: E731
            self.publisher.publish(self.prefixes[number // 2 % len(self.prefixes)] + "/events", payload, done)
        elif self.hotlines:
            now = int(self.clock.now())
            item = vendor.compact({"date": local_text(now), "ps_caption": "受理", "note1": "no number %d %d" % (self.options.first, number)})
            self.lines[self.hotlines[number // 2 % len(self.hotlines)]].add([State(now, now, item)])
            self.record.broken(item, vendor.PLATFORM, "no id")

    def run(self):
        self.prepare()
        if self.options.prepare:
            return 0
        others = [multiprocessing.Process(target=self._help, args=(hand,), daemon=True) for hand in range(1, self.hands)]
        for other in others:
            other.start()
        if self.hotlines:
            server.start(self.options.http, self.hotline)
        if self.prefixes:
            self._connect()
            for prefix in self.prefixes:
                self.publisher.wait_subscriber(prefix + "/available", self.options.wait)
        if self.options.grid_topic:
            self.feed = broker.Feed(self.options, self.options.grid_topic, grid.PARTITIONS)
        say("load: %d events at %g a second" % (self.options.events, self.options.rate))
        self.begin.value = time.monotonic()
        self._pace()
        for other in others:
            other.join(PATIENCE)
            if other.exitcode:
                raise Trouble("load: a publishing process ended with %s" % other.exitcode)
            for what, count in self.done.get().items():
                self.record.count(what, count)
        return self._finish()

    def _connect(self):
        self.publisher = Publisher(self.options.mqtt, self.options.mqtt_user, self.options.mqtt_password_file, "load")
        self.publisher.connect()

    def _help(self, hand):
        """Another process's share of the cameras' events; what it counted goes back."""
        self.hand = hand
        self._connect()
        while not self.begin.value:
            time.sleep(0.01)
        self._pace()
        self.publisher.drain(PATIENCE)
        self.publisher.close()
        self.done.put(self.record.counts)

    def _mine(self, number, targets):
        """The first process sends what is no camera's, too."""
        camera = number % targets < len(self.prefixes)
        return (number // targets // PAIR % self.hands if camera else 0) == self.hand

    def _held(self, number):
        """Seconds that it waited for --most."""
        began = time.monotonic()
        while number >= self.most:
            with open(self.options.most, encoding="utf-8") as file:
                self.most = int(file.read() or 0)
            if number >= self.most:
                time.sleep(0.05)
        return time.monotonic() - began

    def _pace(self):
        """Event n is due at n / rate; what is late is sent at once."""
        targets = [(self.camera_event, prefix) for prefix in self.prefixes] + [(self.line_event, name) for name in self.hotlines]
        begin, spoken, options = self.begin.value, time.monotonic(), self.options
        targets += [(self.grid_event, options.grid_topic)] if options.grid_topic else []
        targets += [(self.letter_event, options.letters)] if options.letters else []
        apart = max(1, options.events // options.broken) if options.broken else 0
        for number in itertools.count():
            if number >= options.events and (not options.until or os.path.exists(options.until)):
                break
            mine, broken = self._mine(number, len(targets)), apart and not self.hand and number % apart == apart - 1
            if not mine and not broken:
                continue
            if number >= self.most:
                begin += self._held(number)
            time.sleep(max(0.0, begin + number / options.rate - time.monotonic()))
            send, where = targets[number % len(targets)]
            if mine:
                send(where, number // len(targets))
            if broken:
                self.broken_event(number // apart)
            if not self.hand and time.monotonic() - spoken > 5:
                spoken = time.monotonic()
                say("load: %d of %d" % (number + 1, options.events))

    def _finish(self):
        if self.list:
            self.list_drop(self.options.letters, 99999)
        if self.feed:
            self.feed.drain(300)
        if self.publisher:
            self.publisher.drain(300)
            self.publisher.close()
        if not server.wait_shown(self.hotline, lambda waiting: None):
            print("load: %d rows were never asked for" % self.hotline.waiting(), file=sys.stderr)
            return 1
        summary = self.record.done(seed=self.options.seed, requests=self.hotline.requests)
        say("load: done: %d events, %d broken" % (summary.get("events", 0), summary.get("broken", 0)))
        return 0


def run(options):
    if names(options.hotlines) and not options.http and not options.prepare:
        raise Trouble("--http is missing")
    if names(options.prefixes) and not options.mqtt and not options.prepare:
        raise Trouble("--mqtt is missing")
    return Load(options).run()
