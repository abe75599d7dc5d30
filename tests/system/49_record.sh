#!/bin/bash
# A recording of a live source: private, beside the instance's own process, translated again to the same events, scrubbed of its people
# without changing what an adapter sees in it, taken by the fixture runner, and played into topics of its own.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
export WIRE HUB_CONFIG=$TEST/hub.yaml HUB_LOOP_WAIT=0.3
REC=$TEST/recording RECORDS=8

cp "$HUB_CLONE/deploy/config/zones.yaml" "$TEST/zones.yaml"
{
        config_head
        cat <<END
instances:
  line:
    adapter: hotline
    source: { kind: mqtt, url: "tcp://127.0.0.1:$HUB_PORT_MQTT", topics: ["line/#"], user: hub, password_file: "$HUB_SECRETS/mqtt-hub" }
    options: { profile: vendor, crs: gcj02, notes: { note1: title, note2: description, note8: reporter, note9: phone } }
  spots:
    adapter: aerial
    source: { kind: mqtt, url: "tcp://127.0.0.1:$HUB_PORT_MQTT", topics: ["spots/#"], user: hub, password_file: "$HUB_SECRETS/mqtt-hub" }
    options: { crs: wgs84, earlier: ["$TEST/round.geojson"] }
END
} >"$HUB_CONFIG"

# ID number and card with right check digits (GB 11643, Luhn), a mobile number, a plate.
cases() {
        local n
        for n in 1 2 3 4; do
                echo '{"record_number":"case-'"$n"'","ps_caption":"受理","date":"2023-12-05 10:20:00","note1":"占道","note2":"机主身份证11010519491231002X，卡4111111111111111，车牌闽D12345，回电13800138000",  "note8":"陈小明","note9":"13800138000"}'
        done
        echo '{"record_number": nonsense'
}

recorded() {
        cases | mqtt_publish line/a
        ! kill -0 "$RECORDER" 2>/dev/null
}

spot() {
        echo '{"type":"Feature","id":"'"$1"'","geometry":{"type":"Polygon","coordinates":[[[118.1,24.5],[118.101,24.5],[118.101,24.501],[118.1,24.501],[118.1,24.5]]]},"properties":{"PC":"'"$2"'"}}'
}

spot_recorded() {
        spot new 2023-09 | mqtt_publish spots/a
        ! kill -0 "$RECORDER" 2>/dev/null
}

personal() {
        grep -rlE '陈小明|13800138000|11010519491231002X|4111111111111111|闽D12345' "$REC"/input.* | wc -l
}

# shape FILE...: every byte by its kind; what an adapter sees must keep it.
shape() {
        /usr/bin/python3 -c 'import re, sys
for name in sys.argv[1:]:
    text = open(name, encoding="utf-8").read()
    print(len(text.encode()), re.sub("[一-鿿]", "字", re.sub("[0-9]", "9", re.sub("[A-Z]", "A", re.sub("(?<=[0-9]{17})X", "9", text)))))' "$@"
}

# judged FILE...: ID numbers and cards have right check digits, by a program that is not the hub.
judged() {
        /usr/bin/python3 -c 'import re, sys
for name in sys.argv[1:]:
    text = open(name, encoding="utf-8").read()
    for number in re.findall("身份证([0-9]{17}[0-9X])", text):
        total = sum(int(d) * (2 ** (17 - i) % 11) for i, d in enumerate(number[:17]))
        assert number[17] == "10X98765432"[total % 11], number
    for card in re.findall("卡([0-9]{16})", text):
        digits = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(card))]
        assert sum(d - 9 if d > 9 else d for d in digits) % 10 == 0, card
    for phone in re.findall("回电([0-9]+)", text):
        assert re.fullmatch("1[3-9][0-9]{9}", phone), phone' "$@"
}

replayed() {
        hub replay "$REC" >"$TEST/before" 2>"$TEST/said"
}

fixture() {
        mkdir -p "$TEST/clone/tests/fixtures/hotline"
        cp -r "$HUB_CLONE/tests/fixtures/lib" "$HUB_CLONE/tests/fixtures/run" "$TEST/clone/tests/fixtures/"
        cp -r "$HUB_CLONE/schemas" "$TEST/clone/"
        cp -r "$REC" "$TEST/clone/tests/fixtures/hotline/recorded"
        HUB=$HUB /usr/bin/python3 "$TEST/clone/tests/fixtures/run" --only hotline/recorded
}

spot old 2023-06 >"$TEST/round.geojson"
service_up kafka mosquitto
hub record line "$REC" --max "$RECORDS" >"$TEST/logs/record.log" 2>&1 &
RECORDER=$!
wait_for 60 "the recording" recorded || FAILED=1
check "it is nobody else's" test "$(stat -c %a "$REC" "$REC"/input.000001.json | tr '\n' ' ')" = "700 600 "
check "every record is there" test "$(find "$REC" -name 'input.*' | wc -l)/$(wc -l <"$REC/meta.ndjson")" = "$RECORDS/$RECORDS"
check "with its topic" grep -q '"channel":"line/a"' "$REC/meta.ndjson"
check "a folder that holds something is refused" exits 2 hub record line "$REC" --max 1
check "production's state was not touched" test ! -e "$HUB_STATE/line"
check "it holds people" test "$(personal)" -gt 0

check "replay translates it, nonsense among it" exits 4 replayed
check "into events" test "$(grep -c '"p01::case-' "$TEST/before")" -ge 4
check "translate sees the same" cmp "$TEST/before" <(hub translate hotline --set profile=vendor --set crs=gcj02 \
        --set notes=note1=title,note2=description,note8=reporter,note9=phone --recorded "$REC"/input.* 2>/dev/null)
shape "$REC"/input.* >"$TEST/shape"
check "scrub" hub scrub "$REC"
check "no person is left" test "$(personal)" -eq 0
check "every byte is of its kind" diff "$TEST/shape" <(shape "$REC"/input.*)
check "check digits are right, a phone is a phone" judged "$REC"/input.*
hub replay "$REC" >"$REC/events.ndjson" 2>"$REC/rejected.ndjson" || true
# A revision holds a hash of what is mapped, and the people are others now: the same cases in the same states.
ids() { grep -o '"id":"p01[^"]*"' "$1" | sed -E 's/-[0-9a-f]{16}"$//'; }
check "the same events come of it" cmp <(ids "$TEST/before") <(ids "$REC/events.ndjson")
check "the fixture runner takes it" fixture

wait_for 30 "Kafka" hub topics --topic-prefix played
check "replay into topics of its own" exits 4 hub replay "$REC" --topic-prefix played --speed 1000
check "the events are there" test "$(hub tail events --topic-prefix played --from start --until-end | grep -c '"p01::case-')" -ge 4

hub record spots "$TEST/spots" --max 1 >"$TEST/logs/record_spots.log" 2>&1 &
RECORDER=$!
wait_for 60 "the recording of a spot" spot_recorded || FAILED=1
check "what a platform sent before stays away" exits 1 grep -q earlier "$TEST/spots/options.yaml"
rm "$TEST/round.geojson"
check "and is not needed" hub replay "$TEST/spots"
