#!/usr/bin/python3
"""
warehouse_rights.py: who may do what with the indicators: each role against each table and verb, as PostgreSQL says; and what an analyst of one district sees, logged in
as such.
"""

import sys

import base

VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
S = "SELECT"
INDICATORS = """case_flags case_list incident report incident_now incident_frozen report_now report_frozen repeat_incident repeat_now repeat_frozen bulletin_month seed_kpi_month scorecard_month seen_by_several first_reporter
                minutes_to_stage dedup_quality_day lineage map_open map_subdistrict map_grid parameter refreshed platform_day category_day
                kpi_month_unit kpi_month_subdistrict kpi_month_grid kpi_month_platform kpi_month_category kpi_month_all kpi_month_superior
                kpi_due_month_unit kpi_due_month_subdistrict kpi_due_month_grid kpi_due_month_platform kpi_due_month_category kpi_due_month_all""".split()
WHOLE_CITY = "frozen logged_hour told_hour ledger_now ledger_hour platform_light quality_day analyst_zone progress".split()      # without a zone: not for one district
DIMENSIONS = "dim_zone dim_platform dim_category dim_category_class dim_region dim_unit unit_name dim_date kpi_definition kpi_scope score_item score_entry".split()
BENEATH = "revision correction".split()
# What is not here is forbidden. INSERT by column (dw.correction, dw.score_entry) is asked for below.
MAY = {
    "hub_analyst": {"mart": INDICATORS + WHOLE_CITY, "dw": DIMENSIONS + BENEATH},
    "hub_api": {"mart": INDICATORS + WHOLE_CITY, "dw": DIMENSIONS + BENEATH},
    "hub_district_analyst": {"mart": INDICATORS, "dw": DIMENSIONS},
    "hub_relay": {}, "hub_correlator": {}, "hub_privacy": {},
}


def matrix(verdict, database):
    tables = base.rows(database, """SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'v', 'm') AND
                       (n.nspname = 'mart' OR n.nspname = 'dw' AND (c.relkind = 'r'))""")
    wrong = []
    for role, rights in MAY.items():
        for schema, table in tables:
            for verb in VERBS:
                said = base.one(database, "SELECT has_schema_privilege(%s, %s, 'USAGE') AND has_table_privilege(%s, %s, %s)", (role, schema, role, "%s.%s" % (schema, table), verb))
                want = verb == S and table in rights.get(schema, ())
                if said != want:
                    wrong.append("%s %s %s.%s: %s" % (role, verb, schema, table, said))
    verdict.check(not wrong and len(tables) > 40, "each role has its rights on each table and no more (%d cells)" % (len(MAY) * len(tables) * len(VERBS)), wrong[:6])
    secured = base.rows(database, """SELECT relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'zone' WHERE relnamespace = 'mart'::regnamespace
                                     AND relkind = 'r' AND NOT relrowsecurity AND relname <> 'analyst_zone'""")
    verdict.check(not secured, "every table with a zone has row level security", secured)


def refused(user, text):
    try:
        base.rows(base.connect(user), text)
        return False
    except base.psycopg2.errors.InsufficientPrivilege:
        return True


def district(verdict, database):
    """The login `district` was given 350203 only."""
    lin = base.connect("district")
    zones = "SELECT array_agg(DISTINCT zone ORDER BY zone) FROM mart.%s"
    for view in ("case_flags", "incident", "report", "kpi_month_all", "lineage", "dedup_quality_day", "platform_day"):
        whole, part = base.one(base.connect("analyst"), zones % view), base.one(lin, zones % view)
        verdict.check((whole, part) == (["350203", "350206"], ["350203"]), "mart.%s: the whole city, one district" % view, (whole, part))
    base.rows(lin, "SELECT set_config('hub.as_of', '2024-02-20', false)")
    verdict.check(base.one(lin, zones % "case_flags") == ["350203"], "at an earlier moment too", base.one(lin, zones % "case_flags"))
    base.rows(lin, "SELECT set_config('hub.as_of', '', false)")
    verdict.check(base.one(lin, "SELECT sum(inst_num) FROM mart.bulletin_month WHERE total") == 1, "its bulletin counts its own case")
    verdict.check(base.one(lin, "SELECT count(*) FROM mart.incident_at('infinity') WHERE zone <> '350203'") == 0, "nor does a function tell more")
    # A function of one's own that costs nothing is tried on each row before those that cost: it must not see what its caller may not.
    base.one(lin, """CREATE FUNCTION pg_temp.peep(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$ BEGIN
                     IF $1 <> '350203' THEN RAISE EXCEPTION 'seen: %', $1; END IF; RETURN true; END $$; SELECT 1""")
    for view in ("case_flags", "lineage", "dedup_quality_day"):
        verdict.check(base.one(lin, "SELECT count(*) > 0 FROM mart.%s WHERE pg_temp.peep(zone)" % view), "nor a function of the caller's own in mart.%s" % view)
    nobody = base.connect("nobody_yet")
    verdict.check(base.one(nobody, "SELECT count(*) FROM mart.case_flags") == 0, "who was given no zone sees none")
    for user, text in (("district", "SELECT 1 FROM dw.incident"), ("district", "SELECT 1 FROM dw.revision"), ("district", "SELECT 1 FROM mart.ledger_hour"),
                       ("district", "SELECT 1 FROM ods.record"), ("analyst", "SELECT 1 FROM ods.record"), ("analyst", "UPDATE dw.kpi_definition SET target = 0"),
                       ("analyst", "SELECT mart.refresh()"), ("analyst", "DELETE FROM dw.correction"), ("analyst", "DELETE FROM dw.score_entry"),
                       ("analyst", "INSERT INTO dw.correction (zone, subject, field, value, by_whom) VALUES ('350206', 's', 'unit', 'u', 'somebody else')")):
        verdict.check(refused(user, text), "%s may not: %s" % (user, text[:70]))
    with base.connect("analyst").cursor() as cursor:
        cursor.execute("INSERT INTO dw.correction (zone, subject, field, value) VALUES ('350206', 'nobody', 'unit', 'u')")
    verdict.check(base.one(database, "SELECT by_whom FROM dw.correction WHERE subject = 'nobody'") == "analyst", "who corrects signs with the login")


def main():
    verdict, database = base.Verdict(), base.connect()
    matrix(verdict, database)
    district(verdict, database)
    return 1 if verdict.failed else 0


if __name__ == "__main__":
    sys.exit(main())
