#!/usr/bin/python3
"""Checks of the simulators themselves: a city that is wrong makes every other test wrong."""

import argparse
import contextlib
import io
import os
import random
import socket
import sys
import tempfile
import threading
import time
import unittest
from unittest import mock

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import broker  # noqa: E402
import clock  # noqa: E402
import doors  # noqa: E402
import geo  # noqa: E402
import ident  # noqa: E402
import load  # noqa: E402
import naive  # noqa: E402
import server  # noqa: E402
import stories  # noqa: E402
import words  # noqa: E402
from camera import sighting_messages  # noqa: E402
from faults import IN_A_ROW, Faults  # noqa: E402
from lines import Line, State  # noqa: E402
from people import WEIGHTS, People  # noqa: E402
from record import Record  # noqa: E402
from world import HOUR, Camera, Sighting, World  # noqa: E402


class Clock(unittest.TestCase):
    def test_both_forms_of_time(self):
        self.assertEqual(clock.read_time("2023-12-04T16:00:00.000Z"), clock.read_time("1701705600000"))
        self.assertEqual(clock.read_time("2023-12-05 00:00:00"), 1701705600)

    def test_runs_at_its_speed(self):
        made = clock.Clock(clock.clock_text("2023-12-04T16:00:00Z", 2, 20))
        self.assertEqual(made.speed, 8640)
        self.assertLess(abs(made.wall(made.now() + 8640) - 1), 0.1)


class Ids(unittest.TestCase):
    def test_parts_are_escaped(self):
        self.assertEqual(ident.event_id("p01", "", "A:1", "2023-12-05 10:00:00"), "p01::A%3A1:2023-12-05%2010%3A00%3A00")

    def test_a_long_source_id_is_hashed_in_id_and_subject(self):
        made = ident.event_id("p01", "", "9" * 200, "1")
        self.assertEqual(len(made.split(":")[2]), 64)


class Places(unittest.TestCase):
    def test_gcj02_at_huli_is_580_m_off(self):
        lon, lat = geo.to_gcj02(118.1098, 24.5125)
        self.assertAlmostEqual(geo.distance(118.1098, 24.5125, lon, lat), 580, delta=15)
        self.assertLess(geo.distance(118.1098, 24.5125, *geo.from_gcj02(lon, lat)), 0.01)


class Lines(unittest.TestCase):
    def test_rows_shift_when_one_changes(self):
        line = Line()
        line.add([State(1, 1, "a"), State(10, 10, "a again")])
        line.add([State(2, 2, "b")])
        before = [state.item for state in line.window(0, 9, 9)]
        after = [state.item for state in line.window(0, 9, 11)]
        self.assertEqual((before, after), (["a", "b"], ["b"]))

    def test_a_window_of_requests_shows_no_later_change(self):
        line = Line()
        line.add([State(5, 5, "open"), State(10, 10, "closed")], requested=3)
        self.assertEqual([state.item for state in line.requested(0, 4, 11)], ["closed"])
        self.assertEqual(line.requested(9, 11, 11), [])
        self.assertEqual([state.item for state in line.window(9, 11, 11)], ["closed"])

    def test_a_window_is_the_same_however_its_rows_came(self):
        dice, ordered, plain, mixed = random.Random(4), sorted(random.Random(3).uniform(0, 50) for _ in range(300)), Line(), Line()
        for at in ordered:
            plain.add([State(at, at, at)])
        for at in dice.sample(ordered, len(ordered)):
            mixed.add([State(at, at, at)])
        for _ in range(200):
            start, end, now = int(dice.uniform(0, 50)), dice.uniform(0, 50), dice.uniform(0, 60)
            wanted = [at for at in ordered if start <= int(at) <= end and at <= now]
            self.assertEqual([[state.item for state in line.window(start, end, now)] for line in (plain, mixed)], [wanted, wanted])

    def test_a_row_waits_until_its_last_state_was_shown(self):
        line = Line()
        line.add([State(1, 1, "a"), State(10, 10, "a again")])
        line.shown(line.window(0, 9, 9))
        self.assertEqual(line.waiting(), 1)
        line.shown(line.window(0, 99, 99))
        self.assertEqual(line.waiting(), 0)


class Trouble(unittest.TestCase):
    def test_never_more_than_two_in_a_row(self):
        faults, row = Faults(1, 1.0), 0
        for _ in range(200):
            row = row + 1 if faults.next("somebody") else 0
            self.assertLessEqual(row, IN_A_ROW)


class Persons(unittest.TestCase):
    def test_id_numbers_have_the_right_check_digit(self):
        number = People(random.Random(3)).person_id()
        total = sum(int(d) * w for d, w in zip(number, WEIGHTS)) + (10 if number[17] == "X" else int(number[17]))
        self.assertEqual(total % 11, 1)


class Truth(unittest.TestCase):
    def test_everything_is_reported_hours_before_it_is_closed(self):
        dice = random.Random(5)
        world = World(dice, People(dice), [], 0, 2, 60)
        self.assertTrue(all(report.problem.end - report.at > 4 * HOUR for report in world.reports))

    def test_unchanged_updates_give_no_event(self):
        dice = random.Random(5)
        camera = Camera("c", 118.1, 24.5, 50)
        made = [m for _ in range(50) for m in sighting_messages(dice, Sighting(None, camera, 1000.0, 9000.0, None, False, "hawker"))]
        self.assertTrue(any(m.what == "unchanged" for m in made))
        self.assertTrue(all((m.event is None) == (m.what == "unchanged") for m in made if m.what != "duplicate"))

    def test_stories_leave_the_world_as_it_is(self):
        def told(with_stories):
            dice = random.Random(5)
            people = People(dice)
            world = World(dice, people, [], 0, 5, 60)
            if with_stories:
                stories.Stories(world, random.Random("stories"), people).tell()
            return world.reports, dice.random()
        without, more = told(False), told(True)
        self.assertEqual(without[0], more[0][:len(without[0])])
        self.assertEqual(without[1], more[1])
        self.assertEqual({report.problem.kind for report in more[0][len(without[0]):]}, set(words.STORY_KINDS))


def until(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


class Ways(unittest.TestCase):
    """The ways of platforms to the hub, against servers that refuse, fall silent and hang up."""

    def serve(self, answer, folder):
        hotline = server.Hotline(clock.Clock(""), Faults(1, 0.0), Record(folder), "", "")
        hotline.routes["/hook*"] = server.Route(answer, True)
        made = server.start("127.0.0.1:0", hotline)
        self.addCleanup(made.server_close)
        self.addCleanup(made.shutdown)
        return "http://127.0.0.1:%d/hook" % made.server_address[1]

    def test_a_push_comes_again_in_order_and_is_signed_anew_until_it_is_taken(self):
        came, statuses = [], [503, 429, 200, 200]

        def answer(asked):
            came.append((asked.body, asked.headers["X-Try"]))
            return server.Answer("{}", status=statuses[len(came) - 1])
        with tempfile.TemporaryDirectory() as folder:
            tries, done = iter("1234"), []
            door = doors.Door(self.serve(answer, folder), sign=lambda body: {"X-Try": next(tries)})
            door.send("a", done=lambda reply: done.append(reply.status))
            door.send("b", path="/hook/b")
            self.assertTrue(until(lambda: door.waiting() == 0))
        self.assertEqual(came, [(b"a", "1"), (b"a", "2"), (b"a", "3"), (b"b", "4")])
        self.assertEqual(done, [200])

    def test_what_is_refused_for_good_is_said(self):
        with tempfile.TemporaryDirectory() as folder:
            told = []
            door = doors.Door(self.serve(lambda asked: server.Answer("no", status=400), folder))
            door.send("a", refused=lambda reply: told.append(reply.status))
            door.send("b")
            self.assertTrue(until(lambda: door.waiting() == 0))
        self.assertEqual(told, [400])
        self.assertIn("told 400: no", door.failed)

    def test_digest_is_that_of_the_standard(self):
        """The example of RFC 2617, 3.5, whose client nonce is given there."""
        digest = doors.Digest("Mufasa", "Circle Of Life")
        self.assertTrue(digest.challenged('Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5c"'))
        kept, doors.secrets.token_hex = doors.secrets.token_hex, lambda size: "0a4f113b"
        try:
            self.assertIn('response="6629fae49393a05397450978507c4ef1"', digest.header("GET", "/dir/index.html"))
        finally:
            doors.secrets.token_hex = kept

    def test_a_device_sends_again_what_was_not_answered(self):
        listening = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listening.close)
        came = []

        def listen():
            for answering in (False, True):
                line, _ = listening.accept()
                data = b""
                while b"ask\n" not in data or not (answering or b"once\n" in data):
                    data += line.recv(100)
                came.append(data)
                if answering:
                    line.sendall(b"ack\n")
                    line.recv(1)
                line.close()
        threading.Thread(target=listen, daemon=True).start()

        def answers(buffer):
            found = buffer.count(b"ack\n")
            buffer.clear()
            return ["ask"] * found
        device, done = doors.Caller("tcp://127.0.0.1:%d" % listening.getsockname()[1], answers), []
        device.send(b"once\n")
        device.send(b"ask\n", "ask", lambda: done.append(1))
        self.assertTrue(until(lambda: device.waiting() == 0))
        device.hang_up()
        self.assertEqual((b"".join(came).count(b"once"), came[1], done), (1, b"ask\n", [1]))


class Loads(unittest.TestCase):
    def test_each_event_is_of_one_process_and_a_pair_of_the_same(self):
        with tempfile.TemporaryDirectory() as folder:
            options = argparse.Namespace(seed=1, work=folder, faults=0.0, prefixes="a,b", hotlines="c", hotline_user="", hotline_password_file=None, rate=5000.0, most=None, places=40)
            one, owners = load.Load(options), {}
            for one.hand in range(one.hands):
                for number in (n for n in range(3000) if one._mine(n, 3)):
                    owners.setdefault(number, []).append(one.hand)
        self.assertEqual((sorted(owners), {len(found) for found in owners.values()}), (list(range(3000)), {1}))
        self.assertEqual({owners[n] == owners[n + 3] for n in range(0, 3000, 6)}, {True})
        self.assertEqual({hand for found in owners.values() for hand in found}, set(range(4)))
        self.assertEqual({owners[n][0] for n in range(2, 3000, 3)}, {0})


class Message:
    def __init__(self, place, key, value):
        self.place, self.key, self.value = place, lambda: key, lambda: value
        self.partition, self.offset = lambda: 0, lambda: place


class Broker:
    """A topic of one partition. Its first producer gives up after five messages; of its last two, which it does not report, one has arrived."""

    def __init__(self):
        self.topic, self.producers = [], 0

    def producer(self, _settings):
        self.producers += 1
        return BrokenProducer(self, 5 if self.producers == 1 else sys.maxsize)


class BrokenProducer:
    def __init__(self, topic, most):
        self.broker, self.most, self.reports = topic, most, []

    def produce(self, _topic, key, value, on_delivery):
        self.most -= 1
        if self.most < 0:
            raise broker.KafkaException(broker.KafkaError(broker.KafkaError._FATAL))
        if self.most != 0:
            self.broker.topic.append((key, value))
        message = Message(len(self.broker.topic) - 1, key, value)
        self.reports.append((on_delivery, broker.KafkaError(broker.KafkaError._FATAL) if self.most < 2 else None, message))

    def poll(self, _seconds):
        for on_delivery, error, message in self.reports:
            on_delivery(error, message)
        self.reports = []

    flush = poll

    def purge(self):
        pass


class Feeds(unittest.TestCase):
    def test_a_producer_that_gives_up_loses_nothing_and_hides_nothing(self):
        made, told = Broker(), []
        read = lambda _settings, _topic: [Message(place, *message) for place, message in enumerate(made.topic)]  # noqa: E731
        with mock.patch.multiple(broker, Producer=made.producer, make_topic=lambda *_: None, read_topic=read):
            feed = broker.Feed(argparse.Namespace(kafka="nowhere:1"), "topic", 1)
            with contextlib.redirect_stdout(io.StringIO()):
                for number in range(9):
                    feed.publish(b"%d" % number, b"v", lambda _partition, offset, n=number: told.append((offset, n)))
                feed.drain(5)
        self.assertEqual([key for key, _ in made.topic], [b"%d" % number for number in (0, 1, 2, 3, 3, 4, 5, 6, 7, 8)])
        self.assertEqual(sorted(told), [(offset, int(key)) for offset, (key, _) in enumerate(made.topic)])


class Naive(unittest.TestCase):
    def test_pair_figures(self):
        truth, found = {1: "a", 2: "a", 3: "b", 4: "b"}, {1: 1, 2: 1, 3: 1, 4: 2}
        precision, recall, f1 = naive.pair_figures(truth, found)
        self.assertAlmostEqual(precision, 100 / 3)
        self.assertAlmostEqual(recall, 50)
        self.assertAlmostEqual(f1, 40)


if __name__ == "__main__":
    unittest.main()
