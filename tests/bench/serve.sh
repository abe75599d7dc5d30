# shellcheck shell=bash
# tests/bench/run --only serve: what hub serve's clients wait for, and what they cost.

export HEARING=${HEARING:-$(dirname "$(dirname "$HUB")")/tests/system/tool/test-crowd}

# Further settings of hub.yaml, for hub serve and the cameras of bench_browser.
serve_config() {
        printf 'serve: { listen: "%s", www: "%s/www", connections: 3000, anybody: viewer, requests: 0 }\n' "$ADDRESS" "$(work_folder)"
}

serve_answers() {
        curl -sS -o /dev/null --max-time 5 "http://$ADDRESS/v1/" 2>/dev/null
}

# From MQTT publish to the row in a real browser, one of so many clients. A shell of its own, which ends crowd and browser however it ends.
bench_browser() (
        local clients=$1 first=$2 count=$(($3 * 5)) room=$TEST/browser-$1 crowd='' browser=''
        trap 'exit 130' INT TERM
        trap 'kill $crowd $browser 2>/dev/null || true; wait' EXIT
        mkdir -p "$room"
        "$HEARING" "$ADDRESS" $((clients - 1)) "$room/heard" --calm --until "$room/head" >/dev/null &
        crowd=$!
        (cd "$(work_folder)/console-tests/tests/console" && exec node publish.mjs "http://$ADDRESS/" "$room/end" "$room/seen") >"$room/said" &
        browser=$!
        wait_for 90 "the browser" grep -q live "$room/said"
        wait_for 60 "the clients" serve_hears "$clients"
        /usr/bin/python3 "$BENCH/publish.py" send "$TEST/far.csv" "$first" "$count" --sent "$room/sent"
        wait_for 60 "their incidents" sql_is "SELECT count(*) >= $((first + count)) FROM dw.subject WHERE subject LIKE '%far%'" t
        sql "SELECT max(feed) FROM ops.outbox" >"$room/head"
        wait "$crowd"
        touch "$room/end"
        wait "$browser"
        /usr/bin/python3 "$BENCH/publish.py" judge "$room/sent" "$room/seen" "$clients"
)

serve_hears() {
        local address
        address=$(sed -n 's/.*"metrics are served","address":"\([^"]*\)".*/\1/p' "$TEST/logs/serve.log" | tail -n 1)
        [ "$(curl -s "http://$address/metrics" | awk '$1 == "hub_stream_listeners" { print $2 }')" -ge "$1" ]
}

console_room() {
        local room
        room=$(work_folder)/console-tests/tests/console
        console_build "$(work_folder)/www" "$TEST/logs/console.log" || return 1
        mkdir -p "$room"
        console_copy "$HUB_CLONE/tests/console" "$room" && (cd "$room" && console_modules)
}

bench_browsers() {
        ulimit -n 8192
        if ! command -v npm >/dev/null || [ ! -x "${HUB_CHROMIUM:-/usr/bin/chromium}" ]; then
                echo "no npm or no chromium: nothing is measured in a browser"
                return
        fi
        console_room
        process_up serve serve
        process_up relay relay
        process_up correlate correlate
        process_up far run far
        wait_for 60 "hub serve" serve_answers
        bench_browser 100 0 "$SECONDS_EACH"
        bench_browser 1000 $((SECONDS_EACH * 5)) "$SECONDS_EACH"
        for name in far correlate relay serve; do process_down "$name"; done
}

# The list by each filter, over a million incidents (BENCH_MILLION=N: so many), which takes some minutes to make.
bench_lists() {
        local begin end size=${BENCH_MILLION:-1000000}
        begin=$(now)
        postgres_sql "$HUB_PORT_POSTGRES" "$HUB_SECRETS" hub_owner -v "size=$size" -v "now=2026-11-29T12:00:00Z" -f "$BENCH/million.sql" >/dev/null
        end=$(now)
        echo "$size incidents, made in $(((end - begin) / 1000000000)) s"
        process_up serve serve
        wait_for 60 "hub serve" serve_answers
        /usr/bin/python3 "$BENCH/rest.py" "$ADDRESS" --each "${BENCH_EACH:-50}"
        process_down serve
}

bench_stream() {
        ulimit -n 8192
        /usr/bin/python3 "$BENCH/stream.py" "$HUB" --seconds "${BENCH_SECONDS:-15}"
}

# BENCH_SERVE="browsers stream lists": these of it.
bench_serve() {
        local part
        for part in ${BENCH_SERVE:-browsers stream lists}; do "bench_$part"; done
}
