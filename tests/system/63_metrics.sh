#!/bin/bash
# What the processes show of themselves is true: numbers that agree with the warehouse, lag from our own offsets, peers that are away, and every
# metric of the alert rules and the dashboard. The rules fire where they must, and only there.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
. "$(dirname "$0")/lib/flow.sh"
TARGETS=$HUB_STATE/.metrics
DEPLOY=$HUB_CLONE/deploy

metrics() {
        /usr/bin/python3 "$HERE/lib/metrics.py" "$TARGETS" "$@"
}

# value_is EXPECTED NAME [LABEL=VALUE ...]
value_is() {
        local expected=$1 found
        shift
        found=$(metrics value "$@") && [ "$found" = "$expected" ] || { echo "$*: ${found:-nothing}, not $expected"; return 1; }
}

address() {
        grep -o '127.0.0.1:[0-9]*' "$TARGETS/$1.json"
}

# status_is CODE PROCESS PATH
status_is() {
        [ "$(curl -sS -o "$TEST/answer" -w '%{http_code}' --max-time 20 "http://$(address "$2")$3")" = "$1" ]
}

away() {
        status_is 503 "$1" /readyz && grep -qx "$2: away" "$TEST/answer"
}

page_fine() {
        metrics scrape >"$TEST/page" && [ "$(grep -c '^hub_build_info' "$TEST/page")" -ge 5 ]
}

promtool_fine() {
        local name
        for name in $(ls "$TARGETS"); do
                curl -sS "http://$(address "${name%.json}")/metrics" | promtool check metrics >"$TEST/promtool" 2>&1 || { cat "$TEST/promtool"; return 1; }
        done
}

counted() {
        value_is "$(sql "SELECT count(*) FROM ods.record WHERE topic = 'hub.events.v1' AND verdict = 'stored'")" hub_correlate_records_total verdict=stored
}

published() {
        value_is "$(sql "SELECT max(feed) FROM ops.outbox WHERE published_at IS NOT NULL")" hub_feed
}

flow_up 20 40
process_up correlate correlate
flow_played
wait_for 60 "every event in the warehouse" stored_all "$TEST/play/events.csv" || FAILED=1
# An hour that had twenty events a week ago has none today: the relay shows it from its first look on.
sql "INSERT INTO mart.logged_hour SELECT 'p91', 'x', date_trunc('hour', now()) - make_interval(weeks => n, hours => 2), 20, 0, 0, 0 FROM generate_series(1, 4) AS n"
hub warehouse refresh
process_up relay relay
wait_for 30 "nothing unread, nothing unpublished" lag_zero || FAILED=1

check "each process is a target of Prometheus" page_fine
check "promtool reads every page" promtool_fine
for name in run-citybrain run-hotline run-citizen correlate relay; do
        check "$name lives" status_is 200 "$name" /livez
        check "$name is ready" wait_for 30 "$name" status_is 200 "$name" /readyz
done
check "every metric of the rules and the dashboard is there" metrics names "$DEPLOY/prometheus/rules.yml" "$DEPLOY/grafana/hub.json"
check "the alert rules fire where they must" promtool test rules "$DEPLOY/prometheus/rules_test.yml"
check "the scrape configuration is read" promtool check config --syntax-only "$DEPLOY/prometheus/prometheus.yml"
check "what is counted as stored is stored" wait_for 30 "the counter" counted
check "the feed number is that of the last version" wait_for 30 "the feed" published
check "the lag is nothing" wait_for 30 "no lag" value_is 0 hub_lag
zones=$(grep -o 'partition: *[0-9]*' "$DEPLOY/config/zones.yaml" | sort -u | wc -l)
check "each partition has one owner" value_is "$((zones + 6))" hub_unit_owned

check "a platform that has gone silent against its own weeks shows red" value_is 2 hub_platform_light platform=p91 habit=volume
check "in hub status, too" grep -q 'red  p91 volume: 0, usually 20' <(hub status)
check "how fresh the indicators are" grep -q '^hub_warehouse_refresh_age_seconds' "$TEST/page"

# A source and a database that are away show, and come back.
service_stop mosquitto
check "a broker that is away shows" wait_for 60 "away" away run-citybrain source
check "and is no reason to end" status_is 200 run-citybrain /livez
service_kill postgres
check "a database that is away shows" wait_for 60 "away" away correlate postgres
service_start postgres
service_start mosquitto
check "the correlator is ready again" wait_for 90 "ready" status_is 200 correlate /readyz
check "the adapter is ready again" wait_for 90 "ready" status_is 200 run-citybrain /readyz
check "it says that it came back" wait_for 30 "a reconnect" value_is 1 hub_source_reconnects_total instance=citybrain

# An audit's verdict is seen.
check "hub audit" hub audit --wait 60s
check "its verdict shows" wait_for 30 "the verdict" value_is 0 hub_audit_holes
# A port that is taken is one line.
HUB_METRICS_LISTEN=$(address relay) process_up second relay
check "a busy port is one line, and no reason to end" wait_for 30 "the line" grep -q 'no metrics are served.*in use' "$TEST/logs/second.log"
process_down relay
check "a target goes with its process" test ! -e "$TARGETS/relay.json"
