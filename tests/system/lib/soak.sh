# shellcheck shell=bash
# The parts of tests/system/soak. Needs services.sh, config.sh, flow.sh, and EVENTS, KILLS, RATE, SEED, PROBLEMS, PLACES, PART.

LOAD_ADAPTERS=(brain-a brain-b line-c line-d grid-e letters-f)
OTHERS=(correlate-1 correlate-2 relay-1 relay-2 serve-1 serve-2)
SERVES=() FAULTS=() SENT=0 COUNTED=0

# ---- faults: fault NAME start|stop ----

fault() {
        "fault_$1" "$2"
}

fault_kafka() {
        soak_service kafka "$1"
}

fault_postgres() {
        soak_service postgres "$1"
}

# What it had queued for an adapter that was away it saves each 100 changes, which may be long ago: it is told to save, and dies then.
fault_mosquitto() {
        if [ "$1" = start ]; then
                touch "$TEST/mosquitto/asked"
                process_signal "$TEST/mosquitto/mosquitto.pid" USR1
                wait_for 5 "Mosquitto to save" test "$TEST/mosquitto/data/mosquitto.db" -nt "$TEST/mosquitto/asked" || true
        fi
        soak_service mosquitto "$1"
}

soak_service() {
        case $2 in
        start) service_kill "$1" ;;
        stop) service_start "$1" ;;
        esac
}

# soak_faults "NAME ...": further ones, of faults/NAME.sh; they may put something of theirs before HUB, which is SOAK_HUB at
# first. What they change of the configuration fault_NAME_configured does.
soak_faults() {
        local name SOAK_HUB=$HUB
        for name in $1; do
                # shellcheck disable=SC1090
                . "$HERE/faults/$name.sh"
                FAULTS+=("$name")
        done
}

# ---- up ----

# The demo's configuration, and the load's instances in a file of their own beside the others.
soak_configure() {
        local name
        cp -r "$HUB_CLONE/deploy/config" "$TEST/config"
        {
                echo "instances:"
                config_mqtt brain-a 350206 brain-a "$TEST/load/brain-a.csv"
                config_mqtt brain-b 350203 brain-b "$TEST/load/brain-b.csv"
                HUB_PORT_HTTP=$HUB_PORT_LOAD config_http line-c 350205 /line-c 500ms 10min 200
                HUB_PORT_HTTP=$HUB_PORT_LOAD config_http line-d 350211 /line-d 500ms 10min 200
                config_grid grid-e 350206 grid-e
                config_letters letters-f 350203 "$TEST/letters"
        } >"$TEST/config/conf.d/load.yaml"
        export HUB_CONFIG=$TEST/config/hub.yaml
        for name in "${FAULTS[@]}"; do ! declare -F "fault_${name}_configured" >/dev/null || "fault_${name}_configured"; done
}

soak_serve() {
        port_fresh HUB_PORT_SERVE
        export HUB_PORT_SERVE
        SERVES+=("127.0.0.1:$HUB_PORT_SERVE")
        process_up "$1" serve
        wait_for 30 "$1" curl -sf -o /dev/null "http://127.0.0.1:$HUB_PORT_SERVE/v1/"
}

soak_load() {
        program_up load /usr/bin/python3 -X faulthandler "$CITY" load --work "$TEST/load" --http "127.0.0.1:$HUB_PORT_LOAD" --hotline-password-file "$HUB_SECRETS/hotline" --stay \
                --mqtt "127.0.0.1:$HUB_PORT_MQTT" --mqtt-user city --mqtt-password-file "$HUB_SECRETS/mqtt-city" --seed "$SEED" \
                --events "$EVENTS" --rate "$RATE" --kafka "$BROKERS" --grid-topic grid-e --letters "$TEST/letters" --most "$TEST/most" --places "$PLACES"
}

# No more than is due before the next blow but one is sent: however slow the machine is, so many events there are, and so many
# blows fall while they flow.
soak_most() {
        echo "$1" >"$TEST/most.new"
        mv "$TEST/most.new" "$TEST/most"
}

# The city's five days last as long as the blows on a machine that has nothing else to do.
soak_up() {
        local name
        port_fresh HUB_PORT_LOAD
        mkdir -p "$TEST/letters" "$TEST/load"
        /usr/bin/python3 "$CITY" load --work "$TEST/load" --prepare --places "$PLACES"
        soak_configure
        flow_all
        FLOW_CITY=(--seed "$((SEED % 99 + 1))")
        export HUB_TICK_MS=${HUB_TICK_MS:-2000}
        flow_up "${SOAK_SECONDS:-$((EVENTS / 500 > KILLS * 3 + 20 ? EVENTS / 500 : KILLS * 3 + 20))}" "$PROBLEMS"
        for name in "${LOAD_ADAPTERS[@]}"; do process_up "$name" run "$name"; done
        FLOW_ADAPTERS+=("${LOAD_ADAPTERS[@]}")
        for name in correlate-1 correlate-2 relay-1 relay-2; do process_up "$name" "${name%-*}"; done
        for name in serve-1 serve-2; do soak_serve "$name"; done
        /usr/bin/python3 "$HERE/lib/soak_ear.py" "$TEST/head" "${SERVES[@]}" >"$TEST/logs/ear.log" 2>&1 &
        EAR=$!
        soak_most "$PART"
        soak_load
        wait_for 60 "the first event in the warehouse" sql_is "SELECT count(*) > 0 FROM ods.record WHERE kind = 'report' AND zone = '350203'" t
}

# ---- blows ----

# A simulator that began again has forgotten what it had sent: that is an error of the test's own.
soak_again() {
        grep -q '"it ended and is started again"' "$TEST/logs/load.log"
}

soak_early() {
        grep -B 20 -m 1 '"it ended and is started again"' "$TEST/logs/load.log" || tail -n 5 "$TEST/logs/load.log"
        echo "the load has ended early"
        exit 1
}

# soak_sent: SENT is how many events the load has sent; only what its list has grown by is counted.
soak_sent() {
        local lines bytes
        read -r lines bytes < <(tail -c "+$((COUNTED + 1))" "$TEST/load/events.csv" | wc -lc)
        SENT=$((SENT + lines)) COUNTED=$((COUNTED + bytes))
}

soak_reached() {
        soak_sent
        [ "$SENT" -ge "$1" ]
}

# What is sent is taken, but for four parts of it: blows shall fall on what flows, not on a heap.
soak_taken() {
        [ "$(sql "SELECT sum(next_offset) FROM ops.kafka_offset WHERE topic = 'hub.events.v1'")" -ge "$1" ]
}

strike() {
        /usr/bin/python3 "$HERE/lib/soak_blow.py" "$@"
}

# A fault stands until some more has been sent, or nothing more can be.
soak_fault() {
        local held
        soak_sent
        held=$((SENT + PART / 2))
        strike begin "$1"
        fault "$1" start
        case $1 in kafka | postgres | mosquitto) ;; *) wait_for 5 "the fault to be felt" soak_reached "$held" >/dev/null 2>&1 || true ;; esac
        fault "$1" stop
        strike end "$1"
}

# soak_poison: values that are no event, past every adapter: the correlator refuses them, and them alone. What was put stands in poison.txt.
soak_poison() {
        local number
        number=$(wc -l 2>/dev/null <"$TEST/poison.txt" || echo 0)
        strike begin poison
        {
                echo '{"id": "p12::half of number '"$number"
                echo '{"id":"cmd:'"$number"'","kind":"command","zone":"350206","verb":"close","events":["p12::x:1"],"by":"user:mallory","at":"2023-12-05T01:00:00.000Z"}'
        } >"$TEST/poison"
        "$WIRE" put "$BROKERS" hub.events.v1 0 <"$TEST/poison"
        for reason in not_json bad_signature; do
                printf '%s %s\n' "$(sed -n "$([ "$reason" = not_json ] && echo 1 || echo 2)p" "$TEST/poison" | tr -d '\n' | sha256sum | cut -d' ' -f1)" "$reason"
        done >>"$TEST/poison.txt"
}

soak_blow() {
        case $1 in
        fault) soak_fault "$2" ;;
        poison) soak_poison ;;
        together) strike together "${FLOW_ADAPTERS[@]}" ;;
        *) strike "$@" ;;
        esac
}

# Blows fall all over what is sent, but for its end.
soak_blows() {
        local card number=0 IFS=,
        strike deal "$SEED" "$KILLS" "${FLOW_ADAPTERS[*]}" "${OTHERS[*]}" "${FAULTS[*]}" >"$TEST/cards"
        unset IFS
        while read -r card <&3; do
                soak_most $((PART * (number + 2)))
                # what the cameras' broker has not acknowledged and what waits for its list is sent, but not told yet
                wait_for 120 "more to be sent" soak_reached $((PART * number)) || return 1
                wait_for 300 "what was sent to be taken" soak_taken $((PART * (number - 4))) || return 1
                number=$((number + 1))
                # shellcheck disable=SC2086
                soak_blow $card || { echo "blow $number, $card: it missed"; FAILED=1; }
                ! soak_again || soak_early
                [ $((number % 10)) -ne 0 ] || echo "blow $number, $card: $SENT events sent after $((SECONDS - began)) s"
        done 3<"$TEST/cards"
        soak_most "$EVENTS"
}

# ---- down ----

soak_over() {
        [ -e "$TEST/load/played.json" ] || soak_again
}

soak_all() {
        soak_missing_none play && soak_missing_none load
}

# What is promised is there, but for what Mosquitto may have lost: that the verdict counts.
soak_missing_none() {
        ! missing "$TEST/$1/events.csv" | grep -qvE '^p(09|10):'
}

soak_numbered() {
        sql_is "SELECT count(*) FILTER (WHERE published_at IS NULL) = 0 AND max(feed) = (SELECT feed FROM ops.feed_head) FROM ops.outbox" t
}

soak_played() {
        wait_for $((600 + EVENTS / 100)) "the load to be taken" soak_over
        [ -e "$TEST/load/played.json" ] || soak_early
        flow_played 600
        wait_for $((300 + EVENTS / 100)) "the log to be read" log_read || true
        wait_for $((300 + EVENTS / 100)) "every event in the warehouse" soak_all || { missing "$TEST/play/events.csv" | head -n 3; missing "$TEST/load/events.csv" | head -n 3; FAILED=1; }
}

# The adapters drain; the log is read, and all of it told; then the client of the stream has it all, too.
soak_down() {
        loops_stop 60 "${FLOW_ADAPTERS[@]}"
        wait_for 120 "nothing unread, nothing unpublished" lag_zero || FAILED=1
        wait_for 60 "numbers for all of it" soak_numbered || FAILED=1
        sql "SELECT feed FROM ops.feed_head" >"$TEST/head"
        check "the client of the stream ends" wait "$EAR"
        loops_stop 40 "${OTHERS[@]}"
}
