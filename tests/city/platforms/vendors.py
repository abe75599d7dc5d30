"""The registry of vendors and stall sites: tables in a PostgreSQL of its own. 27 sites, 672 stalls; violations, of stalls at night and of hawkers whom nobody knows; an import that touches
every row, a row that is deleted for good, one with an impossible time. Positions in GCJ-02."""

import json

import clock as clocks
import geo
import ident
import stories
from world import unsolved

PLATFORM = "p13"
SITES, STALLS, DAY = 27, 672, 86400.0
# When a row was last written, by the database's own clock, which is not the city's: the hub asks by it.
NOW = "(clock_timestamp() AT TIME ZONE 'Asia/Shanghai')"
TABLES = """
CREATE TABLE IF NOT EXISTS vendor (id bigint PRIMARY KEY, name_mask text, id_no_hash text, phone_mask text, goods text, health_cert_until date, status text, is_delete int DEFAULT 0,
    created_at timestamp, updated_at timestamp, SHOWN);
CREATE TABLE IF NOT EXISTS site (id bigint PRIMARY KEY, name text, street text, kind text, lon numeric(10,6), lat numeric(10,6), open_from text, open_to text, stalls int,
    is_delete int DEFAULT 0, updated_at timestamp, SHOWN);
CREATE TABLE IF NOT EXISTS stall (id bigint PRIMARY KEY, site_id bigint, no text, vendor_id bigint, valid_from date, valid_to date, status text, is_delete int DEFAULT 0,
    updated_at timestamp, SHOWN);
CREATE TABLE IF NOT EXISTS stall_violation (id bigint PRIMARY KEY, stall_id bigint, kind text, found_at text, lon numeric(10,6), lat numeric(10,6), photo_url text, handled_at text,
    is_delete int DEFAULT 0, updated_at timestamp, SHOWN);
""".replace("SHOWN", "shown timestamp DEFAULT %s" % NOW)


def site_rows(town):
    for number in range(1, SITES + 1):
        name, lon, lat = stories.STALL_SITES.get(number) or ("摊规点%d号" % number, 118.09 + number % 9 * 0.009, 24.49 + number // 9 * 0.015)
        lon, lat = geo.to_gcj02(lon, lat)
        yield number, name, "湖里区", None, lon, lat, "17:00", "23:00", STALLS // SITES + (number <= STALLS % SITES)


def registry(town, at):
    """The whole registry, once; a play after another finds it there and touches every row."""
    now = clocks.local_text(at)
    cursor = town.database().cursor()
    cursor.execute("SELECT count(*) FROM vendors.site")
    first = cursor.fetchone()[0] == 0
    if not first:
        for table in ("site", "stall", "vendor"):
            cursor.execute("UPDATE vendors.%s SET updated_at = %%s, shown = %s" % (table, NOW), (now,))
        return
    for row in site_rows(town):
        cursor.execute("INSERT INTO vendors.site VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 0, %s)", row + (now,))
    sites = [row[0] for row in site_rows(town) for _ in range(row[8])]
    for number, site in enumerate(sites, 1):
        cursor.execute("INSERT INTO vendors.stall VALUES (%s, %s, %s, %s, '2023-01-01', '2033-12-31', 'pass', 0, %s)", (number, site, "B-%d" % number, 1 + number % 60, now))
    for number in range(1, 61):
        cursor.execute("INSERT INTO vendors.vendor VALUES (%s, %s, 'x', %s, %s, '2033-06-30', %s, 0, %s, %s)",
                       (number, "陈*", "138****0000", ("烤地瓜", "水果", "小吃", "百货")[number % 4], "reject" if number % 20 == 0 else "pass", now, now))
    for table, rows in (("site", SITES), ("stall", STALLS), ("vendor", 60)):
        for number in range(1, rows + 1):
            town.must("%s:*1" % ident.subject_id(PLATFORM, "", "%s/%d" % (table, number)))


def touch(town, at):
    """An import that changes nothing but the time."""
    town.database().cursor().execute("UPDATE vendors.site SET updated_at = %s, shown = " + NOW, (clocks.local_text(at),))
    town.count("imports")


class Violation:
    def __init__(self, town, number, stall, kind, report):
        self.town, self.number, self.stall, self.kind, self.report = town, number, stall, kind, report
        self.subject = ident.subject_id(PLATFORM, "", "violation/%d" % number)
        self.lon, self.lat = geo.to_gcj02(report.lon, report.lat)

    def found(self, at):
        self.town.database().cursor().execute("INSERT INTO vendors.stall_violation VALUES (%s, %s, %s, %s, %s, %s, %s, NULL, 0, %s)", (
            self.number, self.stall, self.kind, clocks.local_text(self.report.occurred), self.lon, self.lat, "https://photos.example.cn/%d.jpg" % self.number, clocks.local_text(at)))
        self.town.must("%s:*1" % self.subject)

    def handled(self, at):
        """Between two looks it may have been found and handled: then there is one state."""
        self.town.database().cursor().execute("UPDATE vendors.stall_violation SET handled_at = %s, updated_at = %s, shown = " + NOW + " WHERE id = %s",
                                              (clocks.local_text(at), clocks.local_text(at), self.number))
        self.town.may("%s:*2" % self.subject)
        self.town.ends(self.subject, "closed")

    def deleted(self, at):
        self.town.database().cursor().execute("DELETE FROM vendors.stall_violation WHERE id = %s", (self.number,))
        self.town.may("%s:*2" % self.subject)
        self.town.ends(self.subject, "deleted")


def wrong(town, at, number):
    """A row whose time is none; in rejected it stands with its times under the zone that they were read in."""
    row = {"id": str(number), "stall_id": "1", "kind": "超出摊位", "found_at": "2023-02-30 10:00:00", "lon": "118.114768", "lat": "24.509847", "photo_url": None,
           "handled_at": None, "is_delete": "0", "updated_at": clocks.local_text(at)}
    cursor = town.database().cursor()
    cursor.execute("INSERT INTO vendors.stall_violation VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING shown::text", tuple(row.values()))
    row.update(updated_at=row["updated_at"] + "+08", shown=cursor.fetchone()[0] + "+08")
    town.broken(json.dumps(row, ensure_ascii=False, separators=(",", ":")), "impossible time")


def prepare(town):
    town.step(town.begin + 60, lambda: registry(town, town.begin + 60))
    town.step(town.at(0.3), lambda: touch(town, town.at(0.3)))
    town.step(town.at(0.4), lambda: wrong(town, town.at(0.4), town.number(9999)))
    for count, problem in enumerate(town.problems("E0501", share=0.2), 1):
        registered = problem.kind.code == "E2119"
        one = Violation(town, town.number(count), 1 + count * 24 if registered else None, "超出摊位" if registered else "未登记流动摊贩", town.report(problem))
        town.tell(one.subject, problem)
        town.step(one.report.at, lambda v=one: v.found(v.report.at))
        if not unsolved(problem) and problem.end < town.begin + town.length:
            town.step(problem.end, lambda v=one, at=problem.end: v.handled(at))
    report = town.report(town.world.problems[0])._replace(at=town.at(0.25), occurred=town.at(0.25))
    mistake = Violation(town, town.number(9998), 5, "超出摊位", report)
    town.step(report.at, lambda: mistake.found(report.at))
    town.step(town.at(0.7), lambda: mistake.deleted(town.at(0.7)))
