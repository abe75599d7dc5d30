#!/usr/bin/python3
"""The simulated city; README.md beside this file says how to call it."""

import argparse
import os
import signal
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import clock  # noqa: E402
import load  # noqa: E402
import paper  # noqa: E402
import play  # noqa: E402
import sandiego  # noqa: E402
import serve  # noqa: E402
import sick  # noqa: E402
import town  # noqa: E402
from mqtt import Trouble  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
NEEDS = {"tables": ("postgres",), "play": ("http", "mqtt"), "sandiego": ("http",), "serve": ("http",), "sick": ("http",)}
DEVICES = os.path.join(HERE, "..", "..", "deploy", "config", "devices", "citybrain.csv")


def _common(parser, faults):
    parser.add_argument("--work", required=True, metavar="DIR", help="where truth, expectations and counts are written")
    parser.add_argument("--http", metavar="HOST:PORT", help="address of the hotline's server")
    parser.add_argument("--hotline-user", default="hub")
    parser.add_argument("--hotline-password-file", metavar="FILE")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=float, default=faults, metavar="RATE", help="share of list requests that go wrong")
    parser.add_argument("--stay", action="store_true", help="go on serving when done, until SIGTERM")


def _mqtt(parser):
    parser.add_argument("--mqtt", metavar="[ssl://]HOST:PORT")
    parser.add_argument("--mqtt-user")
    parser.add_argument("--mqtt-password-file", metavar="FILE")
    parser.add_argument("--wait", type=float, default=120, metavar="SECONDS", help="for a subscriber; 0 does not wait")


def _postgres(parser):
    parser.add_argument("--postgres", metavar="URL", help="the platforms' own database, as its owner: postgresql://hub_city@HOST:PORT/hub_city")
    parser.add_argument("--postgres-password-file", metavar="FILE")


def _parser():
    parser = argparse.ArgumentParser(prog="city.py", description="The simulated city.")
    parts = parser.add_subparsers(dest="part", required=True)
    part = parts.add_parser("clock", help="print a HUB_CLOCK value")
    part.add_argument("--start", default="2023-12-04T16:00:00Z")
    part.add_argument("--days", type=float, default=play.DAYS)
    part.add_argument("--seconds", type=float, default=75)
    part = parts.add_parser("play", help="some days in Huli with a known truth")
    _common(part, 0.05)
    _mqtt(part)
    part.add_argument("--devices", default=DEVICES, metavar="CSV")
    part.add_argument("--prefix", default="frigate")
    part.add_argument("--problems", type=int, default=70)
    part.add_argument("--days", type=float, default=play.DAYS)
    part.add_argument("--kafka", metavar="[ssl://]HOST:PORT", help="the grid platform's own broker; without it the grid platform is silent")
    part.add_argument("--kafka-certificate", metavar="FILE", help="FILE.pem and FILE.key: who the grid platform is, for ssl://")
    part.add_argument("--grid-topic", default="district.grid.cases", metavar="TOPIC")
    part.add_argument("--letters", metavar="DIR", help="where batches of letters are dropped; without it there are none")
    part.add_argument("--platforms", default="", metavar="all|LIST", help="the platforms beside these four (tests/city/platforms)")
    part.add_argument("--door", action="append", default=[], metavar="NAME=URL", help="where a platform pushes to or dials in: http://HOST:PORT, tcp://HOST:PORT")
    part.add_argument("--inbox", metavar="DIR", help="platforms that drop files drop them into DIR/NAME")
    part.add_argument("--secrets", metavar="DIR", help="DIR/NAME: what a platform signs with")
    _postgres(part)
    part = parts.add_parser("tables", help="the tables of the platforms that have some")
    part.add_argument("--platforms", default="all", metavar="all|LIST")
    _postgres(part)
    part.set_defaults(stay=False)
    part = parts.add_parser("paper", help="play's city as canonical events in a file, without services")
    part.add_argument("--work", required=True, metavar="DIR")
    part.add_argument("--seed", type=int, default=1)
    part.add_argument("--start", default="2023-12-04T16:00:00Z")
    part.add_argument("--days", type=float, default=14)
    part.add_argument("--problems", type=int, default=1500)
    part.add_argument("--devices", default=DEVICES, metavar="CSV")
    part.add_argument("--hub", default=os.environ.get("HUB", os.path.join(HERE, "..", "..", "build", "hub", "hub")), metavar="FILE")
    part.set_defaults(stay=False)
    part = parts.add_parser("load", help="N cheap events at a rate over four platforms")
    _common(part, 0.0)
    _mqtt(part)
    load.arguments(part)
    part = parts.add_parser("sandiego", help="real complaints through Open311")
    _common(part, 0.02)
    part.add_argument("--data", required=True, metavar="DIR")
    part = parts.add_parser("sick", help="a hotline that misbehaves in each way in turn")
    _common(part, 0.0)
    part = parts.add_parser("serve", help="the hotline alone with fixed rows")
    _common(part, 0.0)
    part.add_argument("--rows", type=int, default=45)
    part.set_defaults(stay=True)
    return parser


def _stop(_number, _frame):
    raise KeyboardInterrupt


def main():
    parser = _parser()
    options = parser.parse_args()
    if options.part == "clock":
        print(clock.clock_text(options.start, options.days, options.seconds))
        return 0
    for name in NEEDS.get(options.part, ()):
        if not getattr(options, name):
            parser.error("%s needs --%s" % (options.part, name))
    signal.signal(signal.SIGTERM, _stop)
    parts = {"play": play.run, "tables": town.tables, "paper": paper.run, "load": load.run, "sandiego": sandiego.run, "serve": serve.run, "sick": sick.run}
    try:
        code = parts[options.part](options)
        if code == 0 and options.stay:
            threading.Event().wait()
        return code
    except KeyboardInterrupt:
        return 0
    except Trouble as trouble:
        print("city: %s" % trouble, file=sys.stderr)
        return 1
    except OSError as error:
        print("city: %s" % error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
