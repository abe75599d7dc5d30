#!/usr/bin/python3
"""
warehouse_views.py many ROWS       what the warehouse holds, again and again in earlier months, until there are so many reports' events
warehouse_views.py views           how long each view of mart takes, read whole by an analyst: by the clock, and of its processor

On a machine that does other things besides, the processor's time is the measure.
"""

import math
import os
import sys
import time

from warehouse import connect

# What mart keeps ready, and what its views read besides. Which columns tell copies apart; times and days go back by 31 days a copy, offsets up.
TABLES = ("{live}.incident", "{live}.incident_status", "mart.incident_now", "mart.incident_touched", "mart.report_now", "mart.platform_day", "mart.category_day", "mart.told_hour", "mart.logged_hour", "ops.tick", "{live}.link", "dw.revision")
NAMES = {"incident", "subject", "event", "recurrence_of", "against", "run"}
FORMS = {"timestamptz": "%s - make_interval(days => 31 * {n})", "date": "%s - 31 * {n}", "offset": "%s + {n} * 10000000"}


def form(table, name, kind):
    quoted = '"%s"' % name
    if name in NAMES and kind == "text":
        return "%s || '~{n}'" % quoted
    return FORMS.get("offset" if name == "offset" else kind, "%s") % quoted


def copies(cursor, table, many):
    schema, relation = table.split(".")
    cursor.execute("""SELECT a.attname, t.typname FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
                      AND attgenerated = '' ORDER BY attnum""", (table,))
    columns = cursor.fetchall()
    cursor.execute("CREATE TEMP TABLE one AS SELECT * FROM %s" % table)
    for number in range(1, many):
        cursor.execute("INSERT INTO %s.%s (%s) SELECT %s FROM one ON CONFLICT DO NOTHING" % (
            schema, relation, ", ".join('"%s"' % name for name, _ in columns), ", ".join(form(table, *column) for column in columns).replace("{n}", str(number))))
    cursor.execute("DROP TABLE one")


def many_make(database, rows):
    database.autocommit = True
    with database.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off; SET maintenance_work_mem = '512MB'")
        cursor.execute("SELECT count(*), ops.live_generation() FROM dw.revision")
        events, live = cursor.fetchone()
        many = max(1, math.ceil(rows / events))
        for table in TABLES:
            began = time.monotonic()
            copies(cursor, table.format(live="dw_%d" % live), many)
            print("%-44s %9.1f s" % ("%d times %s" % (many, table.format(live="dw_%d" % live)), time.monotonic() - began), flush=True)
        for table in TABLES:
            cursor.execute("ANALYZE %s" % table.format(live="dw_%d" % live))
        print("%d reports' events, %d incidents" % (events * many, incidents(cursor)), flush=True)


def incidents(cursor):
    cursor.execute("SELECT count(*) FROM mart.incident_now")
    return cursor.fetchone()[0]


def processor(process):
    with open("/proc/%d/stat" % process, encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def asked(cursor, process, text, query):
    began, used = time.monotonic(), processor(process)
    cursor.execute("EXPLAIN (ANALYZE, TIMING off) " + query)
    print("%-44s %9.2f s   (processor %.2f s)" % (text, time.monotonic() - began, processor(process) - used), flush=True)


def views_ask(database):
    database.autocommit = True
    with database.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0; SELECT pg_backend_pid()")
        process = cursor.fetchone()[0]
        cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = 'mart'::regnamespace AND relkind = 'v' ORDER BY 1")
        for view, in cursor.fetchall():
            one = "(SELECT max(incident) FROM mart.incident_now)"
            asked(cursor, process, "mart." + view + (", of an incident" if view == "lineage" else ""), "SELECT * FROM mart." + view + (" WHERE incident = " + one if view == "lineage" else ""))
        asked(cursor, process, "mart.kpi_month_unit, of a month", "SELECT * FROM mart.kpi_month_unit WHERE month = '2024-02-01'")
        asked(cursor, process, "mart.bulletin_month, of a month", "SELECT * FROM mart.bulletin_month WHERE month = '2024-02-01'")


if __name__ == "__main__":
    DATABASE = connect("analyst" if sys.argv[1] == "views" else "hub_owner")
    many_make(DATABASE, int(sys.argv[2])) if sys.argv[1] == "many" else views_ask(DATABASE)
