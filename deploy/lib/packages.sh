# shellcheck shell=bash
# The Debian packages of deploy/packages: those that are missing are installed, the others left alone. Needs say.sh, user.sh.

packages_missing() {
        local wanted
        command -v dpkg-query >/dev/null || die "this needs Debian 12 (no dpkg here); the packages are listed in deploy/packages"
        wanted=$(sed 's/#.*//' "$HUB_CLONE/deploy/packages")
        # shellcheck disable=SC2086
        dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null | sed -n 's/^installed //p' |
                grep -vxFf - <(printf '%s\n' $wanted | packages_wanted) || true
}

# A node from elsewhere brings its own npm, which Debian's would stand against.
packages_wanted() {
        if command -v node >/dev/null && command -v npm >/dev/null; then grep -vxE 'nodejs|npm'; else cat; fi
}

# packages_install LOG: says what it adds to the system; quick when nothing is missing.
packages_install() {
        local missing
        missing=$(packages_missing)
        [ -n "$missing" ] || return 0
        say "installing $(printf '%s\n' "$missing" | wc -l) Debian packages: ${missing//$'\n'/ }"
        user_is_root || ! command -v sudo >/dev/null || sudo -v
        # shellcheck disable=SC2086
        LONG_KEEP=1 long "apt-get install" "$1" user_admin bash "$HUB_CLONE/deploy/lib/install" $missing
}
