"""The aerial survey: a GeoJSON file a round: spots of building without leave through their checks, legal ones, one that has another number in the next round, one whose corners are swapped."""

import json

import clock as clocks
import geo
import ident
from world import unsolved

PLATFORM = "p05"
ROUNDS, LEGAL, DAY = (0.22, 0.5, 0.8, 0.97), 12, 86400.0


def feature(number, name, lon, lat, round_of, day, check):
    corners = [geo.move(lon, lat, east, north) for east, north in ((-7, -5), (7, -5), (7, 5), (-7, 5), (-7, -5))]
    return {"type": "Feature", "id": number, "geometry": {"type": "Polygon", "coordinates": [[[round(x, 7), round(y, 7)] for x, y in corners]]},
            "properties": {"TBBH": number[-4:], "PC": round_of, "MJ": 140.0, "HCZT": check, "QSX": "2023-06-01", "HSX": day, "TBLX": name}}


def spots(town):
    """(number, lon, lat, from when, until when or None, problem or None)."""
    for count, problem in enumerate(town.problems("E0101")):
        number = "350206-%05d" % town.number(count)
        yield number, problem.lon, problem.lat, problem.begin, None if unsolved(problem) else problem.end, problem
        if count == 0:
            again = "350206-%05d" % town.number(400)
            yield again, *geo.move(problem.lon, problem.lat, 1, 1), max(problem.begin, town.at(ROUNDS[1]) + 1), None if unsolved(problem) else problem.end, problem
    for count in range(LEGAL):
        yield "350206-%05d" % town.number(500 + count), town.random.uniform(118.10, 118.17), town.random.uniform(24.49, 24.54), town.at(town.random.uniform(0, 0.4)), None, None


def check_of(at, problem, end, before):
    if problem and end and at > end:
        return "已拆除"
    return ("属实" if problem else "合法") if before else "待核查"


def prepare(town):
    known, found = {}, list(spots(town))
    for count, share in enumerate(ROUNDS, 1):
        at, features, states = town.at(share), [], []
        day = clocks.local_text(at)[:10]
        for number, lon, lat, begin, end, problem in found:
            if begin > at:
                continue
            check, subject = check_of(at, problem, end, known.get(number)), ident.subject_id(PLATFORM, "", number)
            features.append(feature(number, "新增", lon, lat, "%s-%d" % (day[:4], count), day, check))
            if problem and not known.get(number):
                town.tell(subject, problem)
            known[number] = known.get(number, 0) + 1
            states.append("%s:*%d" % (subject, known[number]))
        bad = feature("350206-%05d" % town.number(900 + count), "新增", 24.51, 118.11, "%s-%d" % (day[:4], count), day, "待核查")
        bad["geometry"]["coordinates"] = [[[24.5125, 118.1098], [24.5125, 118.1101], [24.5127, 118.1101], [24.5125, 118.1098]]]
        text = json.dumps({"type": "FeatureCollection", "name": "round %d" % count, "features": features + [bad]}, ensure_ascii=False)
        town.step(at, lambda name="%s-%d.geojson" % (day, count), t=text, s=states, b=rejected(bad): drop(town, name, t, s, b))


def rejected(made):
    """As it has to stand in rejected: numbers as texts, no blanks."""
    return json.dumps(json.loads(json.dumps(made), parse_float=str, parse_int=str), ensure_ascii=False, separators=(",", ":"))


def drop(town, name, text, states, bad):
    town.drop(name, text.encode())
    town.broken(bad, "corners swapped")
    for state in states:
        town.must(state)
