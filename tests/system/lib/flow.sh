# shellcheck shell=bash
# The demo's flow under test: four platforms of the simulated city through Kafka into PostgreSQL and back to Kafka. Needs config.sh.

FLOW_ADAPTERS=(citybrain hotline citizen grid envletter) FLOW_ALL= FLOW_CITY=() # the last: what else city.py play is told

# flow_all: all platforms play, not only the first four.
flow_all() {
        FLOW_ALL=yes
        FLOW_ADAPTERS+=("${PLATFORM_INSTANCES[@]}")
}

# flow_up SECONDS PROBLEMS: services, processes and the city; the city plays its five days in so many seconds.
flow_up() {
        local more=()
        service_up kafka postgres mosquitto
        HUB_CLOCK=$(/usr/bin/python3 "$CITY" clock --seconds "$1")
        export HUB_INBOX=$TEST/inbox
        mkdir -p "$HUB_INBOX/envletter" "$HUB_INBOX/aerial"
        export HUB_CLOCK HUB_POLL=${HUB_POLL:-500ms} HUB_TICK_MS=${HUB_TICK_MS:-5000} HUB_LOOP_WAIT=0.3
        hub_ready
        if [ -n "$FLOW_ALL" ]; then
                platforms_tables "$HUB_PORT_POSTGRES" "$HUB_SECRETS" /usr/bin/python3 "$CITY"
                mapfile -t more < <(platforms_arguments "$HUB_PORT_POSTGRES" "$HUB_SECRETS" "$HUB_INBOX")
        fi
        for name in "${FLOW_ADAPTERS[@]}"; do process_up "$name" run "$name"; done
        city_start play play --problems "$2" --kafka "$BROKERS" --letters "$HUB_INBOX/envletter" --devices "$HUB_CLONE/deploy/config/devices/citybrain.csv" "${more[@]}" "${FLOW_CITY[@]}"
}

flow_played() {
        wait_for "${1:-300}" "the city to be done" flow_over
        [ -e "$TEST/play/played.json" ] || { tail -n 5 "$TEST/logs/play.log"; echo "the city has ended early"; exit 1; }
}

flow_over() {
        [ -e "$TEST/play/played.json" ] || grep -q '"it ended and is started again"' "$TEST/logs/play.log"
}

# flow_down PROCESS...: the adapters drain and write their last ticks; then the log is read to its end, and the others stop.
flow_down() {
        local name
        for name in "${FLOW_ADAPTERS[@]}"; do process_down "$name"; done
        if [ $# -gt 0 ]; then wait_for 60 "nothing unread, nothing unpublished" lag_zero || FAILED=1; fi
        for name in "$@"; do process_down "$name"; done
}
