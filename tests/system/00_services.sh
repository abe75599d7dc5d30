#!/bin/bash
# The ground that all other tests stand on: the three services start on ports of their own, keep what they took when they are
# killed, come back, and name whoever holds a port that they need. No hub here.
set -euo pipefail
# shellcheck source=../lib/services.sh
. "$(dirname "$0")/../lib/services.sh"

as_city() {
        local command=$1
        shift
        printf -- '-h 127.0.0.1\n-p %s\n-u city\n-P %s\n' "$HUB_PORT_MQTT" "$(cat "$HUB_SECRETS/mqtt-city")" >"$TEST/$command"
        XDG_CONFIG_HOME=$TEST "$command" "$@"
}

refused() {
        ! "$@" >/dev/null 2>&1
}

queued() {
        as_city mosquitto_sub -i keeper -c -q 1 -t kept -C 1 -W 10 | grep -qx "$1"
}

# Another PostgreSQL on the same port: one line that names port and holder.
busy() {
        mkdir -p "$TEST/other"
        postgres_start "$TEST/other" "$HUB_PORT_POSTGRES" "$HUB_SECRETS" 2>"$TEST/busy" && return 1
        grep -qE "port $HUB_PORT_POSTGRES, needed for PostgreSQL, is held by postgres \(pid [0-9]+\)" "$TEST/busy" &&
                [ "$(wc -l <"$TEST/busy")" -eq 1 ]
}

service_up kafka postgres mosquitto
postgres_database "$HUB_PORT_POSTGRES" "$HUB_SECRETS"
check "PostGIS is there for hub migrate" sql_is "SELECT count(*) FROM pg_extension WHERE extname = 'postgis'" 1
check "the database is UTF-8" sql_is "SHOW server_encoding" UTF8
check "making the database again changes nothing" postgres_database "$HUB_PORT_POSTGRES" "$HUB_SECRETS"
check "a second start of what runs changes nothing" service_start kafka
check "a busy port is said in one line" busy
check "nobody reads the broker without a password" refused mosquitto_sub -h 127.0.0.1 -p "$HUB_PORT_MQTT" -t '#' -C 1 -W 2
check "secrets are for their owner only" [ -z "$(find "$HUB_SECRETS" -type f -perm /077)" ]

sql "CREATE TABLE kept (text text); INSERT INTO kept VALUES ('before the crash')"
as_city mosquitto_sub -i keeper -c -q 1 -t kept -E
# Mosquitto acknowledges first and saves after each 100 changes: what came after them is the gap before our promise begins.
seq -f 'message %g' 300 | as_city mosquitto_pub -q 1 -t kept -l
wait_for 10 "Mosquitto's database" grep -q 'message 1' "$TEST/mosquitto/data/mosquitto.db"
for name in kafka postgres mosquitto; do
        service_kill "$name"
        check "$name comes back after a kill" service_start "$name"
done
check "PostgreSQL kept what it committed" sql_is "SELECT text FROM kept" "before the crash"
check "Mosquitto kept what it queued" queued "message 1"

program_up sleeper sleep 600
first=$(process_pid "$TEST/run/sleeper.pid")
process_kill sleeper
again() { process_lives "$TEST/run/sleeper.pid" && [ "$(process_pid "$TEST/run/sleeper.pid")" != "$first" ]; }
check "a killed process is started again by its loop" wait_for 10 "another sleeper" again
process_down sleeper
check "and not after it was told to end" process_gone "$TEST/run/sleeper.pid"
