#!/bin/bash
# A platform that pushes, signed, with many clients, some hundred slow ones beside them, while the adapter is killed again and again: whatever was
# answered 2xx is in the warehouse, once. Then what must not be taken: forged ones, and those that come while we are paused or Kafka is away. Then Digest over
# TLS. The signer is the Standard Webhooks library of PyPI, where it can be had. PUSH_CASES and PUSH_KILLS change its size.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"

CASES=${PUSH_CASES:-3000} KILLS=${PUSH_KILLS:-8}
export HUB_CONFIG=$TEST/hub.yaml HUB_LOOP_WAIT=0.3 PYTHONPATH=$TEST/python
push() { /usr/bin/python3 "$HERE/lib/push.py" "http://127.0.0.1:$HUB_PORT_HTTP/hook" --keys "$HUB_SECRETS/hook" "$@"; }
member() { /usr/bin/python3 -c 'import json, sys; print(json.load(sys.stdin)["'"$1"'"])'; }
last() { tail -n 1 "$1"; }

# instance NAME PORT SETTINGS
instance() {
        cat <<END
  $1:
    adapter: hotline
    source: { kind: http_push, listen: "127.0.0.1:$2", path: /hook, retry_after: 1s, $3 }
    options:
      profile: vendor
      crs: gcj02
      notes: { note1: title, note2: description, note3: address, note4: category, note5: category_code, note6: lon, note7: lat, note8: reporter,
               note9: phone, note10: channel, note11: community }
END
}

# The numbers of the cases that stand in the warehouse, each as often as it does.
stored() { sql "SELECT (substring(id from '2312051019([0-9]{8})'))::int FROM ods.record WHERE verdict = 'stored' AND kind = 'report' ORDER BY 1"; }
stored_are() { [ "$(stored | wc -l)" -ge "$1" ]; }
answered() { grep -hE '^[0-9]+ 2' "$@" | cut -d' ' -f1 | sort -n; }
listens() { grep -q '"listening"' "$TEST/logs/$1.log"; }
status() { curl -s -o /dev/null -w '%{http_code}' --noproxy '*' --max-time 60 "$@"; }
rejected() { sql_is "SELECT count(*) FROM ops.rejected WHERE instance = 'hook' AND reason = '$1'" "$2"; }

service_up kafka postgres
mkdir -p "$TEST/python"
/usr/bin/python3 -m pip install -q --no-deps --no-input --target "$TEST/python" standardwebhooks >"$TEST/logs/pip.log" 2>&1 ||
        echo "skipped: the signer of PyPI: it cannot be had; ours signs"
printf 'whsec_%s\nwhsec_%s\n' "$(head -c 24 /dev/urandom | base64)" "$(head -c 24 /dev/urandom | base64)" >"$HUB_SECRETS/hook"
echo "a word of ours" >"$HUB_SECRETS/camera"
chmod 0400 "$HUB_SECRETS/hook" "$HUB_SECRETS/camera"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$TEST/key.pem" -out "$TEST/cert.pem" -days 2 -subj /CN=127.0.0.1 \
        -addext subjectAltName=IP:127.0.0.1 2>/dev/null
port_fresh PORT_TLS
cp "$HUB_CLONE/deploy/config/zones.yaml" "$TEST/zones.yaml"
{
        config_head
        echo "instances:"
        instance hook "$HUB_PORT_HTTP" "connections: 128, connections_per_peer: 48, signature: standard-webhooks, secret_file: '$HUB_SECRETS/hook', patience: 5s"
        instance camera "$PORT_TLS" "auth: digest, user: camera, password_file: '$HUB_SECRETS/camera', tls_certificate: '$TEST/cert.pem', tls_key: '$TEST/key.pem'"
} >"$HUB_CONFIG"
hub_ready
check "hub check --connect binds" hub check --connect
process_up correlate correlate
process_up hook run hook
wait_for 30 "the port" listens hook
check "and says so when the port is taken" grep -q "does it run already" <(hub check --connect 2>&1)

# killed while cases are on their way
push --count "$CASES" --clients 24 --slow 300 --out "$TEST/pushed" >/dev/null &
pushing=$!
done_now() { wc -l <"$TEST/pushed"; }
past() { [ "$(done_now)" -ge "$1" ] || ! kill -0 "$pushing" 2>/dev/null; }
for ((i = 1; i <= KILLS; i++)); do
        wait_for 120 "cases to be under way" past $((CASES * i / (KILLS + 2)))
        kill -0 "$pushing" 2>/dev/null || break
        process_kill hook
done
check "cases were still being pushed when the last blow fell" kill -0 "$pushing"
wait "$pushing" || FAILED=1
echo "$(last "$TEST/pushed")"
unanswered=$(last "$TEST/pushed" | member unanswered)
echo "$KILLS kills hit $unanswered requests that were sent whole and had no answer"
check "the kills hit unanswered work" test "$unanswered" -gt 0
check "hundreds of slow clients were thrown out meanwhile" test "$(last "$TEST/pushed" | member thrown_out)" -gt 300
check "every case was answered 2xx in the end" test "$(answered "$TEST/pushed" | uniq | wc -l)" -eq "$CASES"
wait_for 120 "all of them in the warehouse" stored_are "$CASES"
check "what was answered is in the warehouse, each once, and nothing else" diff <(answered "$TEST/pushed") <(stored)

# nothing that is forged, stale or without a signature gets in; it is kept, and told 401
check "forged ones are told 401" test "$(push --first 10000 --count 20 --forged --once --out "$TEST/forged" | member told)" = "{'401': 20}"
check "so is one without a signature" test "$(status --data '{}' "http://127.0.0.1:$HUB_PORT_HTTP/hook")" = 401
check "they are kept as rejected" wait_for 30 "21 rejects" rejected bad_signature 21
# the second secret of the file is as good
head -n 1 "$HUB_SECRETS/hook" >"$TEST/first"
tail -n 1 "$HUB_SECRETS/hook" >"$TEST/second"
check "either secret is good" test "$(/usr/bin/python3 "$HERE/lib/push.py" "http://127.0.0.1:$HUB_PORT_HTTP/hook" --keys "$TEST/second" --first 11000 --count 5 --once --out "$TEST/other" | member told)" = "{'200': 5}"
# one that was told comes again
check "what comes again is told the same" test "$(push --first 12000 --once --out "$TEST/once" | member told)" = "{'200': 1}"
again=$(push --first 12000 --once --out "$TEST/again" | member told)
check "and is no second record" grep -q "came again and were answered as before" "$TEST/logs/hook.log"
check "nor another answer" test "$again" = "{'200': 1}"

# paused: nobody waits long, and what was refused is sent again
hub pause hook --note "push test"
wait_for 30 "the pause" grep -q '"paused: nothing is read"' "$TEST/logs/hook.log"
check "paused: 503 with Retry-After" test "$(push --first 13000 --once --out "$TEST/paused" | member told)" = "{'503': 1}"
hub resume hook
check "resumed: it is sent again and taken" test "$(push --first 13000 --out "$TEST/resumed" | member cases)" -eq 1
service_kill kafka
check "Kafka away: 503 with Retry-After" test "$(push --first 14000 --count 3 --clients 3 --once --out "$TEST/away" | member told)" = "{'503': 3}"
push --first 14000 --count 3 --clients 3 --out "$TEST/back" >/dev/null &
pushing=$!
service_start kafka
wait "$pushing" || FAILED=1
check "Kafka back: they are sent again and taken" test "$(answered "$TEST/back" | wc -l)" -eq 3

# Digest over TLS, by curl
process_up camera run camera
wait_for 30 "the port" listens camera
tls() { status --cacert "$TEST/cert.pem" -H 'Content-Type: application/json' --data "$(/usr/bin/python3 "$HERE/lib/rows.py" 15000 1 --keyed | cut -f2)" "$@" "https://127.0.0.1:$PORT_TLS/hook"; }
check "Digest over TLS is taken" test "$(tls --digest -u "camera:a word of ours")" = 200
check "another password is not" test "$(tls --digest -u "camera:another")" = 401
check "nor is Basic" test "$(tls --basic -u "camera:a word of ours")" = 401

wait_for 60 "the last cases" stored_are $((CASES + 11))
check "all that was answered stands in the warehouse once" diff <({ answered "$TEST"/{pushed,other,once,resumed,back}; echo 15000; } | sort -n) <(stored)
for name in hook camera; do process_down "$name"; done
process_down correlate
check "the ledger balances" hub audit --wait 30s
check "no secret stands in a log" test -z "$(grep -l -e "a word of ours" -e "$(cut -c7- "$TEST/first")" "$TEST"/logs/*.log)"
