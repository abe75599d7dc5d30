# shellcheck shell=bash
# Meson builds. Needs say.sh.

# build_hub FOLDER LOG [meson options]: CC from the environment; TARGET: only that; quick when nothing changed.
build_hub() {
        local folder=$1 log=$2
        shift 2
        if [ ! -e "$folder/build.ninja" ]; then
                long "setting up ${folder##*/}" "$log" meson setup "$folder" "$HUB_CLONE" "$@" || return 1
        fi
        long "building ${folder##*/}" "$log" ninja -C "$folder" ${TARGET:+"$TARGET"} || return 1
}
