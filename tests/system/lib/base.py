"""What the system tests' Python has in common: the test's folder, its database, its Kafka, its processes and their logs."""

import csv
import json
import os
import signal
import subprocess
import sys
import time

import psycopg2

TEST = os.environ["TEST"]
SECRETS = os.environ["HUB_SECRETS"]
PORT = int(os.environ["HUB_PORT_POSTGRES"])
BROKERS = "127.0.0.1:" + os.environ["HUB_PORT_KAFKA"]
WIRE = os.environ.get("WIRE", "")


def connect(user="hub_owner"):
    with open(os.path.join(SECRETS, "postgres-" + user), encoding="utf-8") as file:
        password = file.read().strip()
    database = psycopg2.connect(host="127.0.0.1", port=PORT, user=user, password=password, dbname="hub", connect_timeout=10)
    database.autocommit = True
    return database


def rows(database, text, values=None):
    with database.cursor() as cursor:
        cursor.execute(text, values)
        return cursor.fetchall()


def one(database, text, values=None):
    return rows(database, text, values)[0][0]


def wire(*words):
    """Lines of test-wire, as lists of fields. Watermarks are asked for among blows: a Kafka that is just coming back is asked again."""
    command, tries = [WIRE, words[0], BROKERS, *words[1:]], 5 if words[0] == "watermarks" else 1
    for left in range(tries - 1, -1, -1):
        told = subprocess.run(command, check=False, capture_output=True)
        if told.returncode == 0:
            break
        if not left:
            sys.stderr.buffer.write(told.stderr)
            raise subprocess.CalledProcessError(told.returncode, command)
    out = told.stdout.decode("utf-8", "surrogateescape")
    return [line.split("\t" if words[0] == "dump" else " ") for line in out.split("\n") if line]


def watermarks(topic="hub.events.v1"):
    """{partition: high} of partitions that ever held something."""
    return {int(partition): int(high) for partition, _, high in wire("watermarks", topic) if int(high)}


def dump(topic):
    """(partition, offset, key, headers, value) of each record; value with its escapes undone."""
    with subprocess.Popen([WIRE, "dump", BROKERS, topic], stdout=subprocess.PIPE) as told:
        for line in told.stdout:
            partition, offset, key, headers, value = line.decode("utf-8", "surrogateescape").rstrip("\n").split("\t")
            yield int(partition), int(offset), key, headers, unescape(value)
    if told.returncode:
        raise subprocess.CalledProcessError(told.returncode, told.args)


def unescape(text):
    return text.replace("\\\\", "\0").replace("\\t", "\t").replace("\\n", "\n").replace("\0", "\\") if "\\" in text else text


def process(name):
    with open(os.path.join(TEST, "run", name + ".pid"), encoding="utf-8") as file:
        return int(file.read().split()[0])


def kill(name, patience=5.0):
    """SIGKILL to a process of a restart loop, also when it is just being started again; False when it never is."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            os.kill(process(name), signal.SIGKILL)
            return True
        except (OSError, IndexError, ValueError):
            time.sleep(0.005)
    return False


def number_in(path):
    """What a script has written there; None before it has."""
    try:
        with open(path, encoding="utf-8") as file:
            return int(file.read())
    except (OSError, ValueError):
        return None


def log_path(name):
    return os.path.join(TEST, "logs", name + ".log")


def log_lines(name):
    """The JSON lines of a process's log, over all its lives."""
    with open(log_path(name), encoding="utf-8", errors="replace") as file:
        for line in file:
            try:
                made = json.loads(line)
            except ValueError:
                continue
            if isinstance(made, dict):
                yield made


def expected(folder):
    """[(id, must, sent_ms)] of a simulator's events.csv."""
    with open(os.path.join(TEST, folder, "events.csv"), encoding="utf-8") as file:
        return [(row["id"], row["must"] == "1", int(row["sent_ms"])) for row in csv.DictReader(file)]


STORED = """SELECT CASE platform WHEN 'p03' THEN subject || ':*' || row_number() OVER (PARTITION BY zone, subject ORDER BY "offset") ELSE id END
            FROM ods.record WHERE verdict = 'stored' AND kind = 'report'"""


EVERY = """SELECT id, subject, row_number() OVER (PARTITION BY zone, subject ORDER BY "offset") FROM ods.record
           WHERE verdict = 'stored' AND kind NOT IN ('tick', 'command')"""


def stored(database, events):
    """Ids as `events` (of expected()) write them: where only the adapter knows the revision, SUBJECT:*N, the Nth state."""
    counted = {event.rsplit(":*", 1)[0] for event, _, _ in events if ":*" in event}
    return {"%s:*%d" % (subject, number) if subject in counted else event for event, subject, number in rows(database, EVERY)}


def broken(folder):
    """{platform: set of sha256} that has to be rejected."""
    found = {}
    with open(os.path.join(TEST, folder, "broken.csv"), encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["platform"], set()).add(row["sha256"])
    return found


class Verdict:
    """Says each check in one line; the exit code at the end."""

    def __init__(self):
        self.failed = 0

    def check(self, fine, text, detail=""):
        print("%s: %s%s" % ("ok" if fine else "FAILED", text, "" if fine or not detail else ": %s" % (detail,)), flush=True)
        self.failed += not fine
        return fine
