#!/usr/bin/python3
"""
asyncapi.py SPECIFICATION.json TOPIC: schemas/asyncapi.yaml is AsyncAPI 3 (by the specification's own JSON Schema), its references and examples are right, and what
stands on the topic is what it promises.
"""

import json
import os
import sys

import jsonschema
import yaml

import base

SCHEMAS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../schemas")


def load(name):
    with open(os.path.join(SCHEMAS, name), encoding="utf-8") as file:
        return json.load(file) if name.endswith(".json") else yaml.safe_load(file)


def references(node):
    """Every $ref of the document."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        node = node.values()
    for one in node if isinstance(node, (list, type({}.values()))) else ():
        yield from references(one)


def resolve(document, reference):
    if not reference.startswith("#"):
        return load(reference)
    for part in reference[2:].split("/"):
        document = document[part]
    return document


def main():
    verdict, document = base.Verdict(), load("asyncapi.yaml")
    with open(sys.argv[1], encoding="utf-8") as file:
        specification = json.load(file)
    errors = list(jsonschema.Draft7Validator(specification).iter_errors(document))
    verdict.check(not errors, "it is AsyncAPI 3.0", [error.message[:200] for error in errors[:3]])
    broken = []
    for reference in references(document):
        try:
            resolve(document, reference)
        except (KeyError, OSError):
            broken.append(reference)
    verdict.check(not broken, "each reference leads somewhere", broken)
    message = document["components"]["messages"]["version"]
    payload, headers = jsonschema.Draft202012Validator(load("incident.schema.json")), jsonschema.Draft202012Validator(document["components"]["schemas"]["attributes"])
    for example in message["examples"]:
        wrong = [error.message for error in [*payload.iter_errors(example["payload"]), *headers.iter_errors(example["headers"])]]
        verdict.check(not wrong, "its example %s is what it describes" % example["name"], wrong[:3])
    seen, wrong = 0, []
    for _, _, key, head, value in base.dump(sys.argv[2]):
        body = json.loads(value)
        wrong += [error.message for error in payload.iter_errors(body)]
        wrong += [error.message for error in headers.iter_errors(dict(pair.split("=", 1) for pair in head.split(";") if "=" in pair))] if head else []
        wrong += [] if key == body["incident"] else ["key " + key]
        seen += 1
    verdict.check(seen and not wrong, "so is each of %d versions on the topic" % seen, wrong[:3])
    return 1 if verdict.failed else 0


if __name__ == "__main__":
    sys.exit(main())
