#!/usr/bin/python3
"""
correlation.py [--keep FOLDER] [--curve | --across | --left-out] [sandiego] [chicago] [zh] [city]: how well the correlator recognises duplicates in labelled public reports (HUB_DATA), untrained and
after `hub learn`, beside the best naive rule whose radius and hours were chosen on the learning part. Nothing of the data stays: events are made anew into a
temporary folder each time, as the hotline adapter would make them, closings in the stream. Says so and leaves those out where the data is absent.

sandiego  learn on days 1 to 4, test on days 5 to 7, categories that the city links at all
chicago   learn on the first half in time, test on the second, with closings and without
zh        five folds by incident, all letters in the stream; with and without the largest incident
city      the simulated city (tests/city), learn on one seed, test on others

Beside each: of true pairs, how many are joined or suggested, at how many suggestions for each new incident; and, of what was learnt, whether scores mean what
they say, in bins of at least 50 comparisons. --curve: instead, what 30, 100 and 300 labelled pairs and all of them bring, as they come in time, drawn by incident,
and as pairs alone (nobody labelled what is no duplicate). --across: instead, one set held against the others: pair F1 of the shipped rules and of those learnt on each
set, on the test part of every set (of zh half of the incidents without the largest); in a column all but one line never saw the set. --left-out: instead, each free
number of the shipped rules (threshold, weights, kinds, burst, age, full) as it would be chosen on the learning parts of the other sets, and what that reaches on the
test part of the one left out, beside the shipped (half an hour).
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import city as simulated  # noqa: E402
import labelled  # noqa: E402
import left_out  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
HUB = os.environ.get("HUB", os.path.join(HERE, "../../build/hub/hub"))
CURVE, ENOUGH, SEED = (30, 100, 300), 50, 15


def hub(*arguments, stdin=None):
    """What the hub prints; its complaint and an exception when it fails."""
    with open(stdin or os.devnull, encoding="utf-8") as file:
        done = subprocess.run([HUB, *arguments], stdin=file, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit("hub %s: exit %d: %s" % (" ".join(arguments), done.returncode, done.stderr.strip()[:2000]))
    return done.stdout


class Bench:
    def __init__(self, folder):
        self.folder = folder

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def truth(self, name, events):
        lines = ["subject,incident,group"] + ["%s,%s,%s" % (e.subject, e.incident, e.group) for e in events]
        return self.write(name, "\n".join(lines) + "\n")

    def learn(self, name, events, truth):
        return self.write(name, hub("learn", "--labels", truth, stdin=events))

    def figures(self, truth, events, rules=None):
        """Those of hub score on hub decide."""
        decided = self.write("decisions.ndjson", hub("decide", *(["--rules", rules] if rules else []), stdin=events))
        return json.loads(hub("score", truth, decided, "--json"))

    def score(self, name, truth, events, rules=None, reliable=False):
        """The same; prints the line."""
        figures = self.figures(truth, events, rules)
        tell(name, figures)
        if reliable:
            tell_reliability(figures["reliability"])
        return figures


def tell_reliability(bins):
    """What scores said of what is the same, and what was."""
    wide = [one for one in bins if one["size"] >= ENOUGH]
    for one in bins:
        print("    %3.0f to %3.0f %%: said %5.1f, seen %5.1f, of %d%s" % (100 * one["from"], 100 * one["to"], 100 * one["said"], 100 * one["seen"], one["size"],
                                                                     "" if one in wide else " (few)"))
    print("    calibration: the worst of %d bins with %d and more is %.1f points off" % (
        len(wide), ENOUGH, 100 * max((abs(one["said"] - one["seen"]) for one in wide), default=0)), flush=True)


def tell(name, figures):
    pairs, flags, across = figures["pairs"], figures["flags"], figures["across"]
    print("  %-44s pairs P %5.1f R %5.1f F1 %5.1f  flags F1 %5.1f  direct %5.1f  across F1 %5.1f (%d)  largest %d/%d  joined or suggested %5.1f at %.2f each" % (
        name, 100 * pairs["precision"], 100 * pairs["recall"], 100 * pairs["f1"], 100 * flags["f1"], 100 * figures["direct_precision"],
        100 * across["f1"], across["truth"], figures["largest"]["decided"], figures["largest"]["truth"],
        100 * figures["band"]["recall"], figures["band"]["each"]), flush=True)


def tell_naive(name, rule, figures):
    print("  %-44s pairs P %5.1f R %5.1f F1 %5.1f" % ("naive %s: %d m, %d h%s" % (name, rule[0], rule[1], ", open" if rule[2] else ""), *figures), flush=True)


def naive(events, learn, test, learn_events=None):
    """The best rule of the learning part (of the same events, unless others are given), on the test part; and the same where only open incidents are joined."""
    for only_open in (False, True):
        rule = max(((metres, hours, only_open) for metres in labelled.METRES for hours in labelled.HOURS),
                   key=lambda r: labelled.pair_figures(learn, labelled.naive(learn_events or events, *r))[2])
        tell_naive("chosen on the learning part", rule, labelled.pair_figures(test, labelled.naive(events, *rule)))


def halves(bench, name, closings, cut):
    events = labelled.read(name)
    linked = [e for e in events if e.linked]
    learn, test = [e for e in linked if e.occurred < cut(events)], [e for e in linked if e.occurred >= cut(events)]
    print("%s%s: %d reports, learning %d, test %d with %d true pairs" % (name, "" if closings else ", no closings in the stream", len(events), len(learn),
                                                                         len(test), labelled.true_pairs(test)), flush=True)
    stream = bench.write("events.ndjson", labelled.stream(events, closings))
    part = bench.write("learning.ndjson", labelled.stream(events, closings, until=cut(events)))
    truth = bench.truth("test.csv", test)
    naive(events if closings else [e._replace(closed=None) for e in events], learn, test)
    bench.score("untrained", truth, stream)
    rules = bench.learn("rules-%s.yaml" % name, part, bench.truth("learn.csv", learn))
    bench.score("learnt on the learning part", truth, stream, rules, reliable=True)
    bench.score("  the same on its own learning part", bench.truth("learn.csv", learn), stream, rules)


def sandiego(bench):
    halves(bench, "sandiego", True, lambda events: labelled.day(events[0].occurred, 4))


def chicago(bench):
    for closings in (True, False):
        halves(bench, "chicago", closings, lambda events: events[len(events) // 2].occurred)


def zh(bench):
    events = labelled.read("zh")
    judged = [e for e in events if e.incident]
    largest = Counter(e.incident for e in judged).most_common(1)[0][0]
    names = sorted({e.incident for e in judged})
    folds = [[e for e in judged if names.index(e.incident) % 5 == fold] for fold in range(5)]
    print("zh: %d letters, %d judged, %d true pairs, largest incident %s" % (len(events), len(judged), labelled.true_pairs(judged), largest), flush=True)
    stream = bench.write("events.ndjson", labelled.stream(events, True))
    bench.score("untrained", bench.truth("all.csv", judged), stream)
    bench.score("untrained, without %s" % largest, bench.truth("rest.csv", [e for e in judged if e.incident != largest]), stream)
    sums = {"with": Counter(), "without": Counter()}
    for number, fold in enumerate(folds):
        rules = bench.learn("rules-zh-%d.yaml" % number, stream, bench.truth("learn.csv", [e for e in judged if e not in fold]))
        decided = bench.write("decisions.ndjson", hub("decide", "--rules", rules, stdin=stream))
        for which, test in (("with", fold), ("without", [e for e in fold if e.incident != largest])):
            figures = json.loads(hub("score", bench.truth("fold.csv", test), decided, "--json"))
            tell("fold %d, %s the largest" % (number + 1, which), figures)
            sums[which].update({k: figures["pairs"][k] for k in ("both", "predicted", "truth")})
            sums[which].update({"joins": figures["direct"]["predicted"], "true joins": figures["direct"]["both"]})
    for which, s in sums.items():
        print("  five folds, %-7s the largest: pairs P %.1f R %.1f F1 %.1f, direct precision %.1f (%d of %d)" % (
            which, 100 * s["both"] / max(1, s["predicted"]), 100 * s["both"] / s["truth"], 200 * s["both"] / (s["predicted"] + s["truth"]),
            100 * s["true joins"] / max(1, s["joins"]), s["true joins"], s["joins"]), flush=True)


def city(bench):
    made = {seed: simulated.make(bench.folder, HUB, seed) for seed in simulated.LEARN + simulated.TEST}
    learn = simulated.read(*made[simulated.LEARN[0]])
    rules = bench.learn("rules-city.yaml", *made[simulated.LEARN[0]])
    for seed in simulated.TEST:
        events = simulated.read(*made[seed])
        print("city, seed %d: %d reports, %d true pairs" % (seed, len(events), labelled.true_pairs(events)), flush=True)
        simulated.tell_apart(events)
        tell_naive("named beforehand", (15, 168, False), labelled.pair_figures(events, labelled.naive(events, 15, 168, False)))
        naive(events, learn, events, learn)
        bench.score("untrained", made[seed][1], made[seed][0])
        bench.score("learnt on seed %d" % simulated.LEARN[0], made[seed][1], made[seed][0], rules)


def in_time(events, pairs):
    """The first reports, up to so many true pairs."""
    found, sizes, count = [], Counter(), 0
    for event in events:
        found.append(event)
        count += sizes[event.incident]
        sizes[event.incident] += 1
        if count >= pairs:
            break
    return found


def drawn(events, pairs, least):
    """Whole incidents of at least so many reports, drawn until there are so many true pairs."""
    members = defaultdict(list)
    for event in events:
        members[event.incident].append(event)
    names = sorted(name for name in members if len(members[name]) >= least)
    random.Random(SEED).shuffle(names)
    taken, count = set(), 0
    for name in names:
        size = len(members[name])
        if count >= pairs:
            break
        if count + size * (size - 1) // 2 <= 2 * pairs:  # one that alone is more says nothing of few labels
            taken.add(name)
            count += size * (size - 1) // 2
    return [event for event in events if event.incident in taken]


def curve(bench, name, learn, test, part, stream):
    """What so many labelled pairs bring, on the test part."""
    truth = bench.truth("test.csv", test)
    shipped = bench.score("%s: shipped" % name, truth, stream)["pairs"]["f1"]
    worst = 0
    for how, some in (("as they come", in_time), ("drawn by incident", lambda e, n: drawn(e, n, 1)), ("pairs alone", lambda e, n: drawn(e, n, 2))):
        for pairs in CURVE:
            labels = some(learn, pairs)
            if labelled.true_pairs(labels) < 0.8 * pairs:
                print("  %-44s there are no more than %d" % ("%d pairs, %s" % (pairs, how), labelled.true_pairs(labels)), flush=True)
                continue
            rules = bench.learn("rules-curve.yaml", part, bench.truth("learn.csv", labels))
            worst = min(worst, bench.score("%d pairs, %s" % (pairs, how), truth, stream, rules)["pairs"]["f1"] - shipped)
    rules = bench.learn("rules-curve.yaml", part, bench.truth("learn.csv", learn))
    bench.score("all %d pairs" % labelled.true_pairs(learn), truth, stream, rules)
    print("  %s: at worst %.1f points under the shipped rules" % (name, -100 * worst), flush=True)


def parts(bench, name):
    """Reports to learn from and to test on, and the files of the streams in which they stand."""
    if name == "city":
        made = {seed: simulated.make(bench.folder, HUB, seed) for seed in (simulated.LEARN[0], simulated.TEST[0])}
        learn, test = (simulated.read(*made[seed]) for seed in made)
        return learn, test, made[simulated.LEARN[0]][0], made[simulated.TEST[0]][0]
    events = labelled.read(name)
    stream = bench.write("events-%s.ndjson" % name, labelled.stream(events, True))
    if name == "zh":
        judged = [e for e in events if e.incident]
        largest = Counter(e.incident for e in judged).most_common(1)[0][0]
        names = sorted({e.incident for e in judged} - {largest})
        return [e for e in judged if e.incident in names[::2]], [e for e in judged if e.incident in names[1::2]], stream, stream
    linked = [e for e in events if e.linked]
    cut = labelled.day(events[0].occurred, 4) if name == "sandiego" else events[len(events) // 2].occurred
    part = bench.write("learning-%s.ndjson" % name, labelled.stream(events, True, until=cut))
    return [e for e in linked if e.occurred < cut], [e for e in linked if e.occurred >= cut], part, stream


def across(bench, names):
    made = {name: parts(bench, name) for name in names}
    rules = {"shipped": None}
    for name, (learn, _, part, _) in made.items():
        rules["learnt on " + name] = bench.learn("rules-%s.yaml" % name, part, bench.truth("learn-%s.csv" % name, learn))
    print("%-20s %s" % ("pair F1", " ".join("%9s" % name for name in names)), flush=True)
    for which, file in rules.items():
        reached = [bench.figures(bench.truth("test.csv", test), stream, file)["pairs"]["f1"] for _, test, _, stream in made.values()]
        print("%-20s %s" % (which, " ".join("%9.1f" % (100 * one) for one in reached)), flush=True)


def hold_out(bench, names):
    made, pairs = {}, {}
    for name in names:
        learn, test, part, stream = parts(bench, name)
        pairs[name] = labelled.true_pairs(learn)
        made[name] = ((bench.truth("learn-%s.csv" % name, learn), bench.truth("test-%s.csv" % name, test)), (part, stream))
    left_out.left_out(bench, made, pairs)


def main(arguments):
    sets = {"sandiego": sandiego, "chicago": chicago, "zh": zh, "city": city}
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--keep", metavar="FOLDER")
    how = options.add_mutually_exclusive_group()
    how.add_argument("--curve", action="store_true")
    how.add_argument("--across", action="store_true")
    how.add_argument("--left-out", action="store_true")
    options.add_argument("sets", nargs="*", choices=[*sets, []])
    order = options.parse_args(arguments)
    if not labelled.there():
        print("correlation: skipped: sandiego, chicago, zh: HUB_DATA does not name the folder of labelled reports")
    names = [name for name in order.sets or sets if name == "city" or labelled.there()]
    if order.keep:
        os.makedirs(order.keep, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(order.keep or folder)
        if order.across:
            across(bench, names)
        elif order.left_out:
            hold_out(bench, names)
        for name in names if not (order.across or order.left_out) else ():
            if order.curve:
                curve(bench, name, *parts(bench, name))
            else:
                sets[name](bench)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
