#!/usr/bin/python3
"""
meters.py send FOLDER PORT: devices that call a server and send frames. Of those that ask for an answer each device keeps what was not answered, and sends it again
when it has called anew; the others are sent once. FOLDER/answered grows by a line an answer, FOLDER/stalled
is there once all devices wait for one; at the end FOLDER/sent.json says what happened.
meters.py verdict FOLDER: Kafka's events (a dump on stdin) against that: every answered frame is there; what is missing of the others is a number.
"""

import asyncio
import json
import os
import sys
import time

DEVICES, FRAMES, UNASKED_EVERY, WINDOW = 50, int(os.environ.get("METERS_FRAMES", "120")), 4, 6
PATIENCE, PAUSE, LONGEST = 10.0, 0.05, float(os.environ.get("METERS_LONGEST", "300"))


def frame(text):
    return b"##%04d%s\r\n" % (len(text), text.encode())


class Device:
    in_vain = 0

    def __init__(self, number, port, answered):
        self.name, self.port, self.answered = "m%03d" % number, port, answered
        self.waiting, self.unasked, self.cut, self.resent, self.calls = {}, [], 0, 0, 0
        self.reader = self.writer = None

    async def call(self):
        while True:
            try:
                self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
                break
            except OSError:
                await asyncio.sleep(PAUSE)
        self.calls += 1
        for text in self.waiting.values():
            self.writer.write(frame(text))
        self.resent += len(self.waiting) if self.calls > 1 else 0

    async def hang_up(self):
        self.writer.close()
        self.cut += len(self.waiting)
        await self.call()

    async def answer(self):
        """One answer; a server that is gone or silent is called anew."""
        Device.in_vain += 1
        if Device.in_vain == DEVICES:
            with open(os.path.join(os.path.dirname(self.answered.name), "stalled"), "w", encoding="ascii"):
                pass
        try:
            line = await asyncio.wait_for(self.reader.readuntil(b"\r\n"), PATIENCE)
        except (OSError, EOFError, asyncio.TimeoutError):
            await self.hang_up()
            return
        finally:
            Device.in_vain -= 1
        name = line[len("##0000ack "):-2].decode()
        if self.waiting.pop(name, None):
            self.answered.write(name + "\n")
            self.answered.flush()

    async def run(self):
        await self.call()
        for number in range(FRAMES):
            name = "%s-%05d" % (self.name, number)
            if number % UNASKED_EVERY == 0:
                self.unasked.append(name)
                self.writer.write(frame(name))
            else:
                self.waiting[name] = name + ";A"
                self.writer.write(frame(name + ";A"))
            await asyncio.sleep(PAUSE)
            while len(self.waiting) >= WINDOW:
                await self.answer()
        while self.waiting:
            await self.answer()
        self.writer.close()


async def send(folder, port):
    with open(os.path.join(folder, "answered"), "w", encoding="ascii") as answered:
        devices = [Device(number, port, answered) for number in range(DEVICES)]
        await asyncio.wait_for(asyncio.gather(*(device.run() for device in devices)), LONGEST)
    with open(os.path.join(folder, "sent.json.new"), "w", encoding="ascii") as out:
        json.dump({"unasked": [name for device in devices for name in device.unasked], "cut": sum(device.cut for device in devices),
                   "resent": sum(device.resent for device in devices), "calls": sum(device.calls for device in devices)}, out)
    os.rename(os.path.join(folder, "sent.json.new"), os.path.join(folder, "sent.json"))


def verdict(folder):
    with open(os.path.join(folder, "answered"), encoding="ascii") as file:
        answered = set(file.read().split())
    with open(os.path.join(folder, "sent.json"), encoding="ascii") as file:
        sent = json.load(file)
    values = (json.loads(line.rstrip("\n").split("\t")[4].replace("\\\\", "\\")) for line in sys.stdin)
    stored = [value["source"]["id"] for value in values if (value.get("instance"), value.get("kind")) == ("meters", "report")]
    asked = {"m%03d-%05d" % (device, number) for device in range(DEVICES) for number in range(FRAMES) if number % UNASKED_EVERY}
    lost, unasked = asked - set(stored), set(sent["unasked"])
    print("%d frames that ask: %d answered, %d lost; %d sent again, %d in Kafka twice" %
          (len(asked), len(answered), len(lost), sent["resent"], len(stored) - len(set(stored))))
    print("%d frames that ask for nothing: %d lost" % (len(unasked), len(unasked - set(stored))))
    print("%d calls of %d devices; unanswered when the server hung up: %d" % (sent["calls"], DEVICES, sent["cut"]))
    troubles = [text for text, is_trouble in (("an answered frame is not in Kafka", lost), ("a frame was never answered", asked - answered),
                                              ("Kafka holds what nobody sent", set(stored) - asked - unasked),
                                              ("no blow hit anything unanswered", not sent["cut"])) if is_trouble]
    print("\n".join(troubles) or "fine")
    return 1 if troubles else 0


if sys.argv[1] == "send":
    began = time.monotonic()
    asyncio.run(send(sys.argv[2], int(sys.argv[3])))
    print("sent in %.0f s" % (time.monotonic() - began))
else:
    sys.exit(verdict(sys.argv[2]))
