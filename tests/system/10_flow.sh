#!/bin/bash
# The whole flow with the demo's own configuration: cameras over MQTT and people over HTTP, through Kafka, into incidents that say why they hold
# together, and out again as a stream. One adapter is killed on the way.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
. "$(dirname "$0")/lib/flow.sh"
export WIRE

adds_up="SELECT count(*) FROM dw.link WHERE score IS NOT NULL
         AND score <> (SELECT coalesce(sum((r ->> 'points')::int), 0) FROM jsonb_array_elements(reasons) AS r)"
reasoned="SELECT count(*) > 0 FROM dw.link WHERE decision = 'join' AND jsonb_array_length(reasons) >= 3"
both="SELECT count(*) >= 5 FROM dw.incident WHERE platforms @> ARRAY['p01', 'p09']"
three="SELECT count(*) >= 1 FROM dw.incident WHERE cardinality(platforms) >= 3"
channels="SELECT count(*) >= 5 FROM (SELECT incident FROM dw.subject GROUP BY 1 HAVING count(DISTINCT channel) >= 3) AS many"

# Frigate's own published example goes the same way: what mosquitto_pub sends is understood.
published_example() {
        local event='{"type": "new", "before": {"id": "1607123955.475377-mxklsc"}, "after": {"id": "1607123955.475377-mxklsc", "camera": "hl-sm-01",
                "frame_time": 1607123961.837752, "label": "hawker", "top_score": 0.958984375, "false_positive": false, "start_time": 1607123955.475377,
                "end_time": null, "score": 0.7890625, "box": [424, 500, 536, 712], "entered_zones": ["yard_zone"], "has_clip": false}}'
        printf -- '-u city\n-P %s\n' "$(cat "$HUB_SECRETS/mqtt-city")" >"$TEST/mosquitto_pub"
        XDG_CONFIG_HOME=$TEST mosquitto_pub -h 127.0.0.1 -p "$HUB_PORT_MQTT" -q 1 -t frigate/events -m "$event"
        wait_for 30 "the example in the warehouse" sql_is "SELECT count(*) FROM ods.record WHERE verdict = 'stored' AND
                subject = 'p09::1607123955.475377-mxklsc'" 1
}

versions_shown() {
        hub tail incidents --from 0 --until-end >"$TEST/incidents" && [ "$(wc -l <"$TEST/incidents")" -gt 50 ] && grep -q '"change": *"joined"' "$TEST/incidents"
}

# The largest incident in words: each report that it holds, and points that add up.
explained() {
        local number reports
        IFS='|' read -r number reports < <(sql "SELECT number, count(*) FROM dw.incident JOIN dw.link USING (incident) WHERE unlinked_at IS NULL
                GROUP BY number ORDER BY count(*) DESC, number LIMIT 1")
        hub explain "$number" >"$TEST/explain"
        [ "$(grep -c '^上报 [0-9]* / report [0-9]*: ' "$TEST/explain")" -eq "$reports" ] && [ "$(grep -c 'joined with a score of' "$TEST/explain")" -ge 2 ] &&
                [ "$(grep -c ' in all$\|合计 / in all' "$TEST/explain")" -ge 2 ] && ! grep -q 'NOT the score' "$TEST/explain"
}

flow_up 45 70
process_up correlate correlate
process_up relay relay
wait_for 60 "some reports" sql_is "SELECT count(*) > 50 FROM ods.record WHERE kind = 'report'" t
process_kill citybrain
process_kill hotline
flow_played
wait_for 60 "every event in the warehouse" stored_all "$TEST/play/events.csv" || { missing "$TEST/play/events.csv" | head -n 5; FAILED=1; }
check "what was sent is there, what was broken is rejected" /usr/bin/python3 "$HERE/lib/played.py"
check "an event published by hand" published_example
flow_down correlate relay

check "incidents join reports of both platforms" sql_is "$both" t
check "and some of three platforms and more" sql_is "$three" t
check "and of several channels" sql_is "$channels" t
check "joins say why" sql_is "$reasoned" t
check "points add up to the score, in every link" sql_is "$adds_up" 0
check "hub explain says them in words" explained
check "every subject has one live link" sql_is "SELECT (SELECT count(*) FROM dw.subject) = (SELECT count(*) FROM dw.link WHERE unlinked_at IS NULL)" t
check "the incident topic equals the outbox" /usr/bin/python3 "$HERE/lib/outbox.py"
check "hub tail shows versions" versions_shown
check "hub status prints its table" hub status
check "the ledger balances" hub audit --wait 30s
check "the incidents are those of the known truth" /usr/bin/python3 "$HERE/lib/pairs.py" play/truth.csv 85
