"""
The known truth: problems in Huli, each of one kind at one place for some hours or, where nothing moves by itself, for days, and who reports it
when and in which words. Streets are crowded: beside many a problem stands another one of its kind, before another house and with another name, and
where one was mended the next may begin. Reports of one problem lie apart in metres and hours as real ones do (README.md). Cameras see what
lies within their reach, grid inspectors come by, and of what lasts somebody writes a letter, which comes with the batch of its day. Everything
that speaks of a problem comes well before anything closes it: a closing shuts an incident, so what is reported afterwards is another problem.
"""

import copy
import math
from collections import namedtuple

import geo
import streets
import words

HOUR = 3600.0
# Metres by which a person's position is wrong: log-normal; with them the distances of pairs have the wanted quantiles.
ERROR_MEDIAN, ERROR_SIGMA, INSPECTOR_MEDIAN = 4.2, 1.72, 4.0
CROWDED, AGAIN, OTHER_KIND = 0.45, 0.06, 0.12           # shares of the problems beside which, after which another one is
NEAREST, NEAR, FAR = 12.0, 60.0, 150.0                  # metres to it
LASTS, SPAN, LASTING_SHARE = (0.60, 0.92), (0.02, 0.09), 0.95   # of the city's length: from the first report to the last
Problem = namedtuple("Problem", "number kind place lon lat begin last end")     # last: when reports end
Report = namedtuple("Report", "problem channel at occurred title text lon lat address community clerk_name code")
Sighting = namedtuple("Sighting", "problem camera begin end plate false_alarm label")
Inspection = namedtuple("Inspection", "problem channel at occurred lon lat address community disposed")
Letter = namedtuple("Letter", "problem at title text kind address")     # at: when the batch comes
Camera = namedtuple("Camera", "name lon lat radius_m place", defaults=("",))

CHANNELS = ("电话", "电话", "网站", "app", "app")
INSPECTORS = ("网格员巡查", "网格员巡查", "第三方信息采集", "四打通摸排")
TELLERS = (1, 1, 2, 2, 3, 4, 5)
BATCH_HOUR, SHANGHAI = 9, 8                     # letters come at nine in the morning, Shanghai


def unsolved(problem):
    """Every third problem is still there when the city's days are over."""
    return problem is not None and problem.number % 3 == 0


class World:
    def __init__(self, random, people, cameras, begin, days, problems):
        self.random, self.people, self.cameras, self.streets = random, people, cameras, streets.Streets(random, cameras)
        self.begin, self.length, self.wanted = begin, days * 24 * HOUR, problems
        self.problems, self.reports, self.sightings, self.inspections, self.letters = [], [], [], [], []
        self.of_kind = {}               # code: the problems that are, or may be filed, under it
        if cameras and days > 4:
            self._first()
        while len(self.problems) < problems:
            self._street(self._problem(self._spot(), random.choice(words.KINDS)))

    def view(self, random, people):
        """The same world, told by somebody with dice of their own: what they add stands in it, and what others throw stays as it is."""
        other = copy.copy(self)
        other.random, other.people, other.streets = random, people, copy.copy(self.streets)
        other.streets.random = random
        return other

    def story(self, kind, spot, begin, last, name=None):
        """A problem of a story, of which people and inspectors speak too; None where another one of its kind is in the way."""
        if not self._free(kind, spot, begin, last + 10 * HOUR):
            return None
        problem = self._place(spot, kind, begin, last)
        if name:
            problem.place["name"] = name
        self._people(problem)
        self._cameras(problem)
        if self.random.random() < 0.6:
            self._inspect(problem, False)
        self._letter(problem)
        return problem

    def report(self, problem, median=ERROR_MEDIAN):
        """What somebody says of it; the world does not keep it."""
        occurred = self._moment(problem)
        report = self._report(problem, occurred + self.random.choice((60, 300, 600, 1800)), occurred)
        lon, lat = self._stray(problem, median)
        return report._replace(lon=lon, lat=lat)

    def _street(self, problem):
        """What else is to be found there."""
        while problem and len(self.problems) < self.wanted:
            if self.random.random() < AGAIN and not unsolved(problem):
                self._again(problem)
            if self.random.random() < OTHER_KIND:
                others = [kind for kind in words.KINDS if kind.code[:3] != problem.kind.code[:3]]
                self._problem(self._beside(problem, NEAREST, NEAR), self.random.choice(others))
            if self.random.random() >= CROWDED:
                return
            reach = (NEAREST, NEAR) if self.random.random() < 0.75 else (NEAR, FAR)
            problem = self._problem(self._beside(problem, *reach), problem.kind, problem)

    def _beside(self, problem, least, most):
        angle, far = self.random.uniform(0, 2 * math.pi), self.random.uniform(least, most)
        return geo.move(problem.lon, problem.lat, far * math.cos(angle), far * math.sin(angle))

    def _again(self, problem):
        """The same once more, hours after it was mended: another problem."""
        begin = problem.end + self.random.uniform(6, 12) * HOUR
        last = begin + self.random.uniform(*SPAN) * self.length
        if last + 14 * HOUR < self.begin + self.length and self._free(problem.kind, (problem.lon, problem.lat), begin, last + 14 * HOUR):
            self._told(self._place((problem.lon, problem.lat), problem.kind, begin, last, problem.place))

    def _first(self):
        """One that everybody speaks of, days apart: a camera, people, an inspector, a letter."""
        camera = self.random.choice(self.cameras)
        kind = next(kind for kind in words.KINDS if kind.lasting and kind.label and kind.pollution)
        begin = self.begin + 5 * HOUR
        problem = self._place((camera.lon, camera.lat), kind, begin, begin + 60 * HOUR)
        self._people(problem)
        self._cameras(problem)
        self._inspect(problem, False)
        self._letter(problem)

    def _spot(self):
        """Many of the problems lie where a camera looks: those are the ones that several platforms see."""
        if self.cameras and self.random.random() < 0.5:
            camera = self.random.choice(self.cameras)
            reach = camera.radius_m * 0.35
            return geo.move(camera.lon, camera.lat, self.random.uniform(-reach, reach), self.random.uniform(-reach, reach))
        return self.random.uniform(streets.WEST, streets.EAST), self.random.uniform(streets.SOUTH, streets.NORTH)

    def _free(self, kind, spot, begin, end):
        """
        At overlapping times no second problem of one kind before the same house, nor where a camera looks at one: it says what it sees, not
        before whose door, so that nobody could tell which of the two it means.
        """
        apart = max([NEAREST] + [2 * c.radius_m + NEAR for c in self.cameras if kind.label and geo.distance(c.lon, c.lat, *spot) < 2 * c.radius_m + NEAR])
        house = self.streets.locate(*spot)
        for p in self.of_kind.get(kind.code, ()):
            if p.begin - 6 * HOUR < end and (begin < p.end + 6 * HOUR or unsolved(p)):
                far = geo.distance(p.lon, p.lat, *spot)
                if far < apart or (far < FAR and (p.place["road"], p.place["number"]) == (house["road"], house["number"])):
                    return False
        return True

    def _problem(self, spot, kind, beside=None):
        begin, last = self._times(kind, beside)
        end = last + self.random.uniform(5, 10) * HOUR
        if not self._free(kind, spot, begin, end):
            return None
        problem = self._place(spot, kind, begin, last)
        self._told(problem)
        return problem

    def _place(self, spot, kind, begin, last, place=None):
        if place is None:
            place = self.streets.locate(*spot)
            place["thing"] = self.random.choice(kind.things)
            place["name"] = self.streets.name(*spot, kind.own, place["thing"])
            place["plate"] = self.people.plate() if kind.label == "vehicle" else None
        problem = Problem(len(self.problems) + 1, kind, place, spot[0], spot[1], begin, last, last + self.random.uniform(5, 10) * HOUR)
        self.problems.append(problem)
        for code in {kind.code, kind.also[0]}:
            self.of_kind.setdefault(code, []).append(problem)
        return problem

    def _times(self, kind, beside):
        """When the first report may come and the last; what nobody moves stays for days. A neighbour is there at the same time."""
        lasts = kind.lasting and self.random.random() < LASTING_SHARE
        span = self.random.uniform(*(LASTS if lasts else SPAN)) * self.length
        room = max(0.0, self.length - span - 12 * HOUR)
        begin = self.begin + self.random.uniform(0.01, 1) * room
        if beside:
            begin = min(max(self.begin, beside.begin + self.random.uniform(-0.5, 0.5) * span), self.begin + room)
        return begin, begin + span

    def _told(self, problem):
        """Some an inspector sees and has mended at once: nobody else ever speaks of those."""
        if self.random.random() < 0.08:
            self._inspect(problem, True)
            return
        self._people(problem)
        self._cameras(problem)
        if self.random.random() < 0.4:
            self._inspect(problem, False)
        self._letter(problem)

    def _moment(self, problem):
        return problem.begin + self.random.random() ** 1.4 * (problem.last - problem.begin)

    def _stray(self, problem, median):
        """A position as a telephone gives it."""
        far, angle = median * math.exp(self.random.gauss(0, ERROR_SIGMA)), self.random.uniform(0, 2 * math.pi)
        return geo.move(problem.lon, problem.lat, min(far, 600) * math.cos(angle), min(far, 600) * math.sin(angle))

    def _inspect(self, problem, disposed):
        occurred = self._moment(problem)
        lon, lat = self._stray(problem, INSPECTOR_MEDIAN)
        self.inspections.append(Inspection(problem, self.random.choice(INSPECTORS), occurred + self.random.choice((30, 120, 600)), occurred, lon, lat,
                                           "厦门市湖里区" + words.pick(self.random, words.ADDRESS[:3]).format(**problem.place),
                                           self.random.choice(words.COMMUNITIES), disposed))

    def _letter(self, problem):
        """With the first batch that comes at least half a day after it began."""
        earliest = problem.begin + 12 * HOUR
        day = (earliest + SHANGHAI * HOUR) // (24 * HOUR) * 24 * HOUR + (BATCH_HOUR - SHANGHAI) * HOUR
        at = day if day >= earliest else day + 24 * HOUR
        if problem.kind.pollution and at < problem.last:
            told = words.Telling(self.random, problem.kind, problem.place)
            self.letters.append(Letter(problem, at, told.title, told.text + self.random.choice(words.ENDINGS), problem.kind.pollution, told.address))

    def _people(self, problem):
        for _ in range(self.random.choice(TELLERS)):
            occurred = self._moment(problem)
            self.reports.append(self._report(problem, occurred + self.random.choice((60, 300, 600, 1800)), occurred))

    def _report(self, problem, at, occurred):
        random, kind = self.random, problem.kind
        lon, lat = self._stray(problem, ERROR_MEDIAN)
        told, remark = words.Telling(random, kind, problem.place), self.people.remark()
        if kind.label == "vehicle" and random.random() < 0.6:
            remark += "，" + self.people.plate_remark(problem.place["plate"]) + "。"
        code, name = kind.also if random.random() < words.MISFILED else (kind.code, random.choice(kind.names))
        return Report(problem, random.choice(CHANNELS), at, occurred, told.title, random.choice(words.OPENINGS) + told.text + remark + random.choice(words.ENDINGS),
                      lon, lat, "厦门市湖里区" + told.address, random.choice(words.COMMUNITIES), name, code)

    def _cameras(self, problem):
        if problem.kind.label is None:
            return
        for camera in self.cameras:
            if geo.distance(problem.lon, problem.lat, camera.lon, camera.lat) > camera.radius_m:
                continue
            begin = problem.begin + self.random.uniform(0, 0.4) * (problem.last - problem.begin)
            end = problem.end - self.random.uniform(0, 1800)
            self.sightings.append(Sighting(problem, camera, begin, end, problem.place["plate"], False, problem.kind.label))
