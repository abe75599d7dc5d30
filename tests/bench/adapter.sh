# shellcheck shell=bash
# One adapter process, from MQTT to Kafka: the processor's seconds that 100,000 messages take of it, as fast as they come, and
# its memory when it is idle; beside them what it cannot go far below. Sourced by tests/bench/run.

# figure TEXT NUMBER UNIT LIMIT
figure() {
        printf '%-44s %9s %s   (%s)\n' "$1" "$2" "$3" "$4"
}

# The clock's ticks that a process has spent.
ticks_of() {
        awk '{ sub(/^.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"
}

memory_of() {
        awk '$1 == "Pss:" { printf "%.1f", $2 / 1024 }' "/proc/$1/smaps_rollup"
}

log_end() {
        "$WIRE" watermarks "$BROKERS" hub.events.v1 | awk '$1 == 0 { print $3 }'
}

log_holds() {
        [ "$(log_end)" -ge "$1" ]
}

# adapter_listens NAME FROM: a message of ours came out; before that the broker may have nobody to keep one for.
adapter_listens() {
        head -n 1 "$TEST/records/messages" | mqtt_publish "$1/events"
        hub tail events --partition 0 --from "$2" --until-end | grep -q "\"kind\":\"report\".*\"instance\":\"$1\""
}

# adapter_pace NAME COUNT: 2,000 messages a second, from just before their publish to a consumer of the log.
adapter_pace() {
        local from
        from=$(log_end)
        PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$BENCH/pace.py" send "$2" 2000 | mqtt_publish "$1/events" &
        timeout 120 "$HUB" tail events --partition 0 --from "$from" | PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$BENCH/pace.py" hear "$1" "$2" 2000 || true
        wait $!
}

# adapter_measure NAME DURABILITY MESSAGES LIMIT
adapter_measure() {
        local name=$1 count=$3 pid begin ticks from
        from=$(log_end)
        "$HUB" run "$name" 2>"$TEST/logs/$name.log" &
        pid=$!
        wait_for 60 "$name" adapter_listens "$name" "$from"
        [ "$2" != process ] || figure "memory of one adapter, idle" "$(memory_of $pid)" "MiB PSS" "at most 10; less where others share its libraries"
        kill -STOP $pid # so that none of them is waited for
        head -n "$count" "$TEST/records/messages" | mqtt_publish "$name/events"
        from=$(log_end) ticks=$(ticks_of $pid) begin=$(now)
        kill -CONT $pid
        wait_for 300 "the messages of $name" log_holds $((from + count))
        rate "MQTT to Kafka, durability: $2" "$count" "$begin" "$(now)"
        figure "  its CPU" "$(awk -v spent=$(($(ticks_of $pid) - ticks)) -v hertz="$(getconf CLK_TCK)" -v count="$count" \
                'BEGIN { printf "%.2f", spent / hertz / count * 1e5 }')" "s for 100,000" "$4"
        [ "$2" != process ] || figure "  its memory when that is done" "$(memory_of $pid)" "MiB PSS" "the same limit from its next tick on, within a minute: it gives back what it does not use"
        adapter_pace "$name" $((EVENTS < 20000 ? EVENTS : 20000))
        kill -TERM $pid
        wait $pid || true
}

bench_adapter() {
        local parse few=$((EVENTS < 2000 ? EVENTS : 2000))
        mkdir -p "$TEST/records"
        [ -e "$TEST/records/messages" ] || /usr/bin/python3 "$BENCH/records.py" "$TEST/records" "$EVENTS"
        hub translate citybrain --config "$HUB_CONFIG" --instance brain-a "$TEST"/records/citybrain/000* >"$TEST/events" 2>"$TEST/logs/translate.log"
        parse=$("$(dirname "$WIRE")/../../bench/bench-parse" "$TEST/events")
        figure "a Jansson parse alone of an event" "$parse" "s for 100,000" "$(head -n 1 "$TEST/events" | wc -c) bytes"
        adapter_measure brain-p process "$EVENTS" "at most $(awk "BEGIN { printf \"%.2f\", $parse * 4.4 / 3.1 }"), as a program by hand in Go"
        figure "a fdatasync alone" "$(/usr/bin/python3 "$BENCH/sync.py" "$HUB_STATE")" "ms" "once a message of the next"
        adapter_measure brain-a power "$few" "at most $(awk "BEGIN { printf \"%.2f\", $parse * 1.6 * 4.4 / 3.1 }")"
}
