# shellcheck shell=bash
# The one folder below which everything is that we leave: $HUB_WORK, else CLONE/work, else, where PostgreSQL's user cannot
# enter the clone, /var/tmp/hub-UID-HASH. Needs say.sh, user.sh.

# work_folder: prints it; makes nothing. The answer stays the same once a folder is in use.
work_folder() {
        local other
        other=/var/tmp/hub-$(id -u)-$(printf '%s' "$HUB_CLONE" | sha256sum | cut -c1-12)
        if [ -n "${HUB_WORK:-}" ]; then
                printf '%s\n' "$HUB_WORK"
        elif [ ! -e "$other" ] && work_enterable; then
                printf '%s\n' "$HUB_CLONE/work"
        else
                printf '%s\n' "$other"
        fi
}

# Only root hands the cluster to another user. Before the packages are there the user does not exist: nobody stands in.
work_enterable() {
        local user=postgres
        user_is_root || return 0
        getent passwd postgres >/dev/null || user=nobody
        setpriv --reuid "$user" --clear-groups -- test -x "$HUB_CLONE" 2>/dev/null
}

# work_make FOLDER: ours alone to write, for others to pass through; a folder in /var/tmp that somebody else put there is refused.
work_make() {
        mkdir -p "$1" || die "$1: cannot be made"
        [ ! -L "$1" ] && [ -O "$1" ] || die "$1 belongs to somebody else"
        chmod 0755 "$1"
}

# work_room FOLDER MEBIBYTES
work_room() {
        local free
        free=$(df -Pm "$1" | awk 'NR == 2 { print $4 }')
        [ "$free" -ge "$2" ] || die "only $free MiB free on the disk of $1: $2 MiB are needed"
}
