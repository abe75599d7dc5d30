"""city.py serve: the hotline alone with a fixed set of rows of today, one a minute, for trying its two dialects by hand or with curl. Other polled platforms have nothing to say."""

import random

import server
import town
import vendor
from clock import Clock
from faults import Faults
from lines import Line
from people import People
from play import APP_PATH, VENDOR_PATH, read_secret, say
from record import Record
from world import World


def run(options):
    clock, record, dice = Clock(), Record(options.work), random.Random(options.seed)
    people = People(dice)
    faults = Faults(options.seed, options.faults)
    hotline = server.Hotline(clock, faults, record, options.hotline_user, read_secret(options.hotline_password_file))
    hotline.vendor[VENDOR_PATH], hotline.open311[APP_PATH] = Line(), Line()
    for name in town.names():
        for path, (body, kind) in getattr(town.module(name), "QUIET", {}).items():
            hotline.routes[path] = server.Route(lambda asked, b=body, k=kind: server.Answer(b, k), False)
    world = World(dice, people, [], clock.now() - 2 * 86400, 2, options.rows)
    for number, report in enumerate(world.reports[:2 * options.rows]):
        app = number % 2 == 1
        case = vendor.make_case(dice, people, report, vendor.case_number(dice, app, report.at, number))
        case = case._replace(steps=[("received", int(clock.now()) - 60 * (number // 2 + 1), 0)])
        (hotline.open311[APP_PATH] if app else hotline.vendor[VENDOR_PATH]).add(vendor.states(case, app, dice), report.occurred)
    server.start(options.http, hotline)
    say("city: %d vendor rows, %d app rows on %s" % (len(hotline.vendor[VENDOR_PATH].rows), len(hotline.open311[APP_PATH].rows), options.http))
    return 0
