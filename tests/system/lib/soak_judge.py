"""
The judge of the soak: sets against sets, no services. What was sent, what stands in the log, in the warehouse and in rejected, what the topic carries and
what a client of the stream heard; each finding in one line. soak_judge_test.py shows that each of its checks can fail.
"""

import collections
import sys

import outbox

EVENTS, REJECTED = "hub.events.v1", "hub.rejected.v1"

Event = collections.namedtuple("Event", "id must sent_ms")                      # of events.csv: id may be SUBJECT:*N
Broken = collections.namedtuple("Broken", "platform sha256 reason sent_ms")     # of broken.csv
Poison = collections.namedtuple("Poison", "sha256 reason")                      # what was put into the log past every adapter
Span = collections.namedtuple("Span", "platforms begin_ms end_ms")              # a broker died: what it had acknowledged then it may have lost
Row = collections.namedtuple("Row", "topic partition offset zone subject id kind verdict")
Rejected = collections.namedtuple("Rejected", "stage platform reason sha256")
Version = collections.namedtuple("Version", "incident epoch version feed payload")
State = collections.namedtuple("State", "epoch version state severity title reports platforms closed")


def state_of(*columns):
    """Of many incidents only a few things are different."""
    made = State(*columns)
    return made._replace(state=sys.intern(made.state), severity=sys.intern(made.severity), title=made.title and sys.intern(made.title), platforms=tuple(map(sys.intern, made.platforms)))


def state(made):
    """Of an incident version, as Kafka or the stream have it."""
    return state_of(made["epoch"], made["version"], made["state"], made["severity"], made.get("title"), made["reports"], made["platforms"], "closed" in made)


def few(things):
    things = sorted(things, key=str)
    return "%d: %s" % (len(things), ", ".join(str(thing) for thing in things[:3]))


def forgives(spans, platform, sent_ms):
    return any(platform in span.platforms and span.begin_ms <= sent_ms <= span.end_ms for span in spans)


class Stored:
    """What was sent, and what the warehouse's rows say of it, in one pass over each. There may be millions: an event is one entry, and the zone that it is stored in all that is known of it."""

    def __init__(self, sent, spans):
        self.zones, self.most, self.states = {}, {}, collections.Counter()      # of those whose revision only the adapter knows, a subject's last number and how many are stored
        self.keys, self.foreign, self.twice, self.again = set(), [], [], []     # keys: of what is not in `zones`
        self.musts, self.forgiven, self.verdicts = 0, collections.Counter(), collections.Counter()
        for event in sent:
            self.musts += event.must
            subject, counted, number = event.id.rpartition(":*")
            if counted:
                self.most[subject] = max(self.most.get(subject, 0), int(number))
                self.forgiven[subject] += forgives(spans, event.id[:3], event.sent_ms)
            else:
                self.zones[event.id] = None

    def add(self, row):
        self.verdicts[row.verdict] += 1
        if row.kind in ("tick", "command"):
            return
        if row.verdict == "duplicate":
            self.again.append((row.zone, row.id))
        if row.verdict != "stored":
            return
        if self.has(row.zone, row.id):
            self.twice.append(row.id)
        elif row.id in self.zones and not self.zones[row.id]:
            self.zones[row.id] = sys.intern(row.zone)
        else:
            self.keys.add((sys.intern(row.zone), row.id))
        if row.subject in self.most:
            self.states[row.subject] += 1
        elif row.id not in self.zones:
            self.foreign.append(row.id)

    def has(self, zone, event):
        return self.zones.get(event) == zone or (zone, event) in self.keys

    def holds(self, event):
        subject, counted, number = event.rpartition(":*")
        return self.states[subject] >= int(number) if counted else bool(self.zones[event])

    def excuses(self, event, spans):
        """It may be among what a broker died with."""
        subject, counted, number = event.id.rpartition(":*")
        return int(number) - self.states[subject] <= self.forgiven[subject] if counted else forgives(spans, event.id[:3], event.sent_ms)

    def gate(self, keys):
        """Keys of the gate that are not of what is stored, and the other way round. Afterwards nothing is known of any event."""
        strange = []
        for zone, event in keys:
            if self.zones.get(event) == zone:
                self.zones[event] = None
            elif (zone, event) in self.keys:
                self.keys.remove((zone, event))
            else:
                strange.append((zone, event))
        return strange + [(zone, event) for event, zone in self.zones.items() if zone] + list(self.keys)


def log_and_rows(verdict, log, rows, stored):
    """Each record of the log has its row and each row its record, under the same id; both come in the order of topic, partition, offset."""
    missing, foreign, other = [], [], []
    log, rows = iter(log), iter(rows)
    record, row, last = next(log, None), next(rows, None), None
    twice, count = [], 0
    while record or row:
        place = record and record[:3]
        if row and tuple(row[:3]) == last:
            twice.append(last)
            stored.add(row)
            row = next(rows, None)
        elif not row or (place and place < tuple(row[:3])):
            missing.append(place)
            record = next(log, None)
        elif not place or tuple(row[:3]) < place:
            foreign.append(tuple(row[:3]))
            stored.add(row)
            row = next(rows, None)
        else:
            if record[3] and record[3] != row.id:
                other.append(place)
            last, count = place, count + 1
            stored.add(row)
            record, row = next(log, None), next(rows, None)
    verdict.check(not missing, "each record of the log has its row (%d)" % count, few(missing))
    verdict.check(not foreign and not twice, "each row its record, and one alone", few(foreign + twice))
    verdict.check(not other, "of the same event", few(other))


def events(verdict, sent, stored, spans, keys):
    """Every event that somebody was told to be taken stands in the warehouse once; nothing else does."""
    lost, forgiven = [], []
    for event in sent:
        if event.must and not stored.holds(event.id):
            (forgiven if stored.excuses(event, spans) else lost).append(event.id)
    foreign = stored.foreign + [subject for subject, count in stored.states.items() if count > stored.most[subject]]
    verdict.check(stored.musts > 0, "there was something to take")
    verdict.check(not lost, "every event that was acknowledged is stored (%d of %d possible ones)" % (stored.musts, len(stored.zones) + sum(stored.most.values())), few(lost))
    verdict.check(not stored.twice, "none twice", few(stored.twice))
    verdict.check(not foreign, "nothing else is", few(foreign))
    strange = [key for key in stored.again if not stored.has(*key)]
    verdict.check(not strange, "what came again is called a duplicate of what is stored (%d)" % len(stored.again), few(strange))
    other = stored.gate(keys)
    verdict.check(not other, "the gate knows what is stored, and nothing else", few(other))
    return forgiven


def rejected(verdict, broken, poison, rows, spans):
    """What was broken is rejected byte for byte, for its reason; what was poison, by the correlator."""
    found = collections.defaultdict(set)
    for row in rows:
        if row.stage == "adapter":
            found[row.platform, row.sha256].add(row.reason)
    wanted = {(one.platform, one.sha256): one for one in broken}
    missing = [key for key in wanted if key not in found and not forgives(spans, key[0], wanted[key].sent_ms)]
    verdict.check(not missing, "what was broken is rejected, byte for byte (%d)" % len(wanted), few(missing))
    verdict.check(not found.keys() - wanted.keys(), "nothing else is", few(found.keys() - wanted.keys()))
    other = ["%s %s: %s, not %s" % (*key, "/".join(sorted(found[key])), one.reason) for key, one in wanted.items() if key in found and one.reason and found[key] != {one.reason}]
    verdict.check(not other, "each for its reason", few(other))
    put, refused = collections.Counter(poison), collections.Counter(Poison(row.sha256, row.reason) for row in rows if row.stage == "correlator")
    verdict.check(put == refused, "the correlator refused what was poison, and nothing else (%d)" % sum(put.values()), few((put - refused) + (refused - put)))


def incidents(verdict, versions, records, heard, warehouse):
    """The topic carries the outbox, and whoever keeps the highest version of each incident, of the topic or of the stream, ends with the warehouse's state."""
    told, repeats, wrong, highest = outbox.read_topic(records, state)
    count = len(told)
    verdict.check(bool(told) and not wrong, "the topic's versions rise, and repeats are the same bytes (%d versions, %d repeats)" % (count, repeats), few(wrong))
    untold, other, counted = [], [], collections.Counter()
    for one in versions:
        key = one.incident, one.epoch, one.version
        said = told.pop(key, None)
        if said is None:
            untold.append(key)
        elif said != outbox.digest(one.feed, one.payload):
            other.append(key)
        counted[one.incident] += one.incident in warehouse and warehouse[one.incident].epoch == one.epoch
    verdict.check(not told and not untold, "it carries the outbox's versions, no more and no less", few([*told, *untold]))
    verdict.check(not other, "the same bytes and numbers", few(other))
    gaps = [name for name, one in warehouse.items() if counted[name] != one.version]
    verdict.check(not gaps, "each incident has as many versions as it says", few(gaps))
    told.clear()
    believes(verdict, "a consumer of the topic", highest.items(), warehouse)
    highest.clear()
    believes(verdict, "a client of the stream", heard, warehouse)


def believes(verdict, who, believed, warehouse):
    """believed: (incident, its state), each once."""
    known, strange, other = set(), [], []
    for name, one in believed:
        if name not in warehouse:
            strange.append(name)
            continue
        known.add(name)
        if one != warehouse[name]:
            other.append((name, one, warehouse[name]))
    verdict.check(len(known) == len(warehouse) and not strange, "%s has the warehouse's incidents (%d)" % (who, len(warehouse)), few(strange + [name for name in warehouse if name not in known]))
    verdict.check(not other, "and their state", few(other))


def judge(verdict, facts):
    """facts: an object with sent, broken, poison, spans, log, rows, keys, rejected, versions, records, heard, warehouse; of these `sent` is gone through twice, the others once. What a dead broker lost, by event id."""
    stored = Stored(facts.sent, facts.spans)
    log_and_rows(verdict, facts.log, facts.rows, stored)
    forgiven = events(verdict, facts.sent, stored, facts.spans, facts.keys)
    stored.zones.clear()
    rejected(verdict, facts.broken, facts.poison, list(facts.rejected), facts.spans)
    incidents(verdict, facts.versions, facts.records, facts.heard, facts.warehouse())
    return stored, forgiven
