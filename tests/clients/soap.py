#!/usr/bin/python3
"""
soap.py URL TOKEN_FILE: calls the petition adapter with zeep (docs.python-zeep.org), a SOAP client that nobody here wrote, in SOAP 1.1 and 1.2. Prints the number of each petition
that has to be in the warehouse, a line each; exit 1, with what was wrong on stderr, when an answer is not the one that is due.
"""

import os
import sys
import xml.etree.ElementTree as ElementTree

import requests
import zeep
import zeep.exceptions
import zeep.transports

SPACE, EACH = "{http://ws.xfj.example.cn/}", 10


def message(*petitions):
    root = ElementTree.Element("ExchangeMessage")
    body = ElementTree.SubElement(root, "Body")
    for petition in petitions:
        fields = ElementTree.SubElement(body, "fields")
        for name, text in petition.items():
            ElementTree.SubElement(fields, name.upper()).text = text
    return ElementTree.tostring(root, encoding="unicode")


def petition(number, **more):
    return dict({"storeid": number, "djsj": "2023-12-05 09:12:40", "bt": "夜间烧烤油烟 <一楼> & 二楼", "fynr": "某路\n某号", "issecret": "0"}, **more)


class Office:
    def __init__(self, url, token, binding):
        session = requests.Session()
        session.trust_env = False
        session.headers["token"] = token
        client = zeep.Client(os.path.join(os.path.dirname(os.path.abspath(__file__)), "petition.wsdl"), transport=zeep.transports.Transport(session=session, timeout=60))
        self.service, self.binding = client.create_service(SPACE + binding, url), binding

    def told(self, xml):
        """successStr as a list, and of each failure the number and the reason."""
        result = ElementTree.fromstring(self.service.service(xml=xml).encode())
        return ([number for number in result.findtext("successStr").split(",") if number],
                [(one.findtext("failId"), one.findtext("failReason").split(":")[0]) for one in result.findall("failSituationList")])

    def fault(self, xml):
        try:
            return "no fault: %s" % self.service.service(xml=xml)
        except zeep.exceptions.Fault as fault:
            return fault.message.split(":")[0]
        except zeep.exceptions.TransportError as error:
            return error.status_code


def due(what, wanted, told):
    if told != wanted:
        sys.exit("%s: wanted %s, told %s" % (what, wanted, told))


def call(url, token, binding):
    office, stored = Office(url, token, binding), []
    for count in range(EACH):
        stored.append("%s-%d" % (binding, count))
        due("one", ([stored[-1]], []), office.told(message(petition(stored[-1]))))
    number = binding + "-last"
    due("some fail", ([number], [("", "missing_field"), (binding + "-no", "bad_time")]),
        office.told(message(petition(""), petition(number), petition(binding + "-no", djsj="昨天"))))
    due("a secret one", ([binding + "-secret"], []), office.told(message(petition(binding + "-secret", issecret="1", bt="甲家的秘密"))))
    due("cut", ([], [("", "not_xml")]), office.told(message(petition(number))[:-9]))
    due("a document type", ([], [("", "doctype")]), office.told("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>" + message(petition(number))))
    due("no petition", "unknown_message", office.fault("<ExchangeMessage/>"))
    due("another token", 401, Office(url, "another", binding).fault(message(petition(number))))
    return stored + [number]


def main():
    with open(sys.argv[2], encoding="utf-8") as file:
        token = file.readline().strip()
    for binding in ("Soap11", "Soap12"):
        print("\n".join(call(sys.argv[1], token, binding)))


main()
