# shellcheck shell=bash
# A fault of the soak: the wall clock of all of hub's processes steps (tests/torture/clock.c), an hour of the city ahead or ten
# minutes back, each time the other, and then to where it should be.

CLOCK_LIBRARY=$(dirname "$(dirname "$SOAK_HUB")")/tests/torture/test-clock.so CLOCK_STEPS=(3600 -600) CLOCK_AT=0
[ -e "$CLOCK_LIBRARY" ] || { echo "no test-clock.so beside $SOAK_HUB"; exit 1; }

# clock_say SECONDS: of the city. The processes have the file's bytes before them all the time.
clock_say() {
        awk -v step="$1" -v speed="$(cut -d@ -f2 <<<"${HUB_CLOCK:-@1@}")" 'BEGIN { printf "%-15.0f\n", step * 1000 / speed }' | dd of="$TEST/clock" conv=notrunc status=none
}

# What is started as hub sees that clock, and nobody else.
printf '#!/bin/sh\nCLOCK_FILE=%s LD_PRELOAD=%s exec %s "$@"\n' "$TEST/clock" "$CLOCK_LIBRARY" "$HUB" >"$TEST/hub-clock"
chmod +x "$TEST/hub-clock"
HUB=$TEST/hub-clock
clock_say 0

fault_clock() {
        if [ "$1" = start ]; then
                clock_say "${CLOCK_STEPS[CLOCK_AT % ${#CLOCK_STEPS[@]}]}"
        else
                clock_say 0
                CLOCK_AT=$((CLOCK_AT + 1))
        fi
}
