"""
bare_copy.py prepare|load FOLDER: the rows that the correlator wrote, once more by staged COPY alone. prepare dumps them in batches and makes empty
tables of the same form and indexes in schema bench; load copies each batch into temporary tables and inserts from there, one transaction a batch.
"""

import io
import os
import pickle
import sys

import warehouse

BATCH = 1000
TABLES = {"record": ("ods.record", 'verdict = \'stored\'', "topic, partition, \"offset\""),
          "event_key": ("ods.event_key", "true", "id"), "subject": ("dw_1.subject", "true", "subject"),
          "incident": ("dw_1.incident", "true", "incident"), "link": ("dw_1.link", "true", '"offset"'),
          "incident_status": ("dw_1.incident_status", "true", "at, incident, version"),
          "outbox": ("ops.outbox", "true", "seq")}


def prepare(folder):
    with warehouse.connect() as base, base.cursor() as rows:
        rows.execute("DROP SCHEMA IF EXISTS bench CASCADE; CREATE SCHEMA bench")
        batches = {}
        for name, (table, where, order) in TABLES.items():
            rows.execute("CREATE TABLE bench.%s (LIKE %s INCLUDING INDEXES INCLUDING DEFAULTS)" % (name, table))
            text = io.StringIO()
            rows.copy_expert("COPY (SELECT * FROM %s WHERE %s ORDER BY %s) TO STDOUT" % (table, where, order), text)
            batches[name] = text.getvalue().splitlines(keepends=True)
    with open(os.path.join(folder, "bare_copy"), "wb") as file:
        pickle.dump(batches, file)


def load(folder):
    with open(os.path.join(folder, "bare_copy"), "rb") as file:
        batches = pickle.load(file)
    count = (len(batches["record"]) + BATCH - 1) // BATCH
    with warehouse.connect() as base, base.cursor() as rows:
        for name in TABLES:
            rows.execute("CREATE TEMP TABLE stage_%s (LIKE bench.%s) ON COMMIT DELETE ROWS" % (name, name))
        base.commit()
        for batch in range(count):
            for name, lines in batches.items():
                part = lines[len(lines) * batch // count:len(lines) * (batch + 1) // count]
                rows.copy_expert("COPY stage_%s FROM STDIN" % name, io.StringIO("".join(part)))
                rows.execute("INSERT INTO bench.%s SELECT * FROM stage_%s ON CONFLICT DO NOTHING" % (name, name))
            base.commit()


{"prepare": prepare, "load": load}[sys.argv[1]](sys.argv[2])
