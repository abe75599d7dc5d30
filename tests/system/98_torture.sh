#!/bin/bash
# Every adapter's parser, once for each allocation of a library and each call on files that it makes, of which that one fails: no
# crash, and nothing is lost without a word. TORTURE_POINTS is how many of them, evenly spread (0: all). What an instance keeps on
# disk has the same done to it in the property tests (torture-keep).
set -euo pipefail
. "$(dirname "$0")/../lib/services.sh"
. "$(dirname "$0")/lib/torture.sh"

check "parsers bear what fails beneath them" /usr/bin/python3 "$HUB_CLONE/tests/torture/parsers.py" "$SHIM" --points "${TORTURE_POINTS:-4}"
