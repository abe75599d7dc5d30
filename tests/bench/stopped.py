"""stopped.py LOG: how many events an instance published, from its last word."""

import json
import sys

published = 0
for line in open(sys.argv[1], encoding="utf-8"):
    if line.startswith("{"):
        told = json.loads(line)
        if told.get("message") == "stopped":
            published = told["published"]
print(published)
