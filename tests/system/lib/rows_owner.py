#!/usr/bin/python3
"""
rows_owner.py CHANGES: the owner of a table of cases, at work: rows come, change, are marked as deleted and deleted, in transactions that end at once or long
after their rows' times, once an hour too late, by hand without a new time, and all rows in one statement. Meanwhile hub run rows is killed. What is true in the end
goes to truth.json: {id: version, or null when it is gone}; kills are counted on stdout.
"""

import json
import os
import random
import sys
import time

import psycopg2

import base

EVERY_KILL, EVERY_SESSION, EVERY_BULK = 250, 700, 900


class Owner:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.now, self.late = connect(), connect()
        self.late.autocommit = False
        self.pending = []  # of the late transaction: (id, version)
        self.truth, self.made = {}, 0

    def run(self, text, values=None, database=None):
        with (database or self.now).cursor() as cursor:
            cursor.execute(text, values)

    def add(self, late=False, changed="clock_timestamp()"):
        self.made += 1
        row = "R%06d" % self.made
        self.run("INSERT INTO vendors.stall_case VALUES (%s, 1, false, " + changed + ")", (row,), self.late if late else self.now)
        if late:
            self.pending.append(row)
        else:
            self.truth[row] = 1

    def commit(self):
        self.late.commit()
        self.truth.update((row, 1) for row in self.pending)
        self.pending = []

    def alive(self):
        rows = [row for row, version in self.truth.items() if version]
        return self.random.choice(rows) if rows else None

    def change(self, row, by_hand=False, gone=False):
        self.truth[row] += 1
        self.run("UPDATE vendors.stall_case SET version = %s, is_delete = %s" + ("" if by_hand else ", updated_at = clock_timestamp()") + " WHERE id = %s",
                 (self.truth[row], gone, row))

    def delete(self, row):
        self.run("DELETE FROM vendors.stall_case WHERE id = %s", (row,))
        self.truth[row] = None

    def bulk(self):
        self.run("UPDATE vendors.stall_case SET version = version + 1, updated_at = now()")
        for row, version in self.truth.items():
            self.truth[row] = version + 1 if version else None

    def step(self, number):
        chance = self.random.random()
        row = self.alive()
        if number % EVERY_BULK == 0:
            self.bulk()
        elif chance < 0.45 or row is None:
            self.add()
        elif chance < 0.55:
            self.add(late=True)
        elif chance < 0.57:
            self.commit()
        elif chance < 0.59:
            self.add(changed="now() - interval '1 hour'")
        elif chance < 0.60:
            self.add(changed="NULL")
        elif chance < 0.85:
            self.change(row)
        elif chance < 0.90:
            self.change(row, by_hand=True)
        elif chance < 0.95:
            self.change(row, gone=True)
        else:
            self.delete(row)


def connect():
    with open(os.path.join(base.SECRETS, "postgres-postgres"), encoding="utf-8") as file:
        password = file.read().strip()
    database = psycopg2.connect(host="127.0.0.1", port=base.PORT, user="postgres", password=password, dbname="vendors", connect_timeout=10)
    database.autocommit = True
    return database


def main():
    changes = int(sys.argv[1])
    owner = Owner(seed=11)
    kills = sessions = 0
    for number in range(1, changes + 1):
        owner.step(number)
        if number % EVERY_KILL == 0:
            base.kill("rows")
            kills += 1
        if number % EVERY_SESSION == 0:
            owner.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hub rows'")
            sessions += 1
        time.sleep(0.005)  # the owner's pace, not a wait
    owner.commit()
    with open(os.path.join(base.TEST, "truth.json"), "w", encoding="utf-8") as file:
        json.dump(owner.truth, file)
    print("%d changes of %d rows, %d gone; %d kills, %d sessions cut" %
          (changes, len(owner.truth), sum(version is None for version in owner.truth.values()), kills, sessions))


main()
