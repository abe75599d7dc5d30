"""The enforcement office: penalties and permits for advertising in a PostgreSQL of its own, the columns of 双公示. Cases are filed, served and closed; a permit's row is shown once more when it has ended; a decision
is withdrawn, one has an impossible date."""

import json

import clock as clocks
import geo
import ident
from world import HOUR, unsolved

PLATFORM = "p15"
DAY, OFFICE = 86400.0, "厦门市湖里区城市管理局"
# When a row was last written, by the database's own clock, which is not the city's: the hub asks by it.
NOW = "(clock_timestamp() AT TIME ZONE 'Asia/Shanghai')"
TABLES = """
CREATE TABLE IF NOT EXISTS permit (xk_wsh text PRIMARY KEY, xk_xmmc text, xk_splb text, xk_nr text, xk_xdr text, xk_jdrq text, xk_jzq text, xk_xzjg text, xk_zt text, dfbm text, sjc date,
    address text, lon numeric(10,6), lat numeric(10,6), SHOWN);
CREATE TABLE IF NOT EXISTS penalty (cf_wsh text PRIMARY KEY, cf_cfmc text, cf_sy text, cf_jg text, cf_xdr_mc text, cf_xdr_sfz text, cf_jdrq text, cf_xzjg text, cf_zt text, ajzt text, larq text, jarq text,
    dfbm text, sjc date, address text, lon numeric(10,6), lat numeric(10,6), SHOWN);
""".replace("SHOWN", "shown timestamp DEFAULT %s" % NOW)


def day(at):
    return clocks.local_text(at)[:10]


def run(town, text, values):
    town.database().cursor().execute(text, values)


class Case:
    """A penalty, from its filing on."""

    def __init__(self, town, number, problem):
        self.town, self.number, self.problem, self.states = town, "厦湖城罚〔%s〕%d号" % (day(town.begin)[:4], number), problem, 0
        self.report = town.report(problem)
        self.subject = ident.subject_id(PLATFORM, "", self.number)
        self.party, self.id_number = town.people.name(), town.people.person_id()

    def state(self):
        """Two steps between two looks are one state: only the first has to come."""
        self.states += 1
        (self.town.may if self.states > 1 else self.town.must)("%s:*%d" % (self.subject, self.states))

    def file(self, at):
        lon, lat = geo.to_gcj02(self.report.lon, self.report.lat)
        run(self.town, "INSERT INTO enforcement.penalty VALUES (%s, %s, %s, '', %s, %s, %s, %s, '0', '立案', %s, NULL, '350206', %s, %s, %s, %s)", (
            self.number, self.problem.kind.names[0], self.report.text, self.party, self.id_number, day(at), OFFICE, day(at), day(at), self.report.address, lon, lat))
        self.state()

    def step(self, at, stage):
        run(self.town, "UPDATE enforcement.penalty SET ajzt = %s, cf_jg = %s, jarq = %s, sjc = %s, shown = " + NOW + " WHERE cf_wsh = %s", (
            stage, "罚款500元", day(at) if stage == "结案" else None, day(at), self.number))
        self.state()

    def prepare(self):
        at, town = self.report.at, self.town
        town.tell(self.subject, self.problem)
        town.step(at, lambda: self.file(at))
        served, closed = at + 0.5 * (self.problem.end - at), self.problem.end + HOUR
        town.step(served, lambda: self.step(served, "送达"))
        if not unsolved(self.problem) and closed < town.begin + town.length:
            town.step(closed, lambda: self.step(closed, "结案"))
            town.ends(self.subject, "closed")


def permit(town, number, problem, broken=False):
    """For a banner, until the day before the problem: what hangs there then hangs without leave."""
    name, report = "厦湖城许〔%s〕%d号" % (day(town.begin)[:4], number), town.report(problem)
    last = day(problem.begin - DAY)
    lon, lat = geo.to_gcj02(problem.lon, problem.lat)
    at = max(town.begin + 600, problem.begin - 2 * DAY)
    row = {"xk_wsh": name, "xk_xmmc": "临时户外广告设置", "xk_splb": "普通", "xk_nr": "横幅", "xk_xdr": "某超市", "xk_jdrq": "2023-02-30" if broken else day(at - 10 * DAY), "xk_jzq": last,
           "xk_xzjg": OFFICE, "xk_zt": "0", "dfbm": "350206", "sjc": day(at), "address": report.address, "lon": "%.6f" % lon, "lat": "%.6f" % lat}
    subject, expiry = ident.subject_id(PLATFORM, "", name), ident.event_id(PLATFORM, "", name + "/expiry", last)

    def granted():
        cursor = town.database().cursor()
        cursor.execute("INSERT INTO enforcement.permit VALUES (%s) RETURNING shown::text" % ", ".join(["%s"] * len(row)), tuple(row.values()))
        row["shown"] = cursor.fetchone()[0] + "+08"
        if broken:
            town.broken(json.dumps(row, ensure_ascii=False, separators=(",", ":")), "impossible date")
        else:
            town.must("%s:*1" % subject)

    def ended():
        run(town, "UPDATE enforcement.permit SET shown = " + NOW + " WHERE xk_wsh = %s", (name,))
        town.must(expiry)
    town.step(at, granted)
    if not broken:
        town.tell(ident.subject_id(PLATFORM, "", name + "/expiry"), problem)
        town.step(problem.begin, ended)


def prepare(town):
    for count, problem in enumerate(town.problems("E0504", "E0102", share=0.1), 1):
        Case(town, town.number(count), problem).prepare()
    banners = [problem for problem in town.world.problems if problem.kind.code == "E0202"]
    for count, problem in enumerate(banners):
        if town.random.random() < 0.5:
            permit(town, town.number(count), problem)
    permit(town, town.number(999), town.world.problems[0], broken=True)
