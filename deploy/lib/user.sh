# shellcheck shell=bash
# Who we are. PostgreSQL refuses to run as root, so root runs it as the user that Debian's package made; Mosquitto alike.

user_is_root() {
        [ "$(id -u)" -eq 0 ]
}

# user_run USER COMMAND...: as USER when we are root, else as ourselves.
user_run() {
        local user=$1
        shift
        if user_is_root; then
                setpriv --reuid "$user" --regid "$user" --init-groups --reset-env -- \
                        env "PATH=$PATH" LC_ALL=C.UTF-8 "$@"
        else
                "$@"
        fi
}

# user_own USER FOLDER
user_own() {
        ! user_is_root || chown -R "$1:" "$2"
}

# user_admin COMMAND...: as root, by sudo when we are not.
user_admin() {
        if user_is_root; then
                "$@"
        elif command -v sudo >/dev/null; then
                sudo -- "$@"
        else
                printf '%s: needs root or sudo for: %s\n' "${0##*/}" "$*" >&2
                return 1
        fi
}
