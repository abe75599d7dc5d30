#!/bin/bash
# What everybody runs first: deploy/demo from another folder ends by itself with its table and the city's truth in the warehouse; again, it is
# there already; stop ends every process; start goes on with the data; reset leaves nothing.
set -euo pipefail
# shellcheck source=../lib/services.sh
. "$(dirname "$0")/../lib/services.sh"
export HUB_WORK=$TEST/work HUB_DEMO_SECONDS=40
unset HUB_CONFIG HUB_SECRETS HUB_STATE HUB_POLL HUB_CLOCK
HUB_PORTS=$((HUB_PORT_KAFKA + 100))
export HUB_PORTS
mkdir -p "$HUB_WORK"
kafka_fetch "$CACHE"
ln -s "$CACHE" "$HUB_WORK/cache"

demo() {
        (cd / && "$HUB_CLONE/deploy/demo" "$@") 2>&1 | tee -a "$TEST/logs/demo.log"
}

# Whatever goes wrong below, no process outlives the test.
clean() {
        local code=$?
        set +e                          # or the line that restores the code ends it here, and all services stay
        demo stop >/dev/null || true
        (exit "$code")
        test_end
}
trap clean EXIT

# How many processes name the demo's folder in their command line.
processes() {
        local file found=0
        for file in /proc/[0-9]*/cmdline; do
                if [[ $(tr '\0' ' ' <"$file" 2>/dev/null) == *"$HUB_WORK/"* ]]; then found=$((found + 1)); fi
        done 2>/dev/null
        echo "$found"
}

count() {
        demo psql -qAtc "SELECT count(*) FROM dw.incident"
}

# All sixteen platforms, each with items = published + rejected + ignored.
tables() {
        awk '/^p[01][0-9] / { found++; wrong += $(NF - 4) < 1 || $(NF - 4) != $(NF - 3) + $(NF - 2) + $(NF - 1) } END { exit found != 16 || wrong }' "$TEST/first" &&
                grep -q psql "$TEST/first"
}

most_joined() {
        demo psql -qAtc "SELECT max(cardinality(platforms)) FROM dw.incident"
}

unexplained() {
        demo psql -qAtc "SELECT count(*) FROM dw.link WHERE decision = 'join' AND unlinked_at IS NULL AND jsonb_array_length(reasons) < 3"
}

# The link of its last lines logs in whoever opens it, once.
looks() {
        local link
        link=$(grep -o 'http://127[^ ]*/v1/session/link?key=[^ ]*' "$TEST/first")
        curl -sS -L -c "$TEST/jar" "$link" | grep -q '<title' &&
                curl -sS -b "$TEST/jar" "${link%/session*}/me" | grep -q '"role": *"viewer"' &&
                [ "$(curl -sS -o /dev/null -w '%{http_code}' "$link")" -ge 400 ]
}

demo >"$TEST/first"
check "the demo ends with its table of sixteen platforms and with what to try" tables
check "its link opens the console, for a viewer and once" looks
check "some incident joins five platforms and more" [ "$(most_joined)" -ge 5 ]
check "each link says why" [ "$(unexplained)" -eq 0 ]
check "the analyst's login sees incidents" [ "$(count)" -gt 20 ]
before=$(count)
demo >"$TEST/second"
check "a second start plays no second city" [ "$(count)" -eq "$before" ]
check "status says so" [ "$(demo status | grep -c 'runs$')" -ge 26 ]
demo stop
check "stop ends every process" [ "$(processes)" -eq 0 ]
demo start >"$TEST/third"
check "start goes on with the data" [ "$(count)" -eq "$before" ]
demo reset
check "reset ends every process" [ "$(processes)" -eq 0 ]
check "reset leaves what was downloaded and built only" [ "$(ls -A "$HUB_WORK" | grep -cvE '^(cache|console|www|demo\.lock|packages\.log)$')" -eq 0 ]
