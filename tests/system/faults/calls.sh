# shellcheck shell=bash
# A fault of the soak: what fails beneath a process that begins again. While it stands, each that is started as hub has one call
# of its life failed, a random one: an allocation of a library, or a call on files and sockets, of libpq, libcurl,
# libmicrohttpd, Paho or our own (tests/torture/shim.c, for a binary without a sanitizer). Both correlators, a relay, and some
# adapters begin again so.

CALLS_SHIM=$(dirname "$(dirname "$SOAK_HUB")")/tests/torture/test-shim.so CALLS_AT=0 CALLS_EACH=6 CALLS_MOST=(400 4000 20000)
[ -e "$CALLS_SHIM" ] || { echo "no test-shim.so beside $SOAK_HUB"; exit 1; }

# calls WHAT MOST stands in the file while the fault does.
cat >"$TEST/hub-calls" <<END
#!/bin/bash
if read -r what most <"$TEST/calls"; then
        export LD_PRELOAD=$CALLS_SHIM\${LD_PRELOAD:+:\$LD_PRELOAD} SHIM_WHAT=\$what SHIM_AT=\$((SRANDOM % most + 1)) SHIM_ERROR=\$([ "\$what" = memory ] && echo 12 || echo \$((SRANDOM % 2 ? 5 : -1)))
        echo "\$what \$SHIM_AT \$SHIM_ERROR \$*" >>"$TEST/logs/calls"
fi 2>/dev/null
exec $HUB "\$@"
END
chmod +x "$TEST/hub-calls"
HUB=$TEST/hub-calls

fault_calls() {
        local name pid number
        if [ "$1" = stop ]; then rm -f "$TEST/calls"; return; fi
        echo "$([ $((CALLS_AT % 2)) -eq 0 ] && echo io || echo memory) ${CALLS_MOST[CALLS_AT % 3]}" >"$TEST/calls"
        for name in correlate-1 correlate-2 "relay-$((CALLS_AT % 2 + 1))" "serve-$((CALLS_AT % 2 + 1))"; do read -r pid _ <"$TEST/run/$name.pid" && kill -KILL "$pid"; done 2>/dev/null || true
        for ((number = 0; number < CALLS_EACH; number++)); do
                name=${FLOW_ADAPTERS[(CALLS_AT * CALLS_EACH + number) % ${#FLOW_ADAPTERS[@]}]}
                read -r pid _ <"$TEST/run/$name.pid" && kill -KILL "$pid"
        done 2>/dev/null || true
        CALLS_AT=$((CALLS_AT + 1))
}
