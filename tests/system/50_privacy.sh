#!/bin/bash
# Personal data that people wrote into their reports (telephones, identity numbers, plates, e-mail addresses, names in members of their own) is
# found nowhere afterwards: not on a topic, in a table, in a log, in a metric, nor in what the processes keep.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
. "$(dirname "$0")/lib/flow.sh"

# A spool holds what is not yet acknowledged, as it came, in a file that only the hub reads; it must be empty when all is.
collect() {
        local topic
        for topic in hub.events.v1 hub.rejected.v1 hub.incidents.v1; do "$WIRE" dump "$BROKERS" "$topic"; done >"$TEST/topics"
        PGPASSWORD=$(cat "$HUB_SECRETS/postgres-postgres") pg_dump -h 127.0.0.1 -p "$HUB_PORT_POSTGRES" -U postgres -d hub --data-only >"$TEST/tables"
        cat "$TEST"/logs/{citybrain,hotline,citizen,grid,envletter,correlate,relay}.log "$TEST/postgres/postgres.log" >"$TEST/all_logs"
        find "$HUB_STATE" -type f -exec cat {} + >"$TEST/states"
}

# found FILE: planted texts that stand in it, one a line with their kind.
found() {
        grep -aoFf "$TEST/needles" "$1" | sort -u | head -n 20 | while read -r text; do
                grep -F "$(printf '\t')$text" "$TEST/play/planted.txt" | head -n 1
        done
}

clean() {
        local seen
        seen=$(found "$1")
        [ -z "$seen" ] || { echo "$(wc -l <<<"$seen") or more, by kind:"; cut -f1 <<<"$seen" | sort | uniq -c; return 1; }
}

finds() {
        [ -n "$(found "$1")" ]
}

# What the city still tells, by its own protocol; it may take more than one try.
asked() {
        curl -sS --max-time 10 "http://127.0.0.1:$HUB_PORT_HTTP/requests.json?start_date=2020-01-01T00:00:00Z&page_size=1000" >"$TEST/input" &&
                grep -q '^\[{.*}\]$' "$TEST/input"
}

# A password or a key, in whatever the file holds it.
secrets() {
        cat "$HUB_SECRETS"/* | tr -s ' \t' '\n' | awk 'length > 15' | sort -u
}

scraped() {
        /usr/bin/python3 "$HERE/lib/metrics.py" "$HUB_STATE/.metrics" scrape >"$TEST/metrics" && grep -q '^hub_published_total.*citizen' "$TEST/metrics"
}

secretless() {
        secrets >"$TEST/secret_needles" && [ "$(wc -l <"$TEST/secret_needles")" -ge 5 ] && ! grep -aqFf "$TEST/secret_needles" "$1"
}

flow_up 25 40
process_up correlate correlate
process_up relay relay
flow_played
wait_for 60 "every event in the warehouse" stored_all "$TEST/play/events.csv" || FAILED=1
wait_for 20 "the city's own words" asked
check "the metrics can be read" scraped
flow_down correlate relay
collect
cut -f2 "$TEST/play/planted.txt" >"$TEST/needles"

check "the scan finds what the city wrote, where it wrote it" finds "$TEST/input"
check "nothing personal on the topics" clean "$TEST/topics"
check "nothing personal in the tables" clean "$TEST/tables"
check "nothing personal in the logs" clean "$TEST/all_logs"
check "nothing personal in the metrics" clean "$TEST/metrics"
check "no secret in the metrics" secretless "$TEST/metrics"
check "nothing personal in what the processes keep" clean "$TEST/states"
check "pseudonyms stand in its place" grep -q '"id": *"p1:' "$TEST/topics"
