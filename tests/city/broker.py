"""
Publishing to the grid platform's own Kafka topic: a message counts only when the broker reported it. --kafka HOST:PORT, or
ssl://HOST:PORT with --kafka-certificate, for a broker whose own certificate leads to what this machine (SSL_CERT_FILE) trusts.
"""

import time

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from mqtt import Trouble


def client_of(options):
    """The address, and what a client of it is told."""
    scheme, _, rest = options.kafka.rpartition("://")
    settings = {"bootstrap.servers": rest}
    if scheme not in ("", "ssl"):
        raise Trouble("--kafka %s: HOST:PORT or ssl://HOST:PORT" % options.kafka)
    if scheme:
        settings.update({"security.protocol": "ssl", "ssl.certificate.location": options.kafka_certificate + ".pem",
                         "ssl.key.location": options.kafka_certificate + ".key"})
    return rest, settings


def make_topic(address, settings, topic, partitions):
    """An absent topic is made; one that is there stays as it is."""
    client = AdminClient(settings)
    made = client.create_topics([NewTopic(topic, partitions, 1)], request_timeout=100)
    try:
        made[topic].result(120)
    except KafkaException as error:
        if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
            raise Trouble("kafka %s: topic %s: %s" % (address, topic, error.args[0].str())) from None


def read_topic(settings, topic):
    """All that it holds now."""
    reader = Consumer({**settings, "group.id": "city", "enable.auto.commit": False})
    try:
        partitions = [TopicPartition(topic, number, 0) for number in reader.list_topics(topic, 30).topics[topic].partitions]
        left = {part.partition: reader.get_watermark_offsets(part, 30)[1] for part in partitions}
        reader.assign(partitions)
        while any(left.values()):
            message = reader.poll(30)
            if message is None or message.error():
                raise Trouble("topic %s: %s" % (topic, message.error().str() if message else "no answer"))
            if left[message.partition()]:
                yield message
            if message.offset() + 1 >= left[message.partition()]:
                left[message.partition()] = 0
    finally:
        reader.close()


class Feed:
    """
    An idempotent producer may give up for good when a broker that may have stored a message goes away (librdkafka before 2.3, issue 4438). What was
    not reported is then sent again by another one; and what of it had arrived all the same is found in the topic at the end, and counts like the rest.
    """

    def __init__(self, options, topic, partitions):
        self.address, self.settings = client_of(options)
        self.topic, self.failed = topic, None
        self.number, self.open, self.reported, self.doubtful = 0, {}, set(), {}       # open: by number, what nobody has reported
        make_topic(self.address, self.settings, topic, partitions)
        self.producer = self._producer()

    def _producer(self):
        return Producer({**self.settings, "enable.idempotence": True, "linger.ms": 5, "message.timeout.ms": 0})        # however long it is away

    def publish(self, key, value, done):
        """done(partition, offset) is called when the broker has it. value None: a tombstone."""
        if self.failed:
            self._renew()
        self.number += 1
        self.open[self.number] = (key, value, done)
        self._produce(self.number)
        self.producer.poll(0)

    def _produce(self, number):
        key, value, done = self.open[number]

        def report(error, message):
            if error:
                self.failed = error.str()
                return
            del self.open[number]
            self.reported.add((message.partition(), message.offset()))
            done(message.partition(), message.offset())
        try:
            self.producer.produce(self.topic, key=key, value=value, on_delivery=report)
        except KafkaException as error:
            self.failed = error.args[0].str()

    def _renew(self):
        print("kafka %s: topic %s: %s: %d messages are sent again" % (self.address, self.topic, self.failed, len(self.open)), flush=True)
        self.producer.purge()
        self.producer.flush(10)
        self.failed, self.producer = None, self._producer()
        for number, (key, value, done) in list(self.open.items()):
            self.doubtful[key, value] = done
            self._produce(number)

    def drain(self, patience):
        end = time.monotonic() + patience
        while self.open and time.monotonic() < end:
            if self.failed:
                self._renew()
            self.producer.flush(1)
        if self.open:
            raise Trouble("kafka %s: topic %s: %s" % (self.address, self.topic, self.failed or "%d messages never delivered" % len(self.open)))
        if self.doubtful:
            self._find()

    def _find(self):
        for message in read_topic(self.settings, self.topic):
            done, place = self.doubtful.get((message.key(), message.value())), (message.partition(), message.offset())
            if done and place not in self.reported:
                self.reported.add(place)
                done(*place)
