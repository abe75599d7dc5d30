#!/usr/bin/python3
"""
warehouse_month.py log FOLDER      some weeks of cases that live by chance, for `test-wire load`
warehouse_month.py check           what the warehouse makes of them, against what this program makes of the same lives, step by step and without SQL

HUB_SEED repeats a run; WAREHOUSE_CASES says how many (300; 100,000 are half a million events).
"""

import os
import random
import sys
from datetime import datetime, timedelta

import warehouse_cases as cases

SIZE, SEED = int(os.environ.get("WAREHOUSE_CASES", "300")), int(os.environ.get("HUB_SEED", "1"))
BEGIN, AS_OF = datetime(2024, 1, 20, tzinfo=cases.SHANGHAI), datetime(2024, 3, 10, tzinfo=cases.SHANGHAI)
UNITS = ("湖里中队", "禾山中队", "殿前中队", "江头中队", "金山中队")
SUBDISTRICTS = ("350206001", "350206002", "350206003", "350206004", "350206005")
CATEGORIES = ("E0504", "E0501", "E0102", "E0507", "E0505", "P01")
WORK, DONE = ("received", "filed", "dispatched", "processing", "suspended"), ("feedback", "verifying", "closed")


class Life:
    """One report's steps, made by chance: (at, state, words)."""

    def __init__(self, chance, first):
        self.chance, self.at, self.steps = chance, first, []
        self.deadline = first + timedelta(hours=chance.randint(12, 200))
        self.step("received")

    def step(self, state, *words, least=10, most=600):
        self.steps.append((self.at, state, ["deadline=%s" % self.deadline.strftime("%m-%dT%H:%M"), *words]))
        self.at += timedelta(minutes=self.chance.randint(least, most))

    def extend(self):
        self.deadline += timedelta(hours=self.chance.randint(24, 96))

    def live(self):
        if self.chance.random() < 0.05:
            return self.step("closed", "outcome=unfounded") if self.chance.random() < 0.5 else None
        self.step("filed")
        if self.chance.random() < 0.03:
            return self.step("void")
        self.step("dispatched", most=2000)
        while True:
            if self.chance.random() < 0.08:
                self.step("suspended", most=6000)
                if self.chance.random() < 0.3:
                    return None
            if self.chance.random() < 0.1:
                self.extend()
            if self.chance.random() < 0.15:
                return None
            self.step("processing", most=3000)
            if self.chance.random() < 0.03:
                return self.step("closed", "outcome=unfounded")
            self.step("feedback", most=2000)
            self.step("verifying")
            if self.chance.random() < 0.85:
                break
            self.step("dispatched")
        self.step("closed")
        if self.chance.random() < 0.05:
            self.step("processing", "reopened", most=2000)
            if self.chance.random() < 0.7:
                self.step("closed")
        return None

    def known(self):
        return [step for step in self.steps if step[0] < AS_OF - timedelta(days=1)]


def make(size=SIZE, seed=SEED):
    chance, made = random.Random(seed), []
    for number in range(size):
        first = BEGIN + timedelta(minutes=chance.randint(0, 46 * 1440))
        one = dict(name="c%d" % number, platform="p12", unit=chance.choice(UNITS), sub=chance.choice(SUBDISTRICTS), category=chance.choice(CATEGORIES), zone=cases.ZONE,
                   sensor=False, far=1000 + number, orders=(), due=None, life=Life(chance, first))
        one["life"].live()
        made.append(one)
        if chance.random() < 0.05 and first < AS_OF - timedelta(days=4):
            other = dict(one, name="d%d" % number, platform="p01", told_unit=None, unit=None, life=Life(chance, first + timedelta(minutes=chance.randint(30, 600))), flags="merged")
            other["life"].live()
            one["orders"], one["twin"] = (["%s merge %s" % ((AS_OF - timedelta(hours=5)).strftime("%m-%d %H:%M"), other["name"])], other)
            made.append(other)
    for one in made:
        one["steps"] = ["%s %s %s" % (at.strftime("%m-%d %H:%M"), state, " ".join(words)) for at, state, words in one["life"].known()]
    return [one for one in made if one["steps"]]


# ---- the same figures, without SQL: each life walked through once ----

def walk(life):
    told = dict(filed=None, sent=None, done=None, closed=None, rework=0, hung=0, longer=0, state=None, aside=False, due=None)
    for at, state, words in life.known():
        outcome = next((word[8:] for word in words if word.startswith("outcome=")), None)
        due = next(word[9:] for word in words if word.startswith("deadline="))
        told["longer"] += told["due"] is not None and due > told["due"]
        told["rework"] += told["state"] in DONE and state in ("filed", "dispatched", "processing")
        told["hung"] += state == "suspended" and told["state"] != "suspended"
        if state in WORK:
            told["done"] = told["closed"] = None
        elif state != "void" and outcome is None:
            told["done"] = told["done"] or at
        if state in ("filed", "dispatched", "processing", "feedback", "verifying") or state == "closed" and outcome is None:
            told["filed"] = told["filed"] or at
        if state in ("dispatched", "processing", "feedback", "verifying"):
            told["sent"] = told["sent"] or at
        if state == "closed":
            told["closed"] = at
        told.update(state=state, aside=state == "closed" and outcome is not None, due=due)
    return told


def first(moments):
    return min((moment for moment in moments if moment), default=None)


def flags(lives):
    """Of an incident with these reports: what warehouse_cases.py writes by hand."""
    every = [walk(life) for life in lives]
    live = [told for told in every if told["state"] != "void"] or every
    void = all(told["state"] == "void" for told in every)
    filed = first(told["filed"] for told in live) or first(told["filed"] for told in every)
    if not filed:
        return None, None, 0
    counts = [told for told in live if not told["aside"]]
    idle = void or all(told["aside"] for told in live)
    closed = max(told["closed"] for told in live) if not void and all(told["closed"] for told in live) else None
    done = max(told["done"] for told in counts) if counts and not void and all(told["done"] for told in counts) else None
    open_states = [told["state"] for told in live if told["state"] != "closed"]
    hangs = bool(open_states) and all(state == "suspended" for state in open_states) and not void
    dues = [told["due"] for told in live if told["state"] != "closed"] or [told["due"] for told in live]
    due = cases.moment(min(dues))
    said = {"inst"} | ({"cancel"} if idle else {"need_dispatch"}) | ({"hang"} if hangs else set())
    if first(told["sent"] for told in live) and not idle:
        said.add("dispatch")
    if any(told["hung"] for told in live):
        said.add("his_hang")
    if not hangs and not idle:
        said |= judged(done, due, "dispose") | judged(closed, due, "archive")
    if "need_archive" in said and (rework := sum(told["rework"] for told in live)):
        said |= {"rework", "multi_rework"} if rework > 1 else {"rework"}
    if "need_dispose" in said and any(told["longer"] for told in live):
        said.add("postpone")
    if len(lives) > 1 and all(told["state"] != "void" for told in every):
        said.add("shared")
    return said, filed.strftime("%Y-%m"), len([told for told in every if told["state"] != "void"])


def judged(done, due, what):
    if done:
        return {"need_" + what, what, ("intime_" if done <= due else "overtime_") + what}
    waits = {"overtime_to_" + what} if due <= AS_OF else {"intime_to_" + what}
    return waits | ({"need_" + what} if due <= AS_OF else set()) | ({"to_dispose"} if what == "dispose" else set())


def judge(made):
    for one in made:
        if one.get("flags") == "merged":
            continue
        said, month, reports = flags([one["life"]] + ([one["twin"]["life"]] if "twin" in one else []))
        one.update(flags=" ".join(sorted(said)) if said else None, month=month, reports=reports)
        if "twin" in one and walk(one["life"])["state"] == "void" and reports:
            one["first"] = one["twin"]["platform"]
        if reports == 0:
            one["at_sub"] = None        # a void one has no place any more
    return made


def log(folder):
    cases.CASES[:] = make()
    cases.log(folder)
    print("%d cases, %d events" % (len(cases.CASES), sum(len(one["steps"]) for one in cases.CASES)))


def check():
    import base
    verdict, database = base.Verdict(), base.connect()
    made = judge(make())
    cases.as_of(database, AS_OF.isoformat())
    base.one(database, "SELECT mart.freeze(%s)", (AS_OF.isoformat(),))
    rows = {row[0]: (set(row[1]), row[2]) for row in base.rows(database, """SELECT s.subject, ARRAY(SELECT left(e.key, -4) FROM jsonb_each(to_jsonb(f)) e WHERE e.key LIKE '%%\\_num'
        AND e.key <> 'report_num' AND e.value = '1'), to_char(f.month, 'YYYY-MM') FROM mart.case_flags f JOIN dw.subject s USING (incident) WHERE s.platform = 'p12'""")}
    wrong = []
    for one in made:
        want = None if one["flags"] in (None, "merged") else (set(one["flags"].split()), one["month"])
        said = rows.get(cases.subject(one))
        if said:
            said = (said[0] - {"recur"}, said[1])
        if one["platform"] == "p12" and said != want:
            wrong.append((one["name"], one["steps"], "twin" in one and one["twin"]["steps"], "said", said and sorted(said[0] - (want[0] if want else set())), "want", want and sorted(want[0] - (said[0] if said else set()))))
    verdict.check(not wrong, "flags of %d cases, computed twice" % len(made), "%d: %s" % (len(wrong), wrong[:4]))
    cases.RATES.pop("recur_rate")       # whether the correlator sees a recurrence is its own affair
    cases.sums_check(verdict, database, made)
    return 1 if verdict.failed else 0


if __name__ == "__main__":
    sys.exit(log(sys.argv[2]) if sys.argv[1] == "log" else check())
