#!/usr/bin/python3
"""The C reader against schemas/event.schema.json, on documents made from valid ones by mutation.

usage: differential.py VERDICTS SOURCE_ROOT

Every member is hit by each wrong type, by absence and by excess; then chance goes on, with a printed seed (HUB_SEED repeats
a run, HUB_DOCUMENTS sets the number). Both must say the same of every document that both parse as JSON. What they may see
differently is a closed list, counted apart: NaN and infinities, double members, lone surrogates, NUL, numbers beyond
64 bits or a double.
"""

import copy
import glob
import json
import math
import multiprocessing
import os
import random
import subprocess
import sys

import jsonschema

BYTES_MOST, DEPTH_MOST = 65536, 32
WRONG = [None, True, False, 7, -1, 1.5, "", "x", [], {}, [[]], ["x"], {"x": 1}]
PIECES = ["", "\n", " ", "\u0001", "\u007f", ":", "%3A", "占", "\U0001f600", "\u2028", '"', "\\", "*", "p1:", "Z", "0", "É"]


def expanded(node, root):
    """The schema without references: it has no recursion, and jsonschema resolves a reference anew each time."""
    if isinstance(node, list):
        return [expanded(item, root) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target = root
        for part in node["$ref"].lstrip("#/").split("/"):
            target = target[part]
        rest = {key: value for key, value in node.items() if key != "$ref"}
        return {"allOf": [expanded(target, root), expanded(rest, root)]} if rest else expanded(target, root)
    return {key: expanded(value, root) for key, value in node.items() if key != "$defs"}


def members(schema, root, path=()):
    """Every member that the schema names: (path, its schema)."""
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    for name, child in schema.get("properties", {}).items():
        yield path + (name,), child
        yield from members(child, root, path + (name,))
    if "items" in schema:
        yield from members(schema["items"], root, path + (0,))


def parent_of(document, path):
    for step in path[:-1]:
        if isinstance(document, dict) and step in document:
            document = document[step]
        elif isinstance(document, list) and isinstance(step, int) and step < len(document):
            document = document[step]
        else:
            return None
    last = path[-1]
    if isinstance(document, dict):
        return document
    return document if isinstance(document, list) and isinstance(last, int) and last < len(document) else None


def resolved(schema, root):
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def excesses(value, schema, root):
    """Values that pass each limit by one, and values that just meet it."""
    schema = resolved(schema, root)
    for choice in schema.get("anyOf", []):
        yield from excesses(value, choice, root)
    if "maxLength" in schema and isinstance(value, str):
        for size in (schema["maxLength"], schema["maxLength"] + 1):
            yield (value * (size // max(1, len(value)) + 1))[:size] if value else "x" * size
            yield "占" * size
    if "maxItems" in schema and isinstance(value, list):
        for size in (schema["maxItems"], schema["maxItems"] + 1):
            yield [copy.deepcopy(value[0]) if value else "x"] * size
    for limit in ("maximum", "minimum", "exclusiveMinimum"):
        if limit in schema:
            yield from (schema[limit], schema[limit] + 1, schema[limit] - 1, schema[limit] + 0.5)
    if isinstance(value, str):
        yield from (value + "\n", value + "x", " " + value, value * 300)
    if isinstance(value, bool):
        yield from (0, 1, "true")
    if isinstance(value, dict):
        yield {**value, "unknown_member": 1}
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        yield from (value * 1e300 if abs(value) < 1e8 else 1e300, -1e300)


def systematic(documents, schema, root, hits):
    for definition in ("event", "command", "tick"):
        for path, child in members(root["$defs"][definition], root):
            name = definition + "." + ".".join(map(str, path))
            hits.setdefault(name, [0, 0, 0])
            for document in documents:
                holder = parent_of(document, path)
                if not isinstance(holder, dict) or path[-1] not in holder or kind_of(document) != definition:
                    continue
                yield from hit(document, path, holder[path[-1]], child, root, hits[name])
                break


def kind_of(document):
    return document["kind"] if document["kind"] in ("command", "tick") else "event"


def hit(document, path, value, schema, root, counts):
    for wrong in WRONG:
        counts[0] += 1
        yield changed(document, path, wrong)
    counts[1] += 1
    absent = copy.deepcopy(document)
    del parent_of(absent, path)[path[-1]]
    yield absent
    for more in excesses(value, schema, root):
        counts[2] += 1
        yield changed(document, path, more)


def changed(document, path, value):
    document = copy.deepcopy(document)
    parent_of(document, path)[path[-1]] = value
    return document


def places(document, path=()):
    items = document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    for step, value in items:
        yield path + (step,)
        yield from places(value, path + (step,))


def mutated_text(chance, text):
    at = chance.randrange(len(text) + 1)
    action = chance.randrange(5)
    if action == 0:
        return text[:at] + chance.choice(PIECES) + text[at:]
    if action == 1:
        return text[:at] + text[at + 1:]
    if action == 2:
        return text[:at] + chance.choice("0123456789TZ-:.xX") + text[at + 1:]
    if action == 3:
        return text + chance.choice(PIECES)
    return text * chance.randrange(0, 400)


def mutated_value(chance, value, documents):
    action = chance.randrange(4)
    if action == 0:
        return copy.deepcopy(chance.choice(WRONG))
    if action == 1:
        other = chance.choice(documents)
        path = chance.choice(list(places(other)))
        return copy.deepcopy(parent_of(other, path)[path[-1]])
    if isinstance(value, str):
        return mutated_text(chance, value)
    if isinstance(value, list) and value:
        return (value * chance.choice([1, 2, 17, 40, 80]))[chance.randrange(2):]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return chance.choice([-value, value + 1, value * 1000, value / 3, float(value), 0, -0.0, 2**53 - 1, 2**53, 180, 90.0000001])
    return copy.deepcopy(value)


def chanced(chance, documents, number):
    for _ in range(number):
        document = copy.deepcopy(chance.choice(documents))
        for _ in range(chance.choice([0, 1, 1, 1, 2, 3])):
            path = chance.choice(list(places(document)) or [("x",)])
            holder = parent_of(document, path)
            if chance.randrange(5) == 0 and isinstance(holder, dict):
                holder.pop(path[-1], None)
            elif holder is not None and (isinstance(holder, list) or path[-1] in holder):
                holder[path[-1]] = mutated_value(chance, holder[path[-1]], documents)
        yield document


def hostile(chance, documents):
    """Texts that parsers see differently, and texts that are no JSON."""
    for document in documents:
        text = json.dumps(document)
        at = text.index("{") + 1
        for front in ('"kind": "report", ', '"x": NaN, ', '"x": -Infinity, ', '"x": "\\ud800", ', '"x": "\\u0000", ', '"\\u0000": 1, ',
                      '"x": 1e999, ', '"x": 99999999999999999999, ', '"x": ' + "[" * 40 + "]" * 40 + ", ", '"x": 01, ', "x: 1, ", ", "):
            yield text[:at] + front + text[at:]
        for _ in range(20):
            cut = chance.randrange(1, len(text))
            yield text[:cut]


class Listed(Exception):
    pass


def constant_refused(_):
    raise Listed("NaN and infinities")


def pairs_checked(pairs):
    if len({name for name, _ in pairs}) != len(pairs):
        raise Listed("double members")
    return dict(pairs)


def values_checked(value, depth=0):
    """The depth; raises what is in the list of differences."""
    if isinstance(value, str):
        if "\0" in value:
            raise Listed("NUL")
        if any("\ud800" <= char <= "\udfff" for char in value):
            raise Listed("lone surrogates")
    elif isinstance(value, float) and not math.isfinite(value) or isinstance(value, int) and not -2**63 <= value < 2**63:
        raise Listed("numbers beyond 64 bits or a double")
    elif isinstance(value, dict):
        return max([depth + 1] + [values_checked(item, depth + 1) for pair in value.items() for item in pair])
    elif isinstance(value, list):
        return max([depth + 1] + [values_checked(item, depth + 1) for item in value])
    return depth


VALIDATOR = None


def validator_start(schema):
    global VALIDATOR
    VALIDATOR = jsonschema.Draft202012Validator(schema)


def judged(text):
    try:
        document = json.loads(text, parse_constant=constant_refused, object_pairs_hook=pairs_checked)
        depth = values_checked(document)
    except Listed as why:
        return "listed: " + str(why)
    except ValueError:
        return "no JSON"
    if len(text.encode()) > BYTES_MOST or depth > DEPTH_MOST:
        return "refuse"
    return "accept" if VALIDATOR.is_valid(document) else "refuse"


def verdicts_read(program, texts):
    text = "".join(line + "\n" for line in texts).encode()
    lines = subprocess.run([program], input=text, stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()
    if len(lines) != len(texts):
        sys.exit(f"{len(lines)} verdicts for {len(texts)} documents")
    return lines


def references_hold(schema, texts, verdicts):
    """The shipped schema with its references says the same as the expanded one."""
    validator = jsonschema.Draft202012Validator(schema)
    for text, verdict in list(zip(texts, verdicts))[::97]:
        if verdict in ("accept", "refuse") and len(text.encode()) <= BYTES_MOST:
            if validator.is_valid(json.loads(text)) != (verdict == "accept"):
                sys.exit(f"expanding the references changed the schema: {text[:300]}")


def documents_made(root, schema, seed, number):
    chance = random.Random(seed)
    documents = [json.load(open(path, encoding="utf-8")) for path in sorted(glob.glob(root + "/tests/fixtures/v1/*.json"))]
    documents.sort(key=lambda document: -len(json.dumps(document)))
    hits = {}
    made = documents + list(systematic(documents, schema, schema, hits))
    made += chanced(chance, documents, max(0, number - len(made)))
    texts = [json.dumps(document, ensure_ascii=chance.randrange(2) == 0) for document in made]
    missed = [name for name, counts in hits.items() if 0 in counts]
    if missed:
        sys.exit("members that no fixture shows, or that have no excess: " + ", ".join(missed))
    print(f"{len(hits)} members, each hit by wrong types, absence and excess")
    return texts + list(hostile(chance, documents))


def main():
    program, root = sys.argv[1:3]
    seed = int(os.environ.get("HUB_SEED") or random.SystemRandom().randrange(2**32))
    number = int(os.environ.get("HUB_DOCUMENTS") or 12000)
    print(f"differential: HUB_SEED={seed} HUB_DOCUMENTS={number}", flush=True)
    with open(root + "/schemas/event.schema.json", encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    texts = documents_made(root, schema, seed, number)
    theirs = verdicts_read(program, texts)
    with multiprocessing.Pool(2, validator_start, [expanded(schema, schema)]) as pool:
        ours = pool.map(judged, texts, chunksize=200)
    references_hold(schema, texts, ours)
    sys.exit(reported(texts, ours, theirs))


def reported(texts, ours, theirs):
    counts, differing = {}, []
    for text, schema, reader in zip(texts, ours, theirs):
        verdict = reader.split()[0]
        counts[(schema, verdict)] = counts.get((schema, verdict), 0) + 1
        if schema in ("accept", "refuse") and schema != verdict or schema == "no JSON" and verdict == "accept":
            differing.append((schema, reader, text))
    for (schema, verdict), count in sorted(counts.items()):
        print(f"{count:7} schema: {schema}, reader: {verdict}")
    for schema, reader, text in differing[:20]:
        print(f"DIFFERING schema: {schema}, reader: {reader}: {text[:2000]}")
    compared = sum(count for (schema, _), count in counts.items() if schema in ("accept", "refuse"))
    refused = counts.get(("refuse", "refuse"), 0)
    print(f"{compared} compared, {counts.get(('accept', 'accept'), 0)} accepted by both, {refused} refused by both "
          f"({100 * refused // max(1, compared)} %), {len(differing)} differing")
    return 1 if differing or compared < 10000 or refused < 0.4 * compared else 0


if __name__ == "__main__":
    main()
