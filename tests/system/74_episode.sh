#!/bin/bash
# A dust monitor has one number for all its cases: yesterday's exceedance ended and was settled, today's is a new incident that repeats it. The correlator is
# killed in between, has forgotten it when the device speaks again after weeks, and a replay gives the same rows.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
. "$(dirname "$0")/lib/tables.sh"
export WIRE HUB_CONFIG=$TEST/hub.yaml

MN=350206XM00000000000017
CASE=p07::$MN/a34002

# readings DAY HHMM=PM10...: packets of HJ 212, as the adapter makes events of them.
readings() {
        local day=$1
        shift
        /usr/bin/python3 - "$day" "$MN" "$@" <<'END' | hub translate dust --frames --set "sites=$TEST/sites.csv" --received "${day}T23:00:00.000Z"
import sys

def crc(data):
    value = 0xFFFF
    for byte in data:
        value = (value >> 8) ^ byte
        for _ in range(8):
            value = (value >> 1) ^ (0xA001 if value & 1 else 0)
    return value

day, mn = sys.argv[1].replace("-", ""), sys.argv[2]
for reading in sys.argv[3:]:
    at, value = reading.split("=")
    text = ("QN=%s%s00000;ST=39;CN=2051;MN=%s;Flag=4;CP=&&DataTime=%s%s00;a34002-Avg=%s,a34002-Flag=N&&" % (day, at, mn, day, at, value)).encode()
    sys.stdout.buffer.write(b"##%04d%s%04X\r\n" % (len(text), text, crc(text)))
END
}

# other DAY: somebody's report far away, that time has passed.
other() {
        echo "{\"id\":\"p12::$1:1\",\"subject\":\"p12::$1\",\"kind\":\"report\",\"platform\":\"p12\",\"instance\":\"t\",\"zone\":\"350206\",\"source\":{\"id\":\"$1\",\"revision\":\"1\"},"\
"\"time\":{\"occurred\":\"$1T00:00:00.000Z\",\"received\":\"$1T00:00:00.000Z\"},\"status\":{\"state\":\"received\"},\"category\":{\"code\":\"E0504\",\"method\":\"code\"},"\
"\"severity\":\"low\",\"title\":\"店外经营\",\"position\":{\"lon\":118.15,\"lat\":24.53,\"accuracy_m\":5,\"method\":\"gps\"},\"raw\":{\"sha256\":\"$(printf '0%.0s' {1..64})\",\"bytes\":1}}"
}

put() {
        tee -a "$TEST/log.ndjson" | "$WIRE" put "$BROKERS" hub.events.v1 0
        wait_for 60 "the log to be decided" stored
}

stored() {
        sql_is "SELECT count(*) FROM ods.record WHERE verdict = 'stored'" "$(wc -l <"$TEST/log.ndjson")"
}

restart() {
        process_kill correlate
        process_up correlate correlate
}

# Of the case's incidents, in the order of their opening: the state of each, and whether it repeats the one before.
incidents() {
        sql "SELECT i.state || CASE WHEN recurrence_of IS NULL THEN '' WHEN recurrence_of = lag(i.incident) OVER (ORDER BY opened) THEN ' again' ELSE ' of another' END
             FROM dw.incident i WHERE incident IN (SELECT incident FROM dw.subject WHERE subject = '$CASE' OR subject LIKE '$CASE:%') ORDER BY opened" | paste -sd, -
}

incidents_are() {
        [ "$(incidents)" = "$1" ] || { echo "not: $(incidents)"; return 1; }
}

same() {
        local table
        for table in $(schema_tables "$1"); do
                [ "$(table_hash "$1.$table" '{epoch}')" = "$(table_hash "$2.$table" '{epoch}')" ] || { echo "$table"; return 1; }
        done
}

{ config_head; echo "instances: {}"; } >"$TEST/hub.yaml"
cp "$HUB_CLONE/deploy/config/zones.yaml" "$TEST/zones.yaml"
printf 'mn,name,lon,lat,crs,factor,unit,limit,period,kind\n%s,枋湖工地,118.1147685,24.5098473,gcj02,a34002,mg/m3,0.15,,dust\n' "$MN" >"$TEST/sites.csv"
service_up kafka postgres
hub_ready
process_up correlate correlate
readings 2023-12-05 0800=0.163 0900=0.171 1000=0.120 | put
check "yesterday's exceedance has ended" incidents_are "closed"
restart
readings 2023-12-06 0900=0.180 | put
check "today's is a new incident that repeats it" incidents_are "closed,received again"
check "an operator who names its opening means it" hub command note --note seen "$(sql "SELECT subject FROM dw.subject WHERE subject LIKE '$CASE:%'")"
readings 2023-12-06 0900=0.180 1000=0.120 | tail -n 1 | put
check "its end is its own" incidents_are "closed,closed again"
other 2024-02-01 | put
other 2024-02-02 | put
restart
readings 2024-02-03 0900=0.190 | put
check "weeks later a third one is no repetition" incidents_are "closed,closed again,received"
readings 2024-02-03 0900=0.190 1000=0.110 | tail -n 1 | put
check "and ends as well" incidents_are "closed,closed again,closed"
process_down correlate
hub decide <"$TEST/log.ndjson" >"$TEST/decided"
hub decide --reload-every 1 <"$TEST/log.ndjson" >"$TEST/reloaded"
check "hub decide says the same however often it reloads" cmp "$TEST/decided" "$TEST/reloaded"
check "three of the case's events opened an incident" test "$(grep -F "\"$CASE\"" "$TEST/decided" | grep -c '"decision":"new"')" -eq 3
check "the log decided anew" hub recorrelate
check "gives the same rows in every table" same dw_1 dw_2
