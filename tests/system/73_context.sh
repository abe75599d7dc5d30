#!/bin/bash
# What registries and warnings say, as their adapters say it, through Kafka to the incidents: a permit in force and one that ran out, a stall in its hours, a
# stall's place, a warning. The correlator is killed between the registries and the reports, and a replay gives the same rows.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
. "$(dirname "$0")/lib/tables.sh"
export WIRE HUB_CONFIG=$TEST/hub.yaml

# rows ADAPTER OPTION=VALUE...: what the adapter makes of the record on stdin, on the evening of 5 December 2023.
rows() {
        local adapter=$1
        shift
        hub translate "$adapter" --received 2023-12-05T11:00:00.000Z "${@/#/--set=}"
}

registries() {
        rows enforcement crs=wgs84 <<'END'
[{"XK_WSH": "厦湖城许〔2023〕118号", "XK_XMMC": "临时户外广告设置", "XK_JDRQ": "2023-12-01", "XK_JZQ": "2023-12-31", "lon": "118.1000000", "lat": "24.5000000"},
 {"XK_WSH": "厦湖城许〔2023〕90号", "XK_XMMC": "临时户外广告设置", "XK_JDRQ": "2023-11-01", "XK_JZQ": "2023-11-30", "lon": "118.1100000", "lat": "24.5000000"}]
END
        rows vendors table=site crs=wgs84 <<'END'
{"id": "9", "name": "县后BRT", "lon": "118.1200000", "lat": "24.5000000", "open_from": "17:00", "open_to": "23:00", "stalls": "24", "updated_at": "2023-12-05 08:00:00"}
END
        rows vendors table=stall crs=wgs84 <<'END'
{"id": "417", "site_id": "9", "no": "B-12", "vendor_id": "2031", "valid_from": "2023-12-01", "valid_to": "2024-12-01", "status": "pass", "updated_at": "2023-12-05 08:00:00"}
END
}

# reports: ID CATEGORY TITLE LON HOUR, the hour in UTC; "-" is no position.
reports() {
        /usr/bin/python3 - <<'END'
import json
for number, (name, category, title, lon, at) in enumerate([
        ("permitted", "E0202", "横幅", 118.1000, "12:00"), ("lapsed", "E0202", "横幅", 118.1100, "12:01"), ("plain", "E0202", "横幅", 118.1300, "12:02"),
        ("licensed", "E0501", "摆摊", 118.1200, "12:03"), ("at-night", "E0501", "卖水果的三轮车", 118.1194, "18:00"), ("seen", "E2119", "摊位超出通道", 118.1201, "12:04"),
        ("tree", "E2107", "倒树", 118.1400, "12:05")]):
    time = "2023-12-05T%s:00.000Z" % at
    print(json.dumps({"id": "p12::%s:1" % name, "subject": "p12::" + name, "kind": "report", "platform": "p12", "instance": "t", "zone": "350206",
                      "source": {"id": name, "revision": "1"}, "time": {"occurred": time, "received": time}, "status": {"state": "received"},
                      "category": {"code": category, "method": "code"}, "severity": "medium", "title": title,
                      "position": {"lon": lon, "lat": 24.5, "accuracy_m": 5, "method": "gps"}, "raw": {"sha256": "0" * 64, "bytes": 1}}, ensure_ascii=False))
END
        rows vendors table=violation crs=wgs84 <<'END'
{"id": "88", "stall_id": "417", "kind": "超出摊位", "found_at": "2023-12-05 20:04:00", "updated_at": "2023-12-05 20:05:00"}
END
}

warning() {
        local time=2023-12-05T18:30:00.000Z
        echo "{\"id\": \"p06::w:1\", \"subject\": \"p06::w\", \"kind\": \"warning\", \"platform\": \"p06\", \"instance\": \"t\", \"zone\": \"350206\", \"source\": {\"id\": \"w\",
                \"revision\": \"1\"}, \"time\": {\"received\": \"$time\"}, \"status\": {\"state\": \"processing\"}, \"category\": {\"code\": \"E2116\", \"method\": \"code\"},
                \"severity\": \"high\", \"raw\": {\"sha256\": \"$(printf '0%.0s' {1..64})\", \"bytes\": 1}}" | tr -d '\n' && echo
}

put() {
        tee -a "$TEST/log.ndjson" | "$WIRE" put "$BROKERS" hub.events.v1 0
}

stored() {
        sql_is "SELECT count(*) FROM ods.record WHERE verdict = 'stored'" "$(wc -l <"$TEST/log.ndjson")"
}

severity_is() {
        sql_is "SELECT i.severity FROM dw.incident i JOIN dw.subject s USING (incident) WHERE s.subject = '$1'" "$2"
}

incidents_same() {
        local table
        for table in $(schema_tables "$1"); do
                [ "$(table_hash "$1.$table" '{epoch}')" = "$(table_hash "$2.$table" '{epoch}')" ] || { echo "$table"; return 1; }
        done
}

explains() {
        hub explain "$1" --lang "$2" | tee "$TEST/said" | grep -qF "$3" || { cat "$TEST/said"; return 1; }
}

{ config_head; echo "instances: {}"; } >"$TEST/hub.yaml"
cp "$HUB_CLONE/deploy/config/zones.yaml" "$TEST/zones.yaml"
service_up kafka postgres
hub_ready
process_up correlate correlate
registries | put
wait_for 60 "the registries to be kept" stored
check "permits, site and stall are kept" sql_is "SELECT count(*) FROM dw_1.context" 4
process_kill correlate
reports | put
warning | put
process_up correlate correlate
wait_for 60 "the reports to be decided" stored
check "a banner with a permit is less grave" severity_is p12::permitted low
check "one whose permit ran out is graver" severity_is p12::lapsed high
check "one without is what it was" severity_is p12::plain medium
check "a hawker at a site that is open is less grave" severity_is p12::licensed low
check "and at night is not" severity_is p12::at-night medium
check "a warning makes a fallen tree graver" severity_is p12::tree high
check "a violation stands at its stall, and joins what was seen there" sql_is "SELECT count(DISTINCT incident) FROM dw.subject WHERE subject IN
        ('p12::seen', 'p13::violation/88')" 1
check "hub explain says why" explains p12::permitted en "a permit or licence is in force there: a step less grave (p15::厦湖城许〔2023〕118号)"
check "in Chinese too" explains p12::lapsed zh "该处的许可或登记已到期：升一级 (p15::厦湖城许〔2023〕90号)"
check "of the warning" explains p12::tree en "a weather warning is in force: a step graver"
check "of the place" explains p13::violation/88 zh "没有自带坐标：取自登记信息"
process_down correlate
hub decide <"$TEST/log.ndjson" >"$TEST/decided"
hub decide --reload-every 1 <"$TEST/log.ndjson" >"$TEST/reloaded"
check "hub decide says so, however often it reloads" cmp "$TEST/decided" "$TEST/reloaded"
check "four reports, the violation and what followed the end of a permit, with their reasons" test "$(grep -c '"feature":"registry"' "$TEST/decided")" -eq 6
check "the log decided anew" hub recorrelate
check "gives the same rows in every table" incidents_same dw_1 dw_2
