# shellcheck shell=bash
# A copy of the checkout to work in, as an author would. Needs tests/lib/services.sh.

TREE=$TEST/tree

tree_copy() {
        mkdir "$TREE"
        (cd "$HUB_CLONE" && git ls-files -z --cached --others --exclude-standard | xargs -0 -I{} sh -c '[ ! -f "$1" ] || cp --parents "$1" "$2"' - {} "$TREE")
}

tree_build() {
        meson setup "$TREE/build" "$TREE" -Doptimization=0 -Ddebug=false >"$TEST/logs/meson.log" 2>&1 &&
                ninja -C "$TREE/build" hub/hub >"$TEST/logs/ninja.log" 2>&1 || { tail -n 30 "$TEST/logs/meson.log" "$TEST/logs/ninja.log"; return 1; }
}
