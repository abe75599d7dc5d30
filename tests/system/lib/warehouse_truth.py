"""What lives of warehouse_lives.py come to, at a moment: stages of reports and incidents, flags, the views of mart. Each revision is walked through once; nothing is asked of SQL."""

import os
from datetime import date, datetime, time, timedelta

import warehouse_cases as cases
import warehouse_lives as lives

WORK, GONE = ("received", "filed", "dispatched", "processing", "suspended"), ("void", "rejected", "deleted")
SENT = ("dispatched", "processing", "feedback", "verifying")
FAR = ("suspended", "received", "filed", "dispatched", "processing", "feedback", "verifying")       # how far an open report is
ASIDE, IDLE = ("duplicate", "referred", "unfounded", "withdrawn", "false_alarm"), ("unfounded", "withdrawn", "false_alarm")
FLAGS = ("inst need_dispose dispose intime_dispose overtime_dispose to_dispose intime_to_dispose overtime_to_dispose need_archive archive intime_archive overtime_archive"
         " intime_to_archive overtime_to_archive rework multi_rework hang his_hang postpone cancel need_dispatch dispatch recur shared").split()


# ---- limits: E0110 has seven working days, some a day, all others five ----

def holidays():
    import yaml
    with open(os.path.join(os.path.dirname(__file__), "../../../schemas/calendar.yaml"), encoding="utf-8") as file:
        years = yaml.safe_load(file)
    free, work = set(), set()
    for year in years.values():
        work.update(year.get("work") or ())
        for holiday in year["holidays"]:
            free.update(holiday["from"] + timedelta(days=number) for number in range((holiday["to"] - holiday["from"]).days + 1))
    return free, work


FREE, MADE_UP = holidays()


def works(day):
    return day in MADE_UP or day.weekday() < 5 and day not in FREE


def limit(category, opened):
    if category != "E0110":
        return opened + timedelta(days=1 if category in ("E0501", "E0505", "E2108") else 5)
    day, left = opened.date(), 7
    while left:
        day += timedelta(days=1)
        left -= works(day)
    return datetime.combine(day, opened.timetz()) if works(opened.date()) else datetime.combine(day + timedelta(days=1), time(0), cases.SHANGHAI)


# ---- a report, an incident ----

def report(one, moment):
    """A report as it was known at a moment; None before it was."""
    told = dict(filed=None, sent=None, done=None, verified=None, closed=None, rework=0, hung=0, longer=0, sends=0, state=None, outcome=None, due=None, revisions=0)
    for at, state, outcome, _, due in one["life"].steps:
        if at + timedelta(seconds=one["delay"]) > moment:
            break
        real = state == "closed" and outcome in (None, "done")
        told["longer"] += bool(due and told["due"] and due > told["due"])
        told["rework"] += told["state"] in ("feedback", "verifying", "closed") and state in ("filed", "dispatched", "processing")
        told["hung"] += state == "suspended" and told["state"] != "suspended"
        told["sends"] += state == "dispatched" and told["state"] != "dispatched"
        if state in WORK:
            told.update(done=None, verified=None)
        elif state in ("feedback", "verifying") or real:
            told["done"] = told["done"] or at
        if state == "verifying":
            told["verified"] = told["verified"] or at
        if state in SENT or state == "filed" or real and not one["sensor"]:
            told["filed"] = told["filed"] or at
        if state in SENT:
            told["sent"] = told["sent"] or at
        told.update(state=state, outcome=outcome, due=due or told["due"], closed=at if state == "closed" else None, revisions=told["revisions"] + 1)
    if not told["revisions"]:
        return None
    told.update(one=one, active=told["state"] not in GONE, aside=told["state"] == "closed" and told["outcome"] in ASIDE, idle=told["state"] == "closed" and told["outcome"] in IDLE,
                reported=one["life"].first, received=one["life"].steps[0][0] + timedelta(seconds=one["delay"]))
    return told


def least(values):
    return min((value for value in values if value is not None), default=None)


def every(values, pick):
    values = list(values)
    return pick(values) if values and None not in values else None


def state_of(live):
    """How far its furthest open report is; shut when none is open."""
    waiting = [told["state"] for told in live if told["state"] != "closed"]
    return max(waiting, key=FAR.index) if waiting else "closed" if live else "void"


def incident(reports, moment):
    """Of reports that stand together, the survivor's first; None before any was known."""
    known = [told for told in (report(one, moment) for one in reports) if told]
    if not known:
        return None
    live = [told for told in known if told["active"]]
    person = [told for told in live if not told["aside"] and not told["one"]["sensor"]]
    counts = person or [told for told in live if not told["aside"]]
    state, founder = state_of(live), reports[0]
    first = min(known, key=lambda told: (not told["active"], told["reported"], told["received"], lives.subject(told["one"])))
    foremost = min(live, key=lambda told: (told["received"], lives.subject(told["one"])), default=None)    # the earliest that remains
    named = [told for told in known if told["one"]["unit"]]
    acts = min(named, key=lambda told: (not told["active"], told["sent"] is None, told["sent"] or moment, told["received"], lives.subject(told["one"])), default=None)
    due = least(told["due"] for told in live if told["state"] != "closed") or least(told["due"] for told in live) or limit(founder["category"], founder["life"].first)
    made = dict(zone=founder["zone"], state=state, category=founder["category"], sub=founder["sub"] if live else None, grid=lives.grid(foremost["one"]) if live else None, unit=acts and acts["one"]["unit"], first=first["one"]["platform"],
                platforms=sorted({told["one"]["platform"] for told in live}), reports=len(live), reported=least(told["reported"] for told in live or known),
                filed=least(told["filed"] for told in live) or least(told["filed"] for told in known), sent=least(told["sent"] for told in live),
                done=every((told["done"] for told in counts), max) if state in ("feedback", "verifying", "closed") else None,
                verified=max((told["verified"] for told in counts if told["verified"]), default=None) if state in ("verifying", "closed") else None,
                closed=max(told["closed"] for told in live) if state == "closed" else None, due=due, void=all(told["idle"] for told in live))
    made.update({count: sum(told[count] for told in live) for count in ("rework", "hung", "longer", "sends")}, recurs=recurs(founder), told=known, founder=founder)
    return made


def recurs(one):
    """The correlator keeps what is shut in mind for thirty days."""
    return "of" in one and one["life"].first + timedelta(seconds=one["delay"]) < one["of"]["life"].steps[-1][0] + timedelta(days=30)


def flags(made, moment):
    if not made["filed"]:
        return None
    due = made["due"] <= moment
    said = {"inst"} | ({"cancel"} if made["void"] else {"need_dispatch"}) | ({"hang"} if made["state"] == "suspended" else set())
    said |= {flag for flag, is_so in (("his_hang", made["hung"]), ("recur", made["recurs"]), ("shared", len(made["platforms"]) > 1), ("dispatch", made["sent"] and not made["void"])) if is_so}
    if made["state"] != "suspended" and not made["void"]:
        said |= judged(made["done"], made["due"], due, "dispose", given_up=made["closed"] and not made["done"]) | judged(made["closed"], made["due"], due, "archive")
    if "need_archive" in said and made["rework"]:
        said |= {"rework", "multi_rework"} if made["rework"] > 1 else {"rework"}
    if "need_dispose" in said and made["longer"]:
        said.add("postpone")
    return said


def judged(at, deadline, due, what, given_up=False):
    """Of what is closed with nothing to be done, as another's or as one that is known already, nobody disposes."""
    if at:
        return {"need_" + what, what, ("intime_" if at <= deadline else "overtime_") + what}
    if given_up:
        return set()
    return ({"overtime_to_" + what, "need_" + what} if due else {"intime_to_" + what}) | ({"to_dispose"} if what == "dispose" else set())


def month(at):
    return date(at.year, at.month, 1) if at else None


def world(city, moment, parted=False):
    """Each incident with its flags; parted: before anybody had merged."""
    groups = [[one] for one in city.reports] if parted else city.groups
    made = [one for one in (incident(group, moment) for group in groups) if one]
    for one in made:
        one["flags"] = flags(one, moment)
    return made
