#!/bin/bash
# An author's first hour: hub new in a copy of the tree, which builds; its fixtures pass, hub conform finds nothing, its page is brought up to date, and hub check
# takes its instance. Nothing that is there is written over.
set -euo pipefail
# shellcheck source=../lib/services.sh
. "$(dirname "$0")/../lib/services.sh"
# shellcheck source=lib/tree.sh
. "$(dirname "$0")/lib/tree.sh"

refused() {
        local code=0
        "$HUB" new "$@" --tree "$TREE" >"$TEST/refused" 2>&1 || code=$?
        [ "$code" -eq 2 ]
}

# Its sums are those of the program before: what is there stays.
twice() {
        local before
        before=$(find "$TREE" -type f -newer "$TEST/began" -exec sha256sum {} + | sort)
        refused demo17 --source http_poll
        [ "$before" = "$(find "$TREE" -type f -newer "$TEST/began" -exec sha256sum {} + | sort)" ]
}

# As the operator does it: beside the shipped configuration.
checked() {
        cp -r "$TREE/deploy/config" "$TEST/config"
        mkdir -p "$TEST/config/conf.d"
        cp "$TREE/deploy/config/examples/demo17.yaml" "$TEST/config/conf.d/"
        secret_make "$HUB_SECRETS/mqtt-hub"
        secret_make "$HUB_SECRETS/hotline"
        secret_make "$HUB_SECRETS/postgres-hub_owner"
        "$TREE/build/hub/hub" check "$TEST/config/hub.yaml"
}

conforms() {
        (cd "$TREE" && build/hub/hub conform demo17)
}

current() {
        ! HUB=$TREE/build/hub/hub "$TREE/tests/fixtures/pages" && HUB=$TREE/build/hub/hub "$TREE/tests/fixtures/pages" --write &&
                HUB=$TREE/build/hub/hub "$TREE/tests/fixtures/pages"
}

tree_copy
touch "$TEST/began"
check "a name that C has is refused" refused while --source http_poll
check "an adapter that is there is refused" refused grid --source http_poll
check "a source that nobody has is refused" refused demo17 --source http_pull
check "hub new writes an adapter" "$HUB" new demo17 --source http_poll --tree "$TREE"
check "and nothing a second time" twice
check "a platform more is a row" grep -q '^p17: { name: demo17' "$TREE/schemas/platforms.yaml"
check "it builds without a warning" tree_build
check "its fixtures pass" env HUB="$TREE/build/hub/hub" "$TREE/tests/fixtures/run" --only demo17
check "hub conform finds nothing" conforms
check "its page is brought up to date" current
check "hub check takes its instance" checked
