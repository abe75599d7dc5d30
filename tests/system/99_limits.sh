#!/bin/bash
# Where there is no room: the disk beneath an adapter's spool, and then PostgreSQL's, fills up while events flow, and is emptied
# again: nothing that was acknowledged is lost, and none of the hub's processes needed a hand. And what went before it was read:
# retention passes the correlator's place. It must stop, say exactly how much is lost, and skip nothing. Wants root, for small
# file systems of its own, and ./tests/run --long (LIMITS).
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
export WIRE HUB_LOOP_WAIT=0.3

TOPIC=$(dirname "$WIRE")/test-topic SMALL=$TEST/small
[ -n "${LIMITS:-}" ] || skip "full disks want ./tests/run --long"
[ "$(id -u)" -eq 0 ] || skip "a file system of its own wants root"
trap 'code=$?; set +e; limits_end; (exit "$code"); test_end' EXIT

# In the order in which it may go: PostgreSQL first, then what it stands on.
limits_end() {
        umount -l "$SMALL"
        [ ! -e "$TEST/postgres/data/postmaster.pid" ] || service_stop postgres
        umount -l "$TEST/postgres"
} 2>/dev/null

# small FOLDER MEGABYTES: a file system of its own.
small() {
        mkdir -p "$1"
        mount -t tmpfs -o "size=$2m,mode=755" hub-small "$1" 2>/dev/null || skip "no file system can be mounted here"
}

full() { test "$(df --output=avail "$1" | tail -n 1)" -eq 0; }
filled() {
        head -c 2G /dev/zero >>"$1/filler" 2>/dev/null || true
        full "$1"
}

small "$SMALL" 8
chmod 0700 "$SMALL"
small "$TEST/postgres" 700
export HUB_STATE=$SMALL

reports() { sql "SELECT count(*) FROM ods.record WHERE kind = 'report'"; }
reports_more() { [ "$(reports)" -gt "$1" ]; }
says() { grep -qE "$2" "$TEST/logs/$1.log"; }
next_offset() { sql "SELECT next_offset FROM ops.kafka_offset WHERE topic = 'hub.events.v1' AND partition = 0"; }
high() { "$WIRE" watermarks "$BROKERS" hub.events.v1 | awk '$1 == 0 { print $3 }'; }
high_is() { [ "$(high)" -ge "$1" ]; }

service_up kafka postgres mosquitto
/usr/bin/python3 "$CITY" load --work "$TEST/load" --prepare --prefixes brain-a --hotlines ''
cp "$HUB_CLONE/deploy/config/zones.yaml" "$TEST/zones.yaml"
{
        config_head
        echo "instances:"
        config_mqtt brain-a 350206 brain-a "$TEST/load/brain-a.csv" | sed 's|kind: mqtt,|kind: mqtt, spool_bytes: 2097152,|'
} >"$TEST/hub.yaml"
export HUB_CONFIG=$TEST/hub.yaml
hub_ready
process_up brain-a run brain-a
for name in correlate relay; do process_up "$name" "$name"; done
city_start load load --events 100 --rate 150 --broken 0 --prefixes brain-a --hotlines '' --until "$TEST/struck"
wait_for 60 "the first event in the warehouse" reports_more 0

# While Kafka stands still, or the spool would live on the room that it leaves.
read -r kafka _ <"$TEST/kafka/kafka.pid"
kill -STOP "$kafka"
check "the disk is full" filled "$SMALL"
check "which the adapter says" wait_for 60 "an alarm" says brain-a "the spool cannot grow|could not be kept"
before=$(reports)
rm "$SMALL/filler"
kill -CONT "$kafka"
check "and when there is room again it goes on" wait_for 180 "new events" reports_more "$((before + 150))"

# It may go down for it; whoever looks after it makes room and starts it again.
filled "$TEST/postgres" || true
check "PostgreSQL has no room" wait_for 60 "an alarm" says correlate 'No space left|the database system is|Connection refused|server closed the connection'
before=$(high)
check "events are taken all the same" wait_for 60 "more of them" high_is "$((before + 50))"
rm "$TEST/postgres/filler"
service_start postgres
before=$(reports)
check "and stored when there is room again" wait_for 180 "new events" reports_more "$((before + 150))"
touch "$TEST/struck"
wait_for 180 "the simulator to be done" test -e "$TEST/load/played.json"
wait_for 300 "every event in the warehouse" stored_all "$TEST/load/events.csv" || FAILED=1
process_down correlate
check "what was acknowledged is there, once" /usr/bin/python3 "$HERE/lib/verdict.py" load --once

# retention
next=$(next_offset)
city_start more load --events 60 --rate 150 --broken 0 --first 2 --prefixes brain-a --hotlines ''
wait_for 60 "events that nobody reads" high_is "$((next + 50))"
process_down brain-a
rows=$(sql "SELECT count(*) FROM ods.record")
"$TOPIC" trim "$BROKERS" hub.events.v1 0 "$((next + 20))"
process_up late correlate
check "retention passed it: it says that 20 messages are lost" wait_for 60 "an alarm" says late "$((next + 20)), after $next: 20 messages are lost"
sleep 1
check "and has skipped nothing" test "$(next_offset),$(sql "SELECT count(*) FROM ods.record")" = "$next,$rows"
process_down late
