#!/usr/bin/python3
"""
soak_ear.py UNTIL ADDRESS...: a client of the stream of incidents as the command centre's is: it listens to one hub serve, and where that is gone, to the
next, from where it was cut off; of each incident it keeps the highest (epoch, version). Ends when it has the feed number that UNTIL holds, or has heard nothing
new for WAIT_S since it is there. Leaves $TEST/heard.json and heard.ndjson, an incident a line, and $TEST/openings.csv: when it heard of which new incident.
"""

import json
import os
import socket
import sys
import time

import base
import soak_judge

WAIT_S, PATIENCE_S, PAUSE_S = 90, 20, 0.2


class Ear:
    def __init__(self, until, addresses):
        self.until, self.addresses = until, [(host, int(port)) for host, port in (address.rsplit(":", 1) for address in addresses)]
        self.last, self.heard, self.lives, self.resets, self.wrong, self.frames, self.boots = 0, {}, 0, 0, [], 0, set()
        self.moved, self.parent = time.monotonic(), os.getppid()
        self.openings = open(os.path.join(base.TEST, "openings.csv"), "w", encoding="utf-8", buffering=1)

    def over(self):
        if os.getppid() != self.parent:     # the test has ended, and not by asking what was heard
            return True
        target = base.number_in(self.until)
        return target is not None and (self.last >= target or time.monotonic() > self.moved + WAIT_S)

    def run(self):
        while not self.over():
            address = self.addresses[self.lives % len(self.addresses)]
            self.lives += 1
            try:
                with socket.create_connection(address, 5) as line:
                    self.listen(line)
            except OSError:
                time.sleep(PAUSE_S)

    def listen(self, line):
        """Until it breaks, or says nothing for so long that it must be broken: a comment comes each 15 s at least."""
        line.settimeout(1)
        line.sendall(("GET /v1/stream/incidents?after=%d HTTP/1.0\r\nHost: hub\r\n\r\n" % self.last).encode())
        rest, is_head, spoke = b"", True, time.monotonic()
        while not self.over() and time.monotonic() < spoke + PATIENCE_S:
            try:
                more = line.recv(1 << 20)
            except socket.timeout:
                continue
            if not more:
                return
            rest, spoke = rest + more, time.monotonic()
            if is_head:
                head, found, rest = rest.partition(b"\r\n\r\n")
                if found and b" 200 " not in head[:16]:
                    time.sleep(PAUSE_S)
                    return
                rest, is_head = (rest, False) if found else (head, True)
            whole, found, after = rest.rpartition(b"\n\n")
            if not is_head and found:
                rest = after
                for frame in whole.split(b"\n\n"):
                    if not self.hear(dict(line.split(": ", 1) for line in frame.decode().split("\n") if ": " in line)):
                        return

    def hear(self, fields):
        """False: it begins again."""
        event, number = fields.get("event"), int(fields.get("id", -1))
        if event == "hello":
            self.boots.add(json.loads(fields["data"])["boot"])
        if event == "reset":
            self.resets, self.last = self.resets + 1, 0
            return False
        if event != "incident":
            return True
        made = json.loads(fields["data"])["properties"]
        if number <= self.last or made["feed"] != number:
            self.wrong.append("%d after %d" % (number, self.last))
        self.last, self.moved, self.frames = number, time.monotonic(), self.frames + 1
        known = self.heard.get(made["incident"])
        if not known or (made["epoch"], made["version"]) > known[:2]:
            self.heard[made["incident"]] = soak_judge.state(made)
        if made["change"] == "opened":
            self.openings.write("%d,%d,%s\n" % (time.time() * 1000, number, made["founding"]))
        return True


def main():
    ear = Ear(sys.argv[1], sys.argv[2:])
    ear.run()
    with open(os.path.join(base.TEST, "heard.json"), "w", encoding="utf-8") as file:
        json.dump({"last": ear.last, "lives": ear.lives, "boots": len(ear.boots), "resets": ear.resets, "wrong": ear.wrong[:5], "frames": ear.frames}, file)
    with open(os.path.join(base.TEST, "heard.ndjson"), "w", encoding="utf-8") as file:
        file.writelines(json.dumps([name, *one]) + "\n" for name, one in ear.heard.items())
    return 0


if __name__ == "__main__":
    sys.exit(main())
