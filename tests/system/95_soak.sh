#!/bin/bash
# Nothing lost, nothing twice, whatever is killed: tests/system/soak in its short form. tests/run --long has 2,000,000 events
# and 300 blows, for three seeds one after the other, with the optimised binary.
set -euo pipefail
soak=$(cd "$(dirname "$0")" && pwd -P)/soak
[ "${SOAK_RUNS:-1}" -gt 1 ] || exec "$soak"
code=0 release=$(dirname "$soak")/../../build-release/hub/hub
[ ! -x "$release" ] || export HUB=$release
for ((run = 0; run < SOAK_RUNS; run++)); do "$soak" --seed $((${HUB_SEED:-$RANDOM} + run)) || code=1; done
exit "$code"
