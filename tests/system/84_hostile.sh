#!/bin/bash
# SQL, HTML, templates, formulas and a terminal's escapes in every text of every platform, through the real adapters, the
# correlator and PostgreSQL, up to the page of a real Chromium, the terminal, the logs and the bulletin: all of it is shown as
# text, and nothing obeys it. How many texts came how far is printed, by platform.
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
. "$(dirname "$0")/lib/serve.sh"
command -v npm >/dev/null && [ -x "${HUB_CHROMIUM:-/usr/bin/chromium}" ] || skip "npm or chromium is not here"
export HUB_URL=$SERVE/ HUB_DROP=$TEST/drop HUB_BULLETIN=$TEST/bulletin.html HUB_SEEN=$TEST/seen.json

hostile() { /usr/bin/python3 "$HERE/lib/hostile.py" "$@"; }

# A hotline whose files have to be refused, beside what serve_configure makes.
configure() {
        serve_configure
        sed -i "s|^serve: .*|serve: { listen: \"127.0.0.1:$HUB_PORT_SERVE\", www: \"$(work_folder)/www\", requests: 0 }|" "$TEST/hub.yaml"
        cat >>"$TEST/hub.yaml" <<END
  line: { adapter: hotline, zone: "350206", source: { kind: file, folder: "$HUB_DROP", every: 100ms, quiet: 200ms }, options: { profile: vendor, crs: gcj02 } }
END
}

put() {
        hostile write >"$TEST/hostile.ndjson" && "$WIRE" put "$BROKERS" hub.events.v1 0 <"$TEST/hostile.ndjson" &&
                wait_for 60 "the log to be read" log_read && wait_for 60 "what came of it" sql_is "SELECT count(*) FROM ops.outbox WHERE published_at IS NULL" 0
}

refused() {
        hostile drop "$HUB_DROP" && wait_for 30 "what is refused" sql_is "SELECT count(*) >= 3 FROM ops.rejected WHERE platform = 'p01'" t
}

check "the console is built" console_build "$(work_folder)/www" "$TEST/logs/console.log"
mkdir -p "$HUB_DROP"
service_up kafka postgres
configure
hub_ready
process_up correlate correlate
process_up relay relay
process_up serve serve
process_up line run line
check "every platform's texts are attacked, and its events stored" put
check "as many events as were made" sql_is "SELECT count(*) FROM ods.record WHERE verdict = 'stored' AND kind <> 'tick'" "$(wc -l <"$TEST/hostile.ndjson")"
check "what is no event is refused" refused
wait_for 30 "hub serve" serve_lives
hub warehouse refresh >"$TEST/logs/refresh.log" 2>&1
check "no sheet of the bulletin obeys it" hostile sheets
check "a real browser shows all of it as text" "$HUB_CLONE/tests/console/run" hostile
check "so much came so far" hostile arrived
check "nothing on a terminal, nor in a log, is obeyed" hostile terminal
check "the tables still stand" sql_is "SELECT count(*) > 0 FROM dw.incident" t
exit "$FAILED"
