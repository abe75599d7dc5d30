#!/bin/bash
# The push front and the writer at work, once for each of many calls beneath them that fails (allocations of their libraries, calls on
# files and sockets, of which it does half or nothing: tests/torture/shim.c): whoever was answered 2xx stands in the warehouse, once, and
# neither of them stands still. TORTURE_POINTS is how many calls of a kind, evenly spread (0: each).
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/config.sh"
. "$(dirname "$0")/lib/torture.sh"


EACH=4 POINTS=${TORTURE_POINTS:-2} PUSHED=0 LIVES=0 STRUCK=0
declare -A COMMANDS
export HUB_CONFIG=$TEST/hub.yaml HUB_LOOP_WAIT=0.1
push() { timeout 90 /usr/bin/python3 "$HERE/lib/push.py" "http://127.0.0.1:$HUB_PORT_HTTP/hook" --keys "$HUB_SECRETS/hook" "$@"; }
stored() { sql "SELECT (substring(id from '2312051019([0-9]{8})'))::int FROM ods.record WHERE verdict = 'stored' AND kind = 'report' ORDER BY 1"; }
stored_are() { [ "$(stored | wc -l)" -ge "$1" ]; }
answered() { grep -hE '^[0-9]+ 2' "$TEST"/pushed-* | cut -d' ' -f1 | sort -n; }
gone() { [ ! -e "$1" ]; }
process_ended() { ! kill -0 "$1" 2>/dev/null; }

# tortured NAME ARGUMENT...: hub ARGUMENT... in a loop; what fails in its next life stands in NAME.next.
tortured() {
        local name=$1
        shift
        cat >"$TEST/$name.life" <<END
#!/bin/bash
fault=\$(cat "$TEST/$name.next" 2>/dev/null)
rm -f "$TEST/$name.next"
exec env \$fault "$HUB" "\$@"
END
        chmod +x "$TEST/$name.life"
        COMMANDS[$name]=$*
        HUB=$TEST/$name.life process_up "$name" "$@"
}

# in_time NAME COMMAND...: true when COMMAND is. Who could not read his configuration waits for a person: for us.
in_time() {
        # shellcheck disable=SC2086
        loop_lives "$TEST" "$1" || loop_start "$TEST" "$1" "$TEST/$1.life" ${COMMANDS[$1]}
        "${@:2}"
}

# life NAME WHAT AT ERROR: it begins again, its call of that number fails, and cases are pushed until all are taken.
life() {
        local name=$1
        rm -f "$TEST/count" "$TEST/struck"
        echo "LD_PRELOAD=$SHIM SHIM_WHAT=$2 SHIM_AT=$3 SHIM_ERROR=$4 SHIM_COUNT=$TEST/count SHIM_STRUCK=$TEST/struck" >"$TEST/$name.new"
        mv "$TEST/$name.new" "$TEST/$name.next"
        process_signal "$TEST/run/$name.pid" TERM || true
        wait_for 20 "$name to begin again" in_time "$name" gone "$TEST/$name.next" || return 1
        push --first "$PUSHED" --count "$EACH" --clients 2 --out "$TEST/pushed-$PUSHED" >/dev/null &
        wait_for 60 "an answer" in_time "$name" process_ended $! || return 1
        PUSHED=$((PUSHED + EACH))
        wait_for 60 "what was answered in the warehouse" in_time "$name" stored_are "$PUSHED" || return 1
        [ "$3" -eq 0 ] || LIVES=$((LIVES + 1))
        [ ! -e "$TEST/struck" ] || STRUCK=$((STRUCK + 1))
}

# calls NAME WHAT: how many it makes in such a life.
calls() {
        life "$1" "$2" 0 0
        process_signal "$TEST/run/$1.pid" TERM
        wait_for 20 "the count" test -s "$TEST/count"
        CALLS=$(cat "$TEST/count")
}

torture() {
        local name=$1 what=$2 at error step
        shift 2
        calls "$name" "$what"
        step=$((POINTS > 0 && CALLS > POINTS ? CALLS / POINTS : 1))
        for error in "$@"; do
                for ((at = step / 2 + 1; at <= CALLS; at += step)); do
                        life "$name" "$what" "$at" "$error" || { echo "FAILED: $name, $what $at of $CALLS (error $error)"; FAILED=1; tail -n 5 "$TEST/logs/$name.log"; return; }
                done
        done
        echo "$name, $what: $CALLS calls"
}

service_up kafka postgres
push_key
cp "$HUB_CLONE/deploy/config/zones.yaml" "$TEST/zones.yaml"
{
        config_head | sed 's/^postgres:/&\n  statement_timeout: 5s/'        # what fails may have to be waited for so long
        echo "instances:"
        config_push hook 350206 5s
} >"$HUB_CONFIG"
hub_ready
tortured correlate correlate
tortured hook run hook
for name in hook correlate; do
        torture "$name" memory 12
        torture "$name" io 5 -1
done
check "calls failed while they were in use ($STRUCK of $LIVES lives)" test "$STRUCK" -gt $((LIVES / 4))
check "what was answered is in the warehouse, each once, and nothing else" diff <(answered) <(stored)
for name in hook correlate; do process_down "$name"; done
check "the ledger balances" hub audit --wait 30s
