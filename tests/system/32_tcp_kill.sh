#!/bin/bash
# Devices call the hub and send frames while it is killed again and again: what it answered is in Kafka, and a device that sends
# again what was not answered loses nothing. Every other blow falls while Kafka stands still: then nothing may be answered. What
# asks for no answer may be lost: how much is printed. TCP_KILLS (the fewest blows) changes its size. Beside them a device falls
# silent, and its adapter is killed before that is told and after: it is told once, and so is the device's return.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"

KILLS=${TCP_KILLS:-8} STEP=150
METERS=$TEST/meters HUB_METERS=$(dirname "$(dirname "$HUB")")/tests/system/tool/test-hub-meters
export HUB_CONFIG=$TEST/hub.yaml HUB_LOOP_WAIT=0.2
port_fresh PORT_METERS
port_fresh PORT_DUST
MN=350206XM0000000000000101

mkdir -p "$METERS"
cp "$HUB_CLONE/deploy/config/zones.yaml" "$TEST/zones.yaml"
{
        config_head
        cat <<END
instances:
  meters:
    adapter: meters
    zone: "350206"
    source: { kind: tcp, listen: "127.0.0.1:$PORT_METERS" }
END
} >"$HUB_CONFIG"
# Longer than its name takes to be on disk.
{
        config_head
        cat <<END
instances:
  dust:
    adapter: dust
    zone: "350206"
    source: { kind: tcp, listen: "127.0.0.1:$PORT_DUST" }
    options: { silent: 6s }
END
} >"$TEST/dust.yaml"

says() {
        /usr/bin/python3 "$HERE/lib/device.py" say "$PORT_DUST" "$MN"
}

silences_are() {
        "$WIRE" dump "$BROKERS" hub.events.v1 >"$TEST/silences" && [ "$(/usr/bin/python3 "$HERE/lib/device.py" silences "$MN" <"$TEST/silences")" = "$1" ]
}

silence() {
        wait_for 60 "the device to be answered" says
        wait_for 60 "the device's name on disk" grep -q " heard $MN" "$HUB_STATE/dust/heard"
        process_kill dust
        wait_for 90 "its silence to be told" silences_are "received"
        process_kill dust
        wait_for 60 "the device to be answered again" says
        wait_for 60 "its return to be told" silences_are "received closed"
}

answered() {
        [ -e "$METERS/sent.json" ] || [ "$(wc -l <"$METERS/answered")" -ge "$1" ]
}

# Kafka stands still: soon all devices wait, unless somebody answers what is nowhere yet.
stalled() {
        [ -e "$METERS/stalled" ] || answered "$1"
}

blow() {
        wait_for 60 "answers before blow $1" answered $(($1 * STEP))
        if [ $(($1 % 2)) -eq 0 ]; then
                rm -f "$METERS/stalled"
                process_signal "$TEST/kafka/kafka.pid" STOP
                wait_for 60 "all devices to wait" stalled $((($1 + 3) * STEP)) || FAILED=1
                wait_for 30 "the hub to be there" process_kill meters
                process_signal "$TEST/kafka/kafka.pid" CONT
        else
                wait_for 30 "the hub to be there" process_kill meters
        fi
}

sent() {
        [ -e "$METERS/sent.json" ]
}

DUST=$HUB HUB=$HUB_METERS
service_up kafka postgres
hub_ready
HUB=$DUST HUB_CONFIG=$TEST/dust.yaml process_up dust run dust
(silence) >"$TEST/logs/silence.log" 2>&1 &
SILENCE=$!
process_up meters run meters
process_spawn "$TEST/run/send.pid" "$TEST/logs/send.log" /usr/bin/python3 "$HERE/lib/meters.py" send "$METERS" "$PORT_METERS"
PROCESSES+=(send)
wait_for 30 "the first answer" answered 1
for ((kill = 1; kill <= KILLS; kill++)); do
        blow "$kill"
done
check "frames were still flowing when the last blow fell" test ! -e "$METERS/sent.json"
wait_for 200 "every frame that asks to be answered" sent || FAILED=1
check "a device that falls silent is told once, and its return, whatever is killed between" wait "$SILENCE"
process_down dust
process_down meters
"$WIRE" dump "$BROKERS" hub.events.v1 >"$TEST/events"
check "what was answered is in Kafka" /usr/bin/python3 "$HERE/lib/meters.py" verdict "$METERS" <"$TEST/events"
