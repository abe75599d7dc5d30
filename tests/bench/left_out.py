"""The shipped rules held against rules whose free numbers saw nothing of a set: for each set left out, every number is chosen on the learning parts of the others alone."""

import copy
import math
import os

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
SHIPPED = os.path.join(HERE, "../../schemas/rules.yaml")
MARGIN = 30  # points of F1, over the root of the pairs: by so much a value has to be better than the shipped one, as in hub learn


def stretched(*path):
    """A table, or one point of it, times so much."""
    def change(rules, times):
        for name in path[:-1]:
            rules = rules[name]
        whole = rules[path[-1]]
        rules[path[-1]] = {k: round(v * times) for k, v in whole.items()} if isinstance(whole, dict) else round(whole * times)
    return change


def moved(name):
    def change(rules, points):
        rules[name] += points
    return change


def kind(name):
    """The points of a kind, but not how long it is in mind."""
    def change(rules, times):
        entry = rules["kinds"][name]
        entry.update({k: round(v * times) for k, v in entry.items() if isinstance(v, int) and not isinstance(v, bool)})
    return change


TIMES, SHIFTS = (0, 0.5, 1.5), (-500, 500)


def numbers(rules):
    """Each free number of the shipped rules, and what else it might be."""
    found = {"merge": (moved("merge"), SHIFTS), "full": (stretched("full"), TIMES)}
    for name in ("distance", "age", "text", "title", "rare", "shared", "burst", "repeat", "neighbours", "crowd", "address", "sign"):
        found[name] = (stretched(name), TIMES)
    for name in rules["kinds"]:
        found["kind " + name] = (kind(name), TIMES)
    return found


def shipped():
    with open(SHIPPED, encoding="utf-8") as file:
        rules = yaml.safe_load(file)
    for name in ("categories", "words"):
        rules[name] = os.path.join(os.path.dirname(os.path.abspath(SHIPPED)), rules[name])
    return rules


def written(bench, rules):
    return bench.write("rules-left-out.yaml", yaml.safe_dump(rules, allow_unicode=True, sort_keys=False))


def reached(bench, made, which, rules):
    """Pair F1 on the learning or the test part of each set, percent."""
    file = written(bench, rules)
    return {name: 100 * bench.figures(truths[which], streams[which], file)["pairs"]["f1"] for name, (truths, streams) in made.items()}


def mean(figures, names):
    return sum(figures[name] for name in names) / len(names)


def clear(pairs, names):
    """What the mean of those sets may tell by chance: one report more or less is a point and more of a set of fifty pairs."""
    return math.sqrt(sum(MARGIN ** 2 / pairs[name] for name in names)) / len(names)


def chosen(seen, before, names, pairs):
    """Of one number: what is best on those sets; None: the shipped value is as good but for what chance may tell."""
    value = max(seen, key=lambda one: mean(seen[one], names))
    return value if mean(seen[value], names) > mean(before, names) + clear(pairs, names) else None


def told(changes):
    return ", ".join("%s %+g" % (name, value) if value in SHIFTS else "%s times %g" % (name, value) for name, value in changes.items()) or "nothing"


def left_out(bench, made, pairs):
    """made: name -> (truths, streams), of the learning and the test part each; pairs: name -> true ones of the learning part."""
    rules = shipped()
    before, after = reached(bench, made, 0, rules), reached(bench, made, 1, rules)
    seen = {}
    for number, (change, values) in numbers(rules).items():
        seen[number] = {}
        for value in values:
            changed = copy.deepcopy(rules)
            change(changed, value)
            seen[number][value] = reached(bench, made, 0, changed)
        print("  %-16s %s" % (number, "  ".join("%g: %s" % (value, " ".join("%+.1f" % (figures[name] - before[name]) for name in made))
                                               for value, figures in seen[number].items())), flush=True)
    print("pair F1 on the test part of the set that is left out, its numbers chosen on the learning parts of the others:", flush=True)
    for name in made:
        others = [other for other in made if other != name]
        changes, changed = {}, copy.deepcopy(rules)
        for number, (change, _) in numbers(rules).items():
            value = chosen(seen[number], before, others, pairs)
            if value is not None:
                changes[number] = value
                change(changed, value)
        figure = reached(bench, {name: made[name]}, 1, changed)[name]
        print("  %-10s shipped %5.1f, chosen without it %5.1f; changed: %s" % (name, after[name], figure, told(changes)), flush=True)
