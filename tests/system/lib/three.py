#!/usr/bin/python3
"""three.py BROKERS leader TOPIC PARTITION: the node that leads it. three.py BROKERS whole: exit 0 when every partition has a leader and all of its copies are in step."""

import sys

from confluent_kafka.admin import AdminClient


def main():
    topics = AdminClient({"bootstrap.servers": sys.argv[1]}).list_topics(timeout=20).topics
    if sys.argv[2] == "leader":
        print(topics[sys.argv[3]].partitions[int(sys.argv[4])].leader)
        return 0
    parts = [part for topic in topics.values() for part in topic.partitions.values()]
    return 0 if parts and all(part.leader >= 0 and len(part.isrs) == len(part.replicas) == 3 for part in parts) else 1


sys.exit(main())
