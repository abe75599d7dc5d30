"""schemas/openapi.yaml as what answers are held against."""

import os

import jsonschema
import yaml

PATH = os.path.join(os.environ.get("HUB_CLONE", "."), "schemas/openapi.yaml")
STREAM = "/v1/stream/incidents"


class Spec:
    def __init__(self):
        with open(PATH, encoding="utf-8") as file:
            self.document = yaml.safe_load(file)

    def whole(self, schema):
        return {**schema, "components": self.document["components"]}

    def media(self, template, method, status):
        """(content type, what stands there of it)"""
        response = self.document["paths"][template][method]["responses"][str(status)]
        if "$ref" in response:
            response = self.document["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
        (kind, media), = response["content"].items()
        return kind, media

    def answer(self, template, method, status):
        """(content type, schema)"""
        kind, media = self.media(template, method, status)
        return kind, self.whole(media["schema"])

    def frame(self, event):
        """The schema of a frame's data on the stream."""
        return self.whole(self.media(STREAM, "get", 200)[1]["x-frames"][event])


def errors(schema, document):
    return [error.message[:200] for error in jsonschema.Draft202012Validator(schema).iter_errors(document)]
