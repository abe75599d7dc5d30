# shellcheck shell=bash
# For what runs under tests/torture/shim.c: SHIM, the library that is preloaded, and HUB, a program without a sanitizer, which does not let its
# allocations be failed. Needs services.sh.

SHIM=$(dirname "$(dirname "$HUB")")/tests/torture/test-shim.so
export HUB=$HUB_CLONE/build/hub/hub
unset ASAN_OPTIONS UBSAN_OPTIONS
[ -e "$SHIM" ] || skip "no test-shim.so"
[ -x "$HUB" ] || skip "the release build is not here"
