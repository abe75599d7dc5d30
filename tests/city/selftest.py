#!/usr/bin/python3
"""Checks of the simulators themselves: a city that is wrong makes every other test wrong."""

import os
import random
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import clock  # noqa: E402
import geo  # noqa: E402
import ident  # noqa: E402
import naive  # noqa: E402
from camera import sighting_messages  # noqa: E402
from faults import IN_A_ROW, Faults  # noqa: E402
from lines import Line, State  # noqa: E402
from people import WEIGHTS, People  # noqa: E402
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


class Naive(unittest.TestCase):
    def test_pair_figures(self):
        truth, found = {1: "a", 2: "a", 3: "b", 4: "b"}, {1: 1, 2: 1, 3: 1, 4: 2}
        precision, recall, f1 = naive.pair_figures(truth, found)
        self.assertAlmostEqual(precision, 100 / 3)
        self.assertAlmostEqual(recall, 50)
        self.assertAlmostEqual(f1, 40)


if __name__ == "__main__":
    unittest.main()
