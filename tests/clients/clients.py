"""The clients, each with what it is told and what has to come of it. Called by `run`, with the libraries at hand."""

import datetime
import json
import os
import re
import sys

import cap_tools
import feedgenerator
import httpx
import kafka
from kafka.admin import NewTopic
import lxml.etree
import paho.mqtt.client as mqtt
import requests
import requests.auth
import shapely
import shapely.geometry
import standardwebhooks
import zeep
import zeep.exceptions
import zeep.transports
from cloudevents.core.bindings import kafka as binding
from cloudevents.core.v1.event import CloudEvent

import written
from bus import Bus
from written import HOUR, NOW, put, utc

HERE = os.path.dirname(os.path.abspath(__file__))
WWW, INBOX = os.path.join(os.environ["TEST"], "www"), os.environ["HUB_INBOX"]
PLATE = "闽D12345"
GATE = "35020600001190000001"
STAMP = NOW.strftime("%Y-%m-%d %H:%M:%S")


def secret(name):
    with open(os.path.join(os.environ["HUB_SECRETS"], name), encoding="ascii") as file:
        return file.read().strip()


def address(platform, path):
    return "http://127.0.0.1:%s%s" % (os.environ["HUB_PORT_" + platform.upper()], path)


# ---- p14: standardwebhooks signs ----

def signed(number, moment, key=None):
    document = json.dumps({"type": "patrol.found", "timestamp": NOW.isoformat(), "data": {"caseNo": "JLW-" + number, "estate": "金林湾花园", "building": "1", "room": "1203", "stage": "责令整改",
                                                                                          "kind": "封阳台搭建", "area_m2": 6.4, "foundAt": STAMP}}, ensure_ascii=False)
    signature = standardwebhooks.Webhook(key or secret("residence")).sign(msg_id="msg_" + number, timestamp=moment, data=document)
    return document.encode(), {"webhook-id": "msg_" + number, "webhook-timestamp": str(int(moment.timestamp())), "webhook-signature": signature, "Content-Type": "application/json"}


def webhooks(bus):
    bus.client("standardwebhooks")
    url, now = address("residence", "/360/jinlinwan"), datetime.datetime.now(datetime.timezone.utc)

    def told(body, headers):
        return requests.post(url, data=body, headers=headers, timeout=40).status_code

    body, headers = signed("1", now)
    bus.claim("what it signs is taken, and again when it is sent again", [told(body, headers), told(body, headers)] == [200, 200])
    bus.claim_event("and is one event", "p14::JLW-1", {"source.revision": "msg_1", "status.state": "dispatched", "place.address": "金林湾花园1号楼", "position.method": "registry",
                                                        "time.updated": utc(NOW)})
    body, headers = signed("2", now)
    other = signed("2", now, "whsec_" + "QW5vdGhlciBzZWNyZXQgb2YgdGhlIHNlbmRlcg==")[1]["webhook-signature"]
    bus.claim("two signatures, one of them ours", told(body, dict(headers, **{"webhook-signature": other + " " + headers["webhook-signature"]})) == 200)
    bus.claim_event("are taken", "p14::JLW-2", {"source.revision": "msg_2"})
    wrong = [told(body, dict(headers, **{"webhook-signature": other})), told(body.replace(b"6.4", b"6.5"), headers), told(*signed("3", now - datetime.timedelta(days=2)))]
    bus.claim("another secret, a changed body and an old time are told 401", wrong == [401] * 3, wrong)


# ---- p02: zeep calls ----

def exchange(*petitions):
    root = lxml.etree.Element("ExchangeMessage")
    header, body = lxml.etree.SubElement(root, "Header"), lxml.etree.SubElement(root, "Body")
    for name, text in (("sender", "35"), ("receiver", "350206"), ("item", "8f2c")):
        lxml.etree.SubElement(header, name).text = text
    for petition in petitions:
        fields = lxml.etree.SubElement(body, "fields")
        for name, text in petition.items():
            lxml.etree.SubElement(fields, name).text = text
    return lxml.etree.tostring(root, encoding="utf-8", xml_declaration=True).decode()


def petition(number, **more):
    return dict({"storeid": number, "xfjbh": "XM" + number, "djsj": STAMP, "bt": "夜间烧烤油烟 <3号楼> & ]]>", "xzqh": "350206", "qgccxfbz": "0", "issecret": "0", "ldzt": "办理中"}, **more)


def office(version, token):
    session = requests.Session()
    session.headers.update({"token": token, "serviceId": "xfj"})
    client = zeep.Client(os.path.join(HERE, "petition.wsdl"), transport=zeep.transports.Transport(session=session, operation_timeout=40))
    return client.create_service("{http://ws.xfj.example.cn/}Soap" + version, address("petition", "/services/petition"))


def fault(call, *arguments):
    try:
        return "no fault: %r" % call(*arguments)
    except zeep.exceptions.Error as error:
        return error


def petitions(bus):
    bus.client("zeep")
    for version in "11", "12":
        number, service = "zeep" + version, office(version, secret("petition"))
        answer = lxml.etree.fromstring(service.service(exchange(petition(number))).encode())
        bus.claim("SOAP 1.%s: the answer says what is stored" % version[1], answer.findtext("successStr") == number and not answer.findall("failSituationList"), lxml.etree.tostring(answer))
        bus.claim_event("and it is an event", "p02::" + number, {"title": "夜间烧烤油烟 <3号楼> & ]]>", "status.state": "processing", "category.code": "E0116", "time.occurred": utc(NOW)})
        answer = lxml.etree.fromstring(service.service(exchange(petition(number + "b"), petition(number + "c", djsj="昨天"))).encode())
        bus.claim("of two the one that fails is named", [answer.findtext("successStr"), answer.findtext("failSituationList/failId")] == [number + "b", number + "c"], lxml.etree.tostring(answer))
        bus.claim_event("and the other an event", "p02::" + number + "b", {"status.state": "processing"})
        seen = fault(service.service, exchange())
        bus.claim("without a petition: a fault", isinstance(seen, zeep.exceptions.Fault) and "no petition" in seen.message, seen)
        seen = fault(office(version, "another").service, exchange(petition(number)))
        bus.claim("another token: no SOAP, 401", isinstance(seen, zeep.exceptions.TransportError) and seen.status_code == 401, seen)
    seen = office("11", secret("petition")).service(exchange(petition("hidden", issecret="1", bt="机密的信访")))
    bus.claim("a secret one is told as stored", lxml.etree.fromstring(seen.encode()).findtext("successStr") == "hidden", seen)


# ---- p11: Digest of requests and of httpx ----

def warning(number, **more):
    vehicle = {"MotorVehicleID": GATE + "02" + number, "InfoKind": 1, "DeviceID": GATE, "PassTime": NOW.strftime("%Y%m%d%H%M%S"), "HasPlate": "1", "PlateNo": PLATE, "PlateClass": "02"}
    one = {"NotificationID": number, "DispositionID": "350206000000012023120100000000001", "Title": "后埔东入口滞留 " + PLATE, "TriggerTime": NOW.strftime("%Y%m%d%H%M%S"), "MotorVehicleObject": vehicle}
    return {"DispositionNotificationListObject": {"DispositionNotificationObject": [dict(one, **more)]}}


def library(bus, name, session, digest, other, number):
    """A video library's session: it registers, keeps alive, asks the time, warns."""
    bus.client(name)

    def told(path, document, auth=digest):
        answer = session.post(address("village", "/VIID/" + path), auth=auth, headers={"Content-Type": "application/VIID+JSON;charset=UTF-8"}, data=json.dumps(document, ensure_ascii=False).encode())
        return answer.status_code, [(one.get("Id"), str(one["StatusCode"])) for one in statuses(answer)]

    device = "35020600005030000001"
    seen = [told("System/Register", {"RegisterObject": {"DeviceID": device}}), told("System/Keepalive", {"KeepaliveObject": {"DeviceID": device}})]
    bus.claim("it registers and keeps alive", seen == [(200, [(device, "0")])] * 2, seen)
    clock = session.get(address("village", "/VIID/System/Time"), auth=digest).json()["SystemTimeObject"]
    bus.claim("asks the time", clock["VIIDServerID"] == device and re.fullmatch(r"\d{14}", clock["LocalTime"]), clock)
    seen = told("DispositionNotifications", warning(number))
    bus.claim("warns", seen == (200, [(number, "0")]), seen)
    bus.claim_event("and it is an event", "p11::" + number, {"category.code": "E2123", "position.method": "registry", "position.raw": ["118.123957", "24.500342"], "time.occurred": utc(NOW)})
    seen = told("MotorVehicles", {"MotorVehicleListObject": {"MotorVehicleObject": [{"MotorVehicleID": GATE + "02" + number, "DeviceID": GATE, "PlateNo": PLATE}]}})
    bus.claim("what only passes by is answered", seen[0] == 200 and seen[1][0][1] == "0", seen)
    bus.claim("another password is told 401", told("System/Register", {"RegisterObject": {"DeviceID": device}}, other)[0] == 401)


def statuses(answer):
    try:
        document = answer.json()
    except ValueError:
        return []
    return document.get("ResponseStatusListObject", {}).get("ResponseStatusObject") or [document[name] for name in ("ResponseStatusObject",) if name in document]


def libraries(bus):
    word = secret("village")
    library(bus, "requests", requests.Session(), requests.auth.HTTPDigestAuth("huli", word), requests.auth.HTTPDigestAuth("huli", "another"), "350206000000042026120508302000001")
    with httpx.Client(trust_env=False) as session:
        session_post = session.post
        session.post = lambda url, data, **more: session_post(url, content=data, **more)
        library(bus, "httpx", session, httpx.DigestAuth("huli", word), httpx.DigestAuth("huli", "another"), "350206000000042026120508302000002")


# ---- p16: feeds ----

def posts(bus):
    expected = {"description": written.POST_TEXT, "time.occurred": utc(NOW - 2 * HOUR), "status.state": "received", "category.code": "E2111", "reporter.name": "林*"}
    first = dict(expected, title="枋湖南路店外占道 <第2天> & 没人管", **{"source.url": written.SITE + "/t/1?id=1", "category.also": ["E0504"]})
    second = dict(expected, title="工地扬尘 <第3天> & 没人管", **{"source.url": written.SITE + "/t/2", "category.also": ["E0302"]})
    subject = "p16::tag%3Abbs.example.cn,2023%3A"
    bus.client("feedgen")
    bus.claim_event("a post of its RSS", subject + "fg-1", {name: value for name, value in first.items() if name != "reporter.name"})
    bus.client("feedgenerator")
    bus.claim_event("a post of its Atom", subject + "dj-2", dict(second, **{"time.updated": utc(NOW - HOUR)}))
    put(WWW, "opinion/feed.xml", written.by_django(feedgenerator.Rss201rev2Feed), 1)
    put(WWW, "opinion/atom.xml", written.by_feedgen().atom_str(pretty=True), 1)
    bus.claim_event("the same post of its RSS", subject + "dj-2", second, 2)
    bus.client("feedgen")
    bus.claim_event("a post of its Atom", subject + "fg-1", dict(first, **{"time.updated": utc(NOW - HOUR)}), 2)


# ---- p06: cap-tools ----

def alerts(bus):
    bus.client("cap-tools")
    first = written.alert(1, cap_tools.MsgType.ALERT)
    subject = "p06::" + first.identifier
    expected = {"kind": "warning", "severity": "high", "title": "台风橙色预警 & 防御指引", "description": "阵风 <10 级", "valid.to": utc(NOW + 6 * HOUR), "place.district": "350206",
                "geometry": lambda shape: shapely.geometry.shape(shape).equals(written.DISTRICT)}
    chain = ((cap_tools.MsgType.ALERT, "received"), (cap_tools.MsgType.UPDATE, "processing"), (cap_tools.MsgType.CANCEL, "closed"))
    for count, (kind, state) in enumerate(chain, 1):
        if count > 1:
            put(WWW, "weather/warnings.xml", written.alert_bytes(written.alert(count, kind, first)), count)
        bus.claim_event(kind.value, subject, dict(expected, **{"status.state": state}), count)


# ---- p05: geojson writes shapely's shapes ----

def spots(bus):
    bus.client("shapely")
    for name, shape in (("yard", written.YARD), ("houses", written.HOUSES), ("bow", shapely.make_valid(written.BOW))):
        def same(seen, shape=shape):
            ours = shapely.geometry.shape(seen)
            return ours.is_valid and ours.symmetric_difference(shape).area < 1e-9 * shape.area + 1e-15

        def inside(seen, shape=shape):
            return shape.covers(shapely.Point(seen["lon"], seen["lat"]))
        bus.claim_event("a spot that geojson wrote: " + name, "p05::clients-" + name, {"geometry": same, "position": inside, "position.method": "area", "time.updated": "2023-09-30T16:00:00.000Z"})


# ---- p12: cloudevents over kafka-python ----

def case(number, **more):
    return dict({"eventNo": number, "typeStr": "占道经营", "gridName": "枋湖社区第3网格", "addTime": STAMP, "sourceStr": "网格员巡查", "status": 2, "statusStr": "处理中", "longitude": "118.114769",
                 "latitude": 24.509847}, **more)


def topic_make(name):
    admin = kafka.KafkaAdminClient(bootstrap_servers="127.0.0.1:" + os.environ["HUB_PORT_KAFKA"])
    admin.create_topics([NewTopic(name=name, num_partitions=1, replication_factor=1)])
    admin.close()


def cases(bus):
    bus.client("cloudevents")
    producer = kafka.KafkaProducer(bootstrap_servers=bus.brokers, compression_type="lz4")
    topic = os.environ["HUB_GRID_TOPIC"]

    def produce(mode, number):
        event = CloudEvent({"id": number, "source": "/grid", "type": "cn.grid.case", "time": NOW, "datacontenttype": "application/json", "partitionkey": number}, case(number))
        message = mode(event)
        producer.send(topic, key=message.key.encode(), value=message.value, headers=list(message.headers.items())).get(30)
    produce(binding.to_binary_event, "CE-binary")
    produce(binding.to_structured_event, "CE-structured")
    for number in "CE-binary", "CE-structured":
        bus.claim_event(number, "p12::" + number, {"status.state": "processing", "category.code": "E0504", "time.updated": utc(NOW), "place.grid": "枋湖社区第3网格", "position.raw": ["118.114769", "24.509847"]})
    bus.client("kafka-python")
    producer.send(topic, key=b"CE-binary", value=None).get(30)
    bus.claim_event("a tombstone", "p12::CE-binary", {"status.state": "deleted"}, 2)
    producer.close()


# ---- p10: paho over MQTT 5 ----

def towers(bus):
    bus.client("paho-mqtt")
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="clients", protocol=mqtt.MQTTv5)
    client.username_pw_set("city", secret("mqtt-city"))
    client.connect("127.0.0.1", int(os.environ["HUB_PORT_MQTT"]))
    client.loop_start()
    subject = "p10::hl-rail-k12/trackside-object/17"
    for count, (state, ours, qos) in enumerate((("true", "received", 1), ("false", "closed", 2)), 1):
        document = {"UtcTime": utc(NOW), "Source": {"VideoSource": "hl-rail-k12", "Rule": "trackside-object"}, "Data": {"ObjectId": "17", "State": state}}
        client.publish("hl-rail-k12/onvif-ej/RuleEngine/FieldDetector/ObjectsInside/&trackside-object", json.dumps(document), qos=qos).wait_for_publish(30)
        bus.claim_event("an ONVIF event of QoS %d" % qos, subject, {"status.state": ours, "category.code": "E2128", "position.lon": 118.1122, "position.lat": 24.5144, "time.occurred": utc(NOW)}, count)
    client.disconnect()
    client.loop_stop()


def main():
    if sys.argv[1] == "write":
        written.write_first(WWW, INBOX)
        topic_make(os.environ["HUB_GRID_TOPIC"])
        return
    bus = Bus()
    for client in (webhooks, petitions, libraries, posts, alerts, spots, cases, towers):
        client(bus)
    bus.claim_rest({("residence", "bad_signature"): 2, ("residence", "stale_signature"): 1, ("petition", "bad_time"): 2, ("petition", "unknown_message"): 2})
    bus.claim("nothing of a secret petition stands in an event", not [text for text in bus.texts if "hidden" in text or "机密的信访" in text])
    bus.claim("nor a plate", not [text for text in bus.texts if PLATE in text])
    bus.end()


main()
