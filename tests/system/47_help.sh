#!/bin/bash
# What an editor says by the schema of `hub help --json-schema` is what `hub check` says: the shipped configuration passes both, and each
# of these mistakes is found by both.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"

judge() {
        /usr/bin/python3 - "$TEST/schema.json" "$1" <<'END'
import json, sys, yaml
from jsonschema import Draft202012Validator
schema = json.load(open(sys.argv[1]))
Draft202012Validator.check_schema(schema)
errors = list(Draft202012Validator(schema).iter_errors(yaml.safe_load(open(sys.argv[2]))))
for error in errors:
    print("%s: %s" % ("/".join(map(str, error.path)), error.message[:100]))
sys.exit(1 if errors else 0)
END
}

# mistaken OLD NEW: the shipped configuration with one mistake is refused by the schema and by hub check.
mistaken() {
        sed "0,/$1/s//$2/" "$HUB_CLONE/deploy/config/hub.yaml" >"$TEST/config/hub.yaml"
        ! cmp -s "$TEST/config/hub.yaml" "$HUB_CLONE/deploy/config/hub.yaml" || return 1
        ! judge "$TEST/config/hub.yaml" && ! hub check "$TEST/config/hub.yaml"
}

cp -r "$HUB_CLONE/deploy/config" "$TEST/config"
secret_make "$HUB_SECRETS/mqtt-hub"
secret_make "$HUB_SECRETS/hotline"
secret_make "$HUB_SECRETS/postgres-hub_owner"
hub help --json-schema >"$TEST/schema.json"
check "the shipped configuration is of the schema" judge "$HUB_CLONE/deploy/config/hub.yaml"
check "and hub check takes it" hub check "$HUB_CLONE/deploy/config/hub.yaml"
check "a wrong section" mistaken '^kafka:' 'kafak:'
check "a wrong key of a section" mistaken 'brokers:' 'broker:'
check "a wrong choice" mistaken 'security: plaintext' 'security: plain'
check "a number out of range" mistaken 'replication: 1' 'replication: 11'
check "a wrong key of an instance" mistaken 'adapter: citybrain' 'adaptor: citybrain'
check "an unknown adapter" mistaken 'adapter: citybrain' 'adapter: citybrian'
check "a wrong key of a source" mistaken 'topics: \["frigate' 'topic: ["frigate'
check "an unknown kind of source" mistaken 'kind: mqtt' 'kind: mqqt'
check "a wrong key of an adapter's options" mistaken 'devices: devices' 'device: devices'
check "a wrong duration" mistaken 'overlap: 10min' 'overlap: ten'
