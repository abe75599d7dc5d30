#!/bin/bash
# An HTTP server that misbehaves in every way that servers do, one after the other, while cases are published and close: nothing is lost, nothing
# is rejected, nothing comes twice, and the position never moves past what did not come. A page that fails for ever is told, and the rest
# is delivered. A server whose window is of requests shows its closings all the same.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
export WIRE HUB_TICK_MS=1000 HUB_LOOP_WAIT=0.3 HUB_CONFIG=$TEST/hub.yaml

LISTS=(list-a list-b list-c list-d requests)

configure() {
        cp "$HUB_CLONE/deploy/config/zones.yaml" "$TEST/zones.yaml"
        {
                config_head
                echo "metrics: { listen: \"127.0.0.1:0\", targets: \"$TEST/targets\" }"
                echo "instances:"
                for list in a b c d; do config_http "list-$list" 350206 "/$list" 300ms 5s 10; done |
                        sed 's/^      interval:/      timeout: 1s\n      byte_cap: 1048576\n      end: [404, 416, 400]\n&/'
                cat <<END
  requests:
    adapter: hotline
    zone: "350206"
    source:
      { kind: http_poll, url: "http://127.0.0.1:$HUB_PORT_HTTP/requests.json", interval: 300ms, overlap: 1s, first_window: 1d, recheck: 1d, recheck_every: 1s,
        start_parameter: start_date, end_parameter: end_date, time_form: rfc3339, page_parameter: page, size_parameter: page_size, page_size: 10, id: service_request_id }
    options: { profile: open311, crs: gcj02, space: app }
END
        } >"$HUB_CONFIG"
}

position() {
        grep -o '"position": *"[^"]*"' "$HUB_STATE/list-d/checkpoint.json"
}

told() {
        grep -q '"level":"error".*a page does not come' "$TEST/logs/list-d.log"
}

stuck_is() {
        [ "$(/usr/bin/python3 "$HERE/lib/metrics.py" "$TEST/targets" value hub_source_stuck_seconds instance=list-d | awk '{ print ($1 > 0) }')" = "$1" ]
}

# What list d has shown.
cases() {
        grep -c '^d' "$TEST/server/shown.csv"
}

# The simulator says what nobody came for, and ends.
over() {
        ! grep '^city: ' "$TEST/logs/server.log" || exit 1
        [ -e "$TEST/server/played.json" ]
}

service_up kafka postgres
configure
hub_ready
process_up correlate correlate
for name in "${LISTS[@]}"; do process_up "$name" run "$name"; done
city_start server sick
wait_for 60 "page 2 of a list to fail" test -e "$TEST/server/poison"

# ---- page 2 fails for ever, the other lists have their troubles meanwhile ----
wait_for 30 "the first try" grep -q 'source away.*HTTP 500' "$TEST/logs/list-d.log"
before=$(position) some=$(cases)
wait_for 90 "the alarm" told || FAILED=1
check "the metric tells it" wait_for 10 "the metric" stuck_is 1
check "one error says it, not one a try" test "$(grep -c '"level":"error"' "$TEST/logs/list-d.log")" -eq 1
check "the pages before it were read again, with what is new on them" test "$(cases)" -gt "$some"
check "the position stands still" test "$(position)" = "$before"
touch "$TEST/server/heal"
wait_for 120 "each way to be over" over || FAILED=1
check "the metric says that it is over" wait_for 10 "the metric" stuck_is 0

# ---- which kind of server it is ----
hub check --connect >"$TEST/check" 2>&1 || { cat "$TEST/check"; FAILED=1; }
cat "$TEST/check"
check "a window of requests is known" grep -q 'note: requests: start_date asks by requested_datetime, not by change.*recheck is set' "$TEST/check"

for name in "${LISTS[@]}"; do process_down "$name"; done
wait_for 60 "the log to be read" log_read
process_down correlate
check "nothing is lost, nothing came twice, nothing moved" /usr/bin/python3 "$HERE/lib/sick.py" "$TEST/server"
check "the ledger balances" hub audit --wait 30s
