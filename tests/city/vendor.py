"""
Rows of the hotline. A case goes through its stages; each stage is a state of the row that carries the time of that step. Two forms: the
vendor's (12345 by telephone and web; note1 .. note11 as its customer set them up) and Open311 (the citizens' app).
"""

import json
from collections import namedtuple

import clock as clocks
import geo
import ident
import words
from lines import State
from revision import revision
from world import unsolved

PLATFORM, APP_SPACE = "p01", "app"
MINUTE, HOUR = 60.0, 3600.0

# raw stage words of the vendor: ps_caption, pss_caption_start, pss_caption_end
STAGES = {"received": ("受理", "待受理", "待派遣"), "dispatched": ("预审", "待派遣", "已派遣"), "processing": ("处置", "待处置", "待处置"),
          "feedback": ("处置", "待处置", "已处置"), "verifying": ("回访", "待回访", "待回访"), "closed": ("结案", "待结案", "已结案")}
Case = namedtuple("Case", "number report reporter phone unit steps")     # steps: [(stage, updated, visible)]


def make_case(random, people, report, number, extra=""):
    """Stages up to the closing, which comes when the problem ends, if it does; a few cases are reopened once, a few rows come late."""
    closing = report.problem.end + random.uniform(0, 45) * MINUTE
    at, steps = report.at, [["received", report.at]]
    for stage in ("dispatched", "processing", "feedback"):
        at += random.uniform(0.3, 0.9) * min(2 * HOUR, (closing - at) / 4)
        if random.random() < 0.75:
            steps.append([stage, at])
    if not unsolved(report.problem):
        steps.append(["closed", closing])
    if random.random() < 0.05 and not unsolved(report.problem):
        steps += [["processing", closing + HOUR], ["closed", closing + 2 * HOUR]]
    late = 6 * MINUTE if random.random() < 0.04 else 0
    steps = [(stage, int(updated), int(updated) + (late if stage == "received" else 0)) for stage, updated in steps]
    return Case(number, report, people.name(), people.member_phone(), random.choice(words.UNITS), steps)


def case_number(random, app, at, count):
    if app:
        return "HL%s-%04d" % (clocks.local_text(at)[:10].replace("-", ""), count)
    return clocks.local_text(at)[2:].replace("-", "").replace(":", "").replace(" ", "") + "%06d" % count


def vendor_item(case, step, random):
    stage, updated, _ = step
    report = case.report
    lon, lat = geo.to_gcj02(report.lon, report.lat)
    first, begin, end = STAGES[stage]
    coded = random.random() < 0.5
    item = {"record_number": case.number, "ps_caption": first, "pss_caption_start": begin, "pss_caption_end": end, "di_title": case.unit,
            "date": clocks.local_text(updated), "opper": "%04d" % (hash_of(case.number) % 9000 + 1000), "requested_datetime": clocks.local_text(report.occurred),
            "note1": report.title, "note2": report.text, "note3": report.address, "note4": report.clerk_name,
            "note5": report.code if coded else "-", "note6": "%.7f" % lon, "note7": round(lat, 7), "note8": case.reporter,
            "note9": case.phone, "note10": report.channel, "note11": report.community}
    text = json.dumps(item, ensure_ascii=False)
    # A bare number that ends so is taken for one that a double rounded.
    bare = random.random() < 0.1 and not case.number.endswith("000")
    return text.replace('"record_number": "%s"' % case.number, '"record_number": %s' % case.number) if bare else text


def app_item(case, step):
    stage, updated, _ = step
    report = case.report
    lon, lat = geo.to_gcj02(report.lon, report.lat)
    item = {"service_request_id": case.number, "status": "closed" if stage == "closed" else "open", "status_notes": None,
            "service_code": report.code, "service_name": report.clerk_name, "description": report.title + "。" + report.text,
            "agency_responsible": case.unit, "requested_datetime": clocks.zone_text(report.occurred), "updated_datetime": clocks.zone_text(updated),
            "expected_datetime": clocks.zone_text(report.at + 48 * HOUR), "address": report.address, "address_id": None, "zipcode": "361006",
            "lat": round(lat, 7), "long": round(lon, 7), "media_url": "https://img.example.cn/%s.jpg " % case.number, "channel": "app"}
    return json.dumps(item, ensure_ascii=False)


def hash_of(text):
    return sum(ord(c) * (i + 1) for i, c in enumerate(text))


def states(case, app, random):
    item = (lambda step: app_item(case, step)) if app else (lambda step: vendor_item(case, step, random))
    return [State(step[2], step[1], item(step)) for step in case.steps]


def events(case, app, shown):
    """(event id, last) for each of the states that are shown."""
    space = APP_SPACE if app else ""
    ids = [ident.event_id(PLATFORM, space, case.number, revision(state.item, app)) for state in shown]
    return [(event, event == ids[-1]) for event in ids]


def subject(case, app):
    return ident.subject_id(PLATFORM, APP_SPACE if app else "", case.number)


def compact(item):
    """One item alone, as it has to stand in rejected: JSON without blanks."""
    return json.dumps(item, ensure_ascii=False, separators=(",", ":"))


def broken_items(at):
    """(item, why): each is one bad item of a page whose other rows go on."""
    date = clocks.local_text(at)
    yield compact({"ps_caption": "受理", "pss_caption_start": "待受理", "pss_caption_end": "待派遣", "date": date, "note1": "无编号"}), "no id"
    yield compact({"record_number": "99%d" % at, "ps_caption": "受理", "pss_caption_start": "待受理", "pss_caption_end": "待派遣",
                   "date": "2023-02-30 25:61:00", "note1": "不可能的日期"}), "impossible date"
    yield compact("%s row of another kind" % date), "no object"
