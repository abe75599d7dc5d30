#!/bin/bash
# The same log gives the same incidents, whatever happens to those who read it: a correlator that is killed every few batches
# ends with the rows of one that ran through, and `hub decide` says the same bytes however often it stores and loads its state.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
. "$(dirname "$0")/lib/flow.sh"
export WIRE

# What must not depend on restarts: every column of incidents, cases and links, and each version's bytes.
rows() {
        local table
        for table in dw_1.incident dw_1.subject dw_1.link dw_1.suggestion dw_1.incident_status; do
                echo "== $table"
                sql "SELECT * FROM $table" | sort
        done
        echo "== versions"
        sql "SELECT incident, epoch, version, payload FROM ops.outbox ORDER BY seq"
}

next_offset() {
        sql "SELECT next_offset FROM ops.kafka_offset WHERE topic = 'hub.events.v1' AND partition = 0"
}

read_to_end() {
        [ "$(next_offset)" -ge "$HIGH" ]
}

# Each SIGKILL falls upon a batch that is logged and, as like as not, not yet committed.
correlate_with_kills() {
        process_up correlate correlate
        KILLS=$(/usr/bin/python3 "$HERE/lib/stumble.py" correlate 5 hub.events.v1)
        wait_for 60 "the log to be read" read_to_end
        process_down correlate
}

same() {
        cmp "$1" "$2" || { diff "$1" "$2" | head -n 10; return 1; }
}

# What a row says is put together again from its columns: no whole metres, signs that JSON writes otherwise, nothing where nothing was told.
odd() {
        /usr/bin/python3 - <<'END'
import json
for name, more in (("fine", {"position": {"lon": 118.1000001, "lat": 24.5099999, "accuracy_m": 5.6, "method": "gps"}, "title": "\\\"accuracy_cm\\\":1, {\"number\":2}"}),
                   ("bare", {"title": "占道"}), ("wide", {"position": {"lon": 118.1, "lat": 24.5, "accuracy_m": 0.01, "method": "gps"}, "title": "a\tb"})):
    print(json.dumps({"id": "p12::%s:1" % name, "subject": "p12::" + name, "kind": "report", "platform": "p12", "instance": "t", "zone": "350206",
                      "source": {"id": name, "revision": "1"}, "time": {"occurred": "2024-01-01T00:00:00.001Z", "received": "2024-01-01T00:00:00.002Z"}, "status": {"state": "received"},
                      "category": {"code": "E0504", "method": "code"}, "severity": "low", "raw": {"sha256": "0" * 64, "bytes": 1}, **more}, ensure_ascii=False))
END
}

flow_up 20 40
odd | "$WIRE" put "$BROKERS" hub.events.v1 0
flow_played
kept() { "$WIRE" dump "$BROKERS" hub.events.v1 | grep -o '"id": *"[^"]*"' | sed 's/.*"\(.*\)"/\1/' | sort -u >"$TEST/ids"
        [ -z "$(awk -F, 'NR > 1 && $2 == 1 && $1 !~ /[*]/ { print $1 }' "$TEST/play/events.csv" | sort -u | comm -23 - "$TEST/ids")" ]; }
wait_for 60 "every event in Kafka" kept
flow_down
HIGH=$("$WIRE" watermarks "$BROKERS" hub.events.v1 | awk '$1 == 0 { print $3 }')

process_up correlate correlate
wait_for 60 "the log to be read" read_to_end
process_down correlate
rows >"$TEST/through"

PGDATABASE=postgres postgres_sql "$HUB_PORT_POSTGRES" "$HUB_SECRETS" postgres -c 'DROP DATABASE hub WITH (FORCE)'
sed 's/^zones: .*/&\ncorrelate: { batch_events: 7 }/' "$HUB_CONFIG" >"$TEST/small.yaml"
cp -r "$HUB_CLONE/deploy/config/"{zones.yaml,devices,regions,gazetteer} "$TEST/"
HUB_CONFIG=$TEST/small.yaml
export HUB_CONFIG
hub_ready
correlate_with_kills
rows >"$TEST/killed"
check "there were kills ($KILLS)" test "$KILLS" -ge 5
check "odd ones are among them" sql_is "SELECT count(*) FROM dw_1.subject WHERE platform = 'p12' AND subject ~ ':(fine|bare|wide)$'" 3
check "there is something to compare" test "$(wc -l <"$TEST/through")" -gt 200
check "the same incidents, cases, links and versions" same "$TEST/through" "$TEST/killed"
check "what lies for long lies compressed" sql_is "SELECT (SELECT bool_and(pg_column_compression(text) = 'lz4') FROM ods.record WHERE length(text) > 600),
        (SELECT bool_and(pg_column_compression(payload) = 'lz4') FROM ops.outbox WHERE length(payload) > 600)" "t|t"
check "and what columns say of a case is not said again" sql_is "SELECT count(*) > 100, count(*) FILTER (WHERE correlator::json -> 'title' IS NOT NULL) FROM dw_1.subject" "t|0"
check "nor of an incident, nor rules in each row" sql_is "SELECT count(*) > 20, count(*) FILTER (WHERE correlator::json -> 'title' IS NOT NULL OR rules IS NOT NULL), count(DISTINCT rules_number) FROM dw_1.incident" "t|0|1"
check "though every link tells them" sql_is "SELECT count(DISTINCT l.rules), bool_and(l.rules = o.rules) FROM dw.link l, ops.rules o" "1|t"

hub tail events --partition 0 --from 0 --until-end >"$TEST/log.ndjson"
check "the whole log is there" test "$(wc -l <"$TEST/log.ndjson")" = "$HIGH"
hub decide <"$TEST/log.ndjson" >"$TEST/decided"
for every in 1 7 1000; do
        hub decide --reload-every "$every" <"$TEST/log.ndjson" >"$TEST/decided-$every"
        check "hub decide --reload-every $every: the same bytes" same "$TEST/decided" "$TEST/decided-$every"
done
check "hub decide gives the incidents that PostgreSQL holds" /usr/bin/python3 "$HERE/lib/pairs.py" play/truth.csv 0 --decisions "$TEST/decided"
