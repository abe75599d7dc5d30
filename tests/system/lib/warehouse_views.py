"""The views of mart, from the truth of warehouse_truth.py: {key: {column: value}} each."""

import math
from collections import defaultdict
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

import warehouse_cases as cases
import warehouse_lives as lives
from warehouse_truth import FLAGS, month

RATES = cases.RATES | {"exact_inst_rate": (None, "inst")}
CUTS = {"unit": lambda one: one["unit"], "subdistrict": lambda one: one["sub"], "grid": lambda one: one["grid"], "platform": lambda one: one["first"], "category": lambda one: one["category"],
        "zone": lambda one: one["zone"]}
STAGES = {"filed": "filed", "dispatched": "sent", "disposed": "done", "verified": "verified", "closed": "closed"}
SCORED = {"dispose_rate": 8, "intime_dispose_rate": 8, "archive_rate": 8, "intime_archive_rate": 8, "rework_rate": -8, "postpone_rate": -5, "recur_rate": -5,
          "overtime_to_dispose_rate": -6, "dispatch_rate": 5, "exact_inst_rate": 5}      # less is better where the weight is negative


def rounded(value, digits=2):
    return None if value is None else Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def percentile(values, share):
    """As statisticians have it: between two neighbours by how far it lies."""
    values = sorted(values)
    if not values:
        return None
    low = math.floor(share * (len(values) - 1))
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (Decimal(str(share)) * (len(values) - 1) - low)


def grouped(items, key):
    found = defaultdict(list)
    for item in items:
        found[key(item)].append(item)
    return found


def seconds(gap):
    return Decimal(gap.days * 86400 + gap.seconds) + Decimal(gap.microseconds) / 1000000


def rated(sums):
    for rate, (part, whole) in RATES.items():
        sums[rate] = cases.pct(sums[part + "_num"] if part else sums["inst_num"] - sums["cancel_num"], sums[whole + "_num"])
    return sums


def sums(made):
    counted = {flag + "_num": sum(flag in one["flags"] for one in made) for flag in FLAGS}
    return rated(counted | {"report_num": sum(one["reports"] for one in made)})


def kpi(world, cut, of="filed"):
    filed = [one for one in world if one["flags"] is not None]
    return {key: sums(made) for key, made in grouped(filed, lambda one: (month(one[of]), CUTS[cut](one))).items()}


def superiors(world, above):
    """By the unit above; who has none stands for itself."""
    filed = [one for one in world if one["flags"] is not None]
    return {key: sums(made) for key, made in grouped(filed, lambda one: (month(one["filed"]), above.get(one["unit"], one["unit"]))).items()}


def bulletin(world):
    shown = {(at, False, unit): made for (at, unit), made in kpi(world, "unit").items()}
    shown |= {(at, True, None): sums(made) for at, made in grouped((one for one in world if one["flags"] is not None), lambda one: month(one["filed"])).items()}
    made = {}
    for (at, total, unit), now in shown.items():
        row = dict(now)
        for way, then in (("mom", shown.get((at.replace(year=at.year - (at.month == 1), month=(at.month - 2) % 12 + 1), total, unit))), ("yoy", shown.get((at.replace(year=at.year - 1), total, unit)))):
            row["inst_%s_pct" % way] = cases.pct(now["inst_num"] - then["inst_num"], then["inst_num"]) if then else None
            for rate in ("dispose_rate", "intime_dispose_rate", "archive_rate", "intime_archive_rate", "rework_rate"):
                row["%s_%s" % (rate, way)] = now[rate] - then[rate] if then and None not in (now[rate], then[rate]) else None
        row["rank"] = None
        if unit and now["intime_archive_rate"] is not None:
            better = [other for (other_at, _, other_unit), other in shown.items() if other_at == at and other_unit and other["intime_archive_rate"] is not None
                      and (-other["intime_archive_rate"], other["rework_rate"]) < (-now["intime_archive_rate"], now["rework_rate"])]
            row["rank"] = 1 + len(better)
        made[at, total, unit] = {column: value for column, value in row.items() if column not in ABSENT}
    return made


# what mart.bulletin_month leaves to mart.kpi_month_unit
ABSENT = {flag + "_num" for flag in ("overtime_dispose", "to_dispose", "intime_to_dispose", "overtime_archive", "intime_to_archive", "overtime_to_archive", "multi_rework", "his_hang",
                                     "need_dispatch", "dispatch", "recur")} | {"hang_rate", "overtime_to_dispose_rate", "dispatch_rate", "exact_inst_rate", "recur_rate", "shared_rate"}


def scorecard(world, entered):
    """entered: {(month, unit, weight, item): value}. {(month, unit): total and place}"""
    totals = {}
    for (at, unit), row in kpi(world, "unit").items():
        if unit:
            valued = [(abs(weight), row[rate] if weight > 0 else 100 - row[rate]) for rate, weight in SCORED.items() if row[rate] is not None]
            valued += [(weight, value) for (one_at, one_unit, weight, _), value in entered.items() if (one_at, one_unit) == (at, unit)]
            totals[at, unit] = rounded(sum(weight * value for weight, value in valued) / sum(weight for weight, _ in valued))
    return {key: {"total": total, "place": 1 + sum(at == key[0] and other > total for (at, _), other in totals.items())} for key, total in totals.items()}


def seen(world):
    found = [one for one in world if not one["void"]]
    months = grouped(found, lambda one: (month(one["reported"]), one["zone"]))
    return {(*where, number): {"incidents": len(made), "reports": sum(one["reports"] for one in made), "share": cases.pct(len(made), len(months[where]))}
            for where in months for number, made in grouped(months[where], lambda one: len(one["platforms"])).items()}


def first_reporter(world):
    told = []
    for one in world:
        if len(one["platforms"]) > 1 and not one["void"]:
            for platform, reports in grouped((told for told in one["told"] if told["active"]), lambda told: told["one"]["platform"]).items():
                told.append((month(one["reported"]), one["zone"], platform, platform == one["first"], seconds(min(report["reported"] for report in reports) - one["reported"]) / 60))
    made = {}
    for key, rows in grouped(told, lambda row: row[:3]).items():
        first = sum(row[3] for row in rows)
        made[key] = {"shared_incidents": len(rows), "first": first, "first_share": cases.pct(first, len(rows)),
                     "median_minutes_behind": rounded(percentile([row[4] for row in rows if not row[3]], 0.5), 1)}
    return made


def minutes(world):
    told = [(month(one["reported"]), one["zone"], one["category"], stage, seconds(one[name] - one["reported"]) / 60)
            for one in world if not one["void"] for stage, name in STAGES.items() if one[name]]
    return {key: {"incidents": len(rows), "median_minutes": rounded(percentile([row[4] for row in rows], 0.5), 1), "p90_minutes": rounded(percentile([row[4] for row in rows], 0.9), 1)}
            for key, rows in grouped(told, lambda row: row[:4]).items()}


def seed(world, moment):
    """The bureau's own five, of the platforms' cases: which, and what share of which."""
    picks = {"petition_closed_rate": lambda one: one["platform"] == "p02" or one["category"] == "E2112",
             "feedback_rate": lambda one: one["category"] == "E2124" or "金点子" in one["channel"] or "企服办" in one["channel"],
             "clue_writeoff_rate": lambda one: one["platform"] == "p05" and one["category"] == "E2114",
             "clue_in_place_rate": lambda one: one["category"] == "E2114", "clue_cleared_rate": lambda one: one["category"] == "E2114"}
    counted = defaultdict(lambda: [0, 0])
    for report in (told for one in world for told in one["told"]):
        if not report["active"] or report["outcome"] in ("duplicate", "unfounded", "withdrawn", "false_alarm"):
            continue
        over, overdue = report["closed"] or report["done"], report["due"] and report["due"] <= moment
        for name, pick in picks.items():
            counts = name.startswith("clue") or report["state"] != "suspended" and (over or overdue)
            if pick(report["one"]):
                met = {"petition_closed_rate": report["closed"], "clue_writeoff_rate": report["closed"], "feedback_rate": over}.get(name, report["done"])
                place = counted[month(report["reported"]), report["one"]["zone"], name]
                place[0] += bool(counts and met)
                place[1] += bool(counts)
    shown = {}
    for (at, zone, name), place in counted.items():
        if name == "clue_cleared_rate":     # from January on
            place = [sum(other[n] for (then, where, kind), other in counted.items() if (where, kind, then.year) == (zone, name, at.year) and then <= at) for n in (0, 1)]
        rate = cases.pct(*place)
        shown[at, zone, name] = {"numerator": place[0], "denominator": place[1], "rate": rate, "target": 100, "met": None if rate is None else rate >= 100}
    return shown


def repeats(city, world):
    """Of the same spot, filed within thirty days of an earlier one's closing, at most 50 m from it. Along a meridian a degree is 110,772 m here, near enough for a decimetre in sixty metres."""
    of = {id(one["founder"]): one for one in world}
    made = {}
    for spot, reports in grouped(city.reports, lambda one: one["spot"]).items():
        known = [(one, of.get(id(one))) for one in reports] if len(reports) > 1 else []
        for one, prior in known:
            for other, later in known:
                if one is other or None in (prior, later) or later["void"] or prior["void"] or None in (prior["filed"], prior["closed"], later["filed"]):
                    continue
                gap = later["filed"] - prior["closed"]
                if seconds(gap) > 0 and gap.total_seconds() <= 30 * 86400 and abs(one["north"] - other["north"]) <= 5:
                    made[lives.subject(other), lives.subject(one)] = {"gap": gap, "near": abs(one["north"] - other["north"]) * lives.SPOT_STEP * 110772}
    return made


def shares(sums):
    """Of a platform's day, per cent."""
    return {column + "_rate": cases.pct(sums[column], sums["events"]) for column in ("unclassified", "unplaced", "sparse", "repaired", "clock_missing", "out_of_district", "late")} | {
        column: sums[column] for column in ("events", "cases", "median_accuracy_m", "p95_delay_s")}


def platform_days(city):
    made = defaultdict(list)
    for one in city.reports:
        for at, _, _, _, _ in one["life"].steps:
            made[one["platform"], one["zone"], (at + timedelta(seconds=one["delay"])).date()].append((one, at))
    return {key: {"events": len(rows), "cases": len({one["number"] for one, _ in rows}), "unclassified": sum(one["category"] == "E2199" for one, _ in rows),
                  "unplaced": sum(not one["placed"] for one, _ in rows), "sparse": sum(not one["told"] for one, _ in rows)}
            | {column: sum(mark in one["quality"] for one, _ in rows) for column, mark in (("repaired", "encoding_repaired"), ("clock_missing", "clock_missing"), ("out_of_district", "out_of_district"), ("late", "late"))}
            | {"median_accuracy_m": rounded(percentile([Decimal(one["accuracy"]) for one, _ in rows if one["placed"]], 0.5), 1),
               "p95_delay_s": rounded(percentile([seconds(at - one["life"].first) + one["delay"] for one, at in rows], 0.95), 1)} for key, rows in made.items()}
