"""Publishing over MQTT, QoS 1: a message counts only when the broker's PUBACK came; what is unacknowledged is sent again by the client."""

import os
import subprocess
import tempfile
import threading
import time

import paho.mqtt.client as paho


class Trouble(Exception):
    """Said to the user in one line."""


class Publisher:
    def __init__(self, address, user=None, password_file=None, name="city"):
        scheme, _, rest = address.rpartition("://")
        self.host, _, port = rest.rpartition(":")
        self.port, self.user, self.password_file = int(port), user, password_file
        self.lock, self.open, self.early, self.refused = threading.Condition(), {}, set(), None
        self.client = paho.Client(client_id="%s-%d" % (name, os.getpid()), clean_session=False)
        self.client.max_inflight_messages_set(200)
        self.client.max_queued_messages_set(0)
        self.client.reconnect_delay_set(1, 2)
        self.client.on_publish, self.client.on_connect = self._published, self._connected
        self.is_tls = scheme == "ssl"
        if self.is_tls:  # whom this machine (SSL_CERT_FILE) trusts
            self.client.tls_set()
        if user:
            self.client.username_pw_set(user, self._password())
        self.connected = threading.Event()

    def _password(self):
        if not self.password_file:
            return None
        with open(self.password_file, encoding="utf-8") as file:
            return file.read().strip()

    def connect(self):
        try:
            self.client.connect(self.host, self.port, keepalive=30)
        except OSError as error:
            raise Trouble("mqtt %s:%d: %s" % (self.host, self.port, error)) from None
        self.client.loop_start()
        if not self.connected.wait(15) or self.refused:
            raise Trouble("mqtt %s:%d: %s" % (self.host, self.port, self.refused or "no answer"))

    def _connected(self, _client, _data, _flags, code):
        self.refused = paho.connack_string(code) if code else None
        self.connected.set()

    def _published(self, _client, _data, number):
        with self.lock:
            done = self.open.pop(number, None)
            if done is None:
                self.early.add(number)
            self.lock.notify_all()
        if done:
            done()

    def publish(self, topic, payload, done=lambda: None, retain=False):
        """done() is called when the broker has it."""
        number = self.client.publish(topic, payload, qos=1, retain=retain).mid
        with self.lock:
            if number not in self.early:
                self.open[number] = done
                return
            self.early.discard(number)
        done()

    def unacknowledged(self):
        with self.lock:
            return len(self.open)

    def drain(self, patience):
        """Waits until the broker has everything."""
        end = time.monotonic() + patience
        with self.lock:
            while self.open and time.monotonic() < end:
                self.lock.wait(0.5)
            if self.open:
                raise Trouble("mqtt %s:%d: %d messages never acknowledged" % (self.host, self.port, len(self.open)))

    def wait_subscriber(self, topic, patience, message="online"):
        """Until somebody has subscribed to the topic: the broker says so in its PUBACK to an MQTT 5 client (reason 16: nobody)."""
        if not patience:
            return
        with tempfile.TemporaryDirectory() as folder:
            self._probe_options(os.path.join(folder, "mosquitto_pub"))
            command = ["mosquitto_pub", "-d", "-V", "5", "-h", self.host, "-p", str(self.port), "-q", "1", "-r", "-t", topic, *(("-m", message) if message else ("-n",)),
                       *(("--tls-use-os-certs",) if self.is_tls else ())]
            end = time.monotonic() + patience
            while True:
                said = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "XDG_CONFIG_HOME": folder})
                if "RC:0)" in said.stdout:
                    return
                if time.monotonic() > end:
                    raise Trouble("nobody has subscribed to %s" % topic)
                time.sleep(0.3)

    def _probe_options(self, path):
        """User and password of mosquitto_pub, in a file: not among the arguments, where everybody sees them."""
        with open(path, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            if self.user:
                file.write("-u %s\n-P %s\n" % (self.user, self._password() or ""))

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()
