#!/usr/bin/python3
"""
warehouse_month.py log FOLDER      weeks of reports of all platforms that live by chance, for `test-wire load`
warehouse_month.py check           what the warehouse makes of them, against what warehouse_truth.py and warehouse_views.py make of the same lives, without SQL

HUB_SEED repeats a run; WAREHOUSE_CASES says how many (1,600 are 10,000 events; 47,000 are 300,000).
"""

import csv
import io
import itertools
import os
import subprocess
import sys
from datetime import datetime, timedelta

import base
import warehouse_cases as cases
import warehouse_lives as lives
import warehouse_truth as truth
import warehouse_views as views

SIZE, SEED = int(os.environ.get("WAREHOUSE_CASES", "1600")), int(os.environ.get("HUB_SEED", "1"))
THEN = datetime(2024, 2, 15, tzinfo=cases.SHANGHAI)
COLUMNS = {"zone": "zone", "state": "state", "category": "category", "sub": "subdistrict", "grid": "grid", "unit": "unit", "first": "first_platform", "platforms": "platforms", "reports": "reports",
           "reported": "reported_at", "filed": "filed_at", "sent": "dispatched_at", "done": "disposed_at", "verified": "verified_at", "closed": "closed_at", "due": "deadline", "void": "unfounded",
           "hung": "suspended_count", "longer": "extended_count", "rework": "rework_count", "sends": "dispatch_count"}
SCORED = {("行政复议诉讼", 5): 90, ("业务培训", 5): 70}
ABOVE = {"湖里中队": "湖里大队", "禾山中队": "湖里大队", "殿前中队": "湖里大队", "思明中队": "思明大队", "并列甲队": "思明大队"}
DATABASE, VERDICT = base.connect() if sys.argv[1:] == ["check"] else None, base.Verdict()


def same(text, want, query, keys):
    """A view's rows are those of the truth, in each column that it has."""
    with DATABASE.cursor() as cursor:
        cursor.execute(query)
        names = [column.name for column in cursor.description]
        said = {}
        for values in cursor:
            row = dict(zip(names, values))
            said[tuple(row[key] for key in keys)] = row
    wrong = [(key, "absent" if key in want else "beside") for key in want.keys() ^ said.keys()]
    for key in want.keys() & said.keys():
        wrong += [(key, column, "said", said[key].get(column), "want", value) for column, value in want[key].items() if said[key].get(column, "absent") != value]
    VERDICT.check(want and not wrong, "%s: %d rows" % (text, len(want)), "%d: %s" % (len(wrong), wrong[:4]))


def incidents_check(world, text, sub=True):
    """Each incident, by the report that founded it, with the times of its stages; and its flags."""
    left = () if sub else ("sub", "grid")
    held = "WITH named AS (SELECT incident, min(subject) AS subject FROM mart.report GROUP BY 1) SELECT * FROM mart.incident JOIN named USING (incident)"
    named = {(min(lives.subject(told["one"]) for told in one["told"]),): one for one in world}
    same("%s, stage by stage" % text, {key: {column: one[name] for name, column in COLUMNS.items() if name not in left} for key, one in named.items()}, held, ("subject",))
    same("%s, flag by flag" % text, {key: {"flags": sorted(one["flags"])} for key, one in named.items() if one["flags"] is not None},
         """WITH named AS (SELECT incident, min(subject) AS subject FROM mart.report GROUP BY 1)
            SELECT subject, ARRAY(SELECT left(e.key, -4) FROM jsonb_each(to_jsonb(f)) e WHERE e.key LIKE '%\\_num' AND e.key <> 'report_num' AND e.value = '1' ORDER BY e.key COLLATE "C") AS flags
            FROM mart.case_flags f JOIN named USING (incident)""", ("subject",))


def months_check(world):
    for cut in views.CUTS:
        for view, of in (("kpi_month", "filed"), ("kpi_due_month", "due")):
            same("%s by %s" % (view, cut), views.kpi(world, cut, of), "SELECT * FROM mart.%s_%s" % (view, "all" if cut == "zone" else cut), ("month", cut))
    same("the bulletin: beside the month before, the year before, with ranks", views.bulletin(world), "SELECT * FROM mart.bulletin_month", ("month", "total", "unit"))
    tied = base.rows(DATABASE, "SELECT array_agg(DISTINCT rank) FROM mart.bulletin_month WHERE month = '2024-02-01' AND unit = ANY (%s)", (list(lives.TIED),))[0][0]
    VERDICT.check(len(tied) == 1 and tied[0], "who does the same has the same rank", tied)


def bulletin_check(world):
    """What is handed out says what the lives say, of each unit."""
    done = subprocess.run([os.environ["HUB"], "bulletin", "--month", "2024-02", "--as-of", lives.AS_OF.isoformat(), "--format", "csv"], capture_output=True, check=False)
    rows = list(csv.reader(io.StringIO(done.stdout.decode("utf-8-sig"))))
    begin = next((number for number, row in enumerate(rows) if row == ["三、责任单位排名"]), len(rows)) + 2
    said = {row[1]: row for row in itertools.takewhile(bool, rows[begin:])}
    want = {unit or "（未注明）": ["" if one is None else str(one) for one in (row["rank"], unit or "（未注明）", row["inst_num"], row["need_archive_num"], row["archive_num"], row["overtime_to_dispose_num"],
                                                                     row["inst_mom_pct"], row["dispose_rate"], row["rework_rate"], row["intime_archive_rate"])]
            for (at, total, unit), row in views.bulletin(world).items() if str(at) == "2024-02-01" and not total}
    VERDICT.check(want and said == want, "the bulletin's %d units" % len(want), (done.stderr, [(said.get(unit), row) for unit, row in want.items() if said.get(unit) != row][:3]))


def others_check(world, moment):
    # Entered wrongly first, put right in time, and once more when all was published.
    for when, off in (("2024-03-02", -20), ("2024-03-05", 0), ("2024-03-20", 5)):
        base.rows(DATABASE, "INSERT INTO dw.score_entry (scheme, item, unit, month, value, at) SELECT '示例', i, '禾山中队', '2024-02-01', v + %s, %s FROM unnest(%s, %s) AS e (i, v) RETURNING 1",
                  (off, when, [item for item, _ in SCORED], list(SCORED.values())))
    entered = {(datetime(2024, 2, 1).date(), "禾山中队", weight, item): value for (item, weight), value in SCORED.items()}
    same("the scorecard", views.scorecard(world, entered), "SELECT DISTINCT month, unit, total, place FROM mart.scorecard_month", ("month", "unit"))
    same("the bureau's own indicators", views.seed(world, moment), "SELECT * FROM mart.seed_kpi_month", ("month", "zone", "kpi"))
    same("seen by several platforms", views.seen(world), "SELECT * FROM mart.seen_by_several", ("month", "zone", "platforms"))
    same("who was first", views.first_reporter(world), "SELECT * FROM mart.first_reporter", ("month", "zone", "platform"))
    same("minutes to each stage", views.minutes(world), "SELECT * FROM mart.minutes_to_stage", ("month", "zone", "category", "stage"))


def superiors_check(world):
    path = os.path.join(base.TEST, "units.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write("code,names,kind,superior\n")
        file.writelines("%s,%s,大队,\n" % (unit, unit) for unit in sorted(set(ABOVE.values())))
        file.writelines("%s,%s,中队,%s\n" % (unit, unit, above) for unit, above in ABOVE.items())
    done = subprocess.run([os.environ["HUB"], "import", "units", path], capture_output=True, check=False)
    VERDICT.check(done.returncode == 0, "units and those above them", done.stderr)
    same("kpi_month by the unit above", views.superiors(world, ABOVE), "SELECT * FROM mart.kpi_month_superior", ("month", "unit"))


def repeats_check(city, world):
    want = views.repeats(city, world)
    said = {(later, prior): (gap, float(metres)) for later, prior, gap, metres in base.rows(DATABASE, """SELECT l.subject, p.subject, r.gap, r.metres
        FROM mart.repeat_incident r JOIN mart.report l ON l.incident = r.incident JOIN mart.report p ON p.incident = r.prior""")}
    wrong = [key for key in want.keys() ^ said.keys()] + [(key, said[key], one) for key, one in want.items() if key in said and (said[key][0] != one["gap"] or abs(said[key][1] - one["near"]) > 0.2)]
    VERDICT.check(want and not wrong, "repeated: %d pairs, how soon and how near" % len(want), wrong[:4])


def received(city):
    """(received, zone, platform, category or None, whether it came twice) of every event."""
    for one in city.reports:
        for number, (at, *_) in enumerate(one["life"].steps, 1):
            yield at + timedelta(seconds=one["delay"]), one["zone"], one["platform"], one["category"], lives.twice("%s:%d" % (lives.subject(one), number))
    for at, value in city.others:
        yield at, value["zone"], value["platform"], None, lives.twice(value["subject"] + ":1")


def repeats(events):
    return sum(event[4] for event in events)


def persons_check():
    """Whatever an analyst may read names nobody: neither a caller's pseudonym nor anything else of hers."""
    analyst = base.connect("analyst")
    found = base.rows(analyst, """SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname IN ('dw', 'mart', 'ods', 'ops', 'meta')
                      AND relkind IN ('r', 'p', 'v', 'm') AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1""")
    telling = [name for name, in found if base.one(analyst, "SELECT EXISTS (SELECT FROM %s AS r WHERE r::text LIKE '%%p1:%%')" % name)]
    callers = base.one(DATABASE, "SELECT count(*) FROM ods.record WHERE text LIKE '%p1:%'")
    VERDICT.check(not telling and callers and len(found) > 50, "of %d messages with a caller nothing in the %d relations that an analyst may read" % (callers, len(found)), telling)


def log_check(city):
    """What is counted of the log itself, whatever incidents were made of it."""
    events = list(received(city))
    same("quality by platform and day", views.platform_days(city), "SELECT * FROM mart.platform_day", ("platform", "zone", "day"))
    days = views.grouped(events, lambda event: (event[2], event[0].date()))
    same("its shares, and what was known already", {(platform, zone, day): views.shares(sums) | {"repeated_rate": cases.pct(repeats(days[platform, day]), len(days[platform, day]) + repeats(days[platform, day]))}
                                                    for (platform, zone, day), sums in views.platform_days(city).items()}, "SELECT * FROM mart.quality_day", ("platform", "zone", "day"))
    VERDICT.check(repeats(events), "some events came twice", len(events))
    kinds = views.grouped((event for event in events if event[3]), lambda event: (event[2], event[1], event[3], event[0].date()))
    same("categories by platform and day", {key: {"events": len(made)} for key, made in kinds.items()}, "SELECT * FROM mart.category_day", ("platform", "zone", "category", "day"))
    hours = views.grouped(events, lambda event: (event[2], event[0].replace(minute=0, second=0)))
    same("the ledger by hour", {key: {"published": len(made) + repeats(made), "stored": len(made), "unexplained": 0, "missing": 0, "duplicate": repeats(made)} for key, made in hours.items()},
         "SELECT * FROM mart.ledger_hour", ("platform", "hour"))
    links = views.grouped([(city_one["zone"], (city_one["life"].steps[0][0] + timedelta(seconds=city_one["delay"])).date(), 0) for city_one in city.reports]
                          + [(reports[0]["zone"], at.date(), 1) for at, _, reports in city.orders], lambda link: link[:2])
    same("recognition by day", {key: {"links": len(made), "opened": sum(not link[2] for link in made), "joined": 0, "manual_links": sum(link[2] for link in made), "joins_undone": 0}
                                for key, made in links.items()}, "SELECT * FROM mart.dedup_quality_day", ("zone", "day"))
    steps = {("%s:%d" % (lives.subject(one), number),): {"sha256": lives.raw(lives.subject(one), number), "source_ref": one["name"], "state": step[1], "topic": "hub.events.v1", "instance": one["platform"]}
             for one in city.reports[:300] for number, step in enumerate(one["life"].steps, 1)}
    same("down to the message, of three hundred reports", steps, "SELECT l.* FROM mart.lineage l JOIN (SELECT unnest('{%s}'::text[]) AS subject) x USING (subject)" % ",".join(
        lives.subject(one) for one in city.reports[:300]), ("event",))
    base_count = sum(len(one["life"].steps) for one in city.reports)
    VERDICT.check(base.one(DATABASE, "SELECT count(*) FROM mart.lineage") == base_count, "each of %d revisions has its line" % base_count)


def at(moment):
    cases.as_of(DATABASE, moment.isoformat() if moment else "")


def log(folder):
    city = lives.City(SIZE, SEED)
    os.makedirs(folder, exist_ok=True)
    cases.zones_write(folder)
    with open(os.path.join(folder, "events.tsv"), "w", encoding="utf-8") as file:
        events = lives.log_write(city, file)
    platforms = {one["platform"] for one in city.reports} | {value["platform"] for _, value in city.others}
    print("%d reports of %d platforms, %d incidents, %d events" % (len(city.reports), len(platforms), len(city.groups), events))


def check():
    city = lives.City(SIZE, SEED)
    world = truth.world(city, lives.AS_OF)
    at(lives.AS_OF)
    base.one(DATABASE, "SELECT mart.freeze(%s)", (lives.AS_OF,))
    incidents_check(world, "incidents at the end")
    months_check(world)
    bulletin_check(world)
    others_check(world, lives.AS_OF)
    repeats_check(city, world)
    superiors_check(world)
    log_check(city)
    persons_check()
    at(THEN)
    then = truth.world(city, THEN, parted=True)
    incidents_check(then, "as it was known on %s" % THEN.date(), sub=False)
    repeats_check(city, then)
    cases.same_then(VERDICT, DATABASE, [(lives.BEGIN + timedelta(days=number)).isoformat() for number in (3, 20, 40)])
    at(None)
    now = base.one(DATABASE, "SELECT now()")
    same("today, when all is due", views.kpi(truth.world(city, now), "unit"), "SELECT * FROM mart.kpi_month_unit", ("month", "unit"))
    return 1 if VERDICT.failed else 0


if __name__ == "__main__":
    sys.exit(log(sys.argv[2]) if sys.argv[1] == "log" else check())
