#!/bin/bash
# Every part is killed, three times and more, while 20,000 events flow: six adapters over four transports, two correlators over four zones,
# two relays, Kafka, a correlator's PostgreSQL session, PostgreSQL itself. In the end every event stands exactly once in the warehouse
# or in rejected, the incident topic equals the outbox, and the ledger balances. KILL_EVENTS, KILL_RATE and KILL_ROUNDS
# (the fewest) change its size.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
export WIRE

EVENTS=${KILL_EVENTS:-20000} RATE=${KILL_RATE:-200} ROUNDS=${KILL_ROUNDS:-3}
ADAPTERS=(brain-a brain-b line-c line-d grid-e letters-f)
OTHERS=(correlate-1 correlate-2 relay-1 relay-2)
export HUB_CONFIG=$TEST/hub.yaml HUB_LOOP_WAIT=0.3 HUB_TICK_MS=${HUB_TICK_MS:-5000}

configure() {
        cp "$HUB_CLONE/deploy/config/zones.yaml" "$TEST/zones.yaml"
        {
                config_head
                echo "instances:"
                config_mqtt brain-a 350206 brain-a "$TEST/load/brain-a.csv"
                config_mqtt brain-b 350203 brain-b "$TEST/load/brain-b.csv"
                config_http line-c 350205 /line-c 500ms 5s 200
                config_http line-d 350211 /line-d 500ms 5s 200
                config_grid grid-e 350206 grid-e
                config_letters letters-f 350203 "$TEST/letters"
        } >"$HUB_CONFIG"
}

strike() {
        /usr/bin/python3 "$HERE/lib/strike.py" "$1"
}

# A blow to a service takes it away for a moment; what lives on it waits.
strike_service() {
        strike "$1"
        service_kill "$1"
        service_start "$1"
}

# One round strikes each part once. Correlator and relay are struck while there is work: strike.py waits for it.
round() {
        local name
        for name in brain-a correlate-1 line-c relay-1 grid-e session brain-b correlate-2 line-d letters-f relay-2; do strike "$name"; done
        strike_service postgres
        strike_service kafka
}

sent() {
        wc -l <"$TEST/load/events.csv"
}

all_sent() {
        [ -e "$TEST/load/played.json" ]
}

service_up kafka postgres mosquitto
/usr/bin/python3 "$CITY" load --work "$TEST/load" --prepare
mkdir -p "$TEST/letters"
configure
hub_ready
for name in "${ADAPTERS[@]}"; do process_up "$name" run "$name"; done
for name in "${OTHERS[@]}"; do process_up "$name" "${name%-*}"; done

city_start load load --events "$EVENTS" --rate "$RATE" --kafka "$BROKERS" --grid-topic grid-e --letters "$TEST/letters" --until "$TEST/struck"
wait_for 60 "the first event in the warehouse" sql_is "SELECT count(*) > 0 FROM ods.record WHERE kind = 'report'" t
began=$SECONDS
number=0
while [ "$number" -lt "$ROUNDS" ] || [ "$(sent)" -lt $((EVENTS * 7 / 10)) ]; do
        number=$((number + 1))
        round
        echo "round $number: $(sent) events sent, $((SECONDS - began)) s"
done
check "events were still flowing when the last blow fell" test ! -e "$TEST/load/played.json"
touch "$TEST/struck"

wait_for 300 "the simulator to be done" all_sent
wait_for 180 "every event in the warehouse" stored_all "$TEST/load/events.csv" || missing "$TEST/load/events.csv" | head -n 5
for name in "${ADAPTERS[@]}"; do process_down "$name"; done
wait_for 60 "nothing unread, nothing unpublished" lag_zero || FAILED=1
for name in "${OTHERS[@]}"; do process_down "$name"; done

check "every event exactly once" /usr/bin/python3 "$HERE/lib/verdict.py" load
check "the incident topic equals the outbox" /usr/bin/python3 "$HERE/lib/outbox.py"
check "the ledger balances" hub audit --wait 30s
