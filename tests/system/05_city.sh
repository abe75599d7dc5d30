#!/bin/bash
# The simulators speak the platforms' protocols, seen by curl and mosquitto_sub: were only the hub's sources to judge them, both
# could agree on a dialect of their own.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"

BASE=http://127.0.0.1:$HUB_PORT_HTTP
JAR=$TEST/cookies

list() {
        curl -sS --max-time 10 -b "$JAR" -d "size=${2:-5}&page=${1:-1}&start=2020-01-01 00:00:00" "$BASE/payroll/list"
}

login() {
        curl -sS --max-time 10 -c "$JAR" -d "username=hub" --data-urlencode "password@$TEST/password" "$BASE/login"
}

json_is() {
        [ "$(/usr/bin/python3 -c "import json, sys; d = json.load(sys.stdin); print($1)")" = "$2" ]
}

hotline_up() {
        city_start "$1" serve --rows 30 "${@:2}"
        wait_for 20 "the hotline" curl -s -o /dev/null "$BASE/login"
        tr -d '\n' <"$HUB_SECRETS/hotline" >"$TEST/password"
}

refused_login() {
        [ "$(curl -sS -o /dev/null -w '%{http_code}' -d 'username=hub&password=wrong' "$BASE/login")" = 401 ]
}

login_page() {
        curl -sS -i -d 'page=1' "$BASE/payroll/list" >"$TEST/page"
        grep -q '^HTTP/1.1 200' "$TEST/page" && grep -qi '^content-type: text/html' "$TEST/page" && grep -q '<form' "$TEST/page"
}

simulated_date() {
        curl -sS -I -X GET "$BASE/login" | grep -i '^date: .* 2031 ' >/dev/null
}

# Every fault is seen by a client that just goes on asking.
faults_seen() {
        local seen="" code try
        for try in $(seq 60); do
                code=0
                curl -sS --max-time 5 -D "$TEST/head" -o "$TEST/body" -b "$JAR" -d 'page=1' "$BASE/payroll/list" 2>/dev/null || code=$?
                case "$code $(head -n 1 "$TEST/head" | cut -d' ' -f2)" in
                "18 200") seen="$seen half" ;;
                "0 429") grep -qi '^retry-after: 1' "$TEST/head" && seen="$seen 429" ;;
                "0 500") seen="$seen 500" ;;
                "0 200") if grep -q '<form' "$TEST/body"; then seen="$seen session"; login >/dev/null; fi
                        if grep -q '维护' "$TEST/body"; then seen="$seen html"; fi ;;
                esac
        done
        for try in half 429 500 session html; do
                [[ " $seen " == *" $try "* ]] || { echo "never seen: $try"; return 1; }
        done
}

check "the simulators' own checks" /usr/bin/python3 "$HERE/../city/selftest.py"

hotline_up serve
check "a wrong password is refused" refused_login
check "without a session: the login page, with 200" login_page
check "the right password opens a session" json_is "d['code']" 0 < <(login)
check "a vendor page has five rows of thirty" json_is "len(d['rows']), d['total']" "5 30" < <(list)
check "the page after the last has none" json_is "len(d['rows'])" 0 < <(list 7)
check "its rows carry the members that the vendor's do" json_is "sorted(d['rows'][0])[:3]" "['date', 'di_title', 'note1']" < <(list)
check "pages do not overlap" test "$(for page in 1 2 3 4 5 6; do list "$page"; done | grep -o '"record_number": "*[0-9]*' | tr -d '"' | sort -u | wc -l)" = 30
check "Open311 gives an array of requests" json_is "type(d).__name__, 'service_request_id' in d[0]" "list True" \
        < <(curl -sS "$BASE/requests.json?start_date=2020-01-01T00:00:00Z&page=1&page_size=5")
check "a window in the past is empty" json_is "len(d)" 0 \
        < <(curl -sS "$BASE/requests.json?start_date=2020-01-01T00:00:00Z&end_date=2020-01-02T00:00:00Z")
check "nonsense in the query is 400" test "$(curl -sS -o /dev/null -w '%{http_code}' "$BASE/requests.json?page=x")" = 400
process_down serve

HUB_CLOCK=$(/usr/bin/python3 "$CITY" clock --start 2031-05-01T00:00:00Z --days 1 --seconds 86400) hotline_up faulty --faults 0.6
check "Date is simulated" simulated_date
login >/dev/null
check "each kind of trouble comes" faults_seen
process_down faulty

service_up mosquitto
HUB_CLOCK=$(/usr/bin/python3 "$CITY" clock --seconds 10) city_start play play --wait 60 --devices "$HUB_CLONE/deploy/config/devices/citybrain.csv"
printf -- '-u hub\n-P %s\n' "$(cat "$HUB_SECRETS/mqtt-hub")" >"$TEST/mosquitto_sub"
XDG_CONFIG_HOME=$TEST timeout 90 mosquitto_sub -h 127.0.0.1 -p "$HUB_PORT_MQTT" -q 1 -t 'frigate/#' -F '%t %q %p' >"$TEST/messages" &
wait_for 60 "the last camera message" grep -q 'things not asked for' "$TEST/logs/play.log"
kill %1
check "cameras speak Frigate, with QoS 1, and some of it is broken" /usr/bin/python3 - "$TEST/messages" "$TEST/play/broken.csv" <<'END'
import json, sys
bad, types = 0, set()
for line in open(sys.argv[1], encoding="utf-8"):
    topic, qos, payload = line.rstrip("\n").split(" ", 2) if line.startswith("frigate/") else ("", "", "")
    if topic != "frigate/events":
        continue
    assert qos == "1", qos
    try:
        event = json.loads(payload)
        types.add(event["type"])
        assert "camera" in event["after"] and event["after"]["id"]
    except (ValueError, KeyError):
        bad += 1
assert types == {"new", "update", "end"}, types
assert bad >= 6, bad
END
process_down play
