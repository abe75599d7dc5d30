"""The weather service: a feed whose entries hold alerts of CAP 1.2: a typhoon's chain, heavy rain without an end, an exercise, another district's, a broken one."""

import json
from xml.sax.saxutils import escape

import clock as clocks
import ident
import stories
from lines import State
from server import Answer

PLATFORM = "p06"
PATH, SENDER, HOUR, DAY = "/weather/warnings.xml", "35020041600000", 3600.0, 86400.0
POLYGON = "24.48,118.08 24.48,118.20 24.56,118.20 24.56,118.08 24.48,118.08"
QUIET = {PATH: ('<feed xmlns="http://www.w3.org/2005/Atom"><title>预警</title></feed>', "application/atom+xml; charset=utf-8")}


def alert(town, at, colour, severity, kind="Alert", event=("11B01", "台风"), references=(), status="Actual", code="350206", hours=24):
    identifier = "%s_%s_%d" % (SENDER, clocks.zone_text(at)[:19].translate(str.maketrans("", "", "-T:")), town.seed % 10)
    made = {"identifier": identifier, "sender": SENDER, "sent": clocks.zone_text(at), "status": status, "msgType": kind, "scope": "Public"}
    if references:
        made["references"] = " ".join("%s,%s,%s" % (SENDER, one["identifier"], one["sent"]) for one in references)
    info = {"language": "zh-CN", "category": "Met", "event": event[1], "urgency": "Expected", "severity": severity, "certainty": "Likely",
            "eventCode": {"valueName": "GB", "value": event[0]}}
    if hours:
        info["expires"] = clocks.zone_text(at + hours * HOUR)
    info.update(senderName="厦门市气象台", headline="厦门市气象台发布%s%s预警" % (event[1], colour), description="预计未来24小时湖里区将受%s影响，请注意防范。" % event[1],
                area={"areaDesc": "湖里区", "polygon": POLYGON, "geocode": {"valueName": "adcode", "value": code}})
    return dict(made, info=[info])


def xml(value):
    return "".join("<%s>%s</%s>" % (name, escape(one) if isinstance(one, str) else xml(one), name)
                   for name, given in value.items() for one in (given if isinstance(given, list) else [given]))


def item(made):
    """A bad one alone, as it has to stand in rejected: what may come twice is a list."""
    area = made["info"][0]["area"]
    area = dict(area, polygon=[{"#text": area["polygon"]}], geocode=[area["geocode"]])
    made = dict(made, info=[dict(made["info"][0], area=[area])])
    return json.dumps(made, ensure_ascii=False, separators=(",", ":"))


def event_of(made, first):
    return ident.event_id(PLATFORM, "", first["identifier"], "%s-%s" % (made["sent"], made["identifier"]))


def alerts(town):
    """(at, alert, event or None)."""
    begin = town.begin + stories.WARNED * DAY
    first = alert(town, begin, "黄色", "Moderate")
    second = alert(town, begin + 9 * HOUR, "橙色", "Severe", "Update", references=[first])
    last = alert(town, begin + 36 * HOUR, "橙色", "Severe", "Cancel", references=[first, second])
    for hours, made in ((0, first), (9, second), (36, last)):
        yield begin + hours * HOUR, made, event_of(made, first)
    rain = alert(town, begin + 11 * HOUR, "黄色", "Moderate", event=("11B03", "暴雨"), hours=0)
    yield begin + 11 * HOUR, rain, event_of(rain, rain)
    yield begin - 5 * HOUR, alert(town, begin - 5 * HOUR, "红色", "Extreme", status="Exercise"), None
    yield begin + 2 * HOUR, alert(town, begin + 2 * HOUR, "红色", "Extreme", code="350205"), None
    yield begin + 3 * HOUR, dict(alert(town, begin + 3 * HOUR, "蓝色", "Minor"), sent="tonight"), None


def prepare(town):
    line, events = town.line(), {}
    for at, made, event in alerts(town):
        text = '<entry><id>%s</id><content type="text/xml"><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">%s</alert></content></entry>' % (made["identifier"], xml(made))
        if at < town.begin + town.length:
            line.add([State(at, at, text)])
            events[text] = (made, event)

    def answer(asked):
        states = line.present(asked.now)

        def shown():
            line.shown(states)
            for made, event in (events[state.item] for state in states):
                if event:
                    town.must(event)
                elif made["sent"] == "tonight":
                    town.broken(item(made), "no time of sending")
        return Answer('<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>预警</title>%s</feed>' %
                      "".join(state.item for state in states), "application/atom+xml; charset=utf-8", shown=shown)
    town.serve(PATH, answer)
