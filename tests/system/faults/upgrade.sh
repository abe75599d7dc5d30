# shellcheck shell=bash
# A fault of the soak: an upgrade in the middle. The run begins with the hub of an older commit (SOAK_OLD, else the one before
# the newest migration), which is built here; the first time, hub migrate of this one brings the database up while the old
# processes go on, and then each of them is told to end, and begins again as the new one. Later times only the latter.

UPGRADE_NEW=$HUB UPGRADE_FOLDER=$TEST/old

# The old one and what it reads lie in a clone of their own, of which only the history is shared.
upgrade_build() {
        local commit=${SOAK_OLD:-$(git -C "$HUB_CLONE" log -1 --format=%H -- schemas/sql)^}
        git clone -q --shared --no-checkout "$HUB_CLONE" "$UPGRADE_FOLDER" && git -C "$UPGRADE_FOLDER" checkout -q "$commit" &&
                meson setup --buildtype=release "$UPGRADE_FOLDER/build" "$UPGRADE_FOLDER" && ninja -C "$UPGRADE_FOLDER/build" hub/hub
}

upgrade_build >"$TEST/logs/upgrade.log" 2>&1 || { tail -n 5 "$TEST/logs/upgrade.log"; exit 1; }
HUB=$TEST/hub
ln -s "$UPGRADE_FOLDER/build/hub/hub" "$HUB"
echo "from $(git -C "$UPGRADE_FOLDER" log -1 --format='%h %s' | cut -c1-100)"

fault_upgrade() {
        local name pid
        [ "$1" = start ] || return 0
        if [ "$(readlink "$HUB")" != "$UPGRADE_NEW" ]; then
                "$UPGRADE_NEW" migrate >>"$TEST/logs/migrate.log" || return 1
                ln -sfn "$UPGRADE_NEW" "$HUB"
        fi
        for name in "${FLOW_ADAPTERS[@]}" "${OTHERS[@]}"; do
                read -r pid _ <"$TEST/run/$name.pid" && kill -TERM "$pid"
        done 2>/dev/null || true
}
