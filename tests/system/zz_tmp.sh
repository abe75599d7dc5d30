#!/bin/bash
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
export WIRE
cp "$HERE/sandiego/"*.yaml "$TEST/"
cat >"$TEST/zones.yaml" <<<'"us-sd": { name: San Diego, partition: 5 }'
{ config_head; echo "categories: categories.yaml"; echo "correlate: { rules: rules.yaml, batch_events: ${BATCH:-500} }"; echo "instances: {}"; } >$TEST/hub.yaml
export HUB_CONFIG=$TEST/hub.yaml
service_up kafka postgres
hub_ready
/tmp/inj $BROKERS 5 us-sd < /tmp/hd/log.ndjson
date +%s.%N
process_up correlate-1 correlate
process_up correlate-2 correlate
process_up relay-1 relay
process_up relay-2 relay
read_to_end() { sql_is "SELECT next_offset FROM ops.kafka_offset WHERE topic = 'hub.events.v1' AND partition = 5" 11563; }
for i in 1; do
 /usr/bin/python3 "$HERE/lib/strike.py" correlate-1 || true; /usr/bin/python3 "$HERE/lib/strike.py" correlate-2 || true;  /usr/bin/python3 "$HERE/lib/strike.py" session || true;  /usr/bin/python3 "$HERE/lib/strike.py" relay-1 || true
done
wait_for 60 "all" read_to_end || true
wait_for 60 "lag" lag_zero || true
date +%s.%N
cat $TEST/kills.ndjson
sql "SELECT verdict, count(*) FROM ods.record GROUP BY 1"
sql "SELECT count(*) FROM dw.incident"
mkdir -p $TEST/city; cp /tmp/csd/truth.csv $TEST/city
hub tail events --partition 5 --from 0 --until-end >"$TEST/log.ndjson"
wc -l $TEST/log.ndjson
hub decide --rules "$TEST/rules.yaml" <"$TEST/log.ndjson" >"$TEST/decisions.ndjson"
for n in 1 7 1000; do hub decide --reload-every $n --rules "$TEST/rules.yaml" <"$TEST/log.ndjson" | cmp - "$TEST/decisions.ndjson" && echo same $n; done
/usr/bin/python3 "$HERE/lib/pairs.py" city/truth.csv 36.3 --decisions "$TEST/decisions.ndjson" || true
/usr/bin/python3 "$HERE/lib/outbox.py" || true
hub audit --wait 10s || echo $?
hub status || true
grep -c '"batch"' $TEST/logs/correlate-*.log; grep -c '"committed"' $TEST/logs/correlate-*.log
tail -5 $TEST/logs/correlate-1.log; tail -3 $TEST/logs/relay-1.log
sql "SELECT count(*) FROM dw.link WHERE score IS NOT NULL
         AND score <> (SELECT coalesce(sum((r ->> 'points')::int), 0) FROM jsonb_array_elements(reasons) AS r)"
