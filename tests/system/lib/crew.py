#!/usr/bin/python3
"""
crew.py KEYFILE MOST: the hands of a city: while more than MOST incidents are open, the oldest are closed, by a machine's key over hub serve, until SIGTERM.
Simulated problems of which a third is never mended would else be ever more, and a screen that shows them all would rightly grow.
"""

import http.client
import json
import os
import signal
import sys
import time

import base

OPEN = "version > 0 AND closed IS NULL AND state <> 'void'"
AT_ONCE = 40


def close(connection, key, incident, tag):
    body = json.dumps({"verb": "close", "incident": incident, "note": "已处置"})
    headers = {"Authorization": "Bearer " + key, "Content-Type": "application/json", "Idempotency-Key": incident + tag, "If-Match": '"%s"' % tag}
    connection.request("POST", "/v1/commands", body, headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with open(sys.argv[1], encoding="utf-8") as file:
        key = file.read().strip()
    most, database, said = int(sys.argv[2]), base.connect(), {}
    while True:
        surplus = base.one(database, "SELECT count(*) FROM dw.incident WHERE " + OPEN) - most
        connection = http.client.HTTPConnection("127.0.0.1", int(os.environ["HUB_PORT_SERVE"]), timeout=30)
        for incident, tag in base.rows(database, "SELECT incident, epoch || '.' || version FROM dw.incident WHERE " + OPEN + " ORDER BY opened LIMIT %s", (max(0, min(surplus, AT_ONCE)),)):
            status = close(connection, key, incident, tag)
            said[status] = said.get(status, 0) + 1
        connection.close()
        print("%d over, answered %s" % (surplus, said), flush=True)
        time.sleep(2)


if __name__ == "__main__":
    main()
