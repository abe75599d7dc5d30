#!/bin/bash
# hub serve's answers: every path says what the warehouse knows, in the forms of schemas/openapi.yaml; an attack in a text comes back as that text; what is asked
# wrongly is a problem that says so, and so is what is ordered wrongly; pages go on by key while incidents change; PostgreSQL away is said, and back is seen.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
. "$(dirname "$0")/lib/serve.sh"

serve() { /usr/bin/python3 "$HERE/lib/serve.py" "$@"; }

merge() {
        mapfile -t named < <(sql "SELECT founding FROM dw.incident WHERE title LIKE '%路面%' ORDER BY incident")
        hub command merge "${named[@]}" --by user:lin --note "同一处" >"$TEST/outcome"
        grep -q '^done ' "$TEST/outcome" && wait_for 30 "its publication" sql_is "SELECT count(*) FROM ops.outbox WHERE published_at IS NULL" 0
}

counted() {
        local address
        address=$(sed -n 's/.*"metrics are served","address":"\([^"]*\)".*/\1/p' "$TEST/logs/serve.log" | tail -n 1)
        curl -s "http://$address/metrics" >"$TEST/metrics" && grep -q '^hub_serve_requests_total{route="/v1/find",status="200"} 2$' "$TEST/metrics" &&
                grep -q '^hub_serve_requests_total{route="/v1/incidents/{id}",status="404"} ' "$TEST/metrics"
}

away() {
        [ "$(curl -s -o "$TEST/away" -w '%{http_code}' "$SERVE/v1/figures")" = 503 ] && grep -q database-away "$TEST/away"
}

back() {
        [ "$(curl -s -o /dev/null -w '%{http_code}' "$SERVE/v1/figures")" = 200 ]
}

serve_up
check "the reads, in their forms" serve read
check "what is wrong is a problem" serve wrong
check "an operator merges two" merge
check "and the detail says so" serve merged
check "commands and what becomes of them, in their forms" serve ordered
check "pages go on by key" serve pages
check "it may only read" sql_is "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'hub serve' AND usename <> 'api'" 0
check "requests are counted" counted
check "look-ups and restricted reads are written down" [ "$(grep -c '"a number was looked up"\|"restricted fields were read"' "$TEST/logs/serve.log")" -ge 2 ]
service_kill postgres
check "PostgreSQL away is said" wait_for 20 "503" away
service_start postgres
check "and back is seen" wait_for 30 "200" back
