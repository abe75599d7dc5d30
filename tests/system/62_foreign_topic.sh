#!/bin/bash
# Somebody else's topic, and what its owner does to it: compacted, cut by retention past our position, deleted, made anew; and a SIGKILL of the
# adapter with unacknowledged work. Every record that is there is in the warehouse once; each loss is one rejected record and one line of the log.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"

export HUB_LOOP_WAIT=0.3
TOPIC=${TOPIC:-$(dirname "$WIRE")/test-topic}
rows() { /usr/bin/python3 "$HERE/lib/rows.py" "$@" --keyed; }

# instance NAME TOPIC SETTINGS
instance() {
        cat <<END
  $1:
    adapter: hotline
    source: { kind: kafka, brokers: "$BROKERS", topic: $2, look: 500ms, $3 }
    options:
      profile: vendor
      crs: gcj02
      notes: { note1: title, note2: description, note3: address, note4: category, note5: category_code, note6: lon, note7: lat, note8: reporter,
               note9: phone, note10: channel, note11: community }
END
}

cases() { sql_is "SELECT count(*) FROM ods.record WHERE verdict = 'stored' AND kind = 'report' AND substring(id from '2312051019([0-9]{8})')::int BETWEEN $1 AND $1 + $2 - 1" "${3:-$2}"; }
# alarms INSTANCE TEXT COUNT: so many rejected records say that, and so many lines of the log.
alarms() {
        sql_is "SELECT count(*) FROM ops.rejected WHERE instance = '$1' AND reason = 'unsupported' AND text ~ '$2'" "$3" &&
                [ "$(grep -c "not as we left it.*$2" "$TEST/logs/$1.log")" -eq "$3" ]
}
kept() { grep -q "$2" "$HUB_STATE/$1/checkpoint.json"; }
duplicates() { sql "SELECT count(*) FROM ods.record WHERE verdict = 'duplicate'"; }
duplicated() { [ "$(duplicates)" -eq "$1" ]; }

service_up kafka postgres
cp "$HUB_CLONE/deploy/config/zones.yaml" "$TEST/zones.yaml"
{ config_head; echo "instances:"; instance cases cases ""; instance shared cases "group: hub-huli"; instance packed packed ""; } >"$TEST/hub.yaml"
export HUB_CONFIG=$TEST/hub.yaml
hub_ready
"$TOPIC" create "$BROKERS" packed 1 cleanup.policy=compact segment.ms=100 min.cleanable.dirty.ratio=0.01 max.compaction.lag.ms=100
check "hub check --connect names the topic that is not there" grep -q "cases: kafka $BROKERS: topic cases does not exist" <(hub check --connect 2>&1)
"$TOPIC" create "$BROKERS" cases 2
check "and is content when it is there" hub check --connect
process_up correlate correlate

# all partitions, from the first record that is kept
rows 100 50 | "$TOPIC" put "$BROKERS" cases 0
rows 150 50 | "$TOPIC" put "$BROKERS" cases 1
process_up cases run cases
check "all that is there is read" wait_for 60 "100 cases" cases 100 100
check "positions are kept when it is delivered" wait_for 30 "a checkpoint" kept cases "0:50=[0-9a-f]* 1:50="

# SIGKILL with unacknowledged work: 3000 records are delivered and their positions cannot be kept
mkdir "$HUB_STATE/cases/checkpoint.json.new"
rows 200 3000 | "$TOPIC" put "$BROKERS" cases 0
wait_for 90 "3000 cases" cases 200 3000
wait_for 30 "a line" grep -q 'no checkpoint.*Is a directory' "$TEST/logs/cases.log"
check "nothing was counted twice before the kill" duplicated 0
process_kill cases
rmdir "$HUB_STATE/cases/checkpoint.json.new"
check "after a SIGKILL what was not acknowledged comes again" wait_for 90 "3000 duplicates" duplicated 3000
check "and every record is there once" cases 200 3000
check "and no alarm was raised" alarms cases . 0

# a tombstone reaches the adapter as a key without bytes; this one cannot read it, so it is rejected
"$TOPIC" put "$BROKERS" cases 0 <<<"231205101900000100"
tombstone() { sql_is "SELECT count(*) FROM ops.rejected WHERE instance = 'cases' AND size = 0 AND position = 'cases/0/3050'" 1; }
check "a tombstone is handed on" wait_for 30 "a rejected record" tombstone

# retention passed our position while we were away
process_down cases
rows 4000 50 | "$TOPIC" put "$BROKERS" cases 1
"$TOPIC" trim "$BROKERS" cases 1 80
process_up cases run cases
check "what retention left is read" wait_for 60 "20 cases" cases 4030 20
check "what it took is counted: 30, in one line" wait_for 30 "an alarm" alarms cases "retention passed us: 30 offsets are lost" 1

# and while we were reading something else: the topic goes and comes back, shorter
"$TOPIC" delete "$BROKERS" cases
check "a topic that is deleted is said once" wait_for 60 "an alarm" alarms cases "the topic is gone" 1
"$TOPIC" create "$BROKERS" cases 2
rows 5000 10 | "$TOPIC" put "$BROKERS" cases 0
check "made anew, it is read from its start" wait_for 90 "10 cases" cases 5000 10
check "which is said of each partition that we had read" wait_for 30 "two alarms" alarms cases "made anew, or its end is lost" 2

# made anew while we were away, and longer than we know it: only the record at our place tells
wait_for 30 "a checkpoint" kept cases "0:10=[0-9a-f]* 1:0"
process_down cases
"$TOPIC" delete "$BROKERS" cases
gone() { [ -z "$("$WIRE" watermarks "$BROKERS" cases 2>/dev/null)" ]; }
wait_for 30 "the topic to go" gone
"$TOPIC" create "$BROKERS" cases 2
rows 6000 40 | "$TOPIC" put "$BROKERS" cases 0
process_up cases run cases
check "another record at our place: read from its start" wait_for 60 "40 cases" cases 6000 40
check "and said" wait_for 30 "an alarm" alarms cases "another record stands at 9" 1

# compacted: holes are legal, counted, and nothing behind them is missed
for _ in 1 2 3; do rows 7000 20 | "$TOPIC" put "$BROKERS" packed 0; done
compacted() { rows 7100 1 | "$TOPIC" put "$BROKERS" packed 0
        [ "$("$WIRE" dump "$BROKERS" packed 2>/dev/null | cut -f3 | grep -c 231205101900007005)" -eq 1 ]; }
wait_for 180 "Kafka's cleaner" compacted
process_up packed run packed
check "the last of each key is read" wait_for 60 "20 cases" cases 7000 20
check "and what stands behind the holes" wait_for 30 "1 case" cases 7100 1
check "the holes are said" wait_for 30 "a line" grep -q 'foreign topic has holes.*"offsets_in_this_run":[1-9]' "$TEST/logs/packed.log"
check "and are no alarm" alarms packed . 0
process_down packed

# a group keeps positions of its own, and the next member goes on there
BEFORE=$(duplicates)
process_up shared run shared
check "a group reads too" wait_for 60 "40 duplicates" duplicated $((BEFORE + 40))
process_down shared
process_down cases                      # or it reads them, too, and first
rows 8000 5 | "$TOPIC" put "$BROKERS" cases 1
process_up shared run shared
check "and goes on where it was" wait_for 60 "5 cases" cases 8000 5
process_down shared
check "reading nothing twice" test "$(grep -o '"message":"stopped".*"published":[0-9]*' "$TEST/logs/shared.log" | grep -o '[0-9]*$' | paste -sd' ')" = "40 5"

wait_for 60 "the log to be read" log_read || FAILED=1
check "the ledger balances" hub audit --wait 30s
process_down correlate
