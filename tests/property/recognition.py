#!/usr/bin/python3
"""
Recognition: the shipped rules on a simulated city that nothing was learnt on, pairs against the known truth. Precision at least 95 and recall at least 90 are
promised; a naive rule (15 m, 7 days) has to stay under F1 60 and a fifth of the near neighbours has to be another problem, else the city is too easy to show it.

recognition.py HUB CLONE
"""

import json
import os
import sys
import tempfile

from city_log import city, decide, run

SEED, DAYS, PROBLEMS = 11, 14, 700
PRECISION, RECALL, NAIVE, OTHERS = 95.0, 90.0, 60.0, 20.0


def decided_pairs(hub, folder, lines):
    """Figures of hub score for what the shipped rules decide."""
    decided = os.path.join(folder, "decided.ndjson")
    with open(decided, "w", encoding="utf-8") as file:
        file.write(decide(hub, lines))
    return json.loads(run(hub, "score", os.path.join(folder, "truth.csv"), decided, "--json"))["pairs"]


def main(hub, clone):
    sys.path.insert(0, os.path.join(clone, "tests/bench"))
    import city as simulated  # pylint: disable=import-outside-toplevel
    import labelled  # pylint: disable=import-outside-toplevel
    with tempfile.TemporaryDirectory() as folder:
        lines = city(hub, clone, folder, SEED, DAYS, PROBLEMS)
        events = simulated.read(os.path.join(folder, "events.ndjson"), os.path.join(folder, "truth.csv"))
        naive = labelled.pair_figures(events, labelled.naive(events, 15, 168, False))[2]
        near = simulated.apart(events)[2]
        pairs = decided_pairs(hub, folder, lines)
    precision, recall, others = 100 * pairs["precision"], 100 * pairs["recall"], 100 * near[0] / max(1, sum(near))
    print("recognition: seed %d: %d pairs, precision %.1f, recall %.1f; naive F1 %.1f, %.1f %% of the neighbours are another problem" % (
        SEED, pairs["truth"], precision, recall, naive, others))
    wrong = [text for bad, text in ((pairs["truth"] < 2000, "too few pairs"), (precision < PRECISION, "precision under %.1f" % PRECISION),
                                    (recall < RECALL, "recall under %.1f" % RECALL), (naive >= NAIVE, "naive rules do as well: too easy a city"),
                                    (others < OTHERS, "too few neighbours of another problem: too easy a city")) if bad]
    for text in wrong:
        print("recognition: " + text, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
