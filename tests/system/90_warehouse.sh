#!/bin/bash
# The warehouse's indicators, on cases made by hand whose flags a person can check in lib/warehouse_cases.py.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"

cases() { /usr/bin/python3 "$HERE/lib/warehouse_cases.py" "$@"; }

service_up kafka postgres
cases log "$TEST/log"
cp "$TEST/log/zones.yaml" "$TEST/zones.yaml"
config_head >"$TEST/hub.yaml"
export HUB_CONFIG=$TEST/hub.yaml
hub_ready
"$WIRE" load "$BROKERS" hub.events.v1 <"$TEST/log/events.tsv"
process_up correlate correlate
wait_for 60 "the log to be read" log_read
sql "INSERT INTO dw.correction (zone, subject, field, value, at) VALUES ('350206', 'p12::put_right_by_hand', 'unit', '禾山中队', '2024-03-04')"
sql "SELECT mart.refresh()"
check "flags of each case" cases check
check "the ledger balances" hub audit --wait 30s

# An analyst of one district, and one who was given none so far.
district_login() {
        postgres_login "$1" "$(postgres_secret "$HUB_SECRETS" "$1")"
        echo "GRANT hub_district_analyst TO $1;"
}
{ district_login district; district_login nobody_yet; } | postgres_sql "$HUB_PORT_POSTGRES" "$HUB_SECRETS" postgres -f -
sql "INSERT INTO mart.analyst_zone VALUES ('district', '350203')"
check "who may see what" /usr/bin/python3 "$HERE/lib/warehouse_rights.py"
