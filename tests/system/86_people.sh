#!/bin/bash
# Who may ask hub serve, and what operators order there: strangers, other roles and zones, sessions that are over, pages of
# other sites, guesses; merge, split, undo and assign from a request to what became of it, also when two are at it, when it is
# sent twice, and when Kafka is away; what is told of who asks, and what he hears on the stream, in its form; streams end with
# the right to them.
set -euo pipefail
export HUB_SERVE_ANYBODY=
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
export HUB_CONFIG=$TEST/hub.yaml HUB_LOOP_WAIT=0.3
port_fresh HUB_PORT_SERVE
port_fresh PORT_SHORT
port_fresh PORT_ISSUER
export PORT_ISSUER HUB_PORT_SERVE PORT_SHORT PASSWORD=湖里区密码123

# config LISTEN MORE...: with these settings of serve.
config() {
        local listen=$1
        shift
        config_head
        printf 'serve:\n  listen: "%s"\n  users: "%s/users"\n  api_keys: "%s/keys"\n  connections: 64\n' "$listen" "$TEST/people" "$TEST/people"
        printf '  %s\n' "$@"
        echo "instances:"
        instance line 350206
        instance far 350203
}

instance() {
        mkdir -p "$TEST/drop/$1"
        cat <<END
  $1:
    adapter: hotline
    zone: "$2"
    source: { kind: file, folder: "$TEST/drop/$1", every: 100ms, quiet: 200ms }
    options: { profile: vendor, crs: gcj02, notes: { note1: title, note2: description, note3: address, note4: category, note6: lon, note7: lat } }
END
}

# report NAME NUMBER TITLE LON LAT
report() {
        printf '{"record_number":"%s","ps_caption":"受理","date":"2023-12-05 10:20:00","note1":"%s","note2":"%s","note4":"店外经营","note6":"%s","note7":"%s"}' \
                "$2" "$3" "$3" "$4" "$5" >"$TEST/drop/$1/$2.json"
}

person() {
        local name=$1
        shift
        hub user add "$name" "$@" <<<"$PASSWORD"
}

# The line of an operator's word names the file's own words: what stands there is not what was typed.
kept() {
        ! grep -rq "$PASSWORD" "$TEST/people" "$TEST/logs" && grep -q '^lin dispatcher 350206 scrypt:32768:8:3:' "$TEST/people/users" &&
                [ "$(stat -c %a "$TEST/people/users")" = 600 ]
}

refused() {
        local code=0
        HUB_CONFIG=$TEST/wrong.yaml hub check >"$TEST/said" 2>&1 || code=$?
        cat "$TEST/said"
        [ "$code" -eq 78 ] && grep -q "$1" "$TEST/said"
}

desk() {
        /usr/bin/python3 "$HERE/lib/people.py" "$@"
}

# Its answer after 5 s, and the same again once Kafka is back.
kafka_away() {
        service_kill kafka
        desk away
        service_start kafka
        wait_for 60 "Kafka is back" hub topics
        desk back
}

cp "$HUB_CLONE/deploy/config/zones.yaml" "$TEST/zones.yaml"
(umask 077 && echo 's3cret/+' >"$TEST/secrets/issuer")
config "127.0.0.1:$HUB_PORT_SERVE" 'login_tries: 3' "oidc_issuer: \"http://127.0.0.1:$PORT_ISSUER\"" "oidc_client: hub" "oidc_secret_file: $TEST/secrets/issuer" \
        "oidc_redirect: \"http://127.0.0.1:$HUB_PORT_SERVE/v1/session/oidc/callback\"" 'oidc_roles: { hub-desk: dispatcher }' 'oidc_zones_claim: districts' >"$HUB_CONFIG"
config "127.0.0.1:$PORT_SHORT" 'session_most: 2s' >"$TEST/short.yaml"
service_up kafka postgres
hub_ready
process_up correlate correlate
process_up relay relay
process_up line run line
process_up far run far
report line 1 "店外经营占道" 118.1147685 24.5098473
report line 2 "路面塌陷有坑" 118.1550000 24.5250000
report line 3 "树木倒伏挡路" 118.1350000 24.5150000
report far 4 "井盖缺失" 118.0950000 24.4450000

check "a zone that is none is refused" exits 2 person nobody --zones 999999
check "a short password, too" exits 2 hub user add nobody <<<"short"
person lin --role dispatcher --zones 350206
person wu --role dispatcher --zones 350206
person chen --role supervisor
check "a user without a password" hub user add wall --no-password
hub user key robot >"$TEST/robot"
hub user key desk --role dispatcher --zones 350206 >"$TEST/desk"
check "no password stands anywhere, and no other user reads the file" kept
HUB_DB_USER=api program_up serve "$HUB" serve
HUB_DB_USER=api program_up short "$HUB" serve --config "$TEST/short.yaml"
wait_for 60 "four incidents" sql_is "SELECT count(*) FROM dw.incident WHERE version > 0" 4
wait_for 30 "the door" desk open

check "who may" desk may "$(hub user link wall)"
check "what they are told has its form" desk forms
check "what they order" desk order
process_kill serve
wait_for 30 "the door" desk open
check "after a restart people log in again, and a repeat counts once" desk again
check "Kafka away" kafka_away
check "a session of two seconds" desk short
check "a thousand who say nothing" desk slow
check "an issuer's word" desk vouched
check "whose right is over hears no more" desk revoked
check "guesses" desk guess

config "0.0.0.0:$HUB_PORT_SERVE" >"$TEST/wrong.yaml"
check "an open address without TLS is refused" refused "open to the network"
config "0.0.0.0:$HUB_PORT_SERVE" 'proxies: ["192.0.2.1"]' 'anybody: viewer' >"$TEST/wrong.yaml"
check "anybody from the network, too" refused "anybody"
check "each command is in the log of who gave it" grep -q '"message":"command given".*"by":"user:lin"' "$TEST/logs/serve.log"
exit "$FAILED"
