"""
The grid platform on the wire: a topic of its own, JSON values, key = number of the case, each step of a case a message. Two partitions; some numbers
as text, some bare; some messages twice; a case that is deleted (a value of null); values that are none.
"""

import json
from collections import namedtuple

import clock as clocks
import geo
import ident
from world import unsolved

# at: when; key, value: bytes (value None: a tombstone); case, status: of the event that comes of it (case None: none); what: for counting
Message = namedtuple("Message", "at key value case status what")
PLATFORM, PARTITIONS = "p12", 2
MINUTE, HOUR = 60.0, 3600.0
STATUS = {"received": (1, "待受理"), "processing": (2, "处理中"), "closed": (3, "已办结")}


def case_number(at, count):
    return "HLWG%s%05d" % (clocks.local_text(at)[:10].replace("-", ""), count)


def value_of(random, number, inspection, stage):
    lon, lat = geo.to_gcj02(inspection.lon, inspection.lat)
    status, word = STATUS[stage]
    value = {"eventNo": number, "typeStr": random.choice(inspection.problem.kind.names), "gridName": "%s第%d网格" % (inspection.community, len(number) % 7 + 1),
             "dealGridName": inspection.community, "addTime": clocks.local_text(inspection.occurred), "sourceStr": inspection.channel,
             "status": status if random.random() < 0.5 else str(status), "statusStr": word, "overTimeStatusStr": random.choice(("未超时", "即将超时")),
             "superviseFlag": 0, "archiveFlag": int(stage == "closed"), "address": inspection.address,
             "longitude": "%.6f" % lon if random.random() < 0.5 else round(lon, 6), "latitude": round(lat, 6)}
    return json.dumps(value, ensure_ascii=False).encode()


def steps(random, inspection):
    """(stage, when); what an inspector has mended himself comes once, closed."""
    if inspection.disposed:
        return [("closed", inspection.at)]
    closing = inspection.problem.end + random.uniform(5, 60) * MINUTE
    taken = inspection.at + random.uniform(0.1, 0.3) * min(4 * HOUR, closing - inspection.at)
    found = [("received", inspection.at), ("processing", taken)]
    return found if unsolved(inspection.problem) else found + [("closed", closing)]


def messages(random, number, inspection):
    made = []
    for stage, at in steps(random, inspection):
        value = value_of(random, number, inspection, stage)
        made.append(Message(at, number.encode(), value, number, str(STATUS[stage][0]), stage))
        if random.random() < 0.06:
            made.append(made[-1]._replace(at=at + 2, what="repeated"))
    return made


def deleted(random, number, inspection):
    """A case that should never have been: it comes, and is taken back."""
    value = value_of(random, number, inspection, "received")
    yield Message(inspection.at, number.encode(), value, number, "1", "received")
    yield Message(inspection.at + HOUR, number.encode(), None, number, "deleted", "deleted")


def event_id(message, topic, partition, offset):
    """A case counts no changes of its own: where the message stands in the topic is its revision."""
    return ident.event_id(PLATFORM, "", message.case, "%s/%d/%d-%s" % (topic, partition, offset, message.status))


def broken(number, inspection):
    """(message, why): none of these is an event."""
    at, key = inspection.at, number.encode()
    yield Message(at, key, b'{"eventNo": "%s", "typeStr": ' % key, None, None, "broken"), "cut"
    yield Message(at, key, json.dumps({"typeStr": "占道经营", "addTime": clocks.local_text(at), "status": 1}, ensure_ascii=False).encode(), None, None,
                  "broken"), "no number"
    yield Message(at, key, json.dumps({"eventNo": number, "typeStr": "占道经营", "addTime": "2023-13-45 99:00:00", "status": 1},
                                      ensure_ascii=False).encode(), None, None, "broken"), "impossible date"
