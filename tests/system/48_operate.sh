#!/bin/bash
# What an operator does to an instance by hand: pause it over a restart and resume it without loss, read a span of its source again
# beside its own process, try it beside production into topics of one's own. Production's state, session and topics stay as they are.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
export WIRE HUB_TICK_MS=1000 HUB_LOOP_WAIT=0.3 HUB_CONFIG=$TEST/hub.yaml

CASES=60
cp "$HUB_CLONE/deploy/config/zones.yaml" "$TEST/zones.yaml"
{
        config_head
        echo "instances:"
        cat <<END
  line:
    adapter: hotline
    source: { kind: mqtt, url: "tcp://127.0.0.1:$HUB_PORT_MQTT", topics: [line], user: hub, password_file: "$HUB_SECRETS/mqtt-hub" }
    options: { profile: vendor, crs: gcj02, notes: { note1: title } }
END
        config_http line-c 350206 /line-c 500ms 5s 20
} >"$HUB_CONFIG"

# cases FIRST LAST
cases() {
        local n
        for ((n = $1; n <= $2; n++)); do
                echo '{"record_number":"case-'"$n"'","ps_caption":"受理","date":"2023-12-05 10:20:00","note1":"占道"}'
        done
}

stored_are() {
        sql_is "SELECT count(*) FROM ods.record WHERE verdict = 'stored' AND kind = 'report' AND instance = '$1'" "$2"
}

state_is() {
        sql_is "SELECT source_state FROM ops.tick WHERE instance = '$1' ORDER BY at DESC, seq DESC LIMIT 1" "$2"
}

# One line on stderr, and the exit code.
refused() {
        local want=$1 words=$2 code=0
        shift 2
        "$@" >"$TEST/said" 2>&1 || code=$?
        cat "$TEST/said"
        [ "$code" -eq "$want" ] && [ "$(wc -l <"$TEST/said")" -eq 1 ] && grep -q "$words" "$TEST/said"
}

# How many different reports the trial has: one that was sent twice while it subscribed counts once.
waiting() {
        hub tail events --topic-prefix try --from start --until-end | grep '"kind": *"report"' | grep -o '"id": *"p01:[^"]*"' | sort -u | wc -l
}

tried() {
        [ "$(waiting)" -eq "$1" ]
}

service_up kafka postgres mosquitto
hub_ready
process_up correlate correlate
check "nothing is there at first" exits 3 hub run line --once
process_up line run line
cases 1 5 | mqtt_publish line
wait_for 60 "five cases" stored_are line 5

# ---- pause ----
check "pause says what happens meanwhile" grep -q 'meanwhile: .*spool' <(hub pause line --note "the owner moves house")
wait_for 30 "a tick that says so" state_is line paused
cases 6 9 | mqtt_publish line
process_kill line
wait_for 30 "its next process" grep -q 'paused: nothing is read' <(tail -n 5 "$TEST/logs/line.log")
check "hub status says so" grep -Eq 'line .*paused' <(hub status)
check "hub list says so, with the note" grep -q 'line .*paused.*moves house' <(hub list instances)
check "what came meanwhile is not there" stored_are line 5
check "resume" grep -q resumed <(hub resume line)
wait_for 60 "all nine" stored_are line 9
wait_for 30 "a tick that says so" state_is line reading
check "a second resume has nothing to do" grep -q 'was not paused' <(hub resume line)

# ---- a trial beside production ----
HUB_LOOP_WAIT=0.3 process_up try run line --topic-prefix try
subscribed() { cases 900 900 | mqtt_publish line; waiting | grep -qv '^0$'; }
wait_for 60 "the trial's subscription" subscribed
cases 10 12 | mqtt_publish line
wait_for 60 "the trial's events" tried 4
wait_for 60 "production's, the same" stored_are line 13
check "production's session was not taken" test -z "$(grep 'source away' "$TEST/logs/line.log")"
check "nor its folder" test -d "$HUB_STATE/@try/line"
process_down try
check "a prefix of production is refused" refused 2 "own prefix" hub run line --topic-prefix hub
check "no name" refused 2 "no prefix" hub run line --topic-prefix 'a/b'
check "its topics go" hub topics --topic-prefix try --delete

# ---- a span again ----
check "a source that cannot says so" refused 2 "kind mqtt cannot read a span again" hub run line --from 2023-12-05 --to 2023-12-06
check "one bound is none" refused 2 "go together" hub run line-c --from 2023-12-05
city_start load load --events "$CASES" --rate 60 --broken 0 --prefixes '' --hotlines line-c
process_up line-c run line-c
wait_for 60 "the cases to be made" test -e "$TEST/load/played.json"
wait_for 60 "all of them" stored_are line-c "$CASES"
check "the span is read beside the instance's own process" hub run line-c --from "$(date -u -d '-1 hour' +%FT%TZ)" --to "$(date -u -d '+1 minute' +%FT%TZ)"
wait_for 60 "the log to be read" log_read
check "each case came again, and changed nothing" sql_is "SELECT count(*) FILTER (WHERE verdict = 'stored'), count(*) FILTER (WHERE verdict = 'duplicate')
        FROM ods.record WHERE kind = 'report' AND instance = 'line-c'" "$CASES|$CASES"
check "a span without anything: exit 3" exits 3 hub run line-c --from 2020-01-01 --to 2020-01-02
process_down line-c
process_down line
wait_for 60 "the log to be read" log_read
check "the ledger balances" hub audit --wait 30s
process_down correlate
