#!/usr/bin/python3
"""
schema.py: the warehouse as its people may see it. Every table and column has a comment; each role may do what it needs and nothing else (role x
table x verb, by asking PostgreSQL); months are Shanghai's.
"""

import sys

import base

VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
S, I, U, D = "SELECT", "INSERT", "UPDATE", "DELETE"
# What each role may do, by hand; tables of one line share it. What is not here is forbidden.
CORRELATOR = {
    (S, I): "ods.record ods.event_key ops.tick ops.command ops.rules ops.outbox dw_1.incident_status",
    (S, I, U): "ops.kafka_offset ops.rejected dw_1.incident dw_1.subject dw_1.link dw_1.zone",
    (S, I, U, D): "dw_1.suggestion dw_1.pair_rule dw_1.command_effect",
    (S,): "ops.generation",
}
VIEWS = "dw.incident dw.subject dw.link dw.suggestion dw.incident_status"
ROLES = {
    "hub_correlator": CORRELATOR,
    "hub_relay": {(S, U, D): "ops.outbox", (S, U): "ops.feed_head"},
    "hub_api": {(S,): VIEWS + " ops.outbox ops.feed_head ops.command ops.tick ops.kafka_offset"},
    "hub_analyst": {(S,): VIEWS + " meta.data_dictionary"},
}
# Files that came after these tables may add tables of their own, with rights of their own: those are judged by the rule below only.
KNOWN = """ods.record ods.record_default ods.event_key ops.kafka_offset ops.rules ops.generation ops.outbox ops.feed_head ops.tick ops.command ops.rejected
           ops.loss dw_1.zone dw_1.incident dw_1.subject dw_1.link dw_1.suggestion dw_1.pair_rule dw_1.command_effect dw_1.incident_status dw.incident dw.subject dw.link
           dw.suggestion dw.incident_status meta.schema_version meta.data_dictionary""".split()


def allowed(role, table):
    return {verb for verbs, tables in ROLES[role].items() if table in tables.split() for verb in verbs}


def check_comments(verdict, database):
    bare = base.rows(database, """SELECT DISTINCT schema || '.' || relation FROM meta.data_dictionary WHERE relation_comment IS NULL
                                  UNION ALL SELECT schema || '.' || relation || '.' || column_name FROM meta.data_dictionary WHERE comment IS NULL""")
    many = base.one(database, "SELECT count(*) FROM meta.data_dictionary")
    verdict.check(not bare and many > 200, "every table and column has a comment (%d columns)" % many, bare[:5])
    told = "NOT ({0} ~ '[一-龥]' AND split_part({0}, ' | ', 2) ~ '[A-Za-z]')"
    mute = base.rows(database, """SELECT schema || '.' || relation || '.' || column_name FROM meta.data_dictionary WHERE schema IN ('mart', 'dw', 'meta') AND %s
                                  UNION ALL SELECT DISTINCT schema || '.' || relation FROM meta.data_dictionary WHERE schema IN ('mart', 'dw', 'meta') AND %s
                                  UNION ALL SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                                  WHERE nspname IN ('mart', 'dw', 'meta') AND %s""" % tuple(
        told.format(comment) for comment in ("comment", "relation_comment", "coalesce(obj_description(p.oid, 'pg_proc'), '')")))
    verdict.check(not mute, "what analysts see is told in Chinese and in English", mute[:5])
    tables = base.one(database, """SELECT count(*) FROM pg_class c WHERE relkind IN ('r', 'p', 'v', 'm') AND NOT relispartition AND relnamespace IN
                                   (SELECT oid FROM pg_namespace WHERE nspname IN ('ods', 'dw', 'dw_1', 'mart', 'ops', 'meta'))""")
    seen = base.one(database, "SELECT count(DISTINCT (schema, relation)) FROM meta.data_dictionary")
    verdict.check(tables == seen, "the dictionary leaves no table out (%d)" % seen, tables)


def check_rights(verdict, database):
    wrong, cells = [], 0
    for role in ROLES:
        for table in KNOWN:
            for verb in VERBS:
                cells += 1
                text = "SELECT has_schema_privilege(%s, split_part(%s, '.', 1), 'USAGE') AND has_table_privilege(%s, %s, %s)"
                if base.one(database, text, (role, table, role, table, verb)) != (verb in allowed(role, table)):
                    wrong.append("%s %s %s" % (role, verb, table))
    verdict.check(not wrong, "each role has its rights and no more (%d cells)" % cells, wrong[:8])
    seen = base.rows(database, """SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                                  WHERE relkind IN ('r', 'p', 'v', 'm') AND nspname IN ('ods', 'ops', 'dw_1')
                                  AND has_schema_privilege('hub_analyst', n.oid, 'USAGE') AND has_table_privilege('hub_analyst', c.oid, 'SELECT')""")
    verdict.check(not seen, "analysts read no log, no rejects, no tables behind the views", seen)
    public = base.rows(database, """SELECT nspname FROM pg_namespace WHERE nspname IN ('ods', 'ops', 'dw', 'dw_1', 'meta', 'public')
                                    AND has_schema_privilege('public', oid, 'CREATE')""")
    verdict.check(not public, "nobody who just logs in makes tables beside ours", public)


def check_real_logins(verdict):
    """The rights above as the processes' own logins meet them."""
    for user, text in (("analyst", "SELECT 1 FROM ods.record"), ("analyst", "DELETE FROM dw.incident"), ("relay", "SELECT 1 FROM dw_1.subject"),
                       ("relay", "INSERT INTO ops.outbox (zone, incident, epoch, version, payload) VALUES ('z', 'i', 1, 1, '{}')"),
                       ("api", "UPDATE ops.feed_head SET feed = 0"), ("correlator", "UPDATE ops.generation SET epoch = 9"),
                       ("correlator", "DELETE FROM ods.record"), ("correlator", "UPDATE dw_1.incident_status SET at = now()")):
        try:
            base.rows(base.connect(user), text)
            said = "was let"
        except base.psycopg2.errors.InsufficientPrivilege:
            said = ""
        verdict.check(not said, "%s may not: %s" % (user, text[:50]), said)


def check_months(verdict, database):
    bounds = base.rows(database, """SELECT pg_get_expr(c.relpartbound, c.oid) FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid
                                    WHERE i.inhparent = 'ods.record'::regclass AND c.relname ~ '_p[0-9]{6}$'""")
    wrong = [bound for bound, in bounds if bound.count("-01 00:00:00+08") != 2]
    verdict.check(bounds and not wrong, "months begin at midnight in Shanghai (%d)" % len(bounds), wrong[:2])
    ahead = base.one(database, "SELECT to_regclass('ods.record_p' || to_char((now() AT TIME ZONE 'Asia/Shanghai') + interval '1 month', 'YYYYMM')) IS NOT NULL")
    verdict.check(ahead, "next month's partition is there")
    text = """INSERT INTO ods.record (topic, partition, "offset", received, verdict) VALUES ('t', 0, %s, %s, 'tick') RETURNING tableoid::regclass::text"""
    for number, (moment, month) in enumerate((("%s-01 00:00:00+08", 0), ("%s-01 00:00:00+08", 1))):
        day = base.one(database, "SELECT to_char((now() AT TIME ZONE 'Asia/Shanghai') + make_interval(months => %s), 'YYYY-MM')", (month,))
        where = base.one(database, text, (number, moment % day))
        verdict.check(where == "ods.record_p" + day.replace("-", ""), "the first moment of %s lies in its month" % day, where)
    where = base.one(database, text, (9, "2019-05-05 00:00:00+08"))
    verdict.check(where == "ods.record_default", "a month without partition falls nowhere else than the default", where)
    base.one(database, "WITH gone AS (DELETE FROM ods.record WHERE topic = 't' RETURNING 1) SELECT count(*) FROM gone")


def main():
    verdict, database = base.Verdict(), base.connect()
    check_comments(verdict, database)
    check_rights(verdict, database)
    check_real_logins(verdict)
    check_months(verdict, database)
    return 1 if verdict.failed else 0


if __name__ == "__main__":
    sys.exit(main())
