#!/usr/bin/python3
"""
config_messages.py: what the hub says about a configuration that is wrong. Two tables: what a file gets wrong is one line that names the place and
exit 78; what another person can mend while we run is one line, and the process stays and tries again. Each row changes one thing in a good configuration.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time

import base

HUB, FOLDER = os.environ["HUB"], os.path.join(base.TEST, "config")
DEVICES = "device_id,name,kind,lon,lat,crs,radius_m,place,category\nc-1,one,camera,118.13,24.51,gcj02,40,somewhere,\n"
ZONES = '"350206": { name: Huli, partition: 0 }\n'
SEEN_WITHIN, ALIVE_FOR = 30.0, 1.0

# What only the instance's own process may read.
OTHERS = ("  hotline:\n", """  pushed:
    adapter: residence
    source: { kind: http_push, listen: "127.0.0.1:0", signature: standard-webhooks, secret_file: gone.secret }
    options: { crs: gcj02 }
  hotline:
""")
# name; what to replace in hub.yaml; by what; command; what the line must say (a regular expression)
REFUSED = (
    ("unknown section", "kafka:", "kafak:", "check", r"hub\.yaml:1\b.*kafak.*kafka"),
    ("unknown key", "brokers:", "broker:", "check", r"hub\.yaml:1\b.*broker\b.*brokers"),
    ("unknown key of an instance", "adapter: citybrain", "adaptor: citybrain", "check", r"hub\.yaml:\d+\b.*adaptor.*adapter"),
    ("unknown key of a source", "qos: 1", "qso: 1", "check", r"hub\.yaml:\d+\b.*qso.*qos"),
    ("unknown key of an adapter's options", "devices: devices.csv", "device: devices.csv", "check", r"hub\.yaml:\d+\b.*device\b.*devices"),
    ("wrong type", "qos: 1", "qos: many", "check", r"hub\.yaml:\d+\b.*qos.*many"),
    ("out of range", "qos: 1", "qos: 7", "check", r"hub\.yaml:\d+\b.*qos.*7"),
    ("wrong duration", "interval: 60s", "interval: soon", "check", r"hub\.yaml:\d+\b.*interval.*soon"),
    ("unknown adapter", "adapter: citybrain", "adapter: citybrian", "check", r"hub\.yaml:\d+\b.*citybrian.*citybrain"),
    ("unknown source", "kind: mqtt", "kind: mqqt", "check", r"hub\.yaml:\d+\b.*mqqt.*mqtt"),
    ("a byte stream for an adapter that cuts none", 'source: { kind: mqtt, url: "tcp://127.0.0.1:1", topics: ["frigate/events"], qos: 1, user: hub, password_file: wrong-password }',
     'source: { kind: tcp, listen: "127.0.0.1:0" }', "check", r"hub\.yaml:\d+\b.*tcp.*byte stream.*citybrain"),
    ("unknown coordinate system", "crs: gcj02", "crs: gcj2", "check", r"hub\.yaml:\d+\b.*crs.*gcj2"),
    ("required option missing", "devices: devices.csv", "space: a", "check", r"hub\.yaml:\d+\b.*devices"),
    ("no such file", "devices: devices.csv", "devices: gone.csv", "check", r"gone\.csv"),
    ("wrong registry", "devices: devices.csv", "devices: bad.csv", "check", r"bad\.csv:?.*2\b.*(lat|lon)"),
    ("wrong gazetteer", "zones: zones.yaml", "zones: zones.yaml\ngazetteer: roads.csv", "check", r"roads\.csv line 3: kind \"street\""),
    ("no such zone", 'zone: "350206"', 'zone: "350299"', "check", r"350299"),
    ("no zones file", "zones: zones.yaml", "zones: gone.yaml", "check", r"gone\.yaml"),
    ("variable not set", "brokers: \"127.0.0.1:1\"", "brokers: \"${HUB_NOBODY_SET_THIS}\"", "check", r"hub\.yaml:1\b.*HUB_NOBODY_SET_THIS"),
    ("broken YAML", "instances:", "instances: [", "check", r"hub\.yaml:\d+"),
    ("HTTP to a far host", "http://127.0.0.1:1/list", "http://example.com/list", "check", r"(?i)https"),
    ("a secret that is not there", OTHERS[0], OTHERS[1], "check", r"hub\.yaml:\d+\b.*gone\.secret"),
    ("no privacy keys", "privacy.keys", "gone.keys", "run citybrain", r"gone\.keys"),
    ("privacy keys that others read", "privacy.keys", "open.keys", "run citybrain", r"open\.keys"),
    ("unknown instance", "", "", "run citybrian", r"citybrian.*citybrain"),
    ("a pause of an unknown instance", "", "", "pause citybrian", r"citybrian.*citybrain"),
    ("a recording of an unknown instance", "", "", "record citybrian %s/recording" % FOLDER, r"citybrian.*citybrain"),
    ("two processes of one instance", "", "", "run locked", r"(?i)locked|lock|another"),
)
# name; command; what the one line must say: what was typed is wrong, exit 2
TYPED = (
    ("a span that a source cannot read again", "run citybrain --from 2023-12-05 --to 2023-12-06", r"citybrain.*mqtt.*span"),
    ("one bound of a span", "run hotline --from 2023-12-05", r"--from.*--to"),
    ("production's topics for a trial", "run citybrain --topic-prefix hub", r"hub.*prefix"),
    ("a trial's name that is none", "tail events --topic-prefix a/b", r"a/b.*prefix"),
    ("no recording", "replay state", r"state.*no recording"),
    ("an unknown part", "help citybrian", r"citybrian.*citybrain"),
)
# name; replacements; command; what one log line must say
RETRIED = (
    ("Kafka's port refused", (), "run citybrain", r"(?i)kafka|broker"),
    ("another instance's secret is none of its own", (OTHERS,), "run citybrain", r"(?i)kafka|broker"),
    ("nor of the correlator's", (OTHERS,), "correlate", r"(?i)(refused|connection)"),
    ("MQTT's port refused", (), "run citybrain", r"(?i)mqtt.*(refused|127\.0\.0\.1:1\b)|refused.*mqtt"),
    ("MQTT's password wrong", (("tcp://127.0.0.1:1", "tcp://127.0.0.1:%s" % os.environ["HUB_PORT_MQTT"]),), "run citybrain",
     r"(?i)(password|authori[sz]ed|user)"),
    ("HTTP's port refused", (), "run hotline", r"(?i)(refused|connect|127\.0\.0\.1:1\b)"),
    ("PostgreSQL's port refused", (), "correlate", r"(?i)(refused|connection)"),
    ("PostgreSQL's password wrong", (("127.0.0.1:1/hub", "127.0.0.1:%d/hub" % base.PORT),), "correlate", r"(?i)password"),
    ("PostgreSQL's password wrong, for the relay", (("127.0.0.1:1/hub", "127.0.0.1:%d/hub" % base.PORT),), "relay", r"(?i)password"),
    ("tables missing", (("127.0.0.1:1/hub", "127.0.0.1:%d/hub" % base.PORT), ("wrong-password", "postgres-hub_owner")), "correlate",
     r"(?i)(migrate|exist)"),
)
# name; replacements; what `hub check --connect` must say, exit 1
CONNECT = (
    ("Kafka away", (), r"(?i)kafka"),
    ("PostgreSQL away", (), r"(?i)postgres"),
    ("MQTT away", (), r"(?i)citybrain.*(refused|127\.0\.0\.1:1\b|mqtt)"),
    ("HTTP away", (), r"(?i)hotline.*(refused|connect|127\.0\.0\.1:1\b)"),
)
GOOD = """kafka: { brokers: "127.0.0.1:1" }
postgres: { url: "postgresql://hub_owner@127.0.0.1:1/hub", password_file: wrong-password }
privacy: { keys: privacy.keys }
commands: { keys: commands.key }
zones: zones.yaml
state: state
instances:
  citybrain:
    adapter: citybrain
    zone: "350206"
    source: { kind: mqtt, url: "tcp://127.0.0.1:1", topics: ["frigate/events"], qos: 1, user: hub, password_file: wrong-password }
    options: { devices: devices.csv }
  locked:
    adapter: citybrain
    source: { kind: mqtt, url: "tcp://127.0.0.1:1", topics: ["frigate/events"] }
    options: { devices: devices.csv }
  hotline:
    adapter: hotline
    source:
      kind: http_poll
      url: "http://127.0.0.1:1/list"
      interval: 60s
      start_parameter: start
      end_parameter: end
    options: { profile: vendor, crs: gcj02, notes: { note1: title } }
"""


def write(name, text, mode=0o600):
    path = os.path.join(FOLDER, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)


def prepare(changes):
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.makedirs(os.path.join(FOLDER, "state"))
    write("zones.yaml", ZONES)
    write("devices.csv", DEVICES)
    write("roads.csv", "name,kind,lon,lat,crs,radius_m\n枋湖南路,road,118.13,24.51,wgs84,700\n金湖路,street,118.13,24.51,wgs84,700\n")
    write("bad.csv", DEVICES.replace("24.51", "north"))
    write("wrong-password", "nonsense\n")
    for name in ("privacy.keys", "commands.key"):
        shutil.copy(os.path.join(base.SECRETS, name), os.path.join(FOLDER, name))
    shutil.copy(os.path.join(base.SECRETS, "privacy.keys"), os.path.join(FOLDER, "open.keys"))
    os.chmod(os.path.join(FOLDER, "open.keys"), 0o644)
    if os.path.exists(os.path.join(base.SECRETS, "postgres-hub_owner")):
        shutil.copy(os.path.join(base.SECRETS, "postgres-hub_owner"), os.path.join(FOLDER, "postgres-hub_owner"))
    text = GOOD
    for old, new in changes:
        assert not old or old in text, old
        text = text.replace(old, new, 1) if old else text
    write("hub.yaml", text)


def command(words):
    return [HUB, *words.split(), *([os.path.join(FOLDER, "hub.yaml")] if words.startswith("check") else ["--config", os.path.join(FOLDER, "hub.yaml")])]


def run(words):
    done = subprocess.run(command(words), capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, [line for line in (done.stdout + done.stderr).split("\n") if line.strip()]


class Started:
    """A process that goes on; ended by its own pid."""

    def __init__(self, words):
        self.path = os.path.join(FOLDER, "log")
        with open(self.path, "wb") as log:
            self.process = subprocess.Popen(command(words), stdout=log, stderr=log)

    def lines(self):
        with open(self.path, encoding="utf-8", errors="replace") as file:
            return file.read().splitlines()

    def says(self, pattern):
        end = time.monotonic() + SEEN_WITHIN
        while time.monotonic() < end:
            found = [line for line in self.lines() if re.search(pattern, line) and '"info"' not in line]
            if found or self.process.poll() is not None:
                return found
            time.sleep(0.05)
        return []

    def lives(self):
        try:
            self.process.wait(ALIVE_FOR)
        except subprocess.TimeoutExpired:
            return True
        return False

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def check_refused(verdict):
    for name, old, new, words, pattern in REFUSED:
        prepare([(old, new)])
        first = Started("run locked") if words == "run locked" else None
        if first:
            first.says(r"(?i)mqtt|kafka|away|refused")
        code, lines = run(words)
        if first:
            first.stop()
        fine = code == 78 and len(lines) == 1 and re.search(pattern, lines[0])
        verdict.check(fine, "%s: one line, exit 78" % name, "exit %d, %d lines: %s" % (code, len(lines), " | ".join(lines[:3])))


def check_typed(verdict):
    prepare(())
    for name, words, pattern in TYPED:
        code, lines = run(words)
        fine = code == 2 and len(lines) == 1 and re.search(pattern, lines[0])
        verdict.check(fine, "%s: one line, exit 2" % name, "exit %d, %d lines: %s" % (code, len(lines), " | ".join(lines[:3])))


def check_retried(verdict):
    for name, changes, words, pattern in RETRIED:
        prepare(changes)
        started = Started(words)
        found = started.says(pattern)
        verdict.check(found and started.lives(), "%s: a line, and it goes on trying" % name, " | ".join(started.lines()[-3:]))
        started.stop()


def check_connect(verdict):
    prepare(())
    code, lines = run("check --connect")
    for name, _, pattern in CONNECT:
        found = [line for line in lines if re.search(pattern, line)]
        verdict.check(code == 1 and len(found) == 1, "hub check --connect: %s: one line, exit 1" % name, "exit %d: %s" % (code, " | ".join(lines[:6])))


def check_good(verdict):
    prepare(())
    code, lines = run("check")
    verdict.check(code == 0, "the configuration that all rows start from is good", "exit %d: %s" % (code, lines[:3]))
    missing = subprocess.run([HUB, "check", os.path.join(FOLDER, "none.yaml")], capture_output=True, text=True, timeout=60, check=False)
    verdict.check(missing.returncode == 78 and "none.yaml" in missing.stderr + missing.stdout, "no configuration file: exit 78", missing.stderr)
    os.symlink("conf.d", os.path.join(FOLDER, "conf.d"))
    code, lines = run("check")
    verdict.check(code == 78 and len(lines) == 1 and "conf.d" in lines[0], "a conf.d that cannot be read: one line, exit 78", "exit %d: %s" % (code, lines[:3]))
    os.unlink(os.path.join(FOLDER, "conf.d"))
    clock = subprocess.run(command("run citybrain"), capture_output=True, text=True, timeout=60, check=False, env={**os.environ, "HUB_CLOCK": "noon"})
    verdict.check(clock.returncode == 78 and "HUB_CLOCK" in clock.stderr, "a wrong HUB_CLOCK: exit 78", clock.stderr)


def main():
    verdict = base.Verdict()
    check_good(verdict)
    check_refused(verdict)
    check_typed(verdict)
    check_retried(verdict)
    check_connect(verdict)
    return 1 if verdict.failed else 0


if __name__ == "__main__":
    sys.exit(main())
