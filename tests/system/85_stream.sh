#!/bin/bash
# The stream of incidents: clients of all kinds listen to hub serve while versions come in and serve, relay and PostgreSQL are killed. What each
# heard, over all its connections, is what the outbox holds, in order: nothing missing, nothing twice, nothing older after something newer.
# Beside some of each kind, which filter, a crowd listens to everything (tool/crowd.c). STREAM_CROWD, STREAM_CLIENTS, STREAM_RATE (versions a second) and
# STREAM_SECONDS make it as large as you like; HUB_SEED repeats it. tests/run --long has 1,000 clients and 500 versions a second for a minute.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"

CROWD=${STREAM_CROWD:-100} CLIENTS=${STREAM_CLIENTS:-21} RATE=${STREAM_RATE:-100} SECONDS_OF=${STREAM_SECONDS:-20}
HEARING=${HEARING:-$(dirname "$(dirname "$HUB")")/tests/system/tool/test-crowd}
KINDS=${STREAM_KINDS:-all,restless,slow,open,severe,zone,box}
SEED=${HUB_SEED:-$RANDOM}
port_fresh HUB_PORT_SERVE
ADDRESS=127.0.0.1:$HUB_PORT_SERVE

stream() {
        /usr/bin/python3 "$HERE/lib/stream.py" "$@" --seed "$SEED"
}

# A small ring, so that many are behind it.
configure() {
        printf '"350206": { name: 湖里区, partition: 3 }\n"350203": { name: 思明区, partition: 7 }\n' >"$TEST/zones.yaml"
        config_head >"$TEST/hub.yaml"
        printf 'serve: { listen: "%s", stream_versions: %s, connections: 3000, anybody: viewer, requests: 0 }\ninstances: {}\n' "$ADDRESS" "${STREAM_RING:-300}" >>"$TEST/hub.yaml"
        export HUB_CONFIG=$TEST/hub.yaml
}

answers() {
        curl -sS -o /dev/null --max-time 5 "http://$ADDRESS/v1/"
}

cut_off() {
        SQL_USER=postgres sql "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename IN ('api', 'relay')" >/dev/null
}

crash() {
        service_kill postgres && service_start postgres
}

# One blow each seventh of the time; after the last one all go on for a while.
blows() {
        local blow
        for blow in "process_kill serve" cut_off "process_kill relay" crash "process_kill serve" cut_off; do
                sleep "$(awk "BEGIN { print $SECONDS_OF / 7 }")"
                echo "blow: $blow"
                $blow || echo "it missed"
        done
}

numbered() {
        sql_is "SELECT count(*) FILTER (WHERE feed IS NULL) = 0 AND count(*) = (SELECT feed FROM ops.feed_head) FROM ops.outbox" t
}

echo "seed $SEED, $CLIENTS and $CROWD clients, $RATE versions a second for $SECONDS_OF s"
ulimit -n 8192 2>/dev/null || true
service_up kafka postgres
configure
hub_ready
process_up relay relay
process_up serve serve
wait_for 30 "hub serve" answers
stream listen "$ADDRESS" --clients "$CLIENTS" --kinds "$KINDS" --until "$TEST/head" --boots 3 >"$TEST/listened" 2>&1 &
listener=$!
"$HEARING" "$ADDRESS" "$CROWD" "$TEST/crowd" --until "$TEST/head" &
crowd=$!
stream write --seconds "$SECONDS_OF" --rate "$RATE" >"$TEST/written" 2>&1 &
writer=$!
blows
check "all is written" wait "$writer"
cat "$TEST/written"
wait_for 60 "numbers for all of it" numbered
sql "SELECT feed FROM ops.feed_head" >"$TEST/head"
check "each client heard all of it, in order" wait "$listener"
cat "$TEST/listened"
check "the crowd ends" wait "$crowd"
check "what each of the crowd heard is the outbox, in order" stream judge "$TEST/crowd" --clients "$CROWD"
check "who is past what is kept is told so" stream reset "$ADDRESS"
process_down serve
exit "$FAILED"
