#!/bin/bash
# The secured set-up, as HUB_SECURE=1 deploy/demo starts it: an event goes its way through it, and each login may what its process needs and no more,
# at Kafka, Mosquitto and PostgreSQL; who has no certificate, or a wrong one, is nobody.
set -euo pipefail
# shellcheck source=../lib/services.sh
. "$(dirname "$0")/../lib/services.sh"
HUB_SECURE=1

lib() {
        /usr/bin/python3 "$HUB_CLONE/tests/system/lib/secure.py" "$@"
}

# as_user COMMAND USER ARGUMENT...: mosquitto_pub or _sub as that user of the broker.
as_user() {
        local command=$1 user=$2
        shift 2
        printf -- '-h 127.0.0.1\n-p %s\n-u %s\n-P %s\n--cafile %s\n' "$HUB_PORT_MQTT" "$user" "$(cat "$HUB_SECRETS/mqtt-$user")" "$PGSSLROOTCERT" >"$TEST/$command"
        XDG_CONFIG_HOME=$TEST "$command" "$@"
}

publishes() {
        as_user mosquitto_pub "$1" -V 5 -d -q 1 -r -t "$2" -m "$3" | grep -q 'RC:0)'
}

# What the hub reads as its password, so is kept for it; a second reader of the same topic gets it all the same.
reads() {
        [ "$(as_user mosquitto_sub "$1" -q 1 -t "$2" -C 1 -W "${3:-3}" 2>/dev/null)" != "" ]
}

refused() {
        ! "$@" >"$TEST/said" 2>&1
}

psql_as() {
        PGPASSWORD=$(cat "$HUB_SECRETS/postgres-analyst") psql -XqAtw -h 127.0.0.1 -p "$HUB_PORT_POSTGRES" -U analyst -d hub -c 'SELECT 1' "$@"
}

platform() {
        publishes city frigate/events "$(lib frigate hl-fanghu-03)"
}

secure_keys
secure_environment
authority_make "$TEST/other"
authority_sign "$TEST/other" adapter
cp "$TEST/other/adapter.pem" "$HUB_SECRETS/tls/forged.pem"
cp "$TEST/other/adapter.key" "$HUB_SECRETS/tls/forged.key"
authority_sign "$HUB_SECRETS/tls" elsewhere 90 other.example
authority_sign "$HUB_SECRETS/tls" expired -1
service_up kafka postgres mosquitto
postgres_database "$HUB_PORT_POSTGRES" "$HUB_SECRETS"
hub migrate >"$TEST/logs/migrate.log" 2>&1
postgres_logins "$HUB_PORT_POSTGRES" "$HUB_SECRETS"
check "a login that may not alter rights gives none" refused hub topics --rights
check "rights are given" secure_as admin "$HUB" topics --rights
check "and those on the platform's own topic" secure_as admin "$HUB" topics --grant city:all:district.grid.cases
check "each" secure_as admin "$HUB" topics --grant adapter:read:district.grid.cases
check "a right that is none is refused by its form" refused hub topics --grant adapter:own:district.grid.cases
check "and the form is said" grep -q 'LOGIN:read|write|all:TOPIC' "$TEST/said"
check "topics" hub topics
check "the platform's own topic" secure_as city /usr/bin/python3 -c "
import sys; sys.path.insert(0, '$HUB_CLONE/tests/city'); import argparse, broker
broker.Feed(argparse.Namespace(kafka='ssl://127.0.0.1:$HUB_PORT_KAFKA', kafka_certificate='$HUB_SECRETS/tls/city'), 'district.grid.cases', 2)"

process_up correlate correlate
process_up relay relay
process_up citybrain run citybrain
check "a camera's event arrives" wait_for 60 "its place" platform
check "it becomes an incident" wait_for 60 "an incident" sql_is "SELECT count(*) > 0 FROM dw.incident" t
check "whose version is on its topic" wait_for 60 "a version" sql_is "SELECT count(*) > 0 FROM ops.outbox WHERE published_at IS NOT NULL" t
process_down citybrain
process_down relay
process_down correlate

check "Kafka: each login at each topic" lib matrix
port_fresh PORT_FALSE
check "Kafka: strangers, and brokers that are none" lib strangers "$PORT_FALSE"

check "MQTT: the hub reads what cameras write" reads hub frigate/events 20
check "MQTT: the hub writes nothing" refused publishes hub frigate/events x
check "MQTT: a platform writes nothing else" refused publishes city hub/events x
check "MQTT: a platform reads nothing" refused reads city frigate/events
check "MQTT: nobody without a password" refused mosquitto_sub -h 127.0.0.1 -p "$HUB_PORT_MQTT" --cafile "$PGSSLROOTCERT" -t '#' -C 1 -W 3
check "MQTT: nobody without TLS" refused mosquitto_sub -h 127.0.0.1 -p "$HUB_PORT_MQTT" -u hub -P "$(cat "$HUB_SECRETS/mqtt-hub")" -t 'frigate/#' -C 1 -W 3
check "MQTT: another authority's word counts nothing" refused mosquitto_sub -h 127.0.0.1 -p "$HUB_PORT_MQTT" --cafile "$TEST/other/ca.pem" -t '#' -C 1 -W 3

check "PostgreSQL: by TLS and a password" psql_as
check "PostgreSQL: nobody without TLS" refused env PGSSLMODE=disable PGPASSWORD="$(cat "$HUB_SECRETS/postgres-analyst")" psql -Xw -h 127.0.0.1 -p "$HUB_PORT_POSTGRES" -U analyst -d hub -c 'SELECT 1'
check "PostgreSQL: and the server says why" grep -q 'no encryption' "$TEST/said"
check "PostgreSQL: another authority's word counts nothing" refused env PGSSLROOTCERT="$TEST/other/ca.pem" PGPASSWORD="$(cat "$HUB_SECRETS/postgres-analyst")" psql -Xw -h 127.0.0.1 -p "$HUB_PORT_POSTGRES" -U analyst -d hub -c 'SELECT 1'
check "keys and passwords are for their owner only" [ -z "$(find "$HUB_SECRETS" -type f ! -name '*.pem' -perm /077)" ]
exit "$FAILED"
