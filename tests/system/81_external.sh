#!/bin/bash
# A district that has Kafka, PostgreSQL and a broker already: deploy/demo uses those, starts none of its own, and leaves alone whatever it finds there.
set -euo pipefail
# shellcheck source=../lib/services.sh
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
export HUB_WORK=$TEST/work HUB_DEMO_SECONDS=25
export PGPASSFILE=$TEST/admin HUB_MQTT_SECRETS=$HUB_SECRETS
ADMIN_SECRETS=$HUB_SECRETS
HUB_STATE_KEPT=$HUB_STATE
unset HUB_CONFIG HUB_STATE HUB_POLL HUB_CLOCK
HUB_PORTS=$((HUB_PORT_KAFKA + 100))
export HUB_PORTS

demo() {
        (cd / && env -u HUB_SECRETS "${THERE[@]}" "$HUB_CLONE/deploy/demo" "$@") 2>&1 | tee -a "$TEST/logs/demo.log"
}

# Without what `demo` is told: only what the demo remembers.
remembered() {
        THERE=(A=B) demo "$@"
}

clean() {
        local code=$?
        set +e                          # or the line that restores the code ends it here, and all services stay
        remembered stop >/dev/null || true
        (exit "$code")
        test_end
}
trap clean EXIT

refuses() {
        local text=$1
        shift
        ! demo "$@" >"$TEST/said" || { cat "$TEST/said"; return 1; }
        grep -qF "$text" "$TEST/said" || { cat "$TEST/said"; return 1; }
}

admin() {
        HUB_SECRETS=$ADMIN_SECRETS PGDATABASE=${2:-postgres} postgres_sql "$HUB_PORT_POSTGRES" "$ADMIN_SECRETS" postgres -c "$1"
}

# What stands in PostgreSQL and Kafka, by name.
inventory() {
        admin "SELECT 'database ' || datname FROM pg_database UNION ALL SELECT 'role ' || rolname || coalesce(rolpassword, '') FROM pg_authid
                WHERE rolname NOT IN ('hub_correlator', 'hub_relay', 'hub_api', 'hub_analyst', 'hub_district_analyst', 'hub_privacy') ORDER BY 1"
        for topic in "$@"; do "$WIRE" watermarks "$BROKERS" "$topic"; done
}

none_started() {
        [ ! -e "$HUB_WORK/demo/kafka" ] && [ ! -e "$HUB_WORK/demo/postgres" ] && [ ! -e "$HUB_WORK/demo/mosquitto" ]
}

service_up kafka postgres mosquitto
printf '127.0.0.1:%s:*:postgres:%s\n' "$HUB_PORT_POSTGRES" "$(cat "$ADMIN_SECRETS/postgres-postgres")" >"$PGPASSFILE"
chmod 0600 "$PGPASSFILE"
THERE=(HUB_KAFKA="$BROKERS" HUB_PG="postgresql://postgres@127.0.0.1:$HUB_PORT_POSTGRES" HUB_MQTT="tcp://127.0.0.1:$HUB_PORT_MQTT")

WHERE=("${THERE[@]}")
THERE=(HUB_KAFKA=127.0.0.1:1)
check "where nobody answers, one line says so" refuses "Apache Kafka does not answer at 127.0.0.1:1 (HUB_KAFKA)"
THERE=(HUB_MQTT=broker)
check "what is no address, one line says so" refuses "HUB_MQTT=broker is no host:port"
THERE=("${WHERE[@]}" HUB_PG="postgresql://nobody@127.0.0.1:$HUB_PORT_POSTGRES")
check "a user that PostgreSQL does not know" refuses "PostgreSQL lets nobody not in (HUB_PG"
THERE=("${WHERE[@]}")

# The district's own: a database and topics that look just like ours.
admin "CREATE ROLE analyst LOGIN PASSWORD 'theirs'"
check "a login that is there already is not touched" refuses "has login analyst already, which this demo did not make"
admin "DROP ROLE analyst"
admin "CREATE DATABASE district"
hub_owned() { HUB_STATE=$HUB_STATE_KEPT HUB_CONFIG=$TEST/theirs.yaml hub topics >/dev/null 2>&1 || true; }
{ HUB_STATE=$HUB_STATE_KEPT config_head; printf 'instances: {}\n'; } >"$TEST/theirs.yaml"
cp "$HUB_CLONE/deploy/config/zones.yaml" "$TEST/zones.yaml"
hub_owned
echo '{}' | "$WIRE" put "$BROKERS" hub.events.v1 0
inventory hub.events.v1 hub.incidents.v1 >"$TEST/before"

demo >"$TEST/first"
check "the demo ends with its table" grep -qE '^(p01|p09)|p01 |p09 ' "$TEST/first"
check "it has started no service" none_started
check "its incidents stand in that PostgreSQL" [ "$(admin "SELECT count(*) > 10 FROM dw.incident" hub)" = t ]
check "status knows where they are" [ "$(remembered status | grep -c 'answers (not ours)$')" -eq 3 ]
check "the analyst's prompt leads there" [ "$(remembered psql -qAtc 'SELECT count(*) > 10 FROM dw.incident')" = t ]
remembered stop
check "stop leaves the services alone" [ "$(admin 'SELECT 1')" = 1 ]
remembered start >"$TEST/second"
check "start goes on with the data" grep -qE '^(p01|p09)|p01 |p09 ' "$TEST/second"
THERE=(HUB_KAFKA="$BROKERS" HUB_PG="127.0.0.1:$HUB_PORT_POSTGRES" HUB_MQTT="127.0.0.1:$((HUB_PORT_MQTT + 1))")
check "other services need a reset first" refuses "deploy/demo reset first"
remembered reset
inventory hub.events.v1 hub.incidents.v1 >"$TEST/after"
check "reset drops what the demo made, and nothing else" cmp "$TEST/before" "$TEST/after"
