"""
Monitoring devices that call over TCP and speak HJ 212: ten of them, the newest one the edition of 2025. Fumes and dust go over their limit while a problem of theirs lasts. Most frames ask for an answer, those of
two devices for none; frames come in pieces of 128 bytes; lines break, and old readings come again; some frames have a wrong CRC.
"""

import hashlib
import re

import clock as clocks
import geo
import ident
import stories
from world import HOUR, unsolved

PLATFORM = "p07"
EVERY, UNASKED, NEW, LATEST = 2 * HOUR, (7, 8), 9, 3            # hours between readings; the devices that ask for nothing, and the one of 2025, by their place; readings sent again
# factor, lowest and highest without a problem, and with one
FACTORS = {"fume": (("yy01", 0.3, 1.4, 2.6, 4.2),), "dust": (("a34001", 0.06, 0.14, 0.34, 0.6), ("a34002", 0.03, 0.11, 0.18, 0.4), ("LA", 52, 66, 60, 69))}
WATCHED = {"fume": "yy01", "dust": "a34002"}
ANSWER = re.compile(rb"##[0-9]{4}QN=([0-9]*);ST=91;CN=9014;[^\r\n]*\r\n")


def crc(data):
    """Annex A of HJ 212-2017."""
    register = 0xFFFF
    for byte in data:
        register = (register >> 8) ^ byte
        for _ in range(8):
            register = register >> 1 ^ (0xA001 if register & 1 else 0)
    return b"%04X" % register


def frame(segment, check=None, end=b"\r\n"):
    data = segment.encode()
    return b"##%04d%s%s%s" % (len(data), data, check or crc(data), end)


def answered(buffer):
    """The QN of each answer in the buffer, which is taken out."""
    keys, whole = [], 0
    for found in ANSWER.finditer(bytes(buffer)):
        keys.append(found[1].decode())
        whole = found.end()
    del buffer[:whole]
    return keys


def nearest(problem):
    return min(stories.SITES, key=lambda mn: geo.distance(problem.lon, problem.lat, *stories.SITES[mn][1:3]))


class Device:
    def __init__(self, town, place, mn, kind, problem):
        self.town, self.mn, self.kind, self.problem = town, mn, kind, problem
        self.caller, self.asks, self.edition = town.caller(answered, 128), place not in UNASKED, 8 if place == NEW else 4
        self.sent, self.is_over = [], False
        if problem:
            town.tell(self.subject(), problem)

    def subject(self, of=None):
        return ident.subject_id(PLATFORM, "", "%s/%s" % (self.mn, of or WATCHED[self.kind]))

    def readings(self, at):
        problem = self.problem
        over = problem is not None and problem.begin <= at and (at < problem.end or unsolved(problem))
        values = [(code, self.town.random.uniform(*((least, most) if not over else (low, high)))) for code, least, most, low, high in FACTORS[self.kind]]
        return over, [(code, "%.3f" % value) for code, value in values]

    def frame(self, at, values, number):
        """The bytes, and what the answer names; each time it is sent it has another QN."""
        time, qn = clocks.local_text(at).translate({ord(c): None for c in "- :"}), "%s%03d" % (clocks.local_text(at).translate({ord(c): None for c in "- :"}), number)
        content = ";".join("%s-Rtd=%s,%s-Flag=N" % (code, text, code) for code, text in values)
        return frame("QN=%s;ST=%s;CN=2011;PW=123456;MN=%s;Flag=%d;CP=&&DataTime=%s;%s&&" % (
            qn, "31" if self.kind == "fume" else "39", self.mn, self.edition + self.asks, time, content)), qn, time

    def events(self, time, values, needed, changes):
        """A health event of all readings, and what the one that is watched opens or closes; what changes nothing may be told again."""
        digest = hashlib.sha256("".join("%s=%s N\n" % value for value in values).encode()).hexdigest()[:16]
        revision = "2011-%s-%s" % (time, digest)
        (self.town.must if needed else self.town.may)(ident.event_id(PLATFORM, "", self.mn, revision))
        (self.town.must if needed and changes else self.town.may)(ident.event_id(PLATFORM, "", "%s/%s" % (self.mn, WATCHED[self.kind]), revision))

    def say(self, at, values, number, changes, bad=b""):
        data, qn, time = self.frame(at, values, number)

        def taken():
            self.events(time, values, self.asks, changes)
            if bad:
                self.town.broken(bad, "a wrong CRC")
        self.caller.send(bad + data, qn if self.asks else None, taken)

    def reading(self, at):
        over, values = self.readings(at)
        changes, self.is_over = over != self.is_over, over
        bad = b""
        if self.asks and self.town.random.random() < 0.02:
            good = self.frame(at, values, 999)[0][:-2]
            bad = good[:-12] + (b"1" if good[-12:-11] != b"1" else b"2") + good[-11:]
        self.sent.append((at, values))
        self.town.step(at, lambda: self.say(at, values, 0, changes, bad))
        return over

    def again(self, at):
        """A line breaks; what the device believes lost comes once more, behind what is open."""
        late = [sent for sent in self.sent if sent[0] < at][-LATEST:]

        def call():
            self.caller.hang_up()
            for number, (then, values) in enumerate(late, 1):
                self.say(then, values, number, False)
        self.town.step(at, call)


def devices(town):
    problems = {nearest(problem): problem for problem in town.problems("E0302", share=0)}
    for place, (mn, (_, _, _, kind)) in enumerate(stories.SITES.items()):
        yield Device(town, place, mn, kind, problems.get(mn))


def prepare(town):
    for device in devices(town):
        at, last = town.begin + town.random.uniform(0, EVERY), town.begin + 0.97 * town.length
        while at < last:
            device.reading(at)
            at += EVERY
        device.again(town.at(town.random.uniform(0.3, 0.5)))
        device.again(town.at(town.random.uniform(0.6, 0.8)))
        if device.problem and device.asks and not device.is_over:
            town.ends(device.subject(), "closed")
