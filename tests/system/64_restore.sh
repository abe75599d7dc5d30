#!/bin/bash
# The warehouse is lost and comes back from an older back-up: the runbook (deploy/backup, deploy/restore) run as it is written.
# A command centre that kept (epoch, version) and knows of none of this ends with the warehouse's state, whether Kafka still
# holds what came after the back-up or not.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
. "$(dirname "$0")/lib/flow.sh"
# shellcheck source=lib/backup.sh
. "$(dirname "$0")/lib/backup.sh"

rows() {
        sql "SELECT incident, state, reports, version, founding, title FROM dw.incident ORDER BY 1"
}

flow_up 40 60
keep_wal
processes_up
wait_for 90 "some incidents" sql_is "SELECT count(*) > 15 FROM dw.incident" t
check "without a base back-up, check says so" exits_said 1 as_backup check "$KEPT"
check "a base back-up while events flow" as_backup base "$KEPT"
KNOWN=$(sql "SELECT count(*) FROM dw.incident")
wait_for 90 "more incidents" sql_is "SELECT count(*) > $KNOWN + 5 FROM dw.incident" t
AT_MOMENT=$(sql "SELECT count(*) FROM dw.incident")
MOMENT=$(sql "SELECT clock_timestamp()")
wait_for 90 "still more incidents" sql_is "SELECT count(*) > $AT_MOMENT + 5 FROM dw.incident" t
wal_shipped
check "archiving works" as_backup check "$KEPT"
flow_played 120
flow_down
told_all
check "the centre has the warehouse's state" centre same
rows >"$TEST/before"
OUTBOX=$(sql "SELECT count(*) FROM ops.outbox")
disaster

# To a moment between the back-up and the loss; Kafka holds all that came after it.
check "a data folder that holds something is refused" exits_said 1 restore files "$KEPT" "$TEST"
check "a moment before every back-up is refused" exits_said 1 restore files "$KEPT" "$DATA" '2020-01-01'
check "the files come back" restore files "$KEPT" "$DATA" "$MOMENT"
service_start postgres
wait_for 60 "PostgreSQL to have read the WAL" opened
check "it is the moment's state" [ "$(sql "SELECT count(*) FROM dw.incident")" -ge "$AT_MOMENT" ]
check "and not a later one" [ "$(sql "SELECT count(*) FROM ops.outbox")" -lt "$OUTBOX" ]
check "the centre knows more than the warehouse" [ "$(centre newer)" -gt 5 ]
check "the epoch is raised" restore hub
check "to 2" [ "$(hub epoch)" = 2 ]
processes_up
check "a correlator at work is named" exits_said 1 restore hub
check "and nothing was raised" [ "$(hub epoch)" = 2 ]
check "what came after the moment comes again from Kafka" restore settle 120
check "nothing had to be told beside it" sql_is "SELECT count(*) FROM dw.incident_status WHERE cause = 'hub epoch settle'" 0
told_all
check "the centre has the warehouse's state again" centre same
rows >"$TEST/after"
check "which is the one before the loss" cmp "$TEST/before" "$TEST/after"
check "the ledger balances" hub audit --wait 30s

# Once more from the same back-up, which knows only epoch 1, and now Kafka's retention has passed it.
disaster
HIGH=$("$WIRE" watermarks "$BROKERS" hub.events.v1 | awk '$1 == 0 { print $3 }')
kafka_java JAVA "$CACHE"
printf '{"version": 1, "partitions": [{"topic": "hub.events.v1", "partition": 0, "offset": %d}]}' $((HIGH - 20)) >"$TEST/passed.json"
"${JAVA[@]}" org.apache.kafka.tools.DeleteRecordsCommand --bootstrap-server "$BROKERS" --offset-json-file "$TEST/passed.json" >"$TEST/passed.log" 2>&1 ||
        { cat "$TEST/passed.log"; exit 1; }
restore files "$KEPT" "$DATA" "$MOMENT"
service_start postgres
wait_for 60 "PostgreSQL to have read the WAL" opened
check "retention that passed the database stops everything" exits_said 3 restore hub
check "and says how much is lost" says "messages are lost"
check "nothing was changed" [ "$(hub epoch)" = 1 ]
check "the loss is accepted" restore hub --accept-loss
check "the epoch is above the one that was published, not above the back-up's" [ "$(hub epoch)" = 3 ]
check "the loss is kept" sql_is "SELECT count(*) FROM ops.loss WHERE topic = 'hub.events.v1'" 1
processes_up
wait_for 90 "nothing unread, nothing unpublished" lag_zero
check "the centre knows what the warehouse does not" [ "$(centre newer)" -gt 0 ]
check "the ledger names the loss" exits_said 1 restore settle 120
check "settling told again and cancelled" grep -qE 'settled: [0-9]+ incidents on the topic, [1-9][0-9]* told again, [1-9][0-9]* cancelled' "$TEST/said"
told_all
check "the centre has the warehouse's state once more" centre same
check "what was told again is what the correlator would say" /usr/bin/python3 "$HERE/lib/payloads.py"
check "settling once more has nothing to say" exits_said 1 restore settle 120
check "that is, nothing" says "0 told again, 0 cancelled"
