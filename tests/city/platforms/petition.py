"""
The city's petition office (信访): petitions pushed by SOAP, as an ExchangeMessage that stands as text, and now and then as a JSON array; repeated and joint ones; secret ones,
of which nothing may ever be seen; one that is no XML, and one without a number.
"""

import hashlib
import json
import xml.etree.ElementTree as ElementTree
from xml.sax.saxutils import escape

import clock as clocks
import ident
from world import HOUR, unsolved

PLATFORM = "p02"
SOAP, SERVICE = "http://schemas.xmlsoap.org/soap/envelope/", "http://ws.xfj.example.cn/"
# member -> role, in the order in which roles are hashed (hub/dialect/case.h)
MAPPED = (("ldzt", "status"), ("djsj", "occurred"), ("djsj", "reported"), ("lastmodifytime", "updated"), ("xbsj", "deadline"), ("nrfl", "category_code"), ("xfmd", "contact_kind"),
          ("yxj", "severity"), ("bt", "title"), ("fynr", "description"), ("xfxs", "channel"), ("wtsd", "address"), ("xm", "reporter"), ("lxdh", "phone"))
STATES = (("登记", "received"), ("办理中", "processing"), ("已办结", "closed"))


def revision(item):
    lines = "".join("%s=%s\n" % (role, item[member]) for member, role in MAPPED if item.get(member))
    return "%s-%s" % (item["lastmodifytime"], hashlib.sha256(lines.encode()).hexdigest()[:16])


def event(item):
    return ident.event_id(PLATFORM, "", item["storeid"], revision(item))


def message(items, upper, declared="UTF-8"):
    """Names in capitals or small letters, as the release has them; the declaration is that of the staging table, whatever the envelope is in."""
    fields = "".join("<fields>%s</fields>" % "".join("<%s>%s</%s>" % (name, escape(text), name) for name, text in
                                                     ((name.upper() if upper else name, text) for name, text in item.items())) for item in items)
    return '<?xml version="1.0" encoding="%s"?><ExchangeMessage><Header><sender>350200</sender><receiver>350206</receiver></Header><Body>%s</Body></ExchangeMessage>' % (declared, fields)


def envelope(inner):
    return ('<soap:Envelope xmlns:soap="%s"><soap:Body><ns2:service xmlns:ns2="%s"><xml>%s</xml></ns2:service></soap:Body></soap:Envelope>' % (SOAP, SERVICE, escape(inner)))


def answered(reply, soap):
    """successStr and the ids that failed."""
    if soap:
        text = ElementTree.fromstring(reply.body).find("{%s}Body/{%s}serviceResponse/return" % (SOAP, SERVICE)).text
        result = ElementTree.fromstring(text.encode())
        return result.findtext("successStr").split(","), [one.findtext("failId") for one in result.findall("failSituationList")]
    told = json.loads(reply.body)
    return told["successStr"].split(","), [one["failId"] for one in told["failSituationList"]]


class Office:
    def __init__(self, town):
        self.town, self.door, self.count = town, town.door("/services/petition", headers={"token": town.secret(), "serviceId": "xfj"}), 0

    def item(self, problem, report, state, at, **more):
        """A petition in one of its states; those of a problem share the number that the province gave it."""
        item = {"storeid": "", "xfjbh": "", "xfxs": "网上信访", "xzqh": "350206", "djsj": clocks.local_text(report.at), "wtsd": report.address, "xfmd": "求决", "nrfl": "999901",
                "qgccxfbz": "0", "issecret": "0", "bt": report.title, "fynr": report.text, "ldzt": state, "lastmodifytime": clocks.local_text(at),
                "sxfjbh": "FJSDH2023%07d" % self.town.number(problem.number), "xbsj": clocks.local_text(report.at + 60 * 24 * HOUR)}
        return dict(item, **more)

    def numbers(self):
        self.count += 1
        number = self.town.number(self.count)
        return {"storeid": hashlib.md5(b"%d" % number).hexdigest(), "xfjbh": "XM20231205%06d" % number}  # noqa: S324  a number that says nothing

    def push(self, at, items, soap=True, events=(), missing=0, broken=None):
        """By SOAP in UTF-8 or GB18030, or as a JSON array; each item's number has to stand in the answer, but for those that fail."""
        if soap:
            body = envelope(message(items, self.count % 2, "GB2312" if self.count % 3 == 0 else "UTF-8")).encode("gb18030" if self.count % 5 == 0 else "utf-8")
            kind = "text/xml; charset=%s" % ("GBK" if self.count % 5 == 0 else "utf-8")
        else:
            body, kind = json.dumps(items, ensure_ascii=False).encode(), "application/json"
        wanted = [item["storeid"] for item in items if item.get("storeid")]

        def done(reply):
            stored, failed = answered(reply, soap)
            if stored != wanted or len(failed) != missing:
                raise ValueError("pushed %s, told %s and %s" % (wanted, stored, failed))
            for made in events:
                self.town.must(made)
            if broken:
                self.town.broken(broken, "no number")
        self.town.step(at, lambda: self.door.send(body, headers={"Content-Type": kind}, done=done))


def petition(office, problem, report, **more):
    """登记 to 已办结, a push each; every fourth state of it comes twice."""
    town, numbers = office.town, office.numbers()
    person = {"xm": town.people.name(), "lxdh": town.people.member_phone(), "zjhm": town.people.person_id(), "czdz": "湖里区某里%d号" % town.random.randint(1, 99)}
    report = report._replace(text=report.text + town.people.remark())
    steps = [(STATES[0], report.at), (STATES[1], (report.at + problem.end) / 2)] + ([] if unsolved(problem) else [(STATES[2], problem.end + HOUR)])
    steps = [step for step in steps if step[1] < town.begin + town.length]
    for count, ((word, _), at) in enumerate(steps):
        item = office.item(problem, report, word, at, **dict(numbers, **person, **more))
        for _ in range(2 if office.count % 4 == count else 1):
            office.push(at, [item], soap=office.count % 4 != 3, events=[event(item)])
    subject = ident.subject_id(PLATFORM, "", numbers["storeid"])
    town.tell(subject, problem)
    town.ends(subject, steps[-1][0][1])
    return numbers


def secret(office, count, plain):
    """Beside one that is none: nothing of it may be seen anywhere, not even as refused."""
    town, at = office.town, office.town.at(0.15 + 0.17 * count)
    report = plain.report(at)
    words = [town.people.plant("secret", "%s秘密%s%06d" % (what, "甲乙丙丁戊"[count], town.random.randrange(10 ** 6))) for what in ("标题", "正文")]
    hidden = office.item(plain.problem, report, "登记", at, **dict(office.numbers(), issecret="1", bt=words[0], fynr=words[1], xm=town.people.name(), sxfjbh="", djsj="" if count == 1 else clocks.local_text(at)))
    town.people.plant("secret", hidden["storeid"])
    town.people.plant("secret", hidden["xfjbh"])
    office.push(at, [hidden], soap=count % 2 == 0)
    town.count("secret")


class Plain:
    """What somebody says of a problem, at another time."""

    def __init__(self, town, problem):
        self.town, self.problem = town, problem

    def report(self, at):
        return self.town.report(self.problem)._replace(at=at)


def broken(office, problem):
    """XML inside that is none: told so with HTTP 200, and refused whole. In an array one without a number: that one alone."""
    town, at = office.town, office.town.at(0.55)
    bad = envelope(message([office.item(problem, Plain(town, problem).report(at), "登记", at)], False).replace("</bt>", "</BT>")).encode()

    def done(reply):
        stored, failed = answered(reply, True)
        if stored != [""] or failed != [""]:
            raise ValueError("broken, and told %s and %s" % (stored, failed))
        town.broken(bad, "no XML inside")
    town.step(at, lambda: office.door.send(bad, headers={"Content-Type": "text/xml"}, done=done))
    nameless = {"bt": "没有编号", "djsj": clocks.local_text(at), "issecret": "0"}
    whole = office.item(problem, Plain(town, problem).report(at), "登记", at, **office.numbers())
    town.tell(ident.subject_id(PLATFORM, "", whole["storeid"]), problem)
    office.push(at + 60, [nameless, whole], soap=False, events=[event(whole)], missing=1, broken=json.dumps(nameless, ensure_ascii=False, separators=(",", ":")).encode())


def prepare(town):
    office, problems = Office(town), town.problems("E0508", "E0504", "E0302", share=0.12)
    for count, problem in enumerate(problems):
        first = petition(office, problem, town.report(problem))
        if count % 3 == 0:                              # again: a number of its own, and that of the first
            petition(office, problem, town.report(problem), qgccxfbz="1")
        if count % 5 == 1:                              # others join
            petition(office, problem, town.report(problem), lhxfjid=first["storeid"])
    for count in range(5 if problems else 0):
        secret(office, count, Plain(town, problems[count % len(problems)]))
    if problems:
        broken(office, problems[0])
