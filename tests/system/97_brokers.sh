#!/bin/bash
# Three Kafka nodes, three copies of each partition, of which two must have what is acknowledged. The node that leads the events is
# killed again and again: what was answered to a platform, or acknowledged to a camera, is in the warehouse once. Two of three are
# killed: nothing is answered 2xx, nothing is stored; when they are back everything flows on, and nobody needed a hand. BROKERS_KILLS
# is how often; without it (./tests/run --long sets it) this is skipped: three JVMs are much for a small machine.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
. "$(dirname "$0")/lib/brokers.sh"
export WIRE PYTHONPATH=$HERE/lib HUB_LOOP_WAIT=0.3

[ -n "${BROKERS_KILLS:-}" ] || skip "three brokers want ./tests/run --long"
READERS=(brain-a hook) OTHERS=(correlate relay)

configure() {
        cp "$HUB_CLONE/deploy/config/zones.yaml" "$TEST/zones.yaml"
        config_head | sed "s|^kafka: .*|kafka: { brokers: \"$THREE\", topic_prefix: hub, replication: 3 }|"
        echo "instances:"
        config_mqtt brain-a 350206 brain-a "$TEST/load/brain-a.csv"
        config_push hook 350206 3s
}

told() { grep -cE '^[0-9]+ 2' "$TEST/pushed" || true; }
told_more() { [ "$(told)" -gt "$1" ]; }
reports() { sql "SELECT count(*) FROM ods.record WHERE kind = 'report'"; }
reports_more() { [ "$(reports)" -gt "$1" ]; }

# flows_on WHAT: something new is answered, and something new is stored.
flows_on() {
        local told stored began
        told=$(told) stored=$(reports) began=$(date +%s%N)
        wait_for 240 "answers after $1" told_more "$told" || FAILED=1
        wait_for 240 "events after $1" reports_more "$stored" || FAILED=1
        echo "$1: something new answered and stored after $((($(date +%s%N) - began) / 1000000)) ms"
}

push_key
three_up
service_up postgres mosquitto
/usr/bin/python3 "$CITY" load --work "$TEST/load" --prepare --prefixes brain-a --hotlines ''
configure >"$TEST/hub.yaml"
export HUB_CONFIG=$TEST/hub.yaml
hub_ready
wait_for 60 "all copies" three_whole
for name in "${READERS[@]}"; do process_up "$name" run "$name"; done
for name in "${OTHERS[@]}"; do process_up "$name" "$name"; done
city_start load load --events 100 --rate 40 --broken 0 --prefixes brain-a --hotlines '' --until "$TEST/struck"
/usr/bin/python3 "$HERE/lib/push.py" "http://127.0.0.1:$HUB_PORT_HTTP/hook" --keys "$HUB_SECRETS/hook" --count 20000 --clients 3 --out "$TEST/pushed" >/dev/null 2>"$TEST/logs/push.log" &
pushing=$!
wait_for 60 "the first answers" told_more 0
flows_on "the beginning"

for ((kill = 1; kill <= BROKERS_KILLS; kill++)); do
        leader=$(three_leader hub.events.v1 0)
        three_kill "$leader"
        flows_on "leader $leader killed ($kill)"
        three_start "$leader"
        three_ready "$leader"
        wait_for 300 "all copies" three_whole || FAILED=1
done

three_kill 2
three_kill 3
sleep 2         # what was on its way when they died
told=$(told) stored=$(reports)
sleep 12
check "with two of three down nothing is answered 2xx" test "$(told)" -eq "$told"
check "and nothing new is stored" test "$(reports)" -eq "$stored"
three_start 2
three_start 3
flows_on "two of three down"
three_ready 2
three_ready 3
touch "$TEST/struck"
kill "$pushing"
wait "$pushing" 2>/dev/null || true

wait_for 120 "the simulator to be done" test -e "$TEST/load/played.json"
wait_for 300 "all copies" three_whole || FAILED=1
wait_for 300 "every event in the warehouse" stored_all "$TEST/load/events.csv" || FAILED=1
for name in "${READERS[@]}"; do process_down "$name"; done
wait_for 120 "nothing unread, nothing unpublished" lag_zero || FAILED=1
for name in "${OTHERS[@]}"; do process_down "$name"; done
check "nobody was ended" test -z "$(grep -l 'it ended and is started again' "$TEST"/logs/{brain-a,hook,correlate,relay}.log)"
check "what was acknowledged is there, once" /usr/bin/python3 "$HERE/lib/controls.py" verdict hub load "$TEST/pushed"
check "the incident topic equals the outbox" /usr/bin/python3 "$HERE/lib/outbox.py"
check "the ledger balances" hub audit --wait 30s
