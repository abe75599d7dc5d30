#!/bin/bash
# Real complaints: San Diego's reports of a week (HUB_DATA) through Open311 over HTTP, the hotline adapter, Kafka and the correlator into
# PostgreSQL, judged against what the city's own staff marked. At least as good as the best simple rule on these rows (pair F1 36.3).
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
export WIRE

[ -n "${HUB_DATA:-}" ] && [ -e "$HUB_DATA/sandiego_events.csv.gz" ] || skip "HUB_DATA does not name the folder of labelled reports"
LEAST=36.3
export HUB_CONFIG=$TEST/hub.yaml HUB_LOOP_WAIT=0.3

configure() {
        cp "$HERE/sandiego/"*.yaml "$TEST/"
        cat >"$TEST/zones.yaml" <<<'"us-sd": { name: San Diego, partition: 5 }'
        {
                config_head
                cat <<END
categories: categories.yaml
correlate: { rules: rules.yaml }
instances:
  sandiego:
    adapter: hotline
    zone: us-sd
    source:
      { kind: http_poll, url: "http://127.0.0.1:$HUB_PORT_HTTP/requests.json", interval: 500ms, overlap: 10min, first_window: 30d,
        start_parameter: updated_after, end_parameter: updated_before, time_form: rfc3339, page_parameter: page, page_first: 1,
        size_parameter: page_size, page_size: 500, id: service_request_id }
    options:
      { profile: open311, crs: wgs84, accuracy_m: 5, space: sandiego, time_zone: "-07:00",
        members: { channel: channel, asset_id: asset, closed_date: end_of_day_closed },
        states: { New: received, "In Process": processing, Referred: "closed:referred", Closed: "closed:done" } }
END
        } >"$HUB_CONFIG"
}

service_up kafka postgres
secret_make "$HUB_SECRETS/mqtt-city"
configure
HUB_CLOCK=$(/usr/bin/python3 "$CITY" clock --start 2021-03-27T23:00:00Z --days 12.5 --seconds 60)
export HUB_CLOCK
hub_ready
process_up sandiego run sandiego
process_up correlate correlate
city_start city sandiego --data "$HUB_DATA"
wait_for 240 "all changes to be asked for" test -e "$TEST/city/played.json"
wait_for 120 "every event in the warehouse" stored_all "$TEST/city/events.csv" || { missing "$TEST/city/events.csv" | wc -l; FAILED=1; }
process_down sandiego
wait_for 60 "the log to be read" log_read
process_down correlate

check "each change is there once" sql_is "SELECT count(*) FROM ods.record WHERE verdict = 'stored' AND kind = 'report'" \
        "$(awk 'END { print NR - 1 }' "$TEST/city/events.csv")"
hub tail events --partition 5 --from 0 --until-end >"$TEST/log.ndjson"
hub decide --rules "$TEST/rules.yaml" <"$TEST/log.ndjson" >"$TEST/decisions.ndjson"
/usr/bin/python3 "$HERE/../city/naive.py" "$HUB_DATA"
check "pair F1 from PostgreSQL, and the same from hub decide" /usr/bin/python3 "$HERE/lib/pairs.py" city/truth.csv "$LEAST" --decisions "$TEST/decisions.ndjson"
check "the ledger balances" hub audit --wait 30s
