#!/usr/bin/python3
"""kafka_leads.py PORT: exit 0 when the broker on this machine leads every partition of every topic, 1 otherwise.

A broker says that it has started a moment before it takes up its partitions again; who asks in between is told "not leader". Here every
partition is asked for its end (Kafka protocol: Metadata v1, ListOffsets v1, response header v0), so that started means ready.
"""

import socket
import struct
import sys

METADATA, LIST_OFFSETS, LATEST = 3, 2, -1


def text(value):
    return struct.pack(">h", len(value)) + value


def ask(peer, key, body):
    request = struct.pack(">hhi", key, 1, 7) + text(b"kafka_leads") + body
    peer.sendall(struct.pack(">i", len(request)) + request)
    return Reader(take(peer, struct.unpack(">i", take(peer, 4))[0])[4:])


def take(peer, size):
    got = b""
    while len(got) < size:
        more = peer.recv(size - len(got))
        if not more:
            raise OSError("the broker hung up")
        got += more
    return got


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def number(self, form):
        self.at += struct.calcsize(form)
        return struct.unpack_from(form, self.data, self.at - struct.calcsize(form))[0]

    def text(self):
        size = max(self.number(">h"), 0)
        self.at += size
        return self.data[self.at - size:self.at]

    def array(self, item):
        return [item() for _ in range(max(self.number(">i"), 0))]

    def broker(self):
        return self.number(">i"), self.text(), self.number(">i"), self.text()

    def partition(self):
        error, number, leader = self.number(">h"), self.number(">i"), self.number(">i")
        self.array(lambda: self.number(">i"))
        self.array(lambda: self.number(">i"))
        return number, error == 0 and leader >= 0

    def topic(self):
        self.number(">h")
        name, _internal = self.text(), self.number(">b")
        return name, self.array(self.partition)

    def end(self):
        number, error, _stamp, _offset = self.number(">i"), self.number(">h"), self.number(">q"), self.number(">q")
        return number, error == 0


def leads(peer):
    reader = ask(peer, METADATA, struct.pack(">i", -1))
    reader.array(reader.broker)
    reader.number(">i")
    topics = reader.array(reader.topic)
    if not all(fine for _, partitions in topics for _, fine in partitions):
        return False
    body = struct.pack(">ii", -1, len(topics))
    for name, partitions in topics:
        body += text(name) + struct.pack(">i", len(partitions))
        body += b"".join(struct.pack(">iq", number, LATEST) for number, _ in partitions)
    reader = ask(peer, LIST_OFFSETS, body)
    ends = reader.array(lambda: (reader.text(), reader.array(reader.end)))
    return all(fine for _, partitions in ends for _, fine in partitions)


def main():
    try:
        with socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=5) as peer:
            return 0 if leads(peer) else 1
    except OSError:
        return 1


sys.exit(main())
