#!/bin/bash
# A person asks to be forgotten: what the warehouse keeps of her is gone from every table, while correlators work, and stays so:
# after her case goes on, after a rejected record of hers is retried, after the log is decided again, after an older back-up was
# restored. What others said stays. Who changes the record of it is found out.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
export WIRE HUB_TICK_MS=1000 HUB_LOOP_WAIT=0.3 HUB_CONFIG=$TEST/hub.yaml
TOPIC=$(dirname "$WIRE")/test-topic
HERS="玉兰花丛|鱼池旁边|青砖拐角" OTHERS="灰墙下面"
printf '"350206": { name: "湖里区", partition: 0 }\n' >"$TEST/zones.yaml"

# configure ROLE: what note11, a community, is taken for.
configure() {
        { config_head; cat <<END; } >"$TEST/hub.yaml.new"
instances:
  topic:
    adapter: hotline
    source: { kind: kafka, brokers: "$BROKERS", topic: cases }
    options: { profile: vendor, crs: gcj02, notes: { note1: title, note2: description, note3: address, note4: category, note9: phone, note11: $1 } }
END
        mv "$TEST/hub.yaml.new" "$TEST/hub.yaml"
}

# call NUMBER PHONE WORDS [STATE MINUTE]: what the hotline tells of a case.
call() {
        printf 'case-%s\t{"record_number": "case-%s", "ps_caption": "受理", "pss_caption_end": "%s", "date": "2023-12-05 10:%s:00", "note1": "%s有人摆摊", "note2": "%s天天有人摆摊", "note3": "枋湖路%s", "note4": "店外经营", "note9": "%s", "note11": "枋湖社区"}\n' \
                "$1" "$1" "${4:-待派遣}" "${5:-20}" "$3" "$3" "$3" "$2" | "$TOPIC" put "$BROKERS" cases 0
}

# by_hand NUMBER REPORTER OBJECTS: an event that another instance published.
by_hand() {
        printf '0\t0\t350206\thub_run=hand;hub_seq=%s;hub_instance=hand;\t{"id":"p12::hand-%s:1","subject":"p12::hand-%s","kind":"report","platform":"p12","instance":"hand","zone":"350206","source":{"id":"hand-%s","revision":"1"},"time":{"occurred":"2023-12-05T02:00:00.000Z","received":"%s"},"status":{"state":"received"},"category":{"code":"E0504","name":"店外经营","method":"code"},"severity":"low","title":"青砖拐角","description":"青砖拐角","place":{"address":"青砖拐角"},"media":[{"url":"http://x/青砖拐角.jpg"}],"objects":[%s],%s"raw":{"sha256":"%064d"}}\n' \
                "$1" "$1" "$1" "$1" "$(date -u +%Y-%m-%dT%H:%M:%S.000Z)" "$3" "$2" "$1" | "$WIRE" load "$BROKERS" hub.events.v1
}

stored() {
        sql_is "SELECT count(*) FROM ods.record WHERE subject = '$1' AND verdict = 'stored'" "$2"
}
incident_of() {
        sql "SELECT incident FROM dw.subject WHERE subject = '$1'"
}
as_postgres() {
        PGPASSWORD=$(cat "$HUB_SECRETS/postgres-postgres") "$@" -h 127.0.0.1 -p "$HUB_PORT_POSTGRES" -U postgres
}
# Lines of the whole database that hold something of hers.
found() {
        as_postgres pg_dump -d hub --data-only >"$TEST/tables"
        grep -acE "$HERS|$P|$OLD" "$TEST/tables" || true
}
gone() {
        [ "$(found)" = 0 ] || { grep -aE "$HERS|$P|$OLD" "$TEST/tables" | cut -c1-120 | head -3; return 1; }
}
others_stay() {
        grep -q "$OTHERS" "$TEST/tables"
}
erase() {
        hub erase "$@" >"$TEST/said" 2>&1
}

# line NUMBER FIELD: of the record.
line() {
        sed -n "$1p" "$HUB_STATE/erasures.log" | cut -f"$2"
}

# Two targets that nobody answers for: what the one is told waits, what the other is told was given up.
port_fresh PORT_NOBODY
target() {
        printf 'url: "http://127.0.0.1:%s/hook"\nsecret_file: hook.keys\nretry_least: 20ms\nretry_most: 200ms\ngive_up: %s\n' "$PORT_NOBODY" "$2" >"$TEST/$1.yaml"
        process_up "$1" notify "$TEST/$1.yaml"
}
held() {
        grep -rlE "$HERS" "$HUB_STATE/notify/waits/waiting" && grep -rlE "$HERS" "$HUB_STATE/notify/gives-up/dead"
}
held_are_empty() {
        [ "$(ls "$HUB_STATE/notify/waits/waiting" "$HUB_STATE/notify/gives-up/dead" | grep -c json)" -gt 1 ] && ! grep -rE "$HERS|$P" "$HUB_STATE/notify"
}

service_up kafka postgres
configure community
hub_ready
"$TOPIC" create "$BROKERS" cases 1
process_up correlate correlate
process_up relay relay
printf 'whsec_%s\n' "$(printf 'the key of the two targets' | base64)" >"$TEST/hook.keys"
chmod 0400 "$TEST/hook.keys"
target waits 10h
target gives-up 100ms
wait_for 30 "both targets" test -e "$HUB_STATE/notify/waits/place.json" -a -e "$HUB_STATE/notify/gives-up/place.json"
process_up topic run topic
call 1 13800138000 玉兰花丛
call 2 13900139000 灰墙下面
wait_for 60 "both cases" sql_is "SELECT count(*) FROM dw.subject" 2
P=$(sql "SELECT text::json -> 'reporter' ->> 'id' FROM ods.record WHERE subject = 'p01::case-1'")
OTHER=$(sql "SELECT text::json -> 'reporter' ->> 'id' FROM ods.record WHERE subject = 'p01::case-2'")
OLD=p0:$(printf 'a%.0s' {1..26})
# Her plate; she, from before and after a rotation of the keys; and she from before it.
by_hand 1 '' "{\"kind\":\"plate\",\"id\":\"$P\"},{\"kind\":\"plate\",\"id\":\"$OTHER\"}"
by_hand 2 "\"reporter\":{\"id\":[\"$P\",\"$OLD\"],\"name\":\"王*\"}," ''
by_hand 3 "\"reporter\":{\"id\":\"$OLD\",\"name\":\"王*\"}," ''
wait_for 60 "all cases" sql_is "SELECT count(*) FROM dw.subject" 5
read -r -a both < <(sql "SELECT string_agg(first_event, ' ' ORDER BY subject) FROM dw.subject WHERE platform = 'p01'")
[ "$(incident_of p01::case-1)" = "$(incident_of p01::case-2)" ] || hub command merge "${both[@]}" >/dev/null
wait_for 30 "one incident of two reports" sql_is "SELECT count(DISTINCT incident) FROM dw.subject WHERE subject LIKE 'p01::case-_'" 1
process_down topic
configure occurred
process_up topic run topic
call 3 13800138000 鱼池旁边
call 5 13900139000 灰墙下面
wait_for 60 "a record of hers and another's to be rejected" sql_is "SELECT count(*) FROM ops.rejected WHERE reason = 'bad_time'" 2
process_down topic
configure community
grep -v '^privacy:' "$TEST/hub.yaml" >"$TEST/keyless.yaml"
hub recorrelate >/dev/null
sql "SELECT mart.refresh(); SELECT mart.freeze(now())" >/dev/null
as_postgres pg_dump -d hub -Fc -f "$TEST/older"
check "it is all there, or this finds nothing" test "$(found)" -gt 10
check "and the versions of the incident tell it" sql_is "SELECT count(*) > 0 FROM ops.outbox WHERE payload LIKE '%玉兰花丛%'" t
VERSIONS=$(sql "SELECT max(version) FROM ops.outbox WHERE incident = '$(incident_of p01::case-1)'")

wait_for 60 "what nobody took to be held" held >/dev/null
check "a trial says what would go" erase --pseudonym "$P"
check "of what was rejected, too" grep -qx 'rejected records: 2 opened, 1 of them emptied, 0 stay sealed' "$TEST/said"
check "and leaves it" sql_is "SELECT count(*) FROM ops.rejected WHERE value IS NOT NULL AND retried_by IS NULL" 2
check "and nothing went" test "$(found)" -gt 10
check "nor was it noted" sql_is "SELECT count(*) FROM ops.erasure" 0
check "of nobody there is nothing" exits 3 hub erase --pseudonym p1:aaaaaaaaaaaaaaaaaaaaaaaaaa
check "what is no pseudonym is none" exits 2 erase --pseudonym 13800138000
check "nobody erases without a reason" exits 2 erase --pseudonym "$P" --yes
check "erased, where the keys are not" erase --config "$TEST/keyless.yaml" --pseudonym "$P" --reason "request 17" --by "file 2026/17" --yes
check "what is sealed stays so, and that is said" grep -q '^rejected records: 0 opened, 0 of them emptied, 2 stay sealed (.*privacy.keys' "$TEST/said"
check "what it was is said" grep -q '^erased: 4 records of the log, .* 2 pseudonyms$' "$TEST/said"
check "nothing of her is left in any table" gone
check "nor in what is held to be told" wait_for 30 "held changes without her" held_are_empty
check "what others said is there" others_stay
check "another's plate, too" sql_is "SELECT text::json -> 'objects' -> 0 ->> 'id' FROM ods.record WHERE subject = 'p12::hand-1'" "$OTHER"
check "where and of what kind it was is known as before" sql_is "SELECT title, category FROM dw.subject WHERE subject = 'p01::case-1'" "店外经营|E0504"
check "consumers are told a version without her" sql_is "SELECT o.version > $VERSIONS, o.payload::json ->> 'title', o.payload::json -> 'newest' -> 0 ->> 'title' FROM ops.outbox o
        WHERE o.incident = '$(incident_of p01::case-1)' ORDER BY o.epoch DESC, o.version DESC LIMIT 1" "t|店外经营|灰墙下面有人摆摊"
check "it is that of its row" sql_is "SELECT bool_and(i.version = o.version) FROM dw.incident i JOIN (SELECT incident, max(version) AS version FROM ops.outbox GROUP BY incident) o USING (incident)" t

# Her case goes on, and its platform tells all of it again.
process_up topic run topic
call 1 13800138000 玉兰花丛 已结案 50
wait_for 60 "the case to go on" stored p01::case-1 2
check "the correlator read what is left, and goes on from it" sql_is "SELECT state FROM dw.subject WHERE subject = 'p01::case-1'" closed
check "nothing of her comes back with her case" gone
process_down topic
check "her rejected record is retried" hub rejected retry --all
wait_for 60 "the retried one" stored p01::case-3 1
check "nothing of her comes back with it" gone
process_down correlate
hub recorrelate --anew >/dev/null
hub promote >/dev/null
sql "SELECT mart.refresh()" >/dev/null
check "nor when the log is decided again" gone
check "others stay when the log is decided again" others_stay

# The record of it.
{ postgres_login officer "$(postgres_secret "$HUB_SECRETS" officer)"; echo "GRANT hub_privacy TO officer;"; } | postgres_sql "$HUB_PORT_POSTGRES" "$HUB_SECRETS" postgres -f -
check "another erasure, by who may do nothing else" env HUB_DB_USER=officer "$HUB" erase --pseudonym "$OTHER" --reason "request 18" --by "file 2026/18" --yes
check "the chain holds" hub erase --verify
check "it says whose login it was" test "$(line 2 2 | /usr/bin/python3 -c 'import json, sys; print(json.load(sys.stdin)["login"])')" = officer
check "anybody can check it by other means" test "$(line 2 2 | tr -d '\n' | sha256sum | cut -d' ' -f1)" = "$(line 2 1)"
check "and each line that it follows the one before" test "$(line 2 2 | /usr/bin/python3 -c 'import json, sys; print(json.load(sys.stdin)["previous"])')" = "$(line 1 1)"
cp "$HUB_STATE/erasures.log" "$TEST/kept.log"
sed -i 's/request 17/request 71/' "$HUB_STATE/erasures.log"
check "a line that was changed is found" exits 1 erase --verify
check "and named" grep -q 'erasures.log line 1: was changed after it was written' "$TEST/said"
sed 1d "$TEST/kept.log" >"$HUB_STATE/erasures.log"
check "so is a line that is gone" exits 1 erase --verify
check "by the one that does not follow" grep -q 'erasures.log line 1: does not follow' "$TEST/said"
cp "$TEST/kept.log" "$HUB_STATE/erasures.log"
check "nobody takes a row back" exits 1 sql "DELETE FROM ops.erasure"
sql "ALTER TABLE ops.erasure DISABLE TRIGGER erasure_kept; UPDATE ops.erasure SET entry = replace(entry, 'request 18', 'request 81') WHERE number = 2; ALTER TABLE ops.erasure ENABLE TRIGGER erasure_kept"
check "and who does all the same is found" exits 1 erase --verify
check "and so is the row" grep -q 'ops.erasure line 2: was changed' "$TEST/said"

# An older back-up, from before it: the database knows of nothing, Kafka still has everything.
as_postgres psql -qd postgres -c "DROP DATABASE hub WITH (FORCE)" -c "CREATE DATABASE hub OWNER hub_owner"
as_postgres pg_restore -d hub "$TEST/older"
check "she is there again" test "$(found)" -gt 10
check "the chain says that something is to be done" exits 1 erase --verify
check "by which command" grep -q 'hub erase --reapply' "$TEST/said"
check "what was erased is erased again" erase --reapply
check "with the keys, what waits of hers, too" grep -qx 'rejected records: 2 opened, 2 of them emptied, 0 stay sealed' "$TEST/said"
check "the chain holds again" hub erase --verify
check "nothing of her is left" gone
process_up correlate correlate
wait_for 60 "what came after the back-up" stored p01::case-3 1
wait_for 60 "the log to be read" log_read
check "nor comes from Kafka" gone
check "a second time changes nothing" test "$(hub erase --reapply)" = "erased again, 2 lines: 0 records, 0 cases, 0 incidents told anew"

# What she reports from now on is news.
process_up topic run topic
call 4 13800138000 荷塘北岸
wait_for 60 "a new case" stored p01::case-4 1
check "a new report of hers is kept" sql_is "SELECT text::json -> 'reporter' ->> 'id' FROM ods.record WHERE subject = 'p01::case-4'" "$P"
