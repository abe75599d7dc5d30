#!/bin/bash
# The whole city, all platforms over their own protocols, while their adapters are killed again and again, one after the other and, while Kafka stands still, all at
# once: what every platform was told to be taken is in the warehouse once, what was broken is in rejected, and nothing else is anywhere. What devices send without asking
# for an answer may be lost: how much is printed. KILL_CITY_SECONDS is how long the city's five days last.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
. "$(dirname "$0")/lib/flow.sh"
export WIRE

strike() {
        /usr/bin/python3 "$HERE/lib/strike_city.py" "$@" "${FLOW_ADAPTERS[@]}"
}

# A share of the city's messages has gone out.
past() {
        flow_over || grep -q "city: [-0-9]* [:0-9]*, .* of .* messages" "$TEST/logs/play.log"
}

flow_all
flow_up "${KILL_CITY_SECONDS:-60}" 60
process_up correlate correlate
process_up relay relay
wait_for 60 "the city to begin" past
strike together
until flow_over; do
        strike apart
        flow_over || strike together
done
flow_played
wait_for 60 "every event in the warehouse" stored_all "$TEST/play/events.csv" || { missing "$TEST/play/events.csv" >"$TEST/missing"; head -n 5 "$TEST/missing"; FAILED=1; }
flow_down correlate relay
check "blows hit, and nothing is there twice" strike verdict
check "what was sent is there, what was broken is rejected" /usr/bin/python3 "$HERE/lib/played.py"
check "the incident topic equals the outbox" /usr/bin/python3 "$HERE/lib/outbox.py"
check "the ledger balances" hub audit --wait 30s
