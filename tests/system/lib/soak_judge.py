"""
The judge of the soak: sets against sets, no services. What was sent, what stands in the log, in the warehouse and in rejected, what the topic carries and
what a client of the stream heard; each finding in one line. soak_judge_test.py shows that each of its checks can fail.
"""

import collections
import hashlib

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


def state(made):
    """Of an incident version, as Kafka or the stream have it."""
    return State(made["epoch"], made["version"], made["state"], made["severity"], made.get("title"), made["reports"], tuple(made["platforms"]), "closed" in made)


def few(things):
    things = sorted(things, key=str)
    return "%d: %s" % (len(things), ", ".join(str(thing) for thing in things[:3]))


def forgives(spans, platform, sent_ms):
    return any(platform in span.platforms and span.begin_ms <= sent_ms <= span.end_ms for span in spans)


class Stored:
    """What the warehouse's rows say, in one pass over them."""

    def __init__(self, events):
        self.counted = {event.id.rsplit(":*", 1)[0] for event in events if ":*" in event.id}
        self.ids, self.states, self.keys, self.twice, self.again = {}, collections.Counter(), set(), [], []
        self.verdicts = collections.Counter()

    def add(self, row):
        self.verdicts[row.verdict] += 1
        if row.kind in ("tick", "command"):
            return
        if row.verdict == "duplicate":
            self.again.append((row.zone, row.id))
        if row.verdict != "stored":
            return
        if (row.zone, row.id) in self.keys:
            self.twice.append(row.id)
        self.keys.add((row.zone, row.id))
        if row.subject in self.counted:
            self.states[row.subject] += 1
        else:
            self.ids[row.id] = True

    def holds(self, event):
        subject, counted, number = event.rpartition(":*")
        return self.states[subject] >= int(number) if counted else event in self.ids


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
    lost, forgiven, subjects = [], [], collections.Counter(event.id.rsplit(":*", 1)[0] for event in sent if ":*" in event.id and forgives(spans, event.id[:3], event.sent_ms))
    for event in sent:
        if event.must and not stored.holds(event.id):
            subject, counted, number = event.id.rpartition(":*")
            excused = int(number) - stored.states[subject] <= subjects[subject] if counted else forgives(spans, event.id[:3], event.sent_ms)
            (forgiven if excused else lost).append(event.id)
    may = {event.id for event in sent}
    most = collections.Counter()
    for event in may:
        subject, counted, number = event.rpartition(":*")
        if counted:
            most[subject] = max(most[subject], int(number))
    foreign = [event for event in stored.ids if event not in may] + [subject for subject, count in stored.states.items() if count > most[subject]]
    musts = sum(event.must for event in sent)
    verdict.check(musts > 0, "there was something to take")
    verdict.check(not lost, "every event that was acknowledged is stored (%d of %d possible ones)" % (musts, len(may)), few(lost))
    verdict.check(not stored.twice, "none twice", few(stored.twice))
    verdict.check(not foreign, "nothing else is", few(foreign))
    strange = [key for key in stored.again if key not in stored.keys]
    verdict.check(not strange, "what came again is called a duplicate of what is stored (%d)" % len(stored.again), few(strange))
    keys = set(keys)
    verdict.check(keys == stored.keys, "the gate knows what is stored, and nothing else", few(keys ^ stored.keys))
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
    stored = {(one.incident, one.epoch, one.version): (one.feed, outbox.digest(one.payload)) for one in versions}
    verdict.check(bool(stored) and not wrong, "the topic's versions rise, and repeats are the same bytes (%d versions, %d repeats)" % (len(told), repeats), few(wrong))
    verdict.check(told.keys() == stored.keys(), "it carries the outbox's versions, no more and no less", few(told.keys() ^ stored.keys()))
    verdict.check(not [key for key in told.keys() & stored.keys() if told[key] != stored[key]], "the same bytes and numbers")
    counted = collections.Counter(key[:2] for key in stored)
    gaps = [name for name, one in warehouse.items() if counted[name, one.epoch] != one.version]
    verdict.check(not gaps, "each incident has as many versions as it says", few(gaps))
    for who, believed in (("a consumer of the topic", highest), ("a client of the stream", heard)):
        verdict.check(believed.keys() == warehouse.keys(), "%s has the warehouse's incidents (%d)" % (who, len(warehouse)), few(believed.keys() ^ warehouse.keys()))
        other = [(name, believed[name], warehouse[name]) for name in believed.keys() & warehouse.keys() if believed[name] != warehouse[name]]
        verdict.check(not other, "and their state", few(other))


def judge(verdict, facts):
    """facts: an object with sent, broken, poison, spans, log, rows, keys, rejected, versions, records, heard, warehouse. What a dead broker lost, by event id."""
    stored = Stored(facts.sent)
    log_and_rows(verdict, facts.log, facts.rows, stored)
    forgiven = events(verdict, facts.sent, stored, facts.spans, facts.keys)
    rejected(verdict, facts.broken, facts.poison, list(facts.rejected), facts.spans)
    incidents(verdict, facts.versions, facts.records, facts.heard, facts.warehouse)
    return stored, forgiven


def sha256(text):
    return hashlib.sha256(text if isinstance(text, bytes) else text.encode()).hexdigest()
