#!/bin/bash
# What a wrong option rejected comes back by `hub rejected retry`: 3,000 cases whose time is read from the wrong member, one of them too
# large for Kafka. After the fix a retry that is killed in the middle, and another one, bring each event into the warehouse exactly
# once; what is nonsense is rejected again and then left alone; a tombstone of Kafka keeps its key; the ledger balances.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
export WIRE HUB_TICK_MS=1000 HUB_LOOP_WAIT=0.3 HUB_CONFIG=$TEST/hub.yaml

CASES=3000 LARGE=700000
TOPIC=${TOPIC:-$(dirname "$WIRE")/test-topic}
cp "$HUB_CLONE/deploy/config/zones.yaml" "$TEST/zones.yaml"

# configure ROLE [ADAPTER]: what note11, a community, is taken for; who reads the topic.
configure() {
        { config_head; cat <<END; } >"$TEST/hub.yaml.new"
instances:
  line:
    adapter: hotline
    source: { kind: mqtt, url: "tcp://127.0.0.1:$HUB_PORT_MQTT", topics: [line], user: hub, password_file: "$HUB_SECRETS/mqtt-hub" }
    options: { profile: vendor, crs: gcj02, notes: { note1: title, note2: description, note4: category, note11: $1 } }
  topic:
    adapter: ${2:-hotline}
    source: { kind: kafka, brokers: "$BROKERS", topic: cases }
    options: { crs: gcj02 }
END
        mv "$TEST/hub.yaml.new" "$TEST/hub.yaml"
}

# cases: one a line; the last one is nonsense whatever the options say, the one before it is large.
cases() {
        /usr/bin/python3 - "$CASES" "$LARGE" <<'END'
import json, sys
cases, large = map(int, sys.argv[1:])
for number in range(1, cases + 1):
    print(json.dumps({"record_number": "case-%d" % number, "ps_caption": "受理", "date": "2023-12-05 10:20:00", "note1": "占道",
                      "note2": "a" * large if number == cases else "short", "note4": "店外经营", "note11": "枋湖社区"}, ensure_ascii=False))
print('{"record_number": nonsense')
END
}

rejected_are() {
        sql_is "SELECT count(*) FROM ops.rejected WHERE $1" "$2"
}

marked_at_least() {
        [ "$(sql "SELECT count(*) FROM ops.rejected WHERE retried_by IS NOT NULL")" -ge "$1" ]
}

retry_killed() {
        local pid looks
        hub rejected retry --all >"$TEST/logs/killed.log" 2>&1 &
        pid=$!
        for ((looks = 0; looks < 3000; looks++)); do if marked_at_least 100; then break; fi; done
        kill -KILL "$pid"
        wait "$pid" 2>/dev/null || true
}

audit_balances() {
        hub audit --wait 30s || { hub audit --wait 30s; return 1; }
}

service_up kafka postgres mosquitto
configure occurred
hub_ready
process_up correlate correlate
# A first run makes the subscription; from then on the broker keeps what comes.
check "nothing is there at first" exits 3 hub run line --once
cases | mqtt_publish line
process_up line run line
wait_for 120 "all to be rejected" rejected_are true $((CASES + 1))
check "all for the wrong time, but one" rejected_are "reason = 'bad_time'" "$CASES"
check "the large one lies in the folder of its instance" test "$(find "$HUB_STATE/line/rejected" -size +512k | wc -l)" -eq 1
check "list names platform and reason" grep -q 'p01 .*bad_time' <(hub rejected list --platform p01 --reason bad_time --max 3)
check "count says how many wait" grep -Eq "^p01 +line +adapter +bad_time +$CASES +$CASES " <(hub rejected list --count)
check "what comes later than all of it is not listed" test -z "$(hub rejected list --since 2999-01-01)"

process_down line
configure community
process_up line run line
retry_killed
check "the kill came in the middle" sql_is "SELECT count(*) > 100 FROM ops.rejected WHERE retried_by IS NULL AND retry_of IS NULL" t
check "the retry goes on where it was: something is rejected again" exits 4 hub rejected retry --all
wait_for 60 "both topics to be read" log_read
check "each event is in the warehouse once" sql_is "SELECT count(*), count(DISTINCT id) FROM ods.record WHERE verdict = 'stored' AND kind = 'report'" "$CASES|$CASES"
check "the large one too" sql_is "SELECT count(*) FROM ods.record WHERE verdict = 'stored' AND subject = 'p01::case-$CASES'" 1
check "each row that waited is marked" rejected_are "retried_by IS NULL AND retry_of IS NULL" 0
check "what was rejected again says what it was, and is nonsense as before" sql_is "SELECT count(DISTINCT n.retry_of), bool_and(o.reason = 'not_json')
        FROM ops.rejected n JOIN ops.rejected o ON n.retry_of = o.run || ':' || o.seq WHERE n.retried_by IS NULL AND n.reason = 'not_json'" "1|t"
check "a retry of all once more does nothing" exits 3 hub rejected retry --all
check "nor does a retry of one that is done" grep -q 'was retried before' <(hub rejected retry "$(hub rejected list --reason bad_time --max 1 | awk 'NR == 2 { print $1 }')")
check "nothing came twice" sql_is "SELECT count(*) FROM ods.record WHERE verdict = 'stored' AND kind = 'report'" "$CASES"
check "hub find knows the case and where it lies in the log" grep -q 'hub.events.v1/0/[0-9]*: stored' <(hub find "case-17")
check "and that it came out of a rejected record" grep -q 'bad_time.*retried by' <(hub find "case-17" --sealed --since 2020-01-01)
check "of an unknown number it knows nothing, exit 3" exits 3 hub find case-99999 --sealed
process_down line

# Nobody took tombstones: nothing but a key is rejected, and takes its case back once the right adapter reads it.
"$TOPIC" create "$BROKERS" cases 1
"$TOPIC" put "$BROKERS" cases 0 <<<"case-13800138000"
process_up topic run topic
wait_for 60 "the tombstone to be rejected" rejected_are "instance = 'topic'" 1
process_down topic
check "its key is kept, and not in clear" rejected_are "instance = 'topic' AND length(beside) > 28 AND position('13800138000'::bytea in beside) = 0" 1
configure community grid
check "it is retried" hub rejected retry --all
wait_for 60 "both topics to be read" log_read
check "as the same record: its case is taken back, at its place in the topic" sql_is "SELECT subject, text::json -> 'status' ->> 'state', text::json -> 'source' ->> 'sequence'
        FROM ods.record WHERE verdict = 'stored' AND instance = 'topic' AND kind = 'report'" "p12::case-13800138000|deleted|0/0"
wait_for 60 "the log to be read" log_read
check "the ledger balances" audit_balances
process_down correlate
