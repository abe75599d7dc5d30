#!/bin/bash
# One bad value costs only itself: among good events stand bytes that are no event, an event of another zone, a command that
# nobody signed, and an event that a constraint of the warehouse refuses. The correlator rejects each with its reason and goes on.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"

GOOD=40
cp "$HUB_CLONE/deploy/config/zones.yaml" "$TEST/zones.yaml"
config_head >"$TEST/hub.yaml"
export HUB_CONFIG=$TEST/hub.yaml HUB_LOOP_WAIT=0.3

# event NUMBER [ZONE]
event() {
        echo '{"id": "p12::case-'"$1"':1", "subject": "p12::case-'"$1"'", "kind": "report", "platform": "p12", "instance": "grid", "zone": "'"${2:-350206}"'",
                "source": {"id": "case-'"$1"'", "revision": "1"}, "time": {"occurred": "2023-12-05T00:30:15.120Z", "received": "2023-12-05T00:30:16.000Z"},
                "status": {"state": "received"}, "category": {"code": "E0504", "method": "code"}, "severity": "low", "title": "占道",
                "raw": {"sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}}' | tr -d '\n'
        echo
}

values() {
        local number
        for ((number = 1; number <= GOOD; number++)); do
                event "$number"
                case $number in
                5) echo '{"id": "p12::half' ;;
                10) event elsewhere 990000 ;;
                15) echo '{"id":"cmd:1","kind":"command","zone":"350206","verb":"close","events":["p12::case-1:1"],"by":"user:mallory","at":"2023-12-05T01:00:00.000Z"}' ;;
                20) event poison ;;
                25) event 3 ;;
                esac
        done
}

reasons() {
        sql "SELECT string_agg(reason, ' ' ORDER BY \"offset\") FROM ops.rejected WHERE stage = 'correlator'"
}

service_up kafka postgres
hub_ready
sql "ALTER TABLE ods.record ADD CHECK (id IS DISTINCT FROM 'p12::case-poison:1')"
process_up correlate correlate
values | "$WIRE" put "$BROKERS" hub.events.v1 0
wait_for 60 "the log to be read" log_read || FAILED=1
check "every good event is there once" sql_is "SELECT count(*) FROM ods.record WHERE verdict = 'stored'" "$GOOD"
check "the event that came again is a duplicate" sql_is "SELECT count(*) FROM ods.record WHERE verdict = 'duplicate'" 1
check "each bad value is rejected with its reason" test "$(reasons)" = "not_json bad_value bad_signature bad_value"
check "its bytes are kept" sql_is "SELECT count(*) FROM ops.rejected WHERE octet_length(value) = size AND size > 0" 4
check "nobody's unsigned command did anything" sql_is "SELECT count(*) FROM ops.command" 0
check "hub rejected list shows them" test "$(hub rejected list | grep -c -E 'not_json|bad_value|bad_signature')" -ge 3
process_down correlate
