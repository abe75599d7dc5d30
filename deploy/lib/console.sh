# shellcheck shell=bash
# The console: hub/serve/console, built with npm from its lock file in a folder of the work folder; the clone stays as it is. Needs say.sh, work.sh.

CONSOLE_MOST=$((250 * 1024)) # of the first view, packed

# console_build OUT LOG: quick when nothing changed.
console_build() {
        local out=$1 log=$2 room key
        room=$(work_folder)/console
        key=$(console_key)
        [ "$(cat "$out/.key" 2>/dev/null)" != "$key" ] || return 0
        command -v npm >/dev/null || { say "no console: it is built with npm, which is not here"; return 1; }
        mkdir -p "$room" "${out%/*}"
        long "building the console" "$log" console_make "$room" || return 1
        console_small "$room/dist" || return 1
        rm -rf "$out"
        cp -R "$room/dist" "$out"
        printf '%s\n' "$key" >"$out/.key"
}

# Of every file of the sources, as they are now, and of the node that builds them.
console_key() {
        (cd "$HUB_CLONE/hub/serve/console" && console_sources | xargs -0 sha256sum && node --version) 2>/dev/null | sha256sum | cut -c1-64
}

console_sources() {
        find . \( -name node_modules -o -name dist \) -prune -o -type f -print0 | sort -z
}

console_make() {
        local room=$1
        console_copy "$HUB_CLONE/hub/serve/console" "$room" && cd "$room" && console_modules && npm run --silent build
}

# console_copy FROM TO: what is no longer there goes; modules that fit the lock file stay.
console_copy() {
        find "$2" -mindepth 1 -maxdepth 1 ! -name node_modules ! -name .lock -exec rm -rf {} +
        (cd "$1" && console_sources | tar -c --null -T -) | tar -x -C "$2"
}

console_modules() {
        cmp -s package-lock.json .lock && [ -d node_modules ] && return
        npm_config_cache=$(work_folder)/cache/npm npm ci --no-audit --no-fund --loglevel=error && cp package-lock.json .lock
}

# console_size FOLDER: bytes of the first view as gzip: the page, and what it loads before anything is pressed.
console_size() {
        local file sum=0
        for file in "$1"/index.html "$1"/assets/*.js "$1"/assets/*.css; do
                [[ $file != */chart-* && $file != */wall-* ]] || continue
                sum=$((sum + $(gzip -9 -c "$file" | wc -c)))
        done
        printf '%s\n' "$sum"
}

console_small() {
        local size
        size=$(console_size "$1")
        [ "$size" -le "$CONSOLE_MOST" ] || { say "the console's first view has $size bytes packed, over $CONSOLE_MOST"; return 1; }
}
