#!/usr/bin/python3
"""
rights.py: who may do what: every role against every table and view and every verb, as PostgreSQL says it; and what the privacy officer's login may do, tried. The table is
written by hand: a table that nobody decided about is a failure, and so is a right that nobody gave.
"""

import sys

import base

VERBS = {"S": "SELECT", "I": "INSERT", "U": "UPDATE", "D": "DELETE", "T": "TRUNCATE"}
ROLES = "correlator relay api analyst district_analyst privacy".split()
# Roles in this order; S select, I insert, U update, D delete, T truncate; - nothing. The owner may do all.
#                                     correlator relay api analyst district privacy
TABLE = """
ods.record                            SI         -     -   -       -        -
ods.event_key                         SI         -     -   -       -        -
ods.record_default                    -          -     -   -       -        -
ops.kafka_offset                      SIU        -     S   -       -        -
ops.rules ops.rules_version           SI         -     -   -       -        -
ops.generation                        S          -     -   -       -        -
ops.outbox                            SI         SUD   S   -       -        -
ops.feed_head                         -          SU    S   -       -        -
ops.tick                              SI         -     S   -       -        -
ops.command                           SI         -     S   -       -        -
ops.rejected                          SIU        -     -   -       -        -
ops.rejected_seen ops.event           -          -     S   -       -        -
ops.watch ops.light                   -          S     S   -       -        -
ops.erasure                           S          -     -   -       -        S
ops.erased_subject                    SI         -     -   -       -        S
mart.incident_touched ops.audit ops.audit_offset ops.audit_run ops.loss ops.replay ops.retained ops.retained_run meta.schema_version  - - - - - -
dw_1.zone dw_1.incident dw_1.subject dw_1.link                                        SIU  - - - - -
dw_1.incident_status                                                                  SI   - - - - -
dw_1.suggestion dw_1.pair_rule dw_1.command_effect dw_1.context dw_1.words            SIUD - - - - -
dw.incident dw.subject dw.link dw.suggestion dw.incident_status dw.revision dw.correction                                                     - - S S - -
dw.dim_zone dw.dim_platform dw.dim_category dw.dim_category_class dw.dim_region dw.dim_unit dw.unit_name dw.dim_date dw.kpi_definition dw.kpi_scope dw.score_item dw.score_entry   - - S S S -
meta.data_dictionary                                                                  -    - - S  S -
mart.frozen mart.logged_hour mart.told_hour mart.ledger_now mart.ledger_hour mart.platform_light mart.quality_day mart.analyst_zone mart.progress                            - - S S - -
mart.case_flags mart.incident mart.report mart.incident_now mart.incident_frozen mart.report_now mart.repeat_incident mart.bulletin_month    - - S S S -
mart.report_frozen mart.repeat_now mart.repeat_frozen                                                                                      - - S S S -
mart.seed_kpi_month mart.scorecard_month mart.seen_by_several mart.first_reporter mart.minutes_to_stage mart.dedup_quality_day mart.lineage   - - S S S -
mart.map_open mart.map_subdistrict mart.map_grid mart.case_list mart.kpi_month_grid mart.kpi_due_month_grid mart.parameter mart.refreshed mart.platform_day mart.category_day mart.kpi_month_superior                 - - S S S -
mart.kpi_month_unit mart.kpi_month_subdistrict mart.kpi_month_platform mart.kpi_month_category mart.kpi_month_all                             - - S S S -
mart.kpi_due_month_unit mart.kpi_due_month_subdistrict mart.kpi_due_month_platform mart.kpi_due_month_category mart.kpi_due_month_all         - - S S S -
"""


def expected():
    for line in TABLE.strip().split("\n"):
        words = line.split()
        for table in words[:-len(ROLES)]:
            yield table, dict(zip(ROLES, (set() if verbs == "-" else set(verbs) for verbs in words[-len(ROLES):])))


def actual(database):
    asked = """SELECT n.nspname || '.' || c.relname, r, v FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN unnest(%s) r CROSS JOIN unnest(%s) v
               WHERE nspname IN ('ods', 'ops', 'dw', 'dw_1', 'mart', 'meta') AND relkind IN ('r', 'p', 'v', 'm') AND relname !~ '_p[0-9]{6}$'
               AND has_schema_privilege(r, n.oid, 'USAGE') AND has_table_privilege(r, c.oid, v)"""
    return {tuple(row) for row in base.rows(database, asked, (["hub_" + role for role in ROLES] + ["hub_owner"], list(VERBS.values())))}


def matrix(verdict, database):
    tables = {name for name, in base.rows(database, """SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE nspname IN ('ods', 'ops', 'dw', 'dw_1', 'mart', 'meta') AND relkind IN ('r', 'p', 'v', 'm') AND relname !~ '_p[0-9]{6}$'""")}
    told = dict(expected())
    verdict.check(tables == set(told), "somebody decided about each table (%d)" % len(told), sorted(tables ^ set(told))[:6])
    want = {(table, "hub_" + role, VERBS[verb]) for table, rights in told.items() for role, verbs in rights.items() for verb in verbs}
    want |= {(table, "hub_owner", verb) for table in told for verb in VERBS.values()}
    wrong = sorted(want ^ actual(database))
    verdict.check(not wrong, "each role has its rights on each table and no more (%d cells)" % (len(told) * (len(ROLES) + 1) * len(VERBS)), wrong[:6])


def refused(user, text):
    try:
        base.rows(base.connect(user), text)
        return False
    except base.psycopg2.errors.InsufficientPrivilege:
        return True


def officer(verdict):
    """Who erases reads the record of it, and nothing of anybody."""
    for text in ("SELECT 1 FROM ods.record", "SELECT 1 FROM dw.incident", "SELECT 1 FROM ops.rejected", "SELECT 1 FROM mart.case_flags", "DELETE FROM ops.erasure",
                 "INSERT INTO ops.erasure VALUES (9, '{}', 'x')", "SELECT ops.erase_apply('{}', '{}', '[]', 'x')", "UPDATE ods.record SET text = ''"):
        verdict.check(refused("officer", text), "officer may not: %s" % text)
    verdict.check(base.one(base.connect("officer"), "SELECT count(*) FROM ops.erasure") == 0, "officer may look at what was erased")
    for user in ("analyst", "api", "correlator", "relay"):
        verdict.check(refused(user, "SELECT * FROM ops.erase('p1:aaaaaaaaaaaaaaaaaaaaaaaaaa', 'r', 'b', now())"), "%s erases nobody" % user)


def main():
    verdict, database = base.Verdict(), base.connect()
    matrix(verdict, database)
    officer(verdict)
    return 1 if verdict.failed else 0


if __name__ == "__main__":
    sys.exit(main())
