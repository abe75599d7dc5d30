"""
Digital urban management: cases that the city's exchange (V22) pushes action by action, and others in the list that is asked for. Sent twice, one uid for two actions, asked and
refused, closed too early and done over again; a question, an action that is none, a cut document, a row without number; the list says that it failed, and brings good data.
"""

import json

import clock as clocks
import geo
import ident
from lines import State
from server import Answer
from world import HOUR, unsolved

PLATFORM = "p04"
PATH, LIST = "/v22-api/openapi/v1/action", "/api/cgdbstat/records/list"
CODES = ("E0504", "E0501", "E0102", "E0507", "E0110", "E0202", "E0505")
SHARE, LISTED = 0.22, 0.45                      # of the city's problems; of these, by the list
EMPTY = {"hasError": False, "result": [], "message": None, "tag": None, "totalCount": 0}
QUIET = {LIST: (json.dumps(EMPTY), "application/json; charset=utf-8")}
CITY_NAMES = {"E0501": "流动经营", "E0504": "占道经营"}      # what this city calls them


def text_of(document):
    return json.dumps(document, ensure_ascii=False)


def kind_of(random, problem):
    """By code where the standard has one, or by the name that the city uses; extensions have names only."""
    code, name = problem.kind.code, CITY_NAMES.get(problem.kind.code, problem.kind.names[0])
    named = {"eventTypeName": "事件", "subTypeName": name}
    if code >= "E06" or random.random() < 0.3:
        return dict(named, mainTypeId="9f3c1d7e5b8a4c2d90e1f2a3b4c5d6e7", subTypeId="1a2b3c4d5e6f708192a3b4c5d6e7f809")
    return {"eventTypeId": 1, "mainTypeId": code[1:3], "subTypeId": code[1:]} if random.random() < 0.7 else dict(named, mainTypeId=int(code[1:3]), subTypeId=int(code[1:]))


# ---- what is pushed ----

class Exchange:
    def __init__(self, town):
        self.town, self.count, self.taken = town, 0, {}
        self.door = town.door(PATH, headers={"Content-Type": "application/json", "Authorization": "Bearer " + town.secret()})

    def envelope(self, action, data, uid=None):
        self.count += 1
        return text_of({"uid": uid or "%d-%06d" % (self.town.seed, self.count), "senderCode": "xmcg", "action": action, "data": data})

    def told(self, reply, success):
        said = json.loads(reply.body)
        if said["success"] != success or said["hasError"] == success:
            raise ValueError("told %r" % said)

    def push(self, at, number, action, data, uid=None, twice=False):
        """A revision of its case, by a hash: the Nth that is taken."""
        body, subject, state = self.envelope(action, dict(data, caseId=number), uid), ident.subject_id(PLATFORM, "", number), []

        def done(reply):
            self.told(reply, True)
            if not state:
                state.append(1)
                self.taken[number] = self.taken.get(number, 0) + 1
                self.town.must("%s:*%d" % (subject, self.taken[number]))
        for _ in range(2 if twice else 1):
            self.town.step(at, lambda: self.door.send(body, done=done))

    def refused(self, at, body, why):
        """It is kept, and answered in the platform's own words, with 200."""
        def done(reply):
            self.told(reply, False)
            self.town.broken(body.encode(), why)
        self.town.step(at, lambda: self.door.send(body, done=done))

    def asked(self, at, action, data):
        def done(reply):
            self.town.count("ignored")
        body = self.envelope(action, data)
        self.town.step(at, lambda: self.door.send(body, done=done))


def opening(town, problem, report):
    """What a citizen's own words hold: a name behind its label, and a telephone."""
    lon, lat = geo.to_gcj02(report.lon, report.lat)
    told = {"eventDesc": report.text, "reporterName": "匿名"}
    if town.random.random() < 0.4:
        told["eventDesc"] = "%s\n反映人姓名:%s\n反映人电话:%s\n" % (report.text, town.people.name(), town.people.phone())
    elif town.random.random() < 0.5:
        told.update(reporterName=town.people.name(), contact=town.people.member_phone())
    return dict(told, registerTime=clocks.local_text(report.at), recTypeId=7, eventSrcId=104, eventSrcName="市民上报", title=report.title, address=report.address, districtName="湖里区",
                communityName=report.community, coordinateX="%.6f" % lon, coordinateY="%.6f" % lat, disposeDeadlineTime=clocks.local_text(report.at + 24 * HOUR), medias=[],
                **kind_of(town.random, problem))


def picture(number, usage):
    return [{"mediaName": "%s.jpg" % number, "mediaPath": "https://cg.example.cn/%s.jpg" % number, "mediaUsage": usage, "mediaTypeId": 1}]


def workflow(town, report, end, number):
    """(at, action, data, state) from the filing to the checking; asked for leave on the way."""
    begun, unit, local = report.at, "禾山中队", clocks.local_text
    span = max(end - begun, 2 * HOUR)
    at = begun + 0.1 * span
    yield at, "ITEM_INST_SYNC", {"action": "transit", "actionName": "批转", "actionTime": local(at), "partName": "xmcg", "itemContent": "请处置", "taskDefineName": "市信息中心（派遣）",
                                 "nextTaskDefineName": "区责任单位处置", "nextUnitName": unit}, "processing"
    yield begun + 0.2 * span, "SIGN", {}, "processing"
    way = town.random.random()
    at = begun + 0.5 * span
    if way < 0.25:
        yield at, "SUPERVISE", {"opinion": "处理太慢", "endTime": local(at + 12 * HOUR)}, "processing"
    elif way < 0.5:
        yield at, "APPLY_POSTPONE", {"applyTypeId": 1, "applyReason": "人手不足", "applyTime": local(at), "postponeType": 0, "postponeDeadline": local(at + 24 * HOUR)}, "processing"
        yield at + 0.05 * span, "REPLY_POSTPONE", {"replyResult": 1, "replyOpinion": "同意", "replyTime": local(at + 0.05 * span), "postponeDeadline": local(at + 24 * HOUR)}, "processing"
    elif way < 0.7:
        yield at, "APPLY_ ROLLBACK", {"applyTypeId": 1, "applyReason": "非本部门", "applyTime": local(at)}, "processing"
        yield at + 0.05 * span, "REPLY_ROLLBACK", {"replyResult": 0, "replyOpinion": "不同意", "replyTime": local(at + 0.05 * span)}, "processing"
    elif way < 0.85:
        yield at, "PRESS", {"opinion": "请加快处理"}, "processing"


def closing(at, number):
    yield at, "DISPOSE_FEEDBACK", {"disposeTime": clocks.local_text(at), "disposeOpinion": "已处置", "disposeUnitName": "禾山中队", "medias": picture(number, "处置")}, "feedback"
    yield at + 0.5 * HOUR, "CHECK_FEEDBACK", {"disposeTime": clocks.local_text(at + 0.5 * HOUR), "disposeOpinion": "核查通过", "disposeState": 1}, "verifying"
    yield at + HOUR, "ARCHIVE", {"archiveTime": clocks.local_text(at + HOUR), "archiveOpinion": "工单办结", "archiveTypeId": 1, "archiveTypeName": "正常结案"}, "closed"


def pushed(exchange, town, problem, count):
    report = town.report(problem)
    number = "%s%06d" % (clocks.local_text(report.at)[:10].replace("-", ""), town.number(count))
    first = opening(town, problem, report)
    steps = [(report.at, "REPORT", first, "received")] + list(workflow(town, report, problem.end, number))
    if not unsolved(problem):
        steps += closing(problem.end + 0.5 * HOUR, number)
        if town.random.random() < 0.2:
            at = problem.end + 2 * HOUR
            steps.append((at, "REPORT", dict(first, reHandleFlag=1, dispatchTime=clocks.local_text(at)), "dispatched"))
            steps += closing(at + HOUR, number)
    subject, steps = ident.subject_id(PLATFORM, "", number), [step for step in steps if step[0] < town.begin + town.length]
    town.tell(subject, problem)
    town.ends(subject, steps[-1][3])
    same = "%s-%s" % (town.seed, number) if town.random.random() < 0.2 else None     # one uid for all, as the document's own examples have it
    for place, (at, action, data, _) in enumerate(steps):
        exchange.push(at, number, action, data, same, twice=place == 1)


def trouble(exchange, town):
    at = clocks.local_text(town.at(0.3))
    exchange.refused(town.at(0.3), exchange.envelope("EXPLODE", {"caseId": "XM-broken-1"}), "no such action")
    exchange.refused(town.at(0.4), exchange.envelope("REPORT", {"registerTime": at, "eventDesc": "店铺占道"}), "no caseId")
    exchange.refused(town.at(0.5), exchange.envelope("REPORT", {"caseId": "XM-broken-2", "registerTime": "2022-06-31 23:59:59"}), "no such date")
    exchange.refused(town.at(0.6), '{"uid":"u","senderCode":"xmcg","action":"SIGN","data":{"caseId":"XM-bro', "cut")
    exchange.asked(town.at(0.35), "GET_NOTICE_INFO", {"noticeName": "REPORT_NOTICE"})
    exchange.asked(town.at(0.55), "NOTICE_SIGNING", {"noticeList": [{"noticeId": 412}]})


# ---- what is asked for ----

def listed(town, line, subjects, problem, count):
    report = town.report(problem)
    lon, lat = geo.to_gcj02(report.lon, report.lat)
    number = "18%06d" % town.number(count)
    row = {"id": number, "taskNum": "%s%05d" % (clocks.local_text(report.at)[2:10].replace("-", ""), count), "address": report.address, "eventDesc": report.text,
           "longitude": round(lon, 6), "latitude": round(lat, 6), "createTime": clocks.local_text(report.at), "archiveTime": None, "eventSrcName": "监督员上报", "eventTypeName": "事件", "mainTypeName": "",
           "subTypeName": CITY_NAMES.get(problem.kind.code, problem.kind.names[0]), "recTypeName": "事件", "communityName": report.community, "districtName": "湖里区",
           "disposeUnitName": "禾山中队", "reportPatrolName": town.people.name(), "attachments": []}
    span = max(problem.end - report.at, 2 * HOUR)
    states = [(report.at, "待受理", "received"), (report.at + 0.15 * span, "立案派遣", "dispatched"), (report.at + 0.4 * span, "处理中", "processing")]
    if not unsolved(problem):
        states += [(problem.end + HOUR, "核查结案", "verifying"), (problem.end + 2 * HOUR, "结案", "closed")]
    states = [state for state in states if state[0] < town.begin + town.length]
    shown = [State(at, report.at, text_of(dict(row, eventStateName=word, archiveTime=clocks.local_text(at) if word == "结案" else None))) for at, word, _ in states]
    line.add(shown, report.at)
    subject = ident.subject_id(PLATFORM, "", number)
    subjects.update((state.item, subject) for state in shown)
    town.tell(subject, problem)
    town.ends(subject, states[-1][2])


def serve(town, line, subjects):
    """By the time of creation, in no pages; an answer with cases says that it failed. For half a day one row has no number."""
    bad, began = {"taskNum": "00000000009", "eventStateName": "结案", "createTime": clocks.local_text(town.at(0.3))}, town.at(0.3)

    def answer(asked):
        wanted = json.loads(asked.body)
        states = line.requested(clocks.read_time(wanted["startCreateTime"]), clocks.read_time(wanted["endCreateTime"]), asked.now)
        items = [state.item for state in states] + ([text_of(bad)] if began <= asked.now < began + 12 * HOUR else [])

        def shown():
            line.shown(states)
            for state in states:
                town.shown(subjects[state.item], state.item)
            if len(items) > len(states):
                town.broken(json.dumps(bad, ensure_ascii=False, separators=(",", ":")).encode(), "no number")
        failed = "true" if items else "false"
        return Answer('{"hasError":%s,"result":[%s],"message":null,"tag":null,"totalCount":%d}' % (failed, ",".join(items), len(items)), shown=shown)
    town.serve(LIST, answer)


def prepare(town):
    exchange, line, subjects = Exchange(town), town.line(), {}
    for count, problem in enumerate(town.problems(*CODES, share=SHARE), 1):
        if town.random.random() < LISTED:
            listed(town, line, subjects, problem, count)
        else:
            pushed(exchange, town, problem, count)
    trouble(exchange, town)
    serve(town, line, subjects)
