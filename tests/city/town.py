"""
What a platform of platforms/ is given: the city's problems and people, the time, what it has to say of itself, and every way to the hub. README.md, "A platform
of your own", shows one.
"""

import importlib
import os
import random
import time

import broker
import doors
import letters
from lines import Line
from mqtt import Trouble
from people import People
from server import Answer, Route

HERE = os.path.dirname(os.path.abspath(__file__))


def names():
    return sorted(name[:-3] for name in os.listdir(os.path.join(HERE, "platforms")) if name.endswith(".py") and not name.startswith("_"))


def chosen(text):
    """Of --platforms: all, or a list."""
    known = names()
    picked = known if text == "all" else [name for name in text.split(",") if name]
    for name in picked:
        if name not in known:
            raise Trouble("no platform %s; there are: %s" % (name, ", ".join(known)))
    return picked


def module(name):
    return importlib.import_module("platforms." + name)


class Town:
    """One platform's. Whatever a platform throws, it throws with its own dice: no other platform's day depends on it."""

    def __init__(self, play, name):
        self.play, self.name, self.options = play, name, play.options
        self.random = random.Random("%s of %d" % (name, play.options.seed))
        self.people, self.clock, self.record = play.people.view(self.random), play.clock, play.record
        self.world = play.world.view(self.random, self.people)
        self.begin, self.length, self.seed = play.begin, play.length, play.options.seed
        self.seen, self.parts, self.expected = {}, [], set()           # parts: whatever has waiting() and, perhaps, failed
        self._connection = None

    # ---- the city ----

    def at(self, share):
        """A time: 0 is the beginning, 1 the end."""
        return self.begin + share * self.length

    def step(self, at, do):
        """do() when simulated time is `at`; it must not wait for anything."""
        self.play.steps.append((at, self.name, do))

    def problems(self, *codes, share=1.0):
        """Those of the stories that name this platform, and that share of the problems of these codes; without codes, of all."""
        return [problem for problem in self.world.problems if self.name in problem.kind.by or
                ((not codes or problem.kind.code in codes) and self.random.random() < share)]

    def report(self, problem, metres=4.2):
        """What somebody says of it: at, occurred, title, text, lon, lat (WGS 84, off by about so many metres), address, community, clerk_name, code."""
        return self.world.report(problem, metres)

    def number(self, count):
        """A number of this play's own, of at most six digits: plays after each other have other cases."""
        return self.seed % 99 * 10000 + count

    # ---- what comes of it ----

    def tell(self, subject, problem, group=None):
        """The truth: this subject speaks of that problem. Nothing is told of a subject behind which no problem stands."""
        self.play.tell(subject, problem, group or self.name)

    def must(self, event):
        """From now on this event has to come: SPACE ID:REVISION, or SUBJECT:*N, the Nth state that is stored of a subject whose revisions only the adapter knows."""
        self._event(event, True)

    def may(self, event):
        """This one may come: a state that a poll may miss, a frame that asked for no answer."""
        self._event(event, False)

    def _event(self, event, needed):
        if (event, needed) not in self.expected:
            self.expected.add((event, needed))
            self.record.event(event, needed, int(time.time() * 1000))

    def shown(self, subject, text):
        """A state of something polled went out whole: the first must come, a later one may."""
        seen = self.seen.setdefault(subject, [])
        if text not in seen:
            seen.append(text)
            (self.may if seen[1:] else self.must)("%s:*%d" % (subject, len(seen)))

    def ends(self, subject, state):
        """The last state of this subject in the end, in the contract's words (received, closed ...)."""
        self.record.end(subject, state)

    def broken(self, raw, why):
        """These bytes, as the adapter sees them (the record, or the item of it that it sets aside), have to be rejected."""
        self.record.broken(raw, module(self.name).PLATFORM, why)

    def count(self, what, by=1):
        if by:
            self.record.count("%s: %s" % (self.name, what), by)

    # ---- ways to the hub ----

    def part(self, part):
        """The city is done when part.waiting() is 0."""
        self.parts.append(part)
        return part

    def line(self):
        """A list of rows with states (lines.py) that somebody polls: taken when every row's last state was shown."""
        return self.part(Line())

    def serve(self, path, answer, faults=True):
        """answer(Request) -> Answer at that path of the city's HTTP server; with * at its end at all that begin so. With faults it misbehaves now and then."""
        self.play.hotline.routes[path] = Route(answer, faults)

    def door(self, path="", **more):
        """A doors.Door to this platform's --door; `more`: headers, sign, digest."""
        return self.part(doors.Door(self._address() + path, **more))

    def caller(self, answers, piece=0):
        """A doors.Caller of this platform's --door."""
        return self.part(doors.Caller(self._address(), answers, piece))

    def _address(self):
        if self.name not in self.play.doors:
            raise Trouble("%s needs --door %s=URL" % (self.name, self.name))
        return self.play.doors[self.name]

    def publish(self, topic, payload, done=lambda: None, retain=False):
        """MQTT, QoS 1, as user city; done() when the broker has it."""
        self.play.publisher.publish(topic, payload, done, retain)

    def subscribed(self, topic):
        """The city begins when somebody has subscribed to this topic; an empty message goes there to find out."""
        self.play.subscribed.append(topic)

    def feed(self, topic, partitions=2):
        """A broker.Feed to a topic of --kafka."""
        if not self.options.kafka:
            raise Trouble("%s needs --kafka" % self.name)
        feed = broker.Feed(self.options, topic, partitions)
        self.play.feeds.append(feed)
        return feed

    def database(self):
        """A Tables to --postgres: a cursor's execute() does the rest. What the platform's module names TABLES has been made there."""
        if not self.options.postgres:
            raise Trouble("%s needs --postgres" % self.name)
        self._connection = self._connection or Tables(self.options)
        return self._connection

    def drop(self, name, data):
        """A file in this platform's folder of --inbox: written under another name, then renamed."""
        if not self.options.inbox:
            raise Trouble("%s needs --inbox" % self.name)
        letters.drop(os.path.join(self.options.inbox, self.name), name, data)

    def secret(self, name=None):
        """The first line of --secrets DIR/NAME."""
        if not self.options.secrets:
            raise Trouble("%s needs --secrets" % self.name)
        with open(os.path.join(self.options.secrets, name or self.name), encoding="utf-8") as file:
            return file.readline().strip()


class Tables:
    """Statements, each a transaction of its own, which is done once also when PostgreSQL goes away in the middle of it: then one asks it later what became of it."""

    def __init__(self, options):
        self.options, self.connection, self.rows = options, None, []

    def cursor(self):
        return self

    def execute(self, text, values=None):
        import psycopg2
        number = None
        while True:
            try:
                self.connection = self.connection or connect(self.options, autocommit=False)
                with self.connection, self.connection.cursor() as cursor:
                    if number:
                        cursor.execute("SELECT pg_xact_status(%s::text::xid8)", (number,))
                        if cursor.fetchone()[0] == "committed":
                            return
                    cursor.execute(text, values)
                    self.rows = cursor.fetchall() if cursor.description else []
                    cursor.execute("SELECT pg_current_xact_id()::text")
                    number = cursor.fetchone()[0]
                return
            except (psycopg2.OperationalError, psycopg2.InterfaceError, Trouble):
                self.connection = None
                time.sleep(0.2)

    def fetchone(self):
        return self.rows[0]


def connect(options, autocommit=True):
    import psycopg2
    password = None
    if options.postgres_password_file:
        with open(options.postgres_password_file, encoding="utf-8") as file:
            password = file.read().strip()
    try:
        connection = psycopg2.connect(options.postgres, password=password, connect_timeout=10)
    except psycopg2.Error as error:
        raise Trouble("postgres: %s" % str(error).strip()) from None
    connection.autocommit = autocommit
    return connection


def tables(options):
    """city.py tables: every platform's TABLES, in a schema of its name, which user hub_city_reader may read. What is there stays."""
    connection = connect(options)
    with connection.cursor() as cursor:
        for name in chosen(options.platforms):
            text = getattr(module(name), "TABLES", None)
            if text:
                cursor.execute('CREATE SCHEMA IF NOT EXISTS "%s"; SET search_path TO "%s"; %s; GRANT USAGE ON SCHEMA "%s" TO hub_city_reader;'
                               'GRANT SELECT ON ALL TABLES IN SCHEMA "%s" TO hub_city_reader' % (name, name, text.rstrip().rstrip(";"), name, name))
    return 0


__all__ = ["Answer", "People", "Town", "chosen", "module", "names", "tables"]
