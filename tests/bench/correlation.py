#!/usr/bin/python3
"""
correlation.py [--keep FOLDER] [sandiego] [chicago] [zh] [city]: how well the correlator recognises duplicates in labelled public reports (HUB_DATA), untrained and
after `hub learn`, beside the best naive rule whose radius and hours were chosen on the learning part. Nothing of the data stays: events are made anew into a
temporary folder each time, as the hotline adapter would make them, closings in the stream. Says so and leaves those out where the data is absent.

sandiego  learn on days 1 to 4, test on days 5 to 7, categories that the city links at all
chicago   learn on the first half in time, test on the second, with closings and without
zh        five folds by incident, all letters in the stream; with and without the largest incident
city      the simulated city (tests/city), learn on one seed, test on others
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import city as simulated  # noqa: E402
import labelled  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
HUB = os.environ.get("HUB", os.path.join(HERE, "../../build/hub/hub"))


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

    def score(self, name, truth, events, rules=None):
        """Figures of hub score on hub decide; prints the line."""
        decided = self.write("decisions.ndjson", hub("decide", *(["--rules", rules] if rules else []), stdin=events))
        figures = json.loads(hub("score", truth, decided, "--json"))
        tell(name, figures)
        return figures


def tell(name, figures):
    pairs, flags, across = figures["pairs"], figures["flags"], figures["across"]
    print("  %-44s pairs P %5.1f R %5.1f F1 %5.1f  flags F1 %5.1f  direct %5.1f  across F1 %5.1f (%d)  largest %d/%d" % (
        name, 100 * pairs["precision"], 100 * pairs["recall"], 100 * pairs["f1"], 100 * flags["f1"], 100 * figures["direct_precision"],
        100 * across["f1"], across["truth"], figures["largest"]["decided"], figures["largest"]["truth"]), flush=True)


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
    bench.score("learnt on the learning part", truth, stream, rules)
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


def main(arguments):
    wanted = arguments[2:] if arguments[:1] == ["--keep"] else arguments
    if not labelled.there():
        print("correlation: skipped: sandiego, chicago, zh: HUB_DATA does not name the folder of labelled reports")
    names = [name for name in wanted or ("sandiego", "chicago", "zh", "city") if name == "city" or labelled.there()]
    keep = arguments[1] if arguments[:1] == ["--keep"] else None
    if keep:
        os.makedirs(keep, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(keep or folder)
        for name in names:
            {"sandiego": sandiego, "chicago": chicago, "zh": zh, "city": city}[name](bench)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
