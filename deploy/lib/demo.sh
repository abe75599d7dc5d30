# shellcheck shell=bash
# The parts of deploy/demo: its folder, services, tables, processes, table. Needs all.sh.

WORK=$(work_folder)
DEMO=$WORK/demo
CACHE=$WORK/cache
BUILD=${HUB:+no}                 # HUB=FILE: that binary, and nothing is built
HUB=${HUB:-$HUB_CLONE/build/hub/hub}
HUB_PORTS=${HUB_PORTS:-$(cat "$DEMO/ports" 2>/dev/null || echo 27100)}
KAFKA_CONTROLLER=$((HUB_PORTS + 93))
INSTANCES=(citybrain hotline citizen grid envletter "${PLATFORM_INSTANCES[@]}")

export HUB_CONFIG=$HUB_CLONE/deploy/config/hub.yaml HUB_SECRETS=$DEMO/secrets HUB_STATE=$DEMO/state HUB_POLL=${HUB_POLL:-1s} HUB_INBOX=$DEMO/inbox
export HUB_PORT_KAFKA=$((HUB_PORTS + 92)) HUB_PORT_POSTGRES=$((HUB_PORTS + 32)) HUB_PORT_MQTT=$((HUB_PORTS + 83))
export HUB_WWW=$WORK/www
export HUB_PORT_HTTP=$((HUB_PORTS + 80)) HUB_PORT_SERVE=$((HUB_PORTS + 81))

# demo_port VARIABLE: from HUB_PORTS + 40 on, where platforms reach the hub.
demo_port() {
        printf -v "$1" %s $((HUB_PORTS + 40 + PORTS_GIVEN))
        PORTS_GIVEN=$((PORTS_GIVEN + 1))
}
PORTS_GIVEN=0
platforms_ports demo_port

external_all
secure_takes
secure_environment

# What this very start has started, so that a Ctrl-C or a failure leaves nothing half started.
STARTED=()

demo_lock() {
        work_make "$WORK"
        exec 9>"$WORK/demo.lock"
        flock -n 9 || die "another deploy/demo is at work in $WORK"
        trap demo_undo EXIT
        trap 'exit 130' INT TERM HUP
}

demo_undo() {
        local code=$? index
        trap - EXIT
        trap '' INT TERM HUP
        set +e
        [ "$code" -ne 0 ] || return 0
        [ -z "$LONG_PID" ] || demo_break
        [ "${#STARTED[@]}" -eq 0 ] || echo "ending what this start had started: ${STARTED[*]}" >&2
        for ((index = ${#STARTED[@]} - 1; index >= 0; index--)); do demo_end "${STARTED[index]}"; done
        exit "$code"
}

# Only apt is let finish: a package half installed is worse than a late prompt.
demo_break() {
        if [ -n "${LONG_KEEP:-}" ]; then
                echo "letting apt-get finish" >&2
        else
                kill -TERM "$LONG_PID" 2>/dev/null
        fi
        wait "$LONG_PID"
}

demo_prepare() {
        local log=$WORK/packages.log
        packages_install "$log" || exit 1
        # Now that PostgreSQL's user exists, another folder may be the right one.
        [ "$(work_folder)" = "$WORK" ] || exec 9>&- "$HUB_CLONE/deploy/demo" start
        mkdir -p "$DEMO/logs" "$DEMO/run" "$HUB_STATE" "$HUB_INBOX/envletter" "$HUB_INBOX/aerial"
        chmod 0755 "$DEMO"
        echo "$HUB_PORTS" >"$DEMO/ports"
        work_room "$DEMO" 2048
        secret_keys "$HUB_SECRETS"
        secret_make "$HUB_SECRETS/hotline"
        platforms_secrets "$HUB_SECRETS"
        secure_make
}

demo_build() {
        [ -n "$BUILD" ] || TARGET=hub/hub build_hub "$HUB_CLONE/build" "$DEMO/logs/build.log" || exit 1
        [ -x "$HUB" ] || die "$HUB is not there"
        console_build "$HUB_WWW" "$DEMO/logs/console.log" || say "the demo goes on without its console"
}

# ---- services and processes, by name ----

demo_services() {
        external_checks
        external KAFKA >/dev/null || kafka_fetch "$CACHE" || exit 1
        demo_ports
        demo_begin kafka "Apache Kafka" kafka_start "$DEMO/kafka" "$HUB_PORT_KAFKA" "$KAFKA_CONTROLLER" "$CACHE"
        demo_begin postgres PostgreSQL postgres_start "$DEMO/postgres" "$HUB_PORT_POSTGRES" "$HUB_SECRETS"
        demo_begin mosquitto Mosquitto mosquitto_start "$DEMO/mosquitto" "$HUB_PORT_MQTT" "$HUB_SECRETS"
}

# All of them before the first start, so that a busy one costs nothing.
demo_ports() {
        local name port advice="HUB_PORTS=N deploy/demo takes N to N + 99 instead of $HUB_PORTS to $((HUB_PORTS + 99))"
        while read -r name port; do
                demo_is_external "$name" || demo_runs "$name" || port_need "$port" "$name" "$advice" || exit 1
        done <<END
kafka $HUB_PORT_KAFKA
kafka $KAFKA_CONTROLLER
postgres $HUB_PORT_POSTGRES
mosquitto $HUB_PORT_MQTT
city $HUB_PORT_HTTP
serve $HUB_PORT_SERVE
$(platforms_each demo_door)
END
}

demo_door() {
        printf '%s %s\n' "$1" "${!3}"
}

# demo_begin NAME TEXT COMMAND...: unless it runs.
demo_begin() {
        local name=$1 text=$2 began=$SECONDS
        shift 2
        ! demo_is_external "$name" || return 0
        ! demo_runs "$name" || return 0
        STARTED+=("$name")
        mkdir -p "$DEMO/$name"
        "$@" || exit 1
        say "$text started ($((SECONDS - began)) s)"
}

demo_is_external() {
        case $1 in
        kafka) external KAFKA ;;
        postgres) external PG ;;
        mosquitto) external MQTT ;;
        *) false ;;
        esac >/dev/null
}

demo_runs() {
        case $1 in
        kafka) ! demo_is_external kafka || { external_open "$HUB_HOST_KAFKA" "$HUB_PORT_KAFKA"; return; } ;;
        postgres) ! demo_is_external postgres || { external_open "$HUB_HOST_POSTGRES" "$HUB_PORT_POSTGRES"; return; } ;;
        mosquitto) ! demo_is_external mosquitto || { external_open "$HUB_HOST_MQTT" "$HUB_PORT_MQTT"; return; } ;;
        esac
        case $1 in
        kafka | mosquitto) process_lives "$DEMO/$1/$1.pid" ;;
        postgres) postgres_lives "$DEMO/postgres" ;;
        *) loop_lives "$DEMO" "$1" ;;
        esac
}

demo_end() {
        case $1 in
        kafka | postgres | mosquitto) "$1_stop" "$DEMO/$1" ;;
        *) loop_stop "$DEMO" "$1" ;;
        esac
}

# demo_loop NAME LOGIN COMMAND...: in its restart loop, with the clock that the demo has now.
demo_loop() {
        local name=$1 login=$2
        shift 2
        ! demo_runs "$name" || return 0
        STARTED+=("$name")
        HUB_DB_USER=$login demo_clock secure_as "$login" loop_start "$DEMO" "$name" "$@" || die "$name does not start"
}

# The simulated clock as long as it is ahead of the real one; without it afterwards.
demo_clock() {
        local clock
        clock=$(cat "$DEMO/clock" 2>/dev/null) || clock=
        if [ -n "$clock" ]; then HUB_CLOCK=$clock "$@"; else "$@"; fi
}

demo_processes() {
        local name
        demo_loop correlate correlator "$HUB" correlate
        demo_loop relay relay "$HUB" relay
        demo_loop serve api "$HUB" serve
        for name in "${INSTANCES[@]}"; do demo_loop "$name" adapter "$HUB" run "$name"; done
}

# Those of one call at the same time.
demo_end_processes() {
        local name ends=()
        for name in "$@"; do
                demo_end "$name" &
                ends+=($!)
        done
        wait "${ends[@]}"
}

# Who publishes first, so that the others see all of it.
demo_end_all() {
        demo_end_processes city "${INSTANCES[@]}"
        demo_end_processes serve relay correlate
}

demo_stop() {
        demo_end_all
        [ ! -e "$DEMO/mosquitto" ] || mosquitto_stop "$DEMO/mosquitto"
        [ ! -e "$DEMO/kafka" ] || kafka_stop "$DEMO/kafka"
        [ ! -e "$DEMO/postgres/data/PG_VERSION" ] || postgres_stop "$DEMO/postgres"
}

# ---- topics, tables, what is in them ----

demo_tables() {
        postgres_database "$HUB_PORT_POSTGRES" "$HUB_SECRETS" || die "the database hub cannot be made"
        demo_clock "$HUB" migrate || die "hub migrate failed"
        postgres_logins "$HUB_PORT_POSTGRES" "$HUB_SECRETS" || die "the logins cannot be made"
        platforms_tables "$HUB_PORT_POSTGRES" "$HUB_SECRETS" "$HUB_CLONE/tests/city/city.py" || die "the tables of the platforms cannot be made"
        secure_rights "${HUB_GRID_TOPIC:-district.grid.cases}" || die "Kafka's rights cannot be given: $DEMO/logs/rights.log"
        "$HUB" topics || die "hub topics failed"
        demo_people || die "the console's people cannot be made"
}

# Who may look at the console, and who may act there; without passwords: a link logs each in.
demo_people() {
        local names
        names=$("$HUB" user list | tr -s " ") || return 1
        grep -q '^user guest ' <<<"$names" || "$HUB" user add guest --role viewer --no-password || return 1
        grep -q '^user dispatcher ' <<<"$names" || "$HUB" user add dispatcher --role dispatcher --no-password
}

demo_sql() {
        postgres_sql "$HUB_PORT_POSTGRES" "$HUB_SECRETS" hub_owner "$@"
}

# Everything that was published stands in the warehouse, every incident version on its topic.
demo_settled() {
        "$HUB" audit && [ "$(demo_sql -c 'SELECT count(*) FROM ops.outbox WHERE published_at IS NULL')" = 0 ]
}

demo_settle() {
        wait_for 120 "every event in the warehouse and every version on its topic" demo_settled || {
                "$HUB" audit >&2 || true
                die "the ledger does not balance yet: look at deploy/demo status and $DEMO/logs"
        }
}

demo_hub() {
        [ -x "$HUB" ] || die "nothing is built: deploy/demo start"
        demo_clock "$HUB" "$@"
}
