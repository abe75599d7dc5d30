#!/bin/bash
# Yesterday's back-up comes back while the platforms go on: the warehouse is lost in the middle of the city's days, and restored
# to a moment long before, with every adapter at work all the time. Nothing that was taken before, meanwhile or afterwards is
# missing at the end, nothing is twice, and a command centre that knows of none of this has the warehouse's state. Runs with
# RESTORE_LIVE, which ./tests/run --long sets.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
. "$(dirname "$0")/lib/flow.sh"
# shellcheck source=lib/backup.sh
. "$(dirname "$0")/lib/backup.sh"
[ -n "${RESTORE_LIVE:-}" ] || skip "a restore among running platforms wants ./tests/run --long"

# Is every one of the city's adapters the process that it was?
adapters() { for name in "${FLOW_ADAPTERS[@]}"; do cat "$TEST/run/$name.pid"; done; }
more_than() { sql_is "SELECT count(*) > $1 FROM dw.incident" t; }
heads() { "$WIRE" watermarks "$BROKERS" hub.events.v1 | awk '{ sum += $3 } END { print sum }'; }
heads_over() { [ "$(heads)" -gt "$1" ]; }

flow_up 150 200
keep_wal
processes_up
wait_for 90 "some incidents" more_than 10
check "a base back-up while events flow" as_backup base "$KEPT"
MOMENT=$(sql "SELECT clock_timestamp()") AT_MOMENT=$(sql "SELECT count(*) FROM dw.incident")
wait_for 120 "a day's more" more_than "$((AT_MOMENT + 30))"
wal_shipped
check "the centre hears" centre read
KNOWN=$(sql "SELECT count(*) FROM dw.incident") ALIVE=$(adapters)
check "the city is in the middle of its days" test ! -e "$TEST/play/played.json"
disaster
before=$(heads)
check "platforms go on without a warehouse" wait_for 60 "events" heads_over "$((before + 10))"
check "the files come back" restore files "$KEPT" "$DATA" "$MOMENT"
service_start postgres
wait_for 60 "PostgreSQL to have read the WAL" opened
check "it is the moment's state" [ "$(sql "SELECT count(*) FROM dw.incident")" -lt "$KNOWN" ]
check "the epoch is raised" restore hub
processes_up
check "what came after the moment comes again from Kafka, with what is new" restore settle 120
check "platforms were still at it" test ! -e "$TEST/play/played.json"
check "and no adapter noticed" [ "$(adapters)" = "$ALIVE" ]
flow_played 240
wait_for 120 "every event in the warehouse" stored_all "$TEST/play/events.csv" || missing "$TEST/play/events.csv" | head -n 5
flow_down
told_all
check "what the city sent is there, once, and what was broken is rejected" /usr/bin/python3 "$HERE/lib/played.py"
check "the centre has the warehouse's state" centre same
check "the ledger balances" hub audit --wait 30s
