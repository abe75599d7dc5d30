#!/bin/bash
# The whole city, all platforms over their own protocols, while their adapters are killed again and again: what every platform was told to be taken is in the
# warehouse once, what was broken is in rejected, and nothing else is anywhere. KILL_CITY_SECONDS is how long the city's five days last, KILL_CITY_ROUNDS how
# often each adapter is killed.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
. "$(dirname "$0")/lib/flow.sh"
export WIRE

flow_all
flow_up "${KILL_CITY_SECONDS:-60}" 60
process_up correlate correlate
process_up relay relay
flow_played
wait_for 60 "every event in the warehouse" stored_all "$TEST/play/events.csv" || { missing "$TEST/play/events.csv" >"$TEST/missing"; head -n 5 "$TEST/missing"; FAILED=1; }
flow_down correlate relay
check "what was sent is there once, what was broken is rejected" /usr/bin/python3 "$HERE/lib/played.py"
check "the incident topic equals the outbox" /usr/bin/python3 "$HERE/lib/outbox.py"
check "the ledger balances" hub audit --wait 30s
hub status
/usr/bin/python3 "$HERE/lib/pairs.py" play/truth.csv 10
