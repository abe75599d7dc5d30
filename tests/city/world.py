"""
The known truth: problems in Huli, each of one kind at one place for some hours or, where nothing moves by itself, for days, and who reports it
when and in which words. Beside a third of them stands a near neighbour that is another problem: of the same kind some streets on, or of another
kind at the same spot. Cameras see what lies within their reach, grid inspectors come by, and of what lasts somebody writes a letter, which comes
with the batch of its day. Everything that speaks of a problem comes well before anything closes it: a closing shuts an incident, so what is
reported afterwards is another problem.
"""

from collections import namedtuple

import geo
import words

HOUR = 3600.0
APART = 100.0                                   # metres between two problems of one kind
USUAL_ERROR, WILD_ERROR, WILD = 12.0, 45.0, 0.08        # metres of a report's position, each way; share of the wild ones
Problem = namedtuple("Problem", "number kind place lon lat begin end")
Report = namedtuple("Report", "problem channel at occurred title text lon lat address community clerk_name")
Sighting = namedtuple("Sighting", "problem camera begin end plate false_alarm label")
Inspection = namedtuple("Inspection", "problem channel at occurred lon lat address community disposed")
Letter = namedtuple("Letter", "problem at title text kind")     # at: when the batch comes
Camera = namedtuple("Camera", "name lon lat radius_m")

CHANNELS = ("电话", "电话", "网站", "app", "app")
INSPECTORS = ("网格员巡查", "网格员巡查", "第三方信息采集", "四打通摸排")
BATCH_HOUR, SHANGHAI = 9, 8                     # letters come at nine in the morning, Shanghai


def unsolved(problem):
    """Every third problem is still there when the city's days are over."""
    return problem is not None and problem.number % 3 == 0


class World:
    def __init__(self, random, people, cameras, begin, days, problems):
        self.random, self.people, self.cameras = random, people, cameras
        self.begin, self.length = begin, days * 24 * HOUR
        self.problems, self.reports, self.sightings, self.inspections, self.letters = [], [], [], [], []
        if cameras and days > 4:
            self._first()
        while len(self.problems) < problems:
            problem = self._problem(self._spot(), random.choice(words.KINDS))
            if random.random() < 0.33 and len(self.problems) < problems:
                self._neighbour(problem)

    def _first(self):
        """One that everybody speaks of, days apart: a camera, people, an inspector, a letter."""
        camera = self.random.choice(self.cameras)
        kind = next(kind for kind in words.KINDS if kind.lasting and kind.label and kind.pollution)
        begin = self.begin + 5 * HOUR
        problem = self._place((camera.lon, camera.lat), kind, begin, begin + 72 * HOUR)
        self._people(problem)
        self._cameras(problem)
        self._inspect(problem, False)
        self._letter(problem)

    def _spot(self):
        """Half of the problems lie where a camera looks: those are the ones that several platforms see."""
        if self.cameras and self.random.random() < 0.5:
            camera = self.random.choice(self.cameras)
            reach = camera.radius_m * 0.5
            return geo.move(camera.lon, camera.lat, self.random.uniform(-reach, reach), self.random.uniform(-reach, reach))
        return self.random.uniform(118.085, 118.185), self.random.uniform(24.485, 24.545)

    def _free(self, kind, spot, begin, end):
        """No second problem of one kind close by at overlapping times, so that the truth is one that people would agree on."""
        return not any(p.kind.code == kind.code and p.begin - 6 * HOUR < end and begin < p.end + 6 * HOUR
                       and geo.distance(p.lon, p.lat, *spot) < APART for p in self.problems)

    def _problem(self, spot, kind):
        begin, end = self._times(kind)
        if not self._free(kind, spot, begin, end):
            return None
        problem = self._place(spot, kind, begin, end)
        self._told(problem)
        return problem

    def _place(self, spot, kind, begin, end):
        road = self.random.choice(list(words.ROADS))
        place = {"road": road, "mark": self.random.choice(words.ROADS[road]), "thing": self.random.choice(kind.things),
                 "number": self.random.randint(1, 600), "plate": self.people.plate() if kind.label == "vehicle" else None}
        problem = Problem(len(self.problems) + 1, kind, place, spot[0], spot[1], begin, end)
        self.problems.append(problem)
        return problem

    def _times(self, kind):
        """What nobody moves stays for days, if the city's days are enough for it."""
        if kind.lasting and self.length > 4 * 24 * HOUR and self.random.random() < 0.6:
            begin = self.begin + self.random.uniform(0.01, 0.30) * self.length
            return begin, begin + self.random.uniform(50, 72) * HOUR
        begin = self.begin + self.random.uniform(0.01, 1 - 20 * HOUR / self.length) * self.length
        return begin, begin + self.random.uniform(9, 18) * HOUR

    def _told(self, problem):
        """Some an inspector sees and has mended at once: nobody else ever speaks of those."""
        if self.random.random() < 0.08:
            self._inspect(problem, True)
            return
        self._people(problem)
        self._cameras(problem)
        if self.random.random() < 0.5:
            self._inspect(problem, False)
        self._letter(problem)

    def _inspect(self, problem, disposed):
        occurred = problem.begin + self.random.uniform(0.05, 0.45) * (problem.end - problem.begin)
        lon, lat = geo.move(problem.lon, problem.lat, self.random.gauss(0, 8), self.random.gauss(0, 8))
        self.inspections.append(Inspection(problem, self.random.choice(INSPECTORS), occurred + self.random.choice((30, 120, 600)), occurred, lon, lat,
                                           self._address(problem.place), self.random.choice(words.COMMUNITIES), disposed))

    def _letter(self, problem):
        """With the first batch that comes at least half a day after it began."""
        earliest = problem.begin + 12 * HOUR
        day = (earliest + SHANGHAI * HOUR) // (24 * HOUR) * 24 * HOUR + (BATCH_HOUR - SHANGHAI) * HOUR
        at = day if day >= earliest else day + 24 * HOUR
        if problem.kind.pollution and at < problem.begin + 0.6 * (problem.end - problem.begin):
            text = words.say(self.random, problem.kind.texts, problem.place) + self.random.choice(words.ENDINGS)
            self.letters.append(Letter(problem, at, words.say(self.random, problem.kind.titles, problem.place), text, problem.kind.pollution))

    def _neighbour(self, problem):
        if problem is None:
            return
        angle = self.random.choice(((1, 0), (-1, 0), (0, 1), (0, -1)))
        if self.random.random() < 0.5:
            far = self.random.uniform(APART, 2.5 * APART)
            self._problem(geo.move(problem.lon, problem.lat, angle[0] * far, angle[1] * far), problem.kind)
            return
        others = [kind for kind in words.KINDS if kind.code[:3] != problem.kind.code[:3]]
        self._problem(geo.move(problem.lon, problem.lat, angle[0] * 40, angle[1] * 40), self.random.choice(others))

    def _people(self, problem):
        for _ in range(self.random.choice((1, 1, 2, 2, 3, 4, 5))):
            occurred = problem.begin + self.random.uniform(0.05, 0.45) * (problem.end - problem.begin)
            at = occurred + self.random.choice((60, 300, 600, 1800))
            self.reports.append(self._report(problem, at, occurred))

    def _report(self, problem, at, occurred):
        random, place, kind = self.random, problem.place, problem.kind
        error = WILD_ERROR if random.random() < WILD else USUAL_ERROR
        lon, lat = geo.move(problem.lon, problem.lat, random.gauss(0, error), random.gauss(0, error))
        remark = self.people.remark()
        if kind.label == "vehicle" and random.random() < 0.6:
            remark += "，" + self.people.plate_remark(place["plate"]) + "。"
        text = random.choice(words.OPENINGS) + words.say(random, kind.texts, place) + remark + random.choice(words.ENDINGS)
        return Report(problem, random.choice(CHANNELS), at, occurred, words.say(random, kind.titles, place), text, lon, lat, self._address(place),
                      random.choice(words.COMMUNITIES), random.choice(kind.names))

    def _address(self, place):
        return "厦门市湖里区" + place["road"] + self.random.choice(("", place["mark"], "%d号" % place["number"]))

    def _cameras(self, problem):
        if problem.kind.label is None:
            return
        for camera in self.cameras:
            if geo.distance(problem.lon, problem.lat, camera.lon, camera.lat) > camera.radius_m:
                continue
            begin = problem.begin + self.random.uniform(0, 0.4) * (problem.end - problem.begin)
            end = problem.end - self.random.uniform(0, 1800)
            self.sightings.append(Sighting(problem, camera, begin, end, problem.place["plate"], False, problem.kind.label))
