"""Urban villages: a library of GA/T 1400 registers with Digest, keeps alive and notifies: what passed the gates, which is nobody's business, and a few warnings of what was looked for."""

import base64
import json

import clock as clocks
import doors
import ident
import stories
from world import HOUR

PLATFORM = "p11"
LIBRARY, USER, DISPOSITION = "35020600005030000002", "huli", "350206000000012023120100000000001"
KEEPALIVES, NOTIFICATIONS, CAPTURES, PICTURE = 24, 60, 10, 3 << 20


def compact(at):
    return "".join(c for c in clocks.local_text(at) if c.isdigit())


def folded(value):
    """As the adapter sets an item aside: names in small letters, numbers as texts, no blanks."""
    if isinstance(value, dict):
        return {name.lower(): folded(inside) for name, inside in value.items()}
    return [folded(inside) for inside in value] if isinstance(value, list) else str(value)


class Library:
    def __init__(self, town):
        self.town, self.count = town, 0
        self.digest = doors.Digest(USER, town.secret())
        self.door = town.door("/VIID/SubscribeNotifications", headers={"Content-Type": "application/VIID+JSON;charset=UTF-8"}, digest=self.digest)

    def number(self, at, kind, least=5):
        """A number as the standard makes them: 20 digits of the device, the moment, a count."""
        self.count += 1
        return "%s%s%0*d" % (kind, compact(at), least, self.town.number(self.count) % 10 ** least)

    def push(self, at, path, document, ids, done=None, before=None):
        """Answered with a status of each of `ids`; anything else is an error of the hub's."""
        body = document if isinstance(document, bytes) else json.dumps(document, ensure_ascii=False).encode()

        def answered(reply):
            told = json.loads(reply.body)
            statuses = told.get("ResponseStatusListObject", {}).get("ResponseStatusObject") or [told.get("ResponseStatusObject", {})]
            if ids is not None and [(one["Id"], one["StatusCode"]) for one in statuses] != [(one, "0") for one in ids]:
                raise ValueError("village: %s told %r" % (path, reply.body[:300]))
            self.town.count("answered")
            if done:
                done()

        def send():
            if before:
                before()
            self.door.send(body, path="/VIID/" + path, done=answered)
        self.town.step(at, send)

    def forget(self):
        """The nonce of another day: it is told 401 and asked anew."""
        self.digest.nonce = "0" * len(self.digest.nonce or "0")


def vehicle(library, gate, at, plate, **more):
    return dict({"MotorVehicleID": library.number(at, gate + "02"), "InfoKind": 1, "DeviceID": gate, "PassTime": compact(at), "HasPlate": "1", "PlateClass": "02", "PlateNo": plate}, **more)


def face(library, gate, at):
    return {"FaceID": library.number(at, gate + "06"), "InfoKind": 1, "DeviceID": gate, "ShotTime": compact(at), "LeftTopX": 512, "LeftTopY": 369, "Similaritydegree": 0,
            "SubImageList": {"SubImageInfoObject": [{"ImageID": library.number(at, gate + "02"), "EventSort": 10, "Type": "11", "Width": "896", "Data": base64.b64encode(bytes(300)).decode()}]}}


def person(library, gate, at, people):
    return {"PersonID": library.number(at, gate + "01"), "DeviceID": gate, "PersonAppearTime": compact(at), "Name": people.name(), "IDNumber": people.person_id()}


def warning(library, at, title, **about):
    return dict({"NotificationID": library.number(at, "35020600000004"), "DispositionID": DISPOSITION, "Title": title, "TriggerTime": compact(at + 5)}, **about)


def warned(library, at, one, problem=None, spelling="DispositionNotificationListObject", before=None):
    """One warning, and what comes of it."""
    subject = ident.subject_id(PLATFORM, "", one["NotificationID"])
    library.town.ends(subject, "received")
    if problem:
        library.town.tell(subject, problem)
    library.push(at, "DispositionNotifications", {spelling: {"DispositionNotificationObject": [one]}}, [one["NotificationID"]],
                 done=lambda: library.town.must(subject + ":*1"), before=before)


def loiters(library, problem, gate, at):
    """A label of what somebody does: it begins, and it ends."""
    number = library.number(at, gate)
    subject = ident.subject_id(PLATFORM, "", number)
    library.town.tell(subject, problem)
    library.town.ends(subject, "closed")
    for count, end in enumerate((None, at + 1200), 1):
        behaviour = dict({"EventLevel": "1", "BehaviorBeginTime": compact(at)}, **({"BehaviorEndTime": compact(end)} if end else {}))
        label = {"VideoLabelID": number, "EventSort": 22, "CameraID": gate, "CreateTimeAbs": compact(end or at), "BehaviorAnalysisObject": behaviour}
        library.push((end or at) + 30, "VideoLabels", {"VideoLabelListObject": {"VideoLabelObject": [label]}}, [number],
                     done=lambda c=count: library.town.must("%s:*%d" % (subject, c)))


def passing(library, at, number):
    """What a subscription brings all day: faces, persons and vehicles, and no event."""
    town, dice = library.town, library.town.random
    lists = {"FaceObject": [], "PersonObject": [], "MotorVehicleObject": []}
    for _ in range(CAPTURES):
        gate, sort = dice.choice(sorted(stories.GATES)), dice.choice(sorted(lists))
        when = at - dice.uniform(0, 600)
        lists[sort].append(face(library, gate, when) if sort == "FaceObject" else person(library, gate, when, town.people) if sort == "PersonObject" else
                           vehicle(library, gate, when, town.people.plate()))
    one = {"NotificationID": library.number(at, "35020600000004"), "SubscribeID": "350206000000032023120100000000001", "Title": "过车过人", "TriggerTime": compact(at), "ExecuteOperation": "1"}
    one.update({name + "List": {name: objects} for name, objects in lists.items() if objects})
    ids = [one["NotificationID"]] + [inside[next(iter(inside))] for name in lists for inside in lists[name]]
    library.push(at, "SubscribeNotifications", {"SubscribeNotificationListObject": {"SubscribeNotificationObject": [one]}}, ids, before=library.forget if number == NOTIFICATIONS // 2 else None)


def broken(library):
    town, at = library.town, library.town.at(0.45)
    cut = b'{"DispositionNotificationListObject": {"DispositionNotificationObject": [{"NotificationID": "3502'
    library.push(at, "DispositionNotifications", cut, None, done=lambda: town.broken(cut, "cut"))
    nameless = {name: value for name, value in warning(library, at, "没有编号的预警", MotorVehicleObject=vehicle(library, next(iter(stories.GATES)), at, town.people.plate())).items() if name != "NotificationID"}
    item = json.dumps(folded(nameless), ensure_ascii=False, separators=(",", ":")).encode()
    library.push(at + 60, "DispositionNotifications", {"DispositionNotificationListObject": {"DispositionNotificationObject": [nameless]}}, [""], done=lambda: town.broken(item, "no number"))


def prepare(town):
    library, people = Library(town), town.people
    library.push(town.begin, "System/Register", {"RegisterObject": {"DeviceID": LIBRARY}}, [LIBRARY])
    for count in range(1, KEEPALIVES):
        library.push(town.at(count / KEEPALIVES), "System/Keepalive", {"KeepaliveObject": {"DeviceID": LIBRARY}}, [LIBRARY])
    for count in range(NOTIFICATIONS):
        passing(library, town.at((count + 0.5) / NOTIFICATIONS), count)
    gates = {spot: gate for gate, spot in stories.GATES.items()}
    for problem in town.problems("E2123", share=0.0):
        gate = min(gates.items(), key=lambda one: abs(one[0][0] - problem.lon) + abs(one[0][1] - problem.lat))[1]
        report, plate = town.report(problem), people.plate()
        warned(library, report.at, warning(library, report.at, report.title, MotorVehicleObject=vehicle(library, gate, report.at, plate)), problem)
        later = min(report.at + HOUR, problem.end)
        warned(library, later, warning(library, later, "布控车辆%s在村口停留" % plate, MotorVehicleObject=vehicle(library, gate, later, plate)), problem, "DispositionNotificationObjectList")
        loiters(library, problem, gate, later + 600)
    for count, gate in enumerate(sorted(stories.GATES)):
        at = town.at(0.25 + 0.2 * count)
        one = face(library, gate, at)
        if count == 1:
            picture = base64.b64encode(town.random.randbytes(PICTURE)).decode()
            one["SubImageList"] = {"SubImageInfoObject": [{"ImageID": "1", "StoragePath": "http://10.0.0.8/viid/1.jpg", "Data": picture}]}
        warned(library, at, warning(library, at, "陌生人预警", FaceObject=one))
    broken(library)
