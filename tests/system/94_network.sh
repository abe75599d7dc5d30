#!/bin/bash
# What networks do, to each of the hub's connections while events flow: pieces that come late, a hole that nobody tells of, RST,
# one side that is told that the other says no more, seven bytes at a time, a port where nobody listens; towards Kafka,
# PostgreSQL, Mosquitto and a platform over HTTP. No process needs a hand, every event stands once in the warehouse, the
# incident topic equals the outbox. How long it took after each fault until something new was stored is printed. NETWORK_SECONDS
# is how long each lasts; NETWORK=all: each fault, each way.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
. "$(dirname "$0")/lib/brokers.sh"
export WIRE

SECONDS_EACH=${NETWORK_SECONDS:-1.5}
NAMES=(brain-a line-c grid-e correlate relay)
FEW="kafka half down,postgres reset both,postgres blackhole down,mqtt half down,http drip down,http refuse both"

network() {
        /usr/bin/python3 "$HERE/lib/proxy.py" "$@"
}

# Everything that the hub connects to goes through a proxy; the simulators and the tests do not.
configure() {
        cp "$HUB_CLONE/deploy/config/zones.yaml" "$TEST/zones.yaml"
        {
                config_head
                echo "instances:"
                config_mqtt brain-a 350206 brain-a "$TEST/load/brain-a.csv"
                config_http line-c 350205 /line-c 500ms 5s 200
                config_grid grid-e 350206 grid-e
        } >"$TEST/plain.yaml"
        sed -e "s/127.0.0.1:$HUB_PORT_KAFKA/127.0.0.1:$PROXY_KAFKA/g" -e "s/127.0.0.1:$HUB_PORT_POSTGRES/127.0.0.1:$PROXY_POSTGRES/g" \
                -e "s/127.0.0.1:$HUB_PORT_MQTT/127.0.0.1:$PROXY_MQTT/g" -e "s/127.0.0.1:$HUB_PORT_HTTP/127.0.0.1:$PROXY_HTTP/g" "$TEST/plain.yaml" >"$TEST/hub.yaml"
}

faults() {
        local service fault way
        if [ "${NETWORK:-few}" != all ]; then tr ',' '\n' <<<"$FEW"; return; fi
        for service in kafka postgres mqtt http; do
                echo "$service refuse both"
                for fault in latency blackhole reset half drip; do for way in up down both; do echo "$service $fault $way"; done; done
        done
}

stored_so_far() {
        sql "SELECT count(*) FROM ods.record WHERE kind = 'report'"
}

more_than() {
        [ "$(stored_so_far)" -gt "$1" ]
}

# strike SERVICE FAULT WAY: for its time; then how long until something new is stored that was not on its way before.
strike() {
        local before began
        network say "$TEST/proxy" "$1" "$2" "$3" >/dev/null
        sleep "$SECONDS_EACH"
        before=$(stored_so_far) began=$(date +%s%N)
        struck=$(network say "$TEST/proxy" "$1" none both)
        wait_for 90 "events after $1 $2 $3" more_than "$before" || FAILED=1
        printf '%-9s %-9s %-4s: something new after %d ms; %s\n' "$@" $((($(date +%s%N) - began) / 1000000)) "${struck#* none: }"
}

port_fresh CUT_KAFKA
for name in KAFKA POSTGRES MQTT HTTP; do port_fresh "PROXY_$name"; done
kafka_through "$CUT_KAFKA" "$PROXY_KAFKA"
service_up kafka postgres mosquitto
/usr/bin/python3 "$CITY" load --work "$TEST/load" --prepare --prefixes brain-a --hotlines line-c
configure
HUB_CONFIG=$TEST/plain.yaml hub_ready
export HUB_CONFIG=$TEST/hub.yaml
program_up proxy /usr/bin/python3 "$HERE/lib/proxy.py" serve "$TEST/proxy" kafka="$PROXY_KAFKA:$CUT_KAFKA" postgres="$PROXY_POSTGRES:$HUB_PORT_POSTGRES" mqtt="$PROXY_MQTT:$HUB_PORT_MQTT" \
        http="$PROXY_HTTP:$HUB_PORT_HTTP"
wait_for 60 "the proxy" test -S "$TEST/proxy"
for name in "${NAMES[@]}"; do case $name in correlate | relay) process_up "$name" "$name" ;; *) process_up "$name" run "$name" ;; esac; done
city_start load load --events 600 --rate 60 --broken 6 --prefixes brain-a --hotlines line-c --kafka "$BROKERS" --grid-topic grid-e --until "$TEST/struck"
wait_for 60 "the first event in the warehouse" more_than 0
while read -r line; do
        # shellcheck disable=SC2086
        strike $line
done < <(faults)
check "events were still flowing when the last fault was over" test ! -e "$TEST/load/played.json"
touch "$TEST/struck"

wait_for 120 "the simulator to be done" test -e "$TEST/load/played.json"
wait_for 120 "every event in the warehouse" stored_all "$TEST/load/events.csv" || missing "$TEST/load/events.csv" | head -n 5
for name in brain-a line-c grid-e; do process_down "$name"; done
wait_for 60 "nothing unread, nothing unpublished" lag_zero || FAILED=1
for name in correlate relay; do process_down "$name"; done
check "nobody was ended by what the network did" test -z "$(grep -l 'it ended and is started again' "$TEST"/logs/{brain-a,line-c,grid-e,correlate,relay}.log)"
check "every event exactly once" /usr/bin/python3 "$HERE/lib/verdict.py" load --once
check "the incident topic equals the outbox" /usr/bin/python3 "$HERE/lib/outbox.py"
export HUB_CONFIG=$TEST/plain.yaml
check "the ledger balances" hub audit --wait 30s
