#!/bin/bash
# The whole city, all platforms over their own protocols, while their adapters are killed again and again, one after the other and, while Kafka stands still, all at
# once: what every platform was told to be taken is in the warehouse once, what was broken is in rejected, and nothing else is anywhere. What devices send without asking
# for an answer may be lost: how much is printed. KILL_CITY_SECONDS is how long the city's five days last.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
. "$(dirname "$0")/lib/flow.sh"
export WIRE

ROUNDS=3 STEP=60 EXPECTED=1000            # the registry's 759 come at once

strike() {
        /usr/bin/python3 "$HERE/lib/strike_city.py" "$@" "${FLOW_ADAPTERS[@]}"
}

# A share of the city's messages has gone out.
past() {
        flow_over || grep -q "city: [-0-9]* [:0-9]*, .* of .* messages" "$TEST/logs/play.log"
}

# As many events as STEP have come to be expected since it was asked for the last time.
grown() {
        local now
        now=$(wc -l <"$TEST/play/events.csv")
        flow_over || [ "$now" -ge $((EXPECTED + STEP)) ] || return 1
        EXPECTED=$now
}

flow_all
flow_up "${KILL_CITY_SECONDS:-60}" 60
process_up correlate correlate
process_up relay relay
wait_for 60 "the city to begin" past
strike together
for ((round = 1; round <= ROUNDS; round++)); do
        wait_for 60 "the city to go on" grown
        strike apart
        wait_for 60 "the city to go on" grown
        strike together
done
check "the city was still playing when the last blow fell" test ! -e "$TEST/play/played.json"
flow_played
wait_for 60 "every event in the warehouse" stored_all "$TEST/play/events.csv" || { missing "$TEST/play/events.csv" >"$TEST/missing"; head -n 5 "$TEST/missing"; FAILED=1; }
flow_down correlate relay
check "blows hit, and nothing is there twice" strike verdict
check "what was sent is there, what was broken is rejected" /usr/bin/python3 "$HERE/lib/played.py"
check "the incident topic equals the outbox" /usr/bin/python3 "$HERE/lib/outbox.py"
check "the ledger balances" hub audit --wait 30s
check "the incidents are those of the known truth" /usr/bin/python3 "$HERE/lib/pairs.py" play/truth.csv 70
