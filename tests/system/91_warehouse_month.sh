#!/bin/bash
# Weeks of reports of all sixteen platforms that live by chance: each indicator equals what a program without SQL makes of the same lives. WAREHOUSE_CASES=47000 for
# 300,000 events, as tests/run --long has it.
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
sql "SELECT meta.ensure_month('ods.record', m) FROM generate_series('2023-01-15'::timestamptz, '2024-03-15', '1 month') AS m" >/dev/null
"$WIRE" load "$BROKERS" hub.events.v1 <"$TEST/log/events.tsv"
process_up correlate correlate
wait_for "${WAREHOUSE_WAIT:-180}" "the log to be read" log_read
hub warehouse refresh
check "the ledger balances" hub audit --wait 30s
check "every indicator is what the lives say" month check
