#!/usr/bin/python3
"""
device.py say PORT MN: a monitoring device of HJ 212 calls, tells its dust, and hangs up once that is answered: it is in Kafka then.
device.py silences MN: the states of its silence in Kafka's events (a dump on stdin), in their order; exit 1 where one is no offline device.
"""

import json
import os
import socket
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "city"))
from platforms import dust  # noqa: E402

PATIENCE, OFFLINE = 10, "E2127"


def say(port, mn):
    now = time.strftime("%Y%m%d%H%M%S", time.gmtime(time.time() + 8 * 3600))
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as line:
        line.sendall(dust.frame("QN=%s000;ST=39;CN=2011;PW=123456;MN=%s;Flag=5;CP=&&DataTime=%s;a34002-Rtd=0.081,a34002-Flag=N&&" % (now, mn, now)))
        buffer = bytearray()
        while not dust.answered(buffer):
            heard = line.recv(4096)
            if not heard:
                raise ConnectionError("no answer")
            buffer += heard


def silences(mn):
    values = (json.loads(line.rstrip("\n").split("\t")[4].replace("\\\\", "\\")) for line in sys.stdin)
    told = [value for value in values if value.get("source", {}).get("id") == mn + "/silent"]
    print(" ".join(value["status"]["state"] for value in told))
    return 0 if all(value["category"]["code"] == OFFLINE and value["raw"]["position"] == "silence:" + mn for value in told) else 1


if sys.argv[1] == "say":
    say(int(sys.argv[2]), sys.argv[3])
else:
    sys.exit(silences(sys.argv[2]))
