"""The simulated clock: HUB_CLOCK=SIM@SPEED@REAL means SIM + (now - REAL) x SPEED, as hub reads it. Seconds since 1970, floats."""

import os
import time
from datetime import datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8))


def read_time(text):
    """RFC 3339 (also without seconds, as a date, or with a blank) or epoch milliseconds."""
    text = text.strip()
    if text.isdigit():
        return int(text) / 1000.0
    at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).timestamp()


def utc_text(at):
    return datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (int(at * 1000) % 1000)


def zone_text(at, zone=SHANGHAI):
    return datetime.fromtimestamp(int(at), zone).isoformat()


def local_text(at):
    """The way of most platforms: Shanghai, no zone."""
    return datetime.fromtimestamp(int(at), SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


class Clock:
    def __init__(self, text=None):
        text = os.environ.get("HUB_CLOCK") if text is None else text
        self.sim, self.speed, self.real = 0.0, 1.0, 0.0
        if text:
            sim, speed, real = text.split("@")
            self.sim, self.speed, self.real = read_time(sim), float(speed), read_time(real)

    def now(self):
        return self.sim + (time.time() - self.real) * self.speed

    def wall(self, at):
        """Wall seconds from now until the simulated time `at`."""
        return (at - self.now()) / self.speed


def clock_text(start, days, seconds):
    return "%s@%g@%d" % (utc_text(read_time(start)), days * 86400.0 / seconds, int(time.time() * 1000))
