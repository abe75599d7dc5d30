"""Publishing to the grid platform's own Kafka topic: a message counts only when the broker reported it."""

from confluent_kafka import KafkaError, KafkaException, Producer
from confluent_kafka.admin import AdminClient, NewTopic

from mqtt import Trouble


def make_topic(address, topic, partitions):
    """An absent topic is made; one that is there stays as it is."""
    client = AdminClient({"bootstrap.servers": address})
    made = client.create_topics([NewTopic(topic, partitions, 1)])
    try:
        made[topic].result(30)
    except KafkaException as error:
        if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
            raise Trouble("kafka %s: topic %s: %s" % (address, topic, error.args[0].str())) from None


class Feed:
    def __init__(self, address, topic, partitions):
        self.address, self.topic, self.failed = address, topic, None
        make_topic(address, topic, partitions)
        self.producer = Producer({"bootstrap.servers": address, "enable.idempotence": True, "linger.ms": 5, "message.timeout.ms": 120000})

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
