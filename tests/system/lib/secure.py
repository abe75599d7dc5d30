#!/usr/bin/python3
"""
Who gets in where, when the services are secured (89_secure.sh).

    secure.py matrix          each login of Kafka at each topic: what it may is done, what it may not is refused
    secure.py strangers PORT  who has no certificate, or one that is another authority's or too old, is no login at all; and a client that
                              trusts another authority, or finds another name, or one too old (served on PORT), sends nothing
    secure.py frigate CAMERA  a camera's event of now, as it comes by MQTT
"""

import json
import os
import socket
import ssl
import subprocess
import sys
import time

from confluent_kafka import Consumer, KafkaError, Producer, TopicPartition

import base

TLS = os.path.join(base.SECRETS, "tls")
TOPICS = ("hub.events.v1", "hub.rejected.v1", "hub.incidents.v1", "district.grid.cases")
# By hand, from what each process is for: r reads, w writes; in the order of TOPICS.
MAY = {
    "adapter":    ("w", "w", "", "r"),
    "correlator": ("r", "r", "", ""),
    "relay":      ("", "", "w", ""),
    "api":        ("w", "", "", ""),
    "centre":     ("r", "", "r", ""),
    "hub_owner":  ("rw", "rw", "rw", ""),
    "city":       ("", "", "", "rw"),
}


def settings(login, authority="ca"):
    return {"bootstrap.servers": base.BROKERS, "security.protocol": "ssl", "ssl.ca.location": "%s/%s.pem" % (TLS, authority),
            **({"ssl.certificate.location": "%s/%s.pem" % (TLS, login), "ssl.key.location": "%s/%s.key" % (TLS, login)} if login else {})}


def writes(login, topic):
    """Whether a record was acknowledged; only a refusal for lack of rights counts as none."""
    said = []
    producer = Producer({**settings(login), "message.timeout.ms": 20000})
    producer.produce(topic, b"{}", partition=0, on_delivery=lambda error, _: said.append(error))
    producer.flush(25)
    assert said and (not said[0] or said[0].code() == KafkaError.TOPIC_AUTHORIZATION_FAILED), (login, topic, said)
    return not said[0]


def reads(login, topic):
    consumer = Consumer({**settings(login), "group.id": "none", "enable.auto.commit": False, "enable.partition.eof": True, "auto.offset.reset": "earliest"})
    end = time.monotonic() + 25
    try:
        trouble = consumer.list_topics(topic, 25).topics[topic].error
        if trouble and trouble.code() == KafkaError.TOPIC_AUTHORIZATION_FAILED:  # it does not even hear whether there is such a topic
            return False
        consumer.assign([TopicPartition(topic, 0, 0)])
        while time.monotonic() < end:
            message = consumer.poll(1)
            if message and (not message.error() or message.error().code() == KafkaError._PARTITION_EOF):
                return True
            if message and message.error().code() == KafkaError.TOPIC_AUTHORIZATION_FAILED:
                return False
        raise AssertionError("%s: neither a record nor a refusal from %s" % (login, topic))
    finally:
        consumer.close()


def matrix():
    verdict = base.Verdict()
    for login, rights in MAY.items():
        for topic, may in zip(TOPICS, rights):
            found = ("r" if reads(login, topic) else "") + ("w" if writes(login, topic) else "")
            verdict.check(found == may, "%s at %s: %s" % (login, topic, may or "nothing"), found)
    return 1 if verdict.failed else 0


# ---- strangers ----


def lets_in(login):
    """Whether the broker answers a request of whoever has this certificate. TLS 1.3 tells a client that it is refused when it first reads."""
    context = ssl.create_default_context(cafile=TLS + "/ca.pem")
    if login:
        context.load_cert_chain("%s/%s.pem" % (TLS, login), "%s/%s.key" % (TLS, login))
    host, _, port = base.BROKERS.partition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=20) as raw, context.wrap_socket(raw, server_hostname=host) as peer:
            peer.sendall(bytes.fromhex("0000000a" "0012" "0000" "00000007" "ffff"))  # ApiVersions v0, no client id
            return len(peer.recv(4)) == 4
    except (ssl.SSLError, ConnectionError):
        return False


def plain():
    """Whether the broker answers the same without TLS."""
    host, _, port = base.BROKERS.partition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=20) as peer:
            peer.sendall(bytes.fromhex("0000000a" "0012" "0000" "00000007" "ffff"))
            return peer.recv(4) == b"\0\0\0\x0a"
    except ConnectionError:
        return False


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        return True
    except OSError:
        return False


def served(port, name):
    """What hub says of a broker that shows certificate NAME: whether it refuses it for that."""
    server = subprocess.Popen(["openssl", "s_server", "-quiet", "-accept", "127.0.0.1:%d" % port, "-cert", "%s/%s.pem" % (TLS, name),
                               "-key", "%s/%s.key" % (TLS, name)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while server.poll() is None and not answers(port):
            time.sleep(0.1)
        out = subprocess.run([os.environ["HUB"], "topics"], env={**os.environ, "HUB_KAFKA_BROKERS": "127.0.0.1:%d" % port}, capture_output=True, text=True,
                             timeout=120, check=False)
        return out.returncode != 0 and "verify" in out.stderr, out.stderr
    finally:
        server.kill()
        server.wait()


def strangers(port):
    verdict = base.Verdict()
    verdict.check(lets_in("adapter"), "the broker answers who has a certificate")
    verdict.check(not lets_in(None), "and not who has none")
    verdict.check(not lets_in("forged"), "nor one that another authority signed in a login's name")
    verdict.check(not lets_in("expired"), "nor one that is too old")
    verdict.check(not plain(), "nor without TLS")
    for name, why in (("forged", "of another authority"), ("elsewhere", "of another host"), ("expired", "too old")):
        refused, said = served(int(port), name)
        verdict.check(refused, "hub sends nothing to a broker whose certificate is %s" % why, said[-300:])
    return 1 if verdict.failed else 0


def frigate(camera):
    now = time.time()
    after = {"id": "%.2f-secure" % now, "camera": camera, "frame_time": now, "label": "garbage", "score": 0.8, "top_score": 0.8, "false_positive": False,
             "start_time": now - 5, "end_time": None, "current_zones": [], "entered_zones": []}
    print(json.dumps({"type": "new", "before": {}, "after": after}))
    return 0


if __name__ == "__main__":
    sys.exit({"matrix": matrix, "strangers": strangers, "frigate": frigate}[sys.argv[1]](*sys.argv[2:]))
