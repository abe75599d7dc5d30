"""Asks each process of a test for its metrics. metrics.py FOLDER scrape: all pages; names FILE...: metrics in rules and dashboards
that no page has; value NAME [LABEL=VALUE ...]: the sum of those series."""

import glob
import json
import os
import re
import sys
import urllib.request

SELECTOR = re.compile(r"\bhub_[a-z_]+\b")
SAMPLE = re.compile(r'^(hub_[a-z_]+)(?:\{(.*)\})? (\S+)$')


def targets(folder):
    for path in sorted(glob.glob(os.path.join(folder, "*.json"))):
        with open(path, encoding="utf-8") as file:
            for entry in json.load(file):
                yield os.path.basename(path), entry["targets"][0]


def pages(folder):
    for name, address in targets(folder):
        with urllib.request.urlopen("http://%s/metrics" % address, timeout=20) as answer:
            yield name, answer.read().decode()


def samples(folder):
    for _, page in pages(folder):
        for line in page.splitlines():
            match = SAMPLE.match(line)
            if match:
                yield match.group(1), match.group(2) or "", float(match.group(3))


def expressions(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if not path.endswith(".json"):
        return re.findall(r"^\s+expr:(.*(?:\n {10}.*)*)", text, re.M)
    return [target["expr"] for panel in json.loads(text)["panels"] for target in panel.get("targets", [])]


def unknown(folder, files):
    known = {name for name, _, _ in samples(folder)}
    known |= set(re.findall(r"^# TYPE (\S+)", "".join(page for _, page in pages(folder)), re.M))
    for path in files:
        named = {name for expr in expressions(path) for name in SELECTOR.findall(expr)}
        if not named:
            yield "%s names no metric" % path
        for name in sorted(named):
            if name not in known:
                yield "%s: %s is in no process" % (path, name)


def main(folder, verb, *arguments):
    if verb == "scrape":
        print("\n".join(page for _, page in pages(folder)))
    elif verb == "names":
        missing = list(unknown(folder, arguments))
        print("\n".join(missing))
        return 1 if missing else 0
    else:
        found = [value for name, labels, value in samples(folder)
                 if name == arguments[0] and all('%s="%s"' % tuple(a.split("=")) in labels for a in arguments[1:])]
        print("%g" % sum(found) if found else "absent")
    return 0


sys.exit(main(*sys.argv[1:]))
