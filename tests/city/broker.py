"""
Publishing to the grid platform's own Kafka topic: a message counts only when the broker reported it. --kafka HOST:PORT, or
ssl://HOST:PORT with --kafka-certificate, for a broker whose own certificate leads to what this machine (SSL_CERT_FILE) trusts.
"""

from confluent_kafka import KafkaError, KafkaException, Producer
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
    made = client.create_topics([NewTopic(topic, partitions, 1)])
    try:
        made[topic].result(30)
    except KafkaException as error:
        if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
            raise Trouble("kafka %s: topic %s: %s" % (address, topic, error.args[0].str())) from None


class Feed:
    def __init__(self, options, topic, partitions):
        self.address, settings = client_of(options)
        self.topic, self.failed = topic, None
        make_topic(self.address, settings, topic, partitions)
        self.producer = Producer({**settings, "enable.idempotence": True, "linger.ms": 5, "message.timeout.ms": 0})        # however long it is away

    def publish(self, key, value, done):
        """done(partition, offset) is called when the broker has it. value None: a tombstone."""
        def report(error, message):
            if error:
                self.failed = error.str()
            else:
                done(message.partition(), message.offset())
        self.producer.produce(self.topic, key=key, value=value, on_delivery=report)
        self.producer.poll(0)

    def drain(self, patience):
        left = self.producer.flush(patience)
        if left or self.failed:
            raise Trouble("kafka %s: topic %s: %s" % (self.address, self.topic, self.failed or "%d messages never delivered" % left))
