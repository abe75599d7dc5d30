# shellcheck shell=bash
# For tests/system/*.sh: Kafka, PostgreSQL and Mosquitto of the test's own, on fresh ports below a folder of its own, ended and
# removed when the script ends, however it ends (KEEP=1 keeps the folder and says where). A test begins with
#
#       #!/bin/bash
#       set -euo pipefail
#       . "$(dirname "$0")/../lib/services.sh"
#       service_up kafka postgres mosquitto
#       hub_ready                                       # topics, tables, logins
#       process_up citybrain run citybrain              # hub run citybrain, in a restart loop
#       wait_for 30 "an incident" sql_is "SELECT count(*) > 0 FROM dw.incident" t
#       check "what breaks for whom" sql_is "..." 12
#
# and ends with 0 passed, 77 skipped (skip "why"), anything else failed. What is set: HUB (the binary), TEST (the folder:
# $TEST/secrets, logs, state), HUB_PORT_KAFKA, _POSTGRES, _MQTT, _HTTP, HUB_SECRETS, HUB_STATE, exported, as deploy/config/hub.yaml
# wants them; HUB_CONFIG is that file unless the test writes its own.

# shellcheck source=../../deploy/lib/all.sh
. "$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)/../../deploy/lib/all.sh"

HUB=${HUB:-$HUB_CLONE/build-test/hub/hub}
TEST_NAME=$(basename "$0" .sh)
TEST=$(work_folder)/tests/$TEST_NAME-$$
export HUB TEST HUB_SECRETS=$TEST/secrets HUB_STATE=$TEST/state
export HUB_CONFIG=${HUB_CONFIG:-$HUB_CLONE/deploy/config/hub.yaml}
# A sanitizer's finding ends the process with a code of its own, so that a test cannot mistake it for exit 1.
export ASAN_OPTIONS=${ASAN_OPTIONS:-exitcode=99:abort_on_error=0} UBSAN_OPTIONS=${UBSAN_OPTIONS:-halt_on_error=1:exitcode=99:print_stacktrace=1}
# Whoever asks hub serve may all, in a test that is not about people (those unset it).
export HUB_SERVE_ANYBODY=${HUB_SERVE_ANYBODY-administrator}
CACHE=$(work_folder)/cache
SERVICES=() PROCESSES=() FAILED=0
unset HUB_SECURE

test_begin() {
        work_make "$(work_folder)"
        work_make "$(work_folder)/tests"
        work_make "$TEST"
        mkdir -p "$TEST/logs" "$TEST/run" "$HUB_STATE"
        secret_keys "$HUB_SECRETS"
        platforms_secrets "$HUB_SECRETS"
        port_fresh HUB_PORT_KAFKA
        port_fresh KAFKA_CONTROLLER
        port_fresh HUB_PORT_POSTGRES
        port_fresh HUB_PORT_MQTT
        port_fresh HUB_PORT_HTTP
        platforms_ports port_fresh
        export HUB_PORT_KAFKA HUB_PORT_POSTGRES HUB_PORT_MQTT HUB_PORT_HTTP
        trap test_end EXIT
        trap 'exit 130' INT TERM
}

# Processes of the test first, then the services, each by its own pid.
test_end() {
        local code=$? name
        trap '' INT TERM
        set +e
        [ "$code" -ne 0 ] || code=$FAILED
        loops_stop 10 "${PROCESSES[@]}" 2>/dev/null
        for name in "${SERVICES[@]}"; do service_stop "$name"; done
        if [ "$code" -ne 0 ] && [ "$code" -ne 77 ]; then test_logs; fi
        if [ -n "${KEEP:-}" ]; then echo "kept: $TEST"; else rm -rf "$TEST"; fi
        trap - EXIT
        exit "$code"
}

# loops_stop SECONDS NAME...: all of them at the same time.
loops_stop() {
        local seconds=$1 name ends=()
        shift
        for name in "$@"; do
                loop_stop "$TEST" "$name" "$seconds" &
                ends+=($!)
        done
        [ ${#ends[@]} -eq 0 ] || wait "${ends[@]}"
}

test_logs() {
        local log
        for log in "$TEST"/logs/*.log "$TEST"/*/{kafka,postgres,mosquitto}.log; do
                [ ! -s "$log" ] || { echo "--- the end of ${log#"$TEST"/}"; tail -n "${LOG_LINES:-15}" "$log"; }
        done
}

# ---- services: kafka, postgres, mosquitto ----

service_start() {
        case $1 in
        kafka) kafka_fetch "$CACHE" && kafka_start "$TEST/kafka" "$HUB_PORT_KAFKA" "$KAFKA_CONTROLLER" "$CACHE" ;;
        postgres) mkdir -p "$TEST/postgres" && postgres_start "$TEST/postgres" "$HUB_PORT_POSTGRES" "$HUB_SECRETS" ;;
        mosquitto) mosquitto_start "$TEST/mosquitto" "$HUB_PORT_MQTT" "$HUB_SECRETS" ;;
        esac
}

service_up() {
        local name
        for name in "$@"; do
                SERVICES+=("$name")
                service_start "$name" || { echo "$name does not start"; exit 1; }
        done
}

service_stop() {
        "$1_stop" "$TEST/$1"
}

# service_kill NAME: SIGKILL (PostgreSQL: an immediate stop). service_start NAME brings it back, with its data, on its port.
service_kill() {
        case $1 in
        postgres) postgres_crash "$TEST/postgres" ;;
        *) "$1_kill" "$TEST/$1" ;;
        esac
}

# ---- hub ----

hub() {
        "$HUB" "$@"
}

# Database, tables, logins, topics: what stands between running services and the first hub run.
hub_ready() {
        postgres_database "$HUB_PORT_POSTGRES" "$HUB_SECRETS"
        hub migrate >"$TEST/logs/migrate.log" 2>&1 || { cat "$TEST/logs/migrate.log"; exit 1; }
        postgres_logins "$HUB_PORT_POSTGRES" "$HUB_SECRETS"
        wait_for 30 "topics" hub topics || { hub topics; exit 1; }
}

# process_up NAME ARGUMENT...: hub ARGUMENT... in a restart loop as NAME (logs/NAME.log), with the login that deploy/demo gives
# it. process_kill NAME: SIGKILL; the loop starts it again. process_down NAME: TERM, so that it drains.
process_up() {
        local name=$1 user=hub_owner
        shift
        case $1 in correlate) user=correlator ;; relay) user=relay ;; serve | notify) user=api ;; run) ! secure || user=adapter ;; esac
        PROCESSES+=("$name")
        HUB_DB_USER=$user secure_as "$user" loop_start "$TEST" "$name" "$HUB" "$@"
}

process_kill() {
        loop_kill "$TEST" "$1"
}

process_down() {
        loop_stop "$TEST" "$1" "${2:-40}"
}

# program_up NAME COMMAND...: the same for a program that is not hub (a simulator).
program_up() {
        local name=$1
        shift
        PROCESSES+=("$name")
        loop_start "$TEST" "$name" "$@"
}

# sql TEXT [psql arguments]: bare rows, as hub_owner.
sql() {
        local text=$1
        shift
        postgres_sql "$HUB_PORT_POSTGRES" "$HUB_SECRETS" "${SQL_USER:-hub_owner}" -c "$text" "$@"
}

sql_is() {
        [ "$(sql "$1")" = "$2" ]
}

# ---- verdicts ----

# check TEXT COMMAND...: says so and goes on when it fails; the script then ends with 1.
check() {
        local text=$1
        shift
        if "$@"; then
                echo "ok: $text"
        else
                echo "FAILED: $text: $*"
                FAILED=1
        fi
}

skip() {
        echo "skipped: $1"
        exit 77
}

test_begin
