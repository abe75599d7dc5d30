#!/bin/bash
# The wall, as it hangs for weeks: real Chromium before hub serve while 50 changes a second come in; its heap, nodes and
# listeners do not grow. The changes come from a feeder alone, so that a machine has its time for the browser; with
# WALL_CITY=yes from the simulated city itself: sixteen platforms over their own protocols, every process of the hub, and a crew
# that closes what is old. WALL_SECONDS says how long, WALL_RATE how many changes a second, WALL_OPEN how many are open; without
# it (tests/run --long has it look for two minutes) there is nothing to see.
set -euo pipefail
export HUB_SERVE_ANYBODY=
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
. "$(dirname "$0")/lib/flow.sh"
. "$(dirname "$0")/lib/wall_city.sh"
[ -n "${WALL_SECONDS:-}" ] || skip "only with tests/run --long, or WALL_SECONDS=3600"
command -v npm >/dev/null && [ -x "${HUB_CHROMIUM:-/usr/bin/chromium}" ] || skip "npm or chromium is not here"
port_fresh HUB_PORT_SERVE
export HUB_PORT_SERVE HUB_CONFIG=$TEST/hub.yaml HUB_URL=http://127.0.0.1:$HUB_PORT_SERVE/ HUB_WALL_SECONDS=$WALL_SECONDS

answers() {
        curl -sS -o /dev/null --max-time 5 "${HUB_URL}v1/"
}

listens() {
        [ "$(/usr/bin/python3 "$HERE/lib/metrics.py" "$HUB_STATE/.metrics" value hub_stream_listeners)" = 1 ]
}

# The city begins when the wall looks, so that it sees all of it.
city() {
        wait_for 120 "the wall" listens
        exec /usr/bin/python3 "$HERE/lib/wall.py" --seconds $((WALL_SECONDS + 60)) --rate "${WALL_RATE:-50}" --open "${WALL_OPEN:-1500}"
}

feeder_up() {
        cp "$HUB_CLONE/deploy/config/zones.yaml" "$TEST/zones.yaml"
        {
                config_head
                printf 'metrics: { listen: "127.0.0.1:0", targets: "%s/.metrics" }\nserve: { listen: "127.0.0.1:%s", anybody: viewer, requests: 0, www: "%s/www" }\ninstances: {}\n' "$HUB_STATE" "$HUB_PORT_SERVE" "$(work_folder)"
        } >"$HUB_CONFIG"
        service_up postgres
        postgres_database "$HUB_PORT_POSTGRES" "$HUB_SECRETS"
        hub migrate >"$TEST/logs/migrate.log" 2>&1
        postgres_logins "$HUB_PORT_POSTGRES" "$HUB_SECRETS"
        process_up serve serve
        city >"$TEST/logs/city.log" 2>&1 &
        city=$!
}

# As many are open as stay so.
crowded() {
        sql_is "SELECT count(*) >= $1 FROM dw.incident WHERE version > 0 AND closed IS NULL AND state <> 'void'" t
}

check "the console is built" console_build "$(work_folder)/www" "$TEST/logs/console.log"
if [ -n "${WALL_CITY:-}" ]; then
        city_configure
        city_up "${WALL_OPEN:-1500}"
        wait_for 1200 "the city to be as full as it stays" crowded "${WALL_OPEN:-1500}"
else
        feeder_up
fi
wait_for 30 "hub serve" answers
before=$(date +%s) head=$(city_head)
check "the wall holds what it held" "$HUB_CLONE/tests/console/run" wall
city_said "$head" $(($(date +%s) - before))
[ -z "${city:-}" ] || kill "$city" 2>/dev/null || true
exit "$FAILED"
