#!/bin/bash
# For machines: schemas/asyncapi.yaml is AsyncAPI 3 and true of the topic, and the consumers of deploy/examples, built and run as their page says, each end with the
# newest version of every incident, though the topic holds repeats and a raised epoch.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
EXAMPLES=$HUB_CLONE/deploy/examples
SPECIFICATION=6.8.1 # of the npm package @asyncapi/specs, which holds the specification's own JSON Schemas
export PATH=/usr/bin:$PATH WIRE
TOPIC=$(dirname "$WIRE")/test-topic

specification() {
        local folder=$CACHE/asyncapi-$SPECIFICATION
        [ -s "$folder/package/schemas/3.0.0.json" ] || {
                mkdir -p "$folder"
                (cd "$folder" && npm pack "@asyncapi/specs@$SPECIFICATION" >/dev/null 2>&1 && tar xzf ./*.tgz) || return 1
        }
        echo "$folder/package/schemas/3.0.0.json"
}

# Versions in the order of the outbox, in the newest of each incident's form, as the examples print them.
wanted() {
        sql "SELECT feed || E'\t' || incident || E'\t' || epoch || '.' || version || E'\t' || (payload::json ->> 'change') || E'\t' || (payload::json ->> 'state')
                || E'\t' || (payload::json ->> 'title') FROM ops.outbox ORDER BY feed"
}

same() {
        diff <(sort -n "$TEST/wanted") <(sort -n "$TEST/$1") | head -5
        cmp -s <(sort -n "$TEST/wanted") <(sort -n "$TEST/$1")
}

# Of each incident the versions come in their order, whatever the partitions.
rises() {
        awk -F'\t' '{ split($3, v, "."); now = v[1] * 1000000 + v[2]; if (now <= newest[$2]) exit 1; newest[$2] = now }' "$TEST/$1"
}

service_up kafka postgres
config_head >"$TEST/hub.yaml"
printf '"350206": { name: 湖里区, partition: 3 }\n' >"$TEST/zones.yaml"
echo "instances: {}" >>"$TEST/hub.yaml"
export HUB_CONFIG=$TEST/hub.yaml
hub_ready
/usr/bin/python3 "$HERE/lib/stream.py" write --seconds 2 --rate 100 --incidents 20 --plain
sql "INSERT INTO ops.outbox (zone, incident, epoch, version, payload) SELECT zone, incident, 2, 1, jsonb_set(jsonb_set(payload::jsonb, '{epoch}', '2'), '{version}', '1')
        FROM (SELECT DISTINCT ON (incident) * FROM ops.outbox ORDER BY incident, version DESC LIMIT 5) AS newest"
process_up relay relay
wait_for 60 "all on the topic" sql_is "SELECT count(*) FROM ops.outbox WHERE published_at IS NULL" 0
wanted >"$TEST/wanted"
check "there is something to tell" [ "$(wc -l <"$TEST/wanted")" -gt 150 ]
# A relay that was killed before its mark publishes again: the same bytes behind all others.
sql "UPDATE ops.outbox SET published_at = NULL WHERE feed <= 40"
wait_for 60 "repeats on the topic" sql_is "SELECT count(*) FROM ops.outbox WHERE published_at IS NULL" 0
process_down relay

if schema=$(specification); then
        check "the topics are described as they are" /usr/bin/python3 "$HERE/lib/asyncapi.py" "$schema" hub.incidents.v1
else
        echo "the specification's schemas cannot be had from npm: left out"
fi
check "the example in Python ends" env BROKERS="$BROKERS" timeout 60 /usr/bin/python3 "$EXAMPLES/incidents.py" --once >"$TEST/python.out"
sed -i '/^ok: /d' "$TEST/python.out"
# shellcheck disable=SC2046
check "the example in C compiles as its page says" cc -Wall -Wextra -Werror "$EXAMPLES/incidents.c" -o "$TEST/incidents" $(pkg-config --cflags --libs rdkafka jansson)
timeout 60 "$TEST/incidents" "$BROKERS" hub.incidents.v1 --once >"$TEST/c.out"
timeout 60 "$EXAMPLES/incidents.sh" "$BROKERS" hub.incidents.v1 -e >"$TEST/kcat.out"
for name in python c kcat; do
        check "$name: every version once" same "$name.out"
        check "$name: versions of an incident rise" rises "$name.out"
done
exit "$FAILED"
