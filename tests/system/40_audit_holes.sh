#!/bin/bash
# What is lost is named: `hub audit` finds one record that is missing in the log, and one row that is missing in the warehouse,
# and says platform, instance, hour and number.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
export WIRE HUB_TICK_MS=1000

write_config() {
        cp "$HUB_CLONE/deploy/config/zones.yaml" "$TEST/zones.yaml"
        { config_head "$1"; echo "instances:"; config_mqtt brain-a 350206 brain-a "$TEST/load/brain-a.csv"; } >"$TEST/$1.yaml"
}

# correlate_all CONFIG: the whole log into PostgreSQL.
correlate_all() {
        HUB_CONFIG=$1 process_up correlate correlate
        wait_for 60 "the log to be read" log_read "$2"
        process_down correlate
}

# names SEQ: what audit printed last says whose, when and which: the hour is that of the next lower number that is there.
names() {
        grep -qxE "hole: platform p09 instance brain-a hour $HOUR:00:00\\.000Z seq $1 run [a-z0-9]+" "$TEST/audit" &&
                [ "$(grep -c '^hole: ' "$TEST/audit")" -eq 1 ]
}

audit_finds() {
        local code=0
        HUB_CONFIG=$1 hub audit --wait 30s >"$TEST/audit" 2>&1 || code=$?
        cat "$TEST/audit"
        [ "$code" -eq 1 ] && names "$2"
}

# seq_of OFFSET: the number that the record carries, from its headers.
seq_of() {
        "$WIRE" dump "$BROKERS" hub.events.v1 | awk -F'\t' -v offset="$1" '$1 == 0 && $2 == offset { print $4 }' | grep -o 'hub_seq=[0-9]*' | cut -d= -f2
}

service_up kafka postgres mosquitto
/usr/bin/python3 "$CITY" load --work "$TEST/load" --prepare --prefixes brain-a --hotlines ''
write_config hub
write_config copy
HUB_CONFIG=$TEST/hub.yaml
export HUB_CONFIG
hub_ready
process_up brain-a run brain-a
city_start load load --events 400 --rate 200 --broken 4 --prefixes brain-a --hotlines ''
wait_for 90 "the events to be sent" test -e "$TEST/load/played.json"
delivered() { [ "$("$WIRE" watermarks "$BROKERS" hub.events.v1 | awk '$1 == 0 { print $3 }')" -ge 400 ]; }
wait_for 60 "the events in Kafka" delivered
process_down brain-a
"$WIRE" dump "$BROKERS" hub.events.v1 | awk -F'\t' '$1 == 0 && $5 ~ /"kind": ?"report"/ { print $2 }' >"$TEST/reports"
OFFSET=$(sed -n 200p "$TEST/reports")
SEQ=$(seq_of "$OFFSET")

correlate_all "$HUB_CONFIG" hub
check "with everything there, the ledger balances" hub audit --wait 30s
HOUR=$(sql "SELECT to_char(received AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24') FROM ods.record WHERE instance = 'brain-a' AND seq < $SEQ
        ORDER BY seq DESC LIMIT 1")
check "one row of the warehouse is removed" test "$(sql "WITH gone AS (DELETE FROM ods.record WHERE topic = 'hub.events.v1' AND partition = 0
        AND \"offset\" = $OFFSET RETURNING 1) SELECT count(*) FROM gone")" = 1
check "audit names the removed row's number" audit_finds "$HUB_CONFIG" "$SEQ"

# A database made anew, and a log that lost one record before any correlator saw it.
PGDATABASE=postgres postgres_sql "$HUB_PORT_POSTGRES" "$HUB_SECRETS" postgres -c 'DROP DATABASE hub WITH (FORCE)'
HUB_CONFIG=$TEST/copy.yaml
hub_ready
"$WIRE" copy "$BROKERS" hub.events.v1 copy.events.v1 "0:$OFFSET"
"$WIRE" copy "$BROKERS" hub.rejected.v1 copy.rejected.v1
correlate_all "$HUB_CONFIG" copy
check "audit names the number that the log lost" audit_finds "$HUB_CONFIG" "$SEQ"
