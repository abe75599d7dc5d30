#!/bin/bash
# Weeks of cases that live by chance: each indicator equals what a program without SQL makes of the same lives. WAREHOUSE_CASES=100000 for half a million events.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"

month() { /usr/bin/python3 "$HERE/lib/warehouse_month.py" "$@"; }

service_up kafka postgres
month log "$TEST/log"
cp "$TEST/log/zones.yaml" "$TEST/zones.yaml"
config_head >"$TEST/hub.yaml"
export HUB_CONFIG=$TEST/hub.yaml
hub_ready
"$WIRE" load "$BROKERS" hub.events.v1 <"$TEST/log/events.tsv"
process_up correlate correlate
wait_for "${WAREHOUSE_WAIT:-90}" "the log to be read" log_read
hub warehouse refresh
check "the ledger balances" hub audit --wait 30s
check "every indicator is what the lives say" month check

# WAREHOUSE_TIMES=1: how long each view of mart takes as it is, read whole.
[ -z "${WAREHOUSE_TIMES:-}" ] || for view in $(sql "SELECT relname FROM pg_class WHERE relnamespace = 'mart'::regnamespace AND relkind = 'v' ORDER BY 1"); do
        printf '%-26s %s\n' "$view" "$(sql "EXPLAIN (ANALYZE, TIMING off, SUMMARY on) SELECT * FROM mart.$view" | sed -n 's/^Execution Time: //p')"
done
