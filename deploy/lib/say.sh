# shellcheck shell=bash
# What people see: one line a step, with its time; trouble in one line; long steps show that they live.

say() {
        printf '%s\n' "$*"
}

# die TEXT: one line on stderr, exit 1.
die() {
        printf '%s: %s\n' "${0##*/}" "$*" >&2
        exit 1
}

# long TEXT LOG COMMAND...: runs COMMAND with its output in LOG and says TEXT, its time, and on failure the end of LOG.
# The command runs in the background so that Ctrl-C is answered at once; $LONG_PID is its pid meanwhile.
LONG_PID=
long() {
        local text=$1 log=$2 began=$SECONDS code=0
        shift 2
        [ -t 1 ] || printf '%s ...\n' "$text"
        "$@" >"$log" 2>&1 </dev/null &
        LONG_PID=$!
        long_watch "$text" "$began"
        wait "$LONG_PID" || code=$?
        LONG_PID=
        if [ "$code" -ne 0 ]; then
                [ ! -t 1 ] || printf '\r%-60s failed\n' "$text"
                tail -n 25 "$log" >&2
                printf '%s: %s: failed (exit %d); the whole log is %s\n' "${0##*/}" "$text" "$code" "$log" >&2
                return "$code"
        fi
        [ ! -t 1 ] || printf '\r%-60s %3d s\n' "$text" $((SECONDS - began))
        [ -t 1 ] || [ $((SECONDS - began)) -lt 5 ] || printf '%s: done in %d s\n' "$text" $((SECONDS - began))
}

long_watch() {
        local next=15
        while kill -0 "$LONG_PID" 2>/dev/null; do
                if [ -t 1 ]; then
                        printf '\r%-60s %3d s' "$1" $((SECONDS - $2))
                elif [ $((SECONDS - $2)) -ge "$next" ]; then
                        printf '    %s: %d s so far\n' "$1" $((SECONDS - $2))
                        next=$((next * 2))
                fi
                sleep 0.2
        done
}

# wait_for SECONDS TEXT COMMAND...: until COMMAND succeeds; 1 and one line when SECONDS are over.
wait_for() {
        local seconds=$1 text=$2 end=$((SECONDS + $1))
        shift 2
        until "$@" >/dev/null 2>&1; do
                if [ "$SECONDS" -ge "$end" ]; then
                        printf '%s: waited %d s in vain for %s\n' "${0##*/}" "$seconds" "$text" >&2
                        return 1
                fi
                sleep 0.1
        done
}
